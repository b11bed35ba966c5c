"""Small disclosure cases, and the slow way to answer them: every world, one by one."""

from itertools import product
from typing import Any

import pytest

Content = dict[str, Any]


def make_case(
    secret: dict[str, int],
    relations: list[tuple[dict[str, int], str, int]],
    statements: list[dict[str, Any]],
    targets: list[Any],
    values: tuple[int, ...] = (1, 2, 3, 4),
    most: int | None = None,
) -> Content:
    """Return a case of the exchange format; ``most`` bounds every count publicly."""
    limit = {} if most is None else {"ub": most}
    return {
        "variables": {name: dict(limit) for name in secret},
        "relations": [{"id": str(at), "terms": terms, "op": op, "rhs": rhs}
                      for at, (terms, op, rhs) in enumerate(relations)],
        "statements": [{"cost": 1, **entry} for entry in statements],
        "targets": targets,
        "required": {"values": list(values)},
        "secret": secret,
    }  # fmt: skip


def counts(secret: dict[str, int], *names: str, **more: Any) -> list[dict[str, Any]]:
    """Return count statements that say the truth of some counts."""
    return [{"id": name, "kind": "count", "var": name, "value": secret[name], **more} for name in names]


def possible_by_hand(content: Content, withheld: set[str], most: int) -> dict[str, list[int]]:
    """Return the values each target can have, by looking at every world; for counts and sums only."""
    names = list(content["variables"])
    shown = [s for s in content["statements"] if s["id"] not in withheld or s.get("frozen")]
    found: dict[str, set[int]] = {target: set() for target in content["targets"]}
    for values in product(range(most + 1), repeat=len(names)):
        world = dict(zip(names, values, strict=True))
        if all(_says(s, world) for s in shown) and all(_binds(r, world) for r in content["relations"]):
            for target, seen in found.items():
                seen.add(world[target])
    return {target: sorted(values) for target, values in found.items()}


def _says(statement: dict[str, Any], world: dict[str, int]) -> bool:
    if statement["kind"] == "count":
        return world[statement["var"]] == statement["value"]
    den = world[statement["den"]]
    # Half up, in whole numbers: floor(100 n / d + 1/2).
    return den > 0 and (200 * world[statement["num"]] + den) // (2 * den) == int(statement["value"])


def _binds(relation: dict[str, Any], world: dict[str, int]) -> bool:
    total = sum(factor * world[name] for name, factor in relation["terms"].items())
    right = relation["rhs"]
    return {"==": total == right, "<=": total <= right, ">=": total >= right}[relation["op"]]


@pytest.fixture
def wards() -> Content:
    """Return a total of 19 in three wards, of which one is small."""
    secret = {"total": 19, "north": 8, "south": 7, "park": 4}
    adds = ({"total": 1, "north": -1, "south": -1, "park": -1}, "==", 0)
    return make_case(secret, [adds], counts(secret, "total", "north", "south", "park"), ["park"])
