"""Which numbers words on an indicator may quote: its figures, as printed or rounded to a whole."""

from fractions import Fraction

import pandas as pd

from csd_helpers.desk import Desk
from csd_helpers.figures import exact_values
from csd_helpers.rounding import exact, round_half_up
from csd_helpers.suite import Indicator

_COUNTS = ("numerator", "denominator")


def quotable(desk: Desk, key: str) -> set[str]:
    """Return the numbers of an indicator, as digits: ``12``, ``38.2%``.

    Its headline, companions and breakdowns of every month of the trend, what was new in a month, its
    target and its benchmarks.
    """
    indicator, entry = desk.edition.suite.indicators[key], desk.entries[key]
    own = desk.figures[desk.figures["indicator"].eq(key)]
    numbers = quotable_in(own) | _increases(own) | _bounds(indicator, desk)
    benchmarks = [exact(benchmark["value"]) for benchmark in entry["benchmarks"]]
    return numbers | {text for value in benchmarks for text in _rounded(value, indicator.unit)}


def quotable_in(figures: pd.DataFrame) -> set[str]:
    """Return what figures say in numbers: as printed, rounded, their parts and what is left of them."""
    numbers: set[str] = set()
    for value, (_, row) in zip(exact_values(figures), figures.iterrows(), strict=True):
        if value is None:
            continue
        numbers |= {row[name].replace(",", "") for name in ("text", "numerator_text", "denominator_text")}
        numbers |= _rounded(value, row["unit"])
        if row["unit"] == "percent" and pd.notna(row["denominator"]):
            rest = exact(row["denominator"]) - exact(row["numerator"])
            numbers |= _rounded(100 - value, "percent") | {str(rest)}
    return numbers - {""}


def _increases(own: pd.DataFrame) -> set[str]:
    """Return what each month added to counts that grow over the year."""
    grown = own.sort_values("month").groupby(["breakdown", "category"])[list(_COUNTS)].diff()
    return {f"{amount:g}" for name in _COUNTS for amount in grown[name].dropna() if amount > 0}


def _bounds(indicator: Indicator, desk: Desk) -> set[str]:
    """Return the target range, of the year and of the month."""
    if indicator.target is None:
        return set()
    bounds = [
        *indicator.target.bounds(desk.period),
        *map(exact, (indicator.target.lower, indicator.target.upper)),
    ]
    return {text for bound in bounds for text in _rounded(bound, indicator.unit)}


def _rounded(value: Fraction, unit: str) -> set[str]:
    sign = "%" if unit == "percent" else ""
    return {f"{round_half_up(value, places)}{sign}" for places in (0, 1, 2)}
