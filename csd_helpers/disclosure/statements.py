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
_MOST, _PLACES = 10**12, 4
_ROUNDINGS = {"half_up": (0, -1), "half_down": (1, 0), "half_even": (0, 0), "unknown": (0, 0)}


class Row(NamedTuple):
    """``low <= sum of coefficient x count <= high``; None is no bound."""

    terms: Terms
    low: int | None
    high: int | None

    def holds(self, world: Mapping[str, int]) -> bool:
        """Say whether a world satisfies it, in whole numbers."""
        total = 0
        for name, factor in self.terms.items():
            total += factor * world[name]
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
    kind = str(statement.get("kind"))
    if kind not in _KINDS:
        raise _wrong(statement, f"kind '{kind}' is not known", ", ".join(_KINDS))
    missing = [field for field in _KINDS[kind] if field not in statement]
    if missing:
        raise _wrong(statement, f"'{missing[0]}' is missing", f"a {kind} with {', '.join(_KINDS[kind])}")
    try:
        return _READERS[kind](statement)
    except (AttributeError, TypeError, ValueError, KeyError) as error:
        raise _wrong(statement, f"cannot be read: {error}", f"a {kind} in whole numbers") from None


def _wrong(statement: Mapping[str, Any], what: str, expected: str) -> CsdError:
    return CsdError(what, f"statement {statement.get('id', '?')}", expected)


def _count(statement: Mapping[str, Any]) -> list[Row]:
    value = whole(statement["value"])
    return [Row({str(statement["var"]): 1}, value, value)]


def _range(statement: Mapping[str, Any]) -> list[Row]:
    return [Row({str(statement["var"]): 1}, _bound(statement, "lo"), _bound(statement, "hi"))]


def _linear(statement: Mapping[str, Any]) -> list[Row]:
    return [Row(terms_of(statement["terms"]), _bound(statement, "lo"), _bound(statement, "hi"))]


def _rounded(statement: Mapping[str, Any]) -> list[Row]:
    """State a count rounded to a base; twice the count, so that half a base stays whole."""
    base, value = whole(statement["base"]), whole(statement["value"])
    if base < 1:
        raise ValueError(f"base is {base}")
    low, high = _ROUNDINGS["unknown" if statement.get("rounding") == "unknown" else "half_up"]
    return [Row({str(statement["var"]): 2}, max(2 * value - base + low, 0), 2 * value + base + high)]


def _percent(statement: Mapping[str, Any]) -> list[Row]:
    places, scale = whole(statement.get("dp", 0)), whole(statement.get("scale", 100))
    if not 0 <= places <= _PLACES or scale < 1:
        raise ValueError(f"dp is {places} and scale is {scale}")
    last = whole(f"{statement['value']}e{places}")
    rounding = statement.get("rounding", "half_up")
    low, high = (1, -1) if rounding == "half_even" and last % 2 else _ROUNDINGS[rounding]
    factor = 2 * scale * 10**places
    num, den = str(statement["num"]), str(statement["den"])
    if num == den:
        raise ValueError(f"'{num}' is a share of itself")
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
    return None if statement.get(name) is None else whole(statement[name])


def whole(value: Any) -> int:
    """Return a whole number; anything else would be rounded by somebody, somewhere.

    Raises
    ------
    ValueError
        If it is none, or larger than a solver can keep apart from its neighbours.
    """
    if type(value) is int and abs(value) <= _MOST:
        return value
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise ValueError(f"{value!r} is no number") from None
    if not number.is_finite() or abs(number) > _MOST or number != number.to_integral_value():
        raise ValueError(f"{value} is not a whole number in the last place given, up to {_MOST:,}")
    return int(number)


def terms_of(terms: Mapping[str, Any]) -> Terms:
    """Return the counts of a sum with their factors; none where the factor is 0."""
    return {name: factor for name, given in terms.items() if (factor := whole(given))}
