"""Outturns of the demonstration council that come as counts: ``returns.csv``."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from csd_helpers.period import Period

#: Mid-year estimates of children aged 0 to 17 (Office for National Statistics, Bromley) and 10 to 17.
POPULATION = {2017: (73_002, 31_010), 2018: (73_451, 31_720), 2019: (73_165, 32_350), 2020: (73_175, 32_980)}
_PUPILS = 52_300


@dataclass(frozen=True)
class Series:
    """How a typed-in indicator runs: its level, what it is taken over, how much it wanders.

    ``per`` is the denominator in a month (of the month's own cases where the figure grows over the
    year); ``share`` the outturn as a share of it, at the start and at the end of the series.
    """

    per: float
    share: tuple[float, float]
    grows: bool = False
    wander: float = 0.02
    places: int = 0


# Rates are tuned to what was published for 2019/20; the last month tells the demonstration's story.
_PERCENTAGES = {
    "neet_or_not_known": Series(6_900, (0.031, 0.026), wander=0.04),
    "re_referrals": Series(285, (0.19, 0.178), grows=True),
    "assessments_45_days": Series(240, (0.87, 0.90), grows=True),
    "conferences_15_days": Series(27, (0.84, 0.87), grows=True),
    "child_protection_visits": Series(291, (0.92, 0.938), wander=0.008),
    "child_protection_reviews": Series(214, (0.965, 0.968), wander=0.005),
    "child_protection_two_years": Series(291, (0.026, 0.024), wander=0.05),
    "second_child_protection_plan": Series(26, (0.14, 0.105), grows=True),
    "looked_after_visits": Series(338, (0.935, 0.947), wander=0.008),
    "health_assessments": Series(338, (0.92, 0.93), wander=0.008),
    "persistent_absence": Series(47_800, (0.094, 0.088), wander=0.01),
    "ehc_plans_20_weeks": Series(31, (0.60, 0.655), grows=True),
    "agency_social_workers": Series(189.4, (0.19, 0.168), places=1),
    "social_worker_vacancies": Series(205.0, (0.21, 0.187), places=1),
}
_AVERAGES = {
    "average_caseload": Series(171.5, (14.4, 15.8), wander=0.008, places=1),
    "average_caseload_safeguarding": Series(46.0, (15.2, 15.4), wander=0.008, places=1),
}
_MONTHLY_COUNTS = {
    "early_help_assessments": 96,
    "contacts": 1_130,
    "referrals": 285,
    "section_47_enquiries": 76,
    "child_protection_plans_started": 26,
}
_STOCKS = {"children_in_need": (2_010, 2_095), "child_protection_plans": (274, 291)}
_CARERS = {2017: 22, 2018: 24, 2019: 21, 2020: 14}  # approved in a whole financial year
_EXCLUDED = {2017: 38, 2018: 41, 2019: 40, 2020: 42}  # in a whole academic year
_SUSPENDED = {2017: 1_650, 2018: 1_610, 2019: 1_560, 2020: 1_480}
#: How the cases of some indicators divide, in parts of the whole.
_DIVISIONS = {
    ("referrals", "source"): {"Police": 0.31, "School": 0.22, "Health": 0.17, "Family or friend": 0.12,
                              "Council service": 0.11, "Other": 0.07},
    ("child_protection_plans", "category"): {"Neglect": 0.47, "Emotional abuse": 0.36, "Physical abuse": 0.11,
                                             "Sexual abuse": 0.06},
    ("suspensions", "phase"): {"Primary": 0.14, "Secondary": 0.78, "Special": 0.08},
}  # fmt: skip
_TEAMS = {"Referral and assessment": (46.0, 15.4), "Safeguarding": (58.5, 17.0), "Looked after": (38.0, 14.2),
          "Leaving care": (14.5, 18.6), "Disability": (14.5, 13.1)}  # fmt: skip
_PROVISIONAL = ["permanent_exclusions", "suspensions", "persistent_absence"]  # schools still correct these
#: How lively a month is: quieter in August and December, and in the spring of 2020.
_SEASON = np.array([1.0, 0.97, 1.08, 0.93, 1.02, 1.03, 1.0, 0.82, 1.06, 1.08, 1.06, 0.9])
_QUIET = {"2020-04": 0.72, "2020-05": 0.8, "2020-06": 0.94}


def returns_table(last: Period, months: int, rng: np.random.Generator) -> pd.DataFrame:
    """Return the outturns of every indicator the council types in, for the months up to ``last``."""
    periods = last.window(months)
    parts = [_share(key, series, periods, rng) for key, series in (_PERCENTAGES | _AVERAGES).items()]
    parts += [_running_count(key, level, periods, rng) for key, level in _MONTHLY_COUNTS.items()]
    parts += [_stock(key, ends, periods, rng) for key, ends in _STOCKS.items()]
    parts.append(_spread("foster_carers_recruited", _CARERS, 4, periods))
    parts.append(_spread("permanent_exclusions", _EXCLUDED, 9, periods, _PUPILS))
    parts.append(_spread("suspensions", _SUSPENDED, 9, periods, _PUPILS))
    parts.append(_first_time_entrants(periods, rng))
    parts += [_divided(pd.concat(parts), *names, shares) for names, shares in _DIVISIONS.items()]
    parts.append(_teams(periods[-1]))
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
    per = series.per * (1 + rng.normal(0, 0.012, count))
    if series.grows:
        per = _of_the_year(np.round(per * _season(periods)), periods)
    per = np.round(per, series.places)
    share = np.minimum(share, 1) if key not in _AVERAGES else share
    whole = 0 if key in _AVERAGES else series.places
    return _rows(key, periods, np.round(per * share, whole), per)


def _running_count(key: str, level: float, periods: list[Period], rng: np.random.Generator) -> pd.DataFrame:
    """Count events month by month and add them up since April."""
    monthly = rng.poisson(level * _season(periods))
    per = _population(periods) if key in ("referrals", "section_47_enquiries") else None
    return _rows(key, periods, _of_the_year(monthly, periods), per)


def _stock(key: str, ends: tuple[int, int], periods: list[Period], rng: np.random.Generator) -> pd.DataFrame:
    level = np.linspace(*ends, len(periods)) * (1 + rng.normal(0, 0.008, len(periods)))
    return _rows(key, periods, np.round(level), _population(periods))


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


def _divided(table: pd.DataFrame, key: str, name: str, shares: dict[str, float]) -> pd.DataFrame:
    """Divide an indicator's counts into categories that add up to them."""
    own = table[table["indicator"].eq(key)]
    bounds = np.round(np.outer(own["numerator"], np.r_[0, np.cumsum(list(shares.values()))]))
    bounds[:, -1] = own["numerator"]
    cells = np.diff(bounds, axis=1)
    parts = [
        own.assign(numerator=cells[:, at], denominator=np.nan, breakdown=name, category=category)
        for at, category in enumerate(shares)
    ]
    return pd.concat(parts)


def _teams(period: Period) -> pd.DataFrame:
    """Return this month's caseload of each team."""
    parts = [
        _rows("average_caseload", [period], np.round([staff * load]), np.array([staff])).assign(category=team)
        for team, (staff, load) in _TEAMS.items()
    ]
    return pd.concat(parts).assign(breakdown="team")


def _of_the_year(monthly: np.ndarray, periods: list[Period]) -> np.ndarray:
    """Add months up since the April before."""
    years = [period.year_start.ordinal for period in periods]
    first = periods[0].months_into_year - 1  # the year had begun before the series does
    running = pd.Series(monthly, dtype="float64").groupby(years).cumsum().to_numpy()
    opening = np.where(np.array(years) == years[0], first * running[0], 0)
    return np.round(running + opening)


def _season(periods: list[Period]) -> np.ndarray:
    return np.array([_QUIET.get(str(period), 1.0) * _SEASON[period.month - 1] for period in periods])


def _population(periods: list[Period]) -> np.ndarray:
    return np.array([_estimate(period)[0] for period in periods])


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
