"""Judgement: every figure with its rating and its printed digits."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cache

import pandas as pd

from csd_helpers.figures import ALL, exact_values
from csd_helpers.period import Period
from csd_helpers.rag import printed, rate
from csd_helpers.rounding import exact, round_half_up
from csd_helpers.suite import DECIMAL_PLACES, Indicator, Suite
from csd_helpers.suite_editions import in_force

Benchmarks = dict[str, dict[str, Fraction]]


def judge(
    figures: pd.DataFrame, suite: Suite, benchmarks: pd.DataFrame, earlier: Sequence[Suite] = ()
) -> pd.DataFrame:
    """Add rating and printed text to every figure.

    The digits are made here, once, beside the rating, so that no table, chart or download can round
    a figure to the other side of its target.

    Parameters
    ----------
    figures
        The tidy table of figures.
    benchmarks
        The latest published value per indicator and geography.
    earlier
        The editions before the suite's, newest first: the months before its start are theirs.

    Returns
    -------
    pandas.DataFrame
        The figures with ``rating`` (empty for companions and breakdowns), ``text``,
        ``numerator_text`` and ``denominator_text``; empty text where there is no amount.
    """
    known = benchmarks_by_indicator(benchmarks)
    editions = [suite, *earlier]
    rules = cache(lambda key, month: in_force(key, Period(month), editions))
    columns = [figures[name] for name in ("indicator", "month", "breakdown", "unit")]
    rows = zip(exact_values(figures), *columns, strict=True)
    judged = [
        _judge(value, rules(key, month), known.get(key, {}), Period(month), by, unit)
        for value, key, month, by, unit in rows
    ]
    added = pd.DataFrame(judged, columns=["rating", "text"], index=figures.index)
    added["numerator_text"] = figures["numerator"].map(amount)
    added["denominator_text"] = figures["denominator"].map(amount)
    return figures.join(added)


def benchmarks_by_indicator(benchmarks: pd.DataFrame) -> Benchmarks:
    """Return exact benchmark values by indicator and area."""
    known: Benchmarks = {}
    for row in benchmarks.itertuples():
        known.setdefault(str(row.indicator), {})[str(row.geography)] = exact(row.value)
    return known


def amount(number: float) -> str:
    """Print a numerator or denominator: a whole count with thousands, full-time equivalents to one place."""
    if pd.isna(number):
        return ""
    value = exact(number)
    return f"{value.numerator:,}" if value.denominator == 1 else f"{round_half_up(value, 1):,}"


def outturn_text(digits: Decimal, unit: str) -> str:
    """Print an outturn in its unit: ``91.2%``, ``45.3``, ``1,204``."""
    return f"{digits:,}%" if unit == "percent" else f"{digits:,}"


def _judge(
    value: Fraction | None,
    indicator: Indicator,
    areas: dict[str, Fraction],
    period: Period,
    by: str,
    unit: str,
) -> tuple[str, str]:
    """Rate and print one figure; only a headline is rated."""
    if by != ALL:
        places = indicator.dp if unit == indicator.unit else DECIMAL_PLACES[unit]
        return "", "" if value is None else outturn_text(round_half_up(value, places), unit)
    rating = rate(value, indicator, period, areas)
    return rating, "" if value is None else outturn_text(printed(value, indicator, period, areas), unit)
