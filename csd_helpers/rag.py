"""Ratings: red, amber, green, or the reason why there is none."""

from decimal import Decimal
from fractions import Fraction

import pandas as pd

from csd_helpers.period import Period
from csd_helpers.rounding import round_half_up
from csd_helpers.suite import Indicator

RATED = ("red", "amber", "green")  # worst first
EXCEPTIONS = ("red", "amber")
_MOST_PLACES = 6


def rate(
    value: Fraction | None, indicator: Indicator, period: Period, benchmarks: dict[str, Fraction]
) -> str:
    """Rate an unrounded outturn.

    The rule is the indicator's own, from the suite: a target range with its amber tolerance, a
    comparison with benchmarks, or none. What is not known is never green.

    Parameters
    ----------
    value
        The outturn in the indicator's unit, unrounded; None where there is none.
    benchmarks
        The latest published value by area, in the same unit.

    Returns
    -------
    str
        green, amber, red, not rated or no data.
    """
    if indicator.rated_by == "none":
        return "not rated"
    if value is None:
        return "no data"
    if indicator.rated_by == "benchmark":
        return _by_benchmark(value, indicator, benchmarks)
    return _by_target(value, indicator, period)


def shortfall(value: Fraction, indicator: Indicator, period: Period) -> Fraction:
    """Return how far a value is outside its target range, in the indicator's unit; 0 inside it."""
    if indicator.target is None:
        return Fraction(0)
    lower, upper = indicator.target.bounds(period)
    below, above = max(lower - value, Fraction(0)), max(value - upper, Fraction(0))
    return {"high": below, "low": above}.get(indicator.polarity, max(below, above))


def printed(
    value: Fraction, indicator: Indicator, period: Period, benchmarks: dict[str, Fraction]
) -> Decimal:
    """Round an outturn half-up to as few places as do not contradict its rating.

    94.96 % against a target of 95 % prints 94.96, because 95.0 beside amber would look wrong.
    """
    rating = rate(value, indicator, period, benchmarks)
    for places in range(indicator.dp, _MOST_PLACES):
        digits = round_half_up(value, places)
        if rate(Fraction(digits), indicator, period, benchmarks) == rating:
            return digits
    return round_half_up(value, _MOST_PLACES)


def held_since(ratings: pd.Series) -> str:
    """Return the period since when the latest rating has held; ratings by period, oldest first."""
    changed = ratings.ne(ratings.iloc[-1])
    after = ratings.index[changed]
    return str(ratings.index[0] if after.empty else ratings.index[ratings.index.get_loc(after[-1]) + 1])


def _by_target(value: Fraction, indicator: Indicator, period: Period) -> str:
    if indicator.target is None or indicator.amber is None:
        return "not rated"
    outside = shortfall(value, indicator, period)
    if outside == 0:
        return "green"
    lower, upper = indicator.target.bounds(period)
    bound = lower if value < lower else upper
    return "amber" if outside <= indicator.amber.reach(bound) else "red"


def _by_benchmark(value: Fraction, indicator: Indicator, benchmarks: dict[str, Fraction]) -> str:
    """Rate by comparison: no worse than every area is green, than one amber, worse than all red."""
    areas = [area for area in indicator.compare_with if area in benchmarks]
    if len(areas) < len(indicator.compare_with):
        return "not rated"
    sign = 1 if indicator.polarity == "high" else -1
    worse = sum(sign * value < sign * benchmarks[area] for area in areas)
    if worse == 0:
        return "green"
    return "red" if worse == len(areas) else "amber"
