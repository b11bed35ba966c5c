"""What printing a figure tells a reader, as whole-number inequalities."""

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from csd_helpers.errors import CsdError

Terms = dict[str, int]
_KINDS: dict[str, tuple[str, ...]] = {
    "count": ("var", "value"),
    "range": ("var",),
    "rounded": ("var", "value", "base"),
    "percent": ("num", "den", "value"),
    "linear": ("terms",),
    "several": ("of",),
}
_ROUNDINGS = {"half_up": (0, -1), "half_down": (1, 0), "half_even": (0, 0), "unknown": (0, 0)}


class Row(NamedTuple):
    """``low <= sum of coefficient x count <= high``; None is no bound."""

    terms: Terms
    low: int | None
    high: int | None

    def holds(self, world: Mapping[str, int]) -> bool:
        """Say whether a world satisfies it, in whole numbers."""
        total = sum(factor * world[name] for name, factor in self.terms.items())
        return (self.low is None or total >= self.low) and (self.high is None or total <= self.high)


def rows_of(statement: Mapping[str, Any]) -> list[Row]:
    """State what a printed figure says, exactly and in whole numbers.

    A percentage binds its numerator to its denominator even when both are hidden: v printed to d
    places, rounded half-up, of N in D says 2·100·10^d·N − (2v−1)·D ≥ 0 and … − (2v+1)·D ≤ −1, with
    v in units of the last place and D at least 1. No floating point is involved.

    Parameters
    ----------
    statement
        Of kind ``count`` (a number), ``percent`` (any ratio: scale 100, 10,000 for a rate, 1 for an
        average), ``rounded`` (the nearest multiple of a base), ``range``, ``linear``, or ``several``
        statements that are shown or withheld together.

    Raises
    ------
    CsdError
        If the kind is unknown, a field is missing or a number is none.

    Examples
    --------
    >>> rows_of({"kind": "percent", "num": "N", "den": "D", "value": "22.2", "dp": 1})[0]
    Row(terms={'N': 2000, 'D': -443}, low=0, high=None)
    """
    kind = statement.get("kind")
    if kind not in _KINDS:
        raise _wrong(statement, f"kind '{kind}' is not known", ", ".join(_KINDS))
    missing = [field for field in _KINDS[kind] if field not in statement]
    if missing:
        raise _wrong(statement, f"'{missing[0]}' is missing", f"a {kind} with {', '.join(_KINDS[kind])}")
    try:
        return _READERS[kind](statement)
    except (InvalidOperation, TypeError, ValueError, KeyError) as error:
        raise _wrong(statement, f"cannot be read: {error}", f"a {kind} in whole numbers") from None


def _wrong(statement: Mapping[str, Any], what: str, expected: str) -> CsdError:
    return CsdError(what, f"statement {statement.get('id', '?')}", expected)


def _count(statement: Mapping[str, Any]) -> list[Row]:
    value = _whole(statement["value"])
    return [Row({statement["var"]: 1}, value, value)]


def _range(statement: Mapping[str, Any]) -> list[Row]:
    return [Row({statement["var"]: 1}, _bound(statement, "lo"), _bound(statement, "hi"))]


def _linear(statement: Mapping[str, Any]) -> list[Row]:
    terms = {name: _whole(factor) for name, factor in statement["terms"].items()}
    return [Row(terms, _bound(statement, "lo"), _bound(statement, "hi"))]


def _rounded(statement: Mapping[str, Any]) -> list[Row]:
    """State a count rounded to a base; twice the count, so that half a base stays whole."""
    base, value = _whole(statement["base"]), _whole(statement["value"])
    low, high = _ROUNDINGS["unknown" if statement.get("rounding") == "unknown" else "half_up"]
    return [Row({statement["var"]: 2}, max(2 * value - base + low, 0), 2 * value + base + high)]


def _percent(statement: Mapping[str, Any]) -> list[Row]:
    places, scale = _whole(statement.get("dp", 0)), _whole(statement.get("scale", 100))
    last = _whole(Decimal(str(statement["value"])) * 10**places)
    rounding = statement.get("rounding", "half_up")
    low, high = (1, -1) if rounding == "half_even" and last % 2 else _ROUNDINGS[rounding]
    factor = 2 * scale * 10**places
    num, den = statement["num"], statement["den"]
    return [
        Row({num: factor, den: -(2 * last - 1)}, low, None),
        Row({num: factor, den: -(2 * last + 1)}, None, high),
        Row({den: 1}, 1, None),
    ]


def _several(statement: Mapping[str, Any]) -> list[Row]:
    return [row for part in statement["of"] for row in rows_of(part)]


_READERS: dict[str, Callable[[Mapping[str, Any]], list[Row]]] = {
    "count": _count,
    "range": _range,
    "rounded": _rounded,
    "percent": _percent,
    "linear": _linear,
    "several": _several,
}


def _bound(statement: Mapping[str, Any], name: str) -> int | None:
    return None if statement.get(name) is None else _whole(statement[name])


def _whole(value: Any) -> int:
    """Return a whole number; anything else would be rounded by somebody, somewhere."""
    number = Decimal(str(value))
    if number != number.to_integral_value():
        raise ValueError(f"{value} is not a whole number in the last place given")
    return int(number)
