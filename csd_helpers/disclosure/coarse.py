"""Coarser statements: what could be published instead of withholding a figure altogether."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from csd_helpers.release import BASE_COUNT, BASE_PERCENT

LEAST_COUNT = 2 * BASE_COUNT  # a smaller one is never told approximately


def with_coarser(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return a case's statements, each followed by its coarser version where there is one.

    A count from 20 up is offered to the nearest 10, a percentage to the nearest 5 points. An exact
    statement implies its coarser one, so the two are nested, and share the cost.
    """
    statements = []
    for entry in content["statements"]:
        coarse = None if entry.get("frozen") else _coarser(entry, content.get("secret", {}))
        if coarse is None:
            statements.append(dict(entry))
            continue
        # Half of what a figure is worth is its order of magnitude; the whole is lost with both.
        half = entry.get("cost", 1) / 2
        statements += [{**entry, "coarser": coarse["id"], "cost": half}, {**coarse, "cost": half}]
    return statements


def _coarser(entry: Mapping[str, Any], secret: Mapping[str, int]) -> dict[str, Any] | None:
    name = f"about {entry['id']}"
    if entry["kind"] == "count" and entry["value"] >= LEAST_COUNT:
        return count_about(name, entry["var"], _nearest(Decimal(entry["value"]), BASE_COUNT))
    if entry["kind"] == "percent" and entry.get("scale", 100) == 100 and secret.get(entry["den"]):
        share = Decimal(100 * secret[entry["num"]]) / Decimal(secret[entry["den"]])
        return percent_about(name, entry["num"], entry["den"], _nearest(share, BASE_PERCENT))
    return None


def count_about(name: str, var: str, count: int) -> dict[str, Any]:
    """State that a count rounds to a multiple of 10, half up, and is one that is told so: 20 is 20 to 24."""
    nearest = {"kind": "rounded", "var": var, "value": count, "base": BASE_COUNT}
    return {"id": name, "kind": "several", "of": [nearest, {"kind": "range", "var": var, "lo": LEAST_COUNT}]}


def percent_about(name: str, num: str, den: str, share: int, fewest: int = 1) -> dict[str, Any]:
    """State that a percentage rounds to a multiple of 5, half up: 200·N between (2·share ∓ 5)·D.

    Parameters
    ----------
    fewest
        The least denominator over which a percentage is told so: who reads one knows that much.

    Examples
    --------
    >>> percent_about("about p", "N", "D", 40)["of"][0]
    {'kind': 'linear', 'terms': {'N': 200, 'D': -75}, 'lo': 0}
    """
    low, high = 2 * share - BASE_PERCENT, 2 * share + BASE_PERCENT
    over = {"kind": "linear", "terms": {num: 200, den: -low}, "lo": 0}
    under = {"kind": "linear", "terms": {num: 200, den: -high}, "hi": -1}
    return {"id": name, "kind": "several", "of": [over, under, {"kind": "range", "var": den, "lo": fewest}]}


def _nearest(value: Decimal, base: int) -> int:
    return int((value / base).to_integral_value(ROUND_HALF_UP)) * base
