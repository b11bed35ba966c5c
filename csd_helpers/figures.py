"""The tidy table of figures: one row is one thing that could be shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from csd_helpers.extract.limits import limits_of
from csd_helpers.measures import MEASURES
from csd_helpers.measures.cases import NotComputable, Tables, Window, count
from csd_helpers.measures.shared import share
from csd_helpers.period import Period, financial_year_start
from csd_helpers.rounding import exact
from csd_helpers.shaping import ALL, Rows, choice, divided, named, shape, without
from csd_helpers.suite import Indicator, Suite, scale_of

_POPULATION = {"rate_10k": "population_0_17", "rate_100k": "population_10_17"}
_OUTTURN = ["value", "numerator", "denominator", "unit", "basis", "month"]
_APRIL = 3  # index of April, when the financial year starts


def make_figures(tables: Tables, suite: Suite, periods: list[Period]) -> pd.DataFrame:
    """Count every indicator of a suite for every period at once.

    One tidy table feeds pages, charts, downloads and disclosure control alike, so that they
    cannot disagree.

    Parameters
    ----------
    tables
        The validated tables of an extract, ``returns`` among them.
    suite, periods
        What to count, and for which months in a row, oldest first.

    Returns
    -------
    pandas.DataFrame
        Columns ``COLUMNS``; a headline row for every indicator and period, then companions and
        breakdowns. Values are unrounded, in the indicator's unit. ``status`` is final, provisional,
        no cases, no data or not computable, with the reason.
    """
    return figures_by_source(tables, suite, periods)[0]


def figures_by_source(
    tables: Tables, suite: Suite, periods: list[Period]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the figures as `make_figures` does, and the headlines as the source not published has them.

    Where records and returns both tell an indicator, counting once gives both.
    """
    tables, returned = share(tables), _Returned.of(tables)
    parts: list[Rows] = []
    for key, indicator in suite.by_number.items():
        counting = _Counting.run(key, indicator, periods, tables)
        typed = returned.headline(key, indicator, periods)
        parts += choice(counting.headline(), typed, indicator.published_from)
        beside = _companions(indicator, periods, tables)
        parts += [{**own.headline(), "indicator": key, "breakdown": name} for name, own in beside.items()]
        for name, breakdown in indicator.breakdowns.items():
            counted = beside.get(breakdown.of, counting).breakdown(name)
            parts.append(
                {**counted, "indicator": key}
                if counted
                else returned.breakdown(key, indicator, periods, name)
            )
    return shape(parts)


def _companions(indicator: Indicator, periods: list[Period], tables: Tables) -> dict[str, "_Counting"]:
    """Count what is printed beside an indicator's own figure, each on its own base."""
    return {
        name: _Counting.run(
            name,
            indicator.model_copy(update={"unit": companion.unit, "basis": companion.basis}),
            periods,
            tables,
        )
        for name, companion in indicator.companions.items()
    }


def exact_value(figure: pd.Series) -> Fraction | None:
    """Return a figure's outturn without rounding, or None where there is none.

    Ratings and printed digits are both made from it, so that neither hangs on a binary float.
    """
    return _outturn(*(figure[name] for name in _OUTTURN))


def exact_values(figures: pd.DataFrame) -> list[Fraction | None]:
    """Return the outturn of every figure without rounding, as `exact_value` does of one."""
    return [_outturn(*parts) for parts in zip(*(figures[name] for name in _OUTTURN), strict=True)]


