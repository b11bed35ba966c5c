"""Small disclosure cases, and the slow way to answer them: every world, one by one."""

import io
import json
import runpy
from collections.abc import Callable
from contextlib import redirect_stdout
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from itertools import combinations, product
from pathlib import Path
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
    """Return the values each target can have, by looking at every world."""
    found: dict[str, set[int]] = {_name(target): set() for target in content["targets"]}
    for world, broken in broken_in_each(content, most):
        if broken <= withheld:
            for target, seen in found.items():
                seen.add(world[target])
    return {target: sorted(values) for target, values in found.items()}


def cheapest_by_hand(content: Content, most: int) -> tuple[float, set[str]]:
    """Return the cost of the cheapest safe choice by trying all of them, and what none can protect."""
    worlds = broken_in_each(content, most)
    own = {entry["id"]: entry["cost"] for entry in content["statements"] if not entry.get("frozen")}
    asked = [(_name(target), value) for target in content["targets"]
             for value in _values(target, content)]  # fmt: skip
    ways = {(name, value): {broken for world, broken in worlds if world[name] == value and broken <= set(own)}
            for name, value in asked}  # fmt: skip
    lost = {name for (name, _), sets in ways.items() if not sets}
    needed = [sets for (name, _), sets in ways.items() if name not in lost]
    choices = (set(chosen) for size in range(len(own) + 1) for chosen in combinations(own, size))
    safe = (c for c in choices if all(any(broken <= c for broken in sets) for sets in needed))
    return min(sum(own[name] for name in chosen) for chosen in safe), lost


def broken_in_each(content: Content, most: int) -> list[tuple[dict[str, int], frozenset[str]]]:
    """Return every world that the relations allow, with the statements that are not true of it."""
    return [
        (world, frozenset(s["id"] for s in content["statements"] if not _says(s, world)))
        for world in _worlds(tuple(content["variables"]), json.dumps(content["relations"]), most)
    ]


@cache
def _worlds(names: tuple[str, ...], relations: str, most: int) -> list[dict[str, int]]:
    binding = json.loads(relations)
    worlds = (dict(zip(names, values, strict=True)) for values in product(range(most + 1), repeat=len(names)))
    return [world for world in worlds if all(_binds(relation, world) for relation in binding)]


def _name(target: Any) -> str:
    return target if isinstance(target, str) else str(target["var"])


def _values(target: Any, content: Content) -> list[int]:
    own: list[int] = content["required"]["values"]
    return own if isinstance(target, str) else target.get("values", own)


def _says(statement: dict[str, Any], world: dict[str, int]) -> bool:
    """Say whether a statement is true of a world, by printing the world."""
    kind = statement["kind"]
    if kind == "percent":
        part, whole = world[statement["num"]], world[statement["den"]]
        return whole > 0 and printed(part, whole, statement["dp"], statement["scale"]) == statement["value"]
    if kind == "linear":
        total = sum(factor * world[name] for name, factor in statement["terms"].items())
        return bool(statement.get("lo", total) <= total <= statement.get("hi", total))
    count = world[statement["var"]]
    if kind == "rounded":
        base = statement["base"]
        return bool((2 * count + base) // (2 * base) * base == statement["value"])
    return bool(statement.get("lo", count) <= count <= statement.get("hi", count) if kind == "range"
                else count == statement["value"])  # fmt: skip


def printed(part: int, whole: int, places: int, scale: int) -> str:
    """Print a ratio as a page does, half up."""
    exact = Decimal(part * scale) / Decimal(whole)
    return str(exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))


def _binds(relation: dict[str, Any], world: dict[str, int]) -> bool:
    total = sum(factor * world[name] for name, factor in relation["terms"].items())
    right = relation["rhs"]
    return {"==": total == right, "<=": total <= right, ">=": total >= right}[relation["op"]]


@pytest.fixture
def judged(shared_data: Path) -> Callable[..., Content]:
    """Return the independent checker: it is given its arguments and answers in JSON."""
    pytest.importorskip("scipy", reason="the independent checker needs scipy")
    judge = runpy.run_path(str(shared_data / "disclosure" / "check.py"))["main"]

    def ask(*arguments: object) -> Content:
        said = io.StringIO()
        with redirect_stdout(said):
            judge([str(argument) for argument in arguments])
        answer: Content = json.loads(said.getvalue())
        return answer

    return ask


@pytest.fixture
def wards() -> Content:
    """Return a total of 19 in three wards, of which one is small."""
    secret = {"total": 19, "north": 8, "south": 7, "park": 4}
    adds = ({"total": 1, "north": -1, "south": -1, "park": -1}, "==", 0)
    return make_case(secret, [adds], counts(secret, "total", "north", "south", "park"), ["park"])
