"""Outturns of the demonstration council that come as counts: ``returns.csv``."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from csd_helpers.demo.looked_after import Children
from csd_helpers.period import Period

#: Mid-year estimates of children aged 0 to 17 (Office for National Statistics, Bromley) and 10 to 17.
POPULATION = {2017: (73_002, 31_010), 2018: (73_451, 31_720), 2019: (73_165, 32_350), 2020: (73_175, 32_980)}
_PUPILS = 52_300


@dataclass(frozen=True)
class Series:
    """How a typed-in indicator runs: its level, what it is taken over, how much it wanders.

    ``per`` is the denominator; ``share`` the outturn as a share of it, at the start and at the end of
    the series.
    """

    per: float
    share: tuple[float, float]
    wander: float


# Rates are tuned to what was published for 2019/20; the last month tells the demonstration's story.
_PERCENTAGES = {
    "neet_or_not_known": Series(6_900, (0.031, 0.026), wander=0.04),
    "persistent_absence": Series(47_800, (0.094, 0.088), wander=0.01),
}
#: How far the typed count of children looked after is from the records', so that it can be reconciled.
_MISCOUNTED = {"2020-02": 3, "2020-07": -4}
_TYPED_TWICE = 12  # months
_CARERS = {2017: 22, 2018: 24, 2019: 21, 2020: 14}  # approved in a whole financial year
_EXCLUDED = {2017: 38, 2018: 41, 2019: 40, 2020: 42}  # in a whole academic year
_SUSPENDED = {2017: 1_650, 2018: 1_610, 2019: 1_560, 2020: 1_480}
_PHASES = {"Primary": 0.14, "Secondary": 0.78, "Special": 0.08}
_PROVISIONAL = ["permanent_exclusions", "suspensions", "persistent_absence"]  # schools still correct these


def returns_table(last: Period, months: int, children: Children, rng: np.random.Generator) -> pd.DataFrame:
    """Return the outturns the council types in, for the months up to ``last``.

    The last year of children looked after is typed in too, although it is counted from records:
    two of its months are a few children out.
    """
    periods = last.window(months)
    parts = [_share(key, series, periods, rng) for key, series in _PERCENTAGES.items()]
    parts.append(_spread("foster_carers_recruited", _CARERS, 4, periods))
    parts.append(_spread("permanent_exclusions", _EXCLUDED, 9, periods, _PUPILS))
    suspended = _spread("suspensions", _SUSPENDED, 9, periods, _PUPILS)
    parts += [suspended, *_divided(suspended, "phase", _PHASES)]
    parts.append(_first_time_entrants(periods, rng))
    parts.append(_looked_after(periods[-_TYPED_TWICE:], children))
    table = pd.concat(parts, ignore_index=True)
    table["as_at"] = [Period.parse(period).as_at.isoformat() for period in table["period"]]
    early = table["period"].eq(str(last)) & table["indicator"].isin(_PROVISIONAL)
    table["status"] = np.where(early, "provisional", "final")
    table["source"] = "demonstration"
    return table


def population_table() -> pd.DataFrame:
    """Return the mid-year population estimates."""
    rows = [(year, *counts) for year, counts in POPULATION.items()]
    return pd.DataFrame(rows, columns=["year", "population_0_17", "population_10_17"])


def _share(key: str, series: Series, periods: list[Period], rng: np.random.Generator) -> pd.DataFrame:
    """Let a share drift from its first level to its last, with a little noise that dies out at the end."""
    count = len(periods)
    noise = rng.normal(0, series.wander, count) * np.linspace(1, 0.15, count)
    share = np.linspace(*series.share, count) * (1 + noise)
    per = np.round(series.per * (1 + rng.normal(0, 0.012, count)))
    return _rows(key, periods, np.round(per * share), per)


def _looked_after(periods: list[Period], children: Children) -> pd.DataFrame:
    """Count the children looked after at the end of each month, as somebody did by hand."""
    ends = np.array([period.as_at for period in periods], dtype="datetime64[D]")
    here = np.array([(children.came <= end) & ~(children.left <= end) for end in ends]).sum(axis=1)
    wrong = np.array([_MISCOUNTED.get(str(period), 0) for period in periods])
    population = np.array([_estimate(period)[0] for period in periods])
    return _rows("children_looked_after", periods, here + wrong, population)


def _spread(
    key: str, totals: dict[int, int], first_month: int, periods: list[Period], per: int | None = None
) -> pd.DataFrame:
    """Spread a year's total evenly from its first month on, counted up."""
    gone = np.array([(period.month - first_month) % 12 + 1 for period in periods])
    years = [period.year - (period.month < first_month) for period in periods]
    counted = np.floor(np.array([totals[year] for year in years]) * gone / 12)
    return _rows(key, periods, counted, None if per is None else np.full(len(periods), per))


def _first_time_entrants(periods: list[Period], rng: np.random.Generator) -> pd.DataFrame:
    young = np.array([_estimate(period)[1] for period in periods])
    level = np.linspace(58, 47, len(periods)) + rng.normal(0, 1, len(periods))
    return _rows("first_time_entrants", periods, np.round(level), young)


def _divided(own: pd.DataFrame, name: str, shares: dict[str, float]) -> Iterator[pd.DataFrame]:
    """Divide an indicator's counts into categories that add up to them."""
    bounds = np.round(np.outer(own["numerator"], np.r_[0, np.cumsum(list(shares.values()))]))
    bounds[:, -1] = own["numerator"]
    cells = np.diff(bounds, axis=1)
    for at, category in enumerate(shares):
        yield own.assign(numerator=cells[:, at], denominator=np.nan, breakdown=name, category=category)


def _estimate(period: Period) -> tuple[int, int]:
    """Return the estimate of the year the financial year starts in, or the latest there is."""
    return POPULATION[min(period.year_start.year, max(POPULATION))]


def _rows(
    key: str, periods: list[Period], numerator: np.ndarray, denominator: np.ndarray | None
) -> pd.DataFrame:
    rows = pd.DataFrame(
        {"indicator": key, "period": [str(period) for period in periods], "numerator": numerator}
    )
    rows["denominator"] = np.nan if denominator is None else denominator
    rows["value"] = ""
    return rows