def walkable(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with its texts as Python objects, to be gone over row by row.

    Text in Arrow's memory is quick to compare as a whole, but whatever is looked at by itself is made anew.
    """
    return table.astype(dict.fromkeys(table.select_dtypes("str"), object))


def _outturn(
    value: float, numerator: float, denominator: float, unit: str, basis: str, month: int
) -> Fraction | None:
    if pd.isna(value):
        return None
    if pd.isna(denominator) or unit == "count":
        return exact(value)
    return exact(numerator) * scale_of(unit, basis, Period(int(month))) / exact(denominator)


@dataclass(frozen=True)
class _Counting:
    """One measure run once over the periods; headline and breakdowns are counted from the same cases."""

    key: str
    indicator: Indicator
    periods: list[Period]
    tables: Tables
    cases: Any  # a DataFrame, or None where the measure cannot be computed
    gap: str

    @classmethod
    def run(cls, key: str, indicator: Indicator, periods: list[Period], tables: Tables) -> "_Counting":
        """Run the measure of a key; a lag shifts the months it is run for."""
        if key not in MEASURES:
            return cls(key, indicator, periods, tables, None, "")
        try:
            cases = MEASURES[key].cases(tables, _data_window(indicator, periods))
        except NotComputable as gap:
            return cls(key, indicator, periods, tables, None, str(gap))
        needed = [limits_of(tables[name]) for name in MEASURES[key].needs]
        _reach_back(cases, needed, indicator)
        _reach_forward(cases, needed)
        return cls(key, indicator, periods, tables, cases, "")

    def headline(self) -> Rows:
        """Return the total in every period."""
        if self.cases is None:
            status, reason = ("not computable", self.gap) if self.gap else ("no data", "no measure counts it")
            return without(self.key, self.indicator, self.periods, status, reason)
        return self._count(self.indicator)

    def breakdown(self, name: str) -> Rows:
        """Return the total split by a column of the cases; nothing where the extract has no such column."""
        if self.cases is None or name not in self.cases:
            return {}
        return self._count(divided(self.indicator, name), name)

    def _count(self, indicator: Indicator, by: str | None = None) -> Rows:
        counted = count(self.cases, _data_window(indicator, self.periods), by)
        if by and counted.empty:
            return {}
        # A breakdown of a count shows how many cases, not how many of them met the measure.
        numerator = counted["denominator" if by and indicator.unit == "count" else "numerator"]
        denominator, attrs, lag = counted["denominator"], self.cases.attrs, indicator.lag_months
        try:
            if indicator.unit in _POPULATION:
                denominator = _population(self.tables, counted["month"], indicator.unit)
        except NotComputable as gap:
            return without(self.key, indicator, self.periods, "not computable", str(gap))
        own = named(self.key, indicator, counted["month"] + lag, by or ALL, "records")
        counts = {"numerator": numerator, "denominator": denominator, "status": "final"}
        since = {"since": attrs.get("since", -np.inf) + lag, "why": attrs.get("why", "")}
        until = {"until": attrs.get("until", np.inf) + lag, "ended": attrs.get("ended", "")}
        return own | counts | since | until | {"category": counted["category"] if by else ALL}


def _data_window(indicator: Indicator, periods: list[Period]) -> Window:
    """Return the months the data of some periods are about."""
    return Window(periods[0].ordinal - indicator.lag_months, periods[-1].ordinal - indicator.lag_months)


def _reach_forward(cases: pd.DataFrame, needed: list[Mapping]) -> None:
    """Note on cases the last month they tell of, if the tables they were found in say so."""
    first_to_end = min(needed, key=lambda entry: entry["until"], default={"ended": ""})
    if first_to_end["ended"]:
        cases.attrs.update(until=first_to_end["until"], ended=first_to_end["ended"])


def _reach_back(cases: pd.DataFrame, needed: list[Mapping], indicator: Indicator) -> None:
    """Note on cases from which month on they are whole, if the tables they were found in say so.

    What has happened since April is known only if the tables are whole from some April on, what
    happened in twelve months only from the twelfth month on.
    """
    limits = max(needed, key=lambda entry: entry["since"], default={"since": 0})
    since = limits["since"]
    if not since:
        return
    if indicator.basis.startswith("ytd"):
        since += (_APRIL - since) % 12
    elif indicator.basis == "rolling_12":
        since += 11
    if since > cases.attrs.get("since", 0):
        cases.attrs.update(since=since, why=limits["why"])


def _population(tables: Tables, months: pd.Series, unit: str) -> pd.Series:
    """Return the population a rate is taken over: the mid-year estimate of the year the financial
    year starts in, or the latest before it (DfE: population lags a year)."""
    column = _POPULATION[unit]
    table = tables.get("population")
    if table is None or column not in table:
        raise NotComputable(f"the extract has no population table with {column}")
    known = table.dropna(subset=[column]).sort_values("year")[["year", column]]
    wanted = pd.DataFrame({"year": 1970 + financial_year_start(months.to_numpy()) // 12})
    known["year"] = known["year"].astype(wanted["year"].dtype)
    order = wanted["year"].argsort(kind="stable")
    joined = pd.merge_asof(wanted.iloc[order], known, on="year")
    if joined[column].isna().any():
        raise NotComputable(f"the population table starts in {known['year'].min()}")
    return pd.Series(joined[column].to_numpy()[np.argsort(order, kind="stable")], index=months.index)


@dataclass(frozen=True)
class _Returned:
    """What people typed in, sorted by indicator and breakdown once."""

    groups: dict[tuple[str, str], pd.DataFrame]

    @classmethod
    def of(cls, tables: Tables) -> "_Returned":
        """Sort the table of returns; without one nothing was returned."""
        if "returns" not in tables:
            return cls({})
        table = tables["returns"]
        months = {period: Period.parse(period).ordinal for period in table["period"].unique()}
        names = table["breakdown"].fillna(ALL) if "breakdown" in table else ALL
        rows = table.assign(month=table["period"].map(months), breakdown=names)
        rows = rows.sort_values("month", kind="stable")
        return cls(dict(iter(rows.groupby(["indicator", "breakdown"], sort=False))))

    def headline(self, key: str, indicator: Indicator, periods: list[Period]) -> Rows:
        """Return the outturns typed in for an indicator, month by month."""
        own = self.groups.get((key, ALL))
        if own is None:
            return without(key, indicator, periods, "no data", "nothing was returned")
        months = pd.Index([period.ordinal for period in periods], name="month")
        return self._rows(key, indicator, own.set_index("month").reindex(months).reset_index(), ALL)

    def breakdown(self, key: str, indicator: Indicator, periods: list[Period], name: str) -> Rows:
        """Return the outturns typed in for the categories of a breakdown."""
        own = self.groups.get((key, name))
        wanted = {} if own is None else own[own["month"].isin([period.ordinal for period in periods])]
        return self._rows(key, divided(indicator, name), wanted, name) if len(wanted) else {}

    @staticmethod
    def _rows(key: str, indicator: Indicator, own: pd.DataFrame, by: str) -> Rows:
        told = {
            "given": own["value"],
            "status": own["status"].fillna("no data"),
            "as_at": own["as_at"].dt.strftime("%Y-%m-%d"),
            "reason": np.where(own["status"].isna(), "nothing was returned for this month", ""),
            "category": ALL if by == ALL else own["category"],
        }
        counts = {name: own[name] for name in ("numerator", "denominator")}
        return named(key, indicator, own["month"], by, "returns") | counts | told
