"""Reasoning: the arithmetic of a rating in words, so that anyone can do it again by hand."""

from fractions import Fraction

from csd_helpers.period import Period
from csd_helpers.rag import rate, shortfall
from csd_helpers.rounding import round_half_up
from csd_helpers.suite import Indicator, Target

_COUNTS_AGAINST = {
    "high": "good is high, so only a figure below {low} is outside",
    "low": "good is low, so only a figure above {high} is outside",
    "in_range": "good is in the range, so a figure below {low} or above {high} is outside",
}
_PLACES = 6


def rating_reasons(
    value: Fraction | None, indicator: Indicator, period: Period, benchmarks: dict[str, Fraction]
) -> list[str]:
    """Say step by step how an outturn gets its rating; the last sentence is the rating.

    Parameters
    ----------
    value
        The outturn in the indicator's unit, unrounded; None where there is none.
    benchmarks
        The latest published value by area.
    """
    verdict = rate(value, indicator, period, benchmarks)
    if indicator.rated_by == "none":
        return ["The register rates it by nothing: it is a volume, neither good nor bad.", f"So: {verdict}."]
    if value is None:
        return ["There is no outturn to rate.", f"So: {verdict}."]
    if indicator.rated_by == "benchmark":
        steps = _compared(value, indicator, benchmarks)
    else:
        steps = [_target(indicator, period), *_distance(value, indicator, period)]
    return [*steps, f"So: {verdict}."]


def plain_number(value: Fraction) -> str:
    """Print an exact number to six places, which tells any two outturns apart.

    Examples
    --------
    >>> plain_number(Fraction(5, 2)), plain_number(Fraction(1000)), plain_number(Fraction(2, 3))
    ('2.5', '1,000', '0.666667')
    """
    whole, point, decimals = f"{round_half_up(value, _PLACES):,f}".partition(".")
    return (whole + point + decimals.rstrip("0")).removesuffix(".")


def _target(indicator: Indicator, period: Period) -> str:
    """Say which range applies in the month, and what counts as outside it."""
    target = indicator.target
    if target is None:
        return "It has no target."
    low, high = (plain_number(bound) for bound in target.bounds(period))
    year = _range(plain_number(Fraction(target.lower)), plain_number(Fraction(target.upper)))
    origin = f"{target.origin}: {target.source}" if target.source else target.origin
    which = f"Target: {year} ({origin}), the same in every month"
    if target.profile is not None:
        now = f"{_range(low, high)} in {period.label}"
        which = f"Target: {year} for the year ({origin}); {_due(target, period)}, so {now}"
    return f"{which}; {_COUNTS_AGAINST[indicator.polarity].format(low=low, high=high)}."


def _due(target: Target, period: Period) -> str:
    gone = period.months_into_year
    if target.profile == "even":
        return f"{gone} of 12 even shares are due by then"
    assert isinstance(target.profile, list)
    return f"{plain_number(Fraction(target.profile[gone - 1]))}% of it is due by then"


def _distance(value: Fraction, indicator: Indicator, period: Period) -> list[str]:
    """Say how far outside the range the outturn is, and how far amber reaches."""
    if indicator.target is None or indicator.amber is None:
        return []
    outside, shown = shortfall(value, indicator, period), plain_number(value)
    if outside == 0:
        return [f"{shown} is not outside it."]
    lower, upper = indicator.target.bounds(period)
    side, bound, sign = ("below", lower, -1) if value < lower else ("above", upper, 1)
    reach = indicator.amber.reach(bound)
    width = plain_number(reach)
    if indicator.amber.points is None:
        share = plain_number(Fraction(indicator.amber.percent_of_target or 0))
        width += f" ({share}% of {plain_number(bound)})"
    where = "within" if outside <= reach else "beyond"
    return [
        f"{shown} is {plain_number(outside)} {side} {plain_number(bound)}.",
        f"Amber reaches {width} from there, to {plain_number(bound + sign * reach)}: {shown} is {where} it.",
    ]


def _compared(value: Fraction, indicator: Indicator, benchmarks: dict[str, Fraction]) -> list[str]:
    """Say how the outturn compares with each area, and how many it is worse than."""
    areas = [area for area in indicator.compare_with if area in benchmarks]
    missing = [area for area in indicator.compare_with if area not in benchmarks]
    if missing:
        return [f"It is compared with published values, and there is none for {' and '.join(missing)}."]
    sign = 1 if indicator.polarity == "high" else -1
    worse = [area for area in areas if sign * value < sign * benchmarks[area]]
    told = ", ".join(
        f"{'worse than' if area in worse else 'no worse than'} {area} ({plain_number(benchmarks[area])})"
        for area in areas
    )
    return [
        f"{plain_number(value)} is {told}; good is {indicator.polarity}.",
        f"Worse than {len(worse)} of {len(areas)}: none is green, some is amber, all is red.",
    ]


def _range(low: str, high: str) -> str:
    return low if low == high else f"{low} to {high}"
