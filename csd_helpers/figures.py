"""The tidy table of figures: one row is one thing that could be shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from csd_helpers.extract.limits import limits_of
from csd_helpers.measures import MEASURES
from csd_helpers.measures.cases import NotComputable, Tables, Window, count
from csd_helpers.measures.spells import with_stays
from csd_helpers.period import Period, financial_year_start
from csd_helpers.rounding import exact
from csd_helpers.suite import Indicator, Suite, scale_of

ALL = "all"  # breakdown and category of a headline figure
COLUMNS = [
    "indicator", "period", "month", "breakdown", "category", "numerator", "denominator", "value",
    "unit", "basis", "as_at", "status", "source", "reason",
]  # fmt: skip
_POPULATION = {"rate_10k": "population_0_17", "rate_100k": "population_10_17"}
_APRIL = 3  # index of April, when the financial year starts
_EMPTY = ("no data", "not computable")
_PLACES = 6  # sums of full-time equivalents, without the dust of binary addition


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
    tables, parts, others = with_stays(tables), [], []
    for key, indicator in suite.by_number.items():
        counting = _Counting.run(key, indicator, periods, tables)
        returned = _from_returns(tables, key, indicator, periods)
        published, other = _headlines(counting.headline(), returned, indicator.published_from)
        parts.append(published)
        others.append(other)
        parts.extend(_companions(key, indicator, periods, tables))
        for name in indicator.breakdowns:
            by_records = counting.breakdown(name)
            by_returns = _from_returns(tables, key, _divided(indicator, name), periods, name)
            parts.append(by_records if len(by_records) else by_returns)
    table = pd.concat([part for part in parts if len(part)], ignore_index=True)
    return table[COLUMNS], pd.concat(others, ignore_index=True)[COLUMNS]


def _companions(
    key: str, indicator: Indicator, periods: list[Period], tables: Tables
) -> Iterable[pd.DataFrame]:
    """Return the figures printed beside an indicator's own, each on its own base."""
    for name, companion in indicator.companions.items():
        own = indicator.model_copy(update={"unit": companion.unit, "basis": companion.basis})
        counted = _Counting.run(name, own, periods, tables).headline()
        yield counted.assign(indicator=key, breakdown=name)


def exact_value(figure: pd.Series) -> Fraction | None:
    """Return a figure's outturn without rounding, or None where there is none.

    Ratings and printed digits are both made from it, so that neither hangs on a binary float.
    """
    if pd.isna(figure["value"]):
        return None
    if pd.isna(figure["denominator"]) or figure["unit"] == "count":
        return exact(figure["value"])
    scale = scale_of(figure["unit"], figure["basis"], Period(int(figure["month"])))
    return exact(figure["numerator"]) * scale / exact(figure["denominator"])


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
        _reach_back(cases, [tables[name] for name in MEASURES[key].needs], indicator)
        return cls(key, indicator, periods, tables, cases, "")

    def headline(self) -> pd.DataFrame:
        """Return the total in every period."""
        if self.cases is None:
            status, reason = ("not computable", self.gap) if self.gap else ("no data", "no measure counts it")
            return _without(self.key, self.indicator, self.periods, status, reason)
        return self._count(self.indicator)

    def breakdown(self, name: str) -> pd.DataFrame:
        """Return the total split by a column of the cases; nothing where the extract has no such column."""
        if self.cases is None or name not in self.cases:
            return _without(self.key, self.indicator, [], "", "")
        return self._count(_divided(self.indicator, name), name)

    def _count(self, indicator: Indicator, by: str | None = None) -> pd.DataFrame:
        counted = count(self.cases, _data_window(indicator, self.periods), by)
        if by and indicator.unit == "count":
            counted["numerator"] = counted[
                "denominator"
            ]  # how many cases, not how many of them met the measure
        try:
            if indicator.unit in _POPULATION:
                counted["denominator"] = _population(self.tables, counted["month"], indicator.unit)
        except NotComputable as gap:
            return _without(self.key, indicator, self.periods, "not computable", str(gap))
        counted["month"] += indicator.lag_months
        counted = counted.assign(breakdown=by or ALL, category=counted["category"] if by else ALL)
        figures = _shape(counted, self.key, indicator, "records", "final")
        return _before_history(figures, self.cases.attrs, indicator.lag_months)


def _data_window(indicator: Indicator, periods: list[Period]) -> Window:
    """Return the months the data of some periods are about."""
    return Window(periods[0].ordinal - indicator.lag_months, periods[-1].ordinal - indicator.lag_months)


def _headlines(
    counted: pd.DataFrame, returned: pd.DataFrame, published_from: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return an indicator's own figure in each period, from its published source or else the other,
    and what the source not taken has."""
    first, second = (counted, returned) if published_from == "records" else (returned, counted)
    first, second = (part.set_index("month", drop=False) for part in (first, second))
    instead = first["status"].isin(_EMPTY) & second["source"].ne("")
    published, other = first.where(~instead, second), second.where(~instead, first)
    return published.reset_index(drop=True), other.reset_index(drop=True)


def _reach_back(cases: pd.DataFrame, needed: list[pd.DataFrame], indicator: Indicator) -> None:
    """Note on cases from which month on they are whole, if the tables they were found in say so.

    What has happened since April is known only if the tables are whole from some April on, what
    happened in twelve months only from the twelfth month on.
    """
    limits = max(map(limits_of, needed), key=lambda entry: entry["since"], default={"since": 0})
    since = limits["since"]
    if not since:
        return
    if indicator.basis.startswith("ytd"):
        since += (_APRIL - since) % 12
    elif indicator.basis == "rolling_12":
        since += 11
    if since > cases.attrs.get("since", 0):
        cases.attrs.update(since=since, why=limits["why"])


def _before_history(figures: pd.DataFrame, attrs: dict, lag: int) -> pd.DataFrame:
    """Empty the months for which the extract's history does not reach back far enough."""
    early = figures["month"].lt(attrs.get("since", -np.inf) + lag)
    figures.loc[early, ["numerator", "denominator", "value"]] = np.nan
    figures.loc[early, "status"] = "not computable"
    figures.loc[early, "reason"] = attrs.get("why", "")
    return figures


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


def _divided(indicator: Indicator, name: str) -> Indicator:
    """Return an indicator in the unit that one of its breakdowns is shown in."""
    return indicator.model_copy(update={"unit": indicator.breakdowns[name].unit})


def _from_returns(
    tables: Tables, key: str, indicator: Indicator, periods: list[Period], by: str = ALL
) -> pd.DataFrame:
    """Return the outturns typed in for an indicator, or for the categories of a breakdown."""
    table = tables.get("returns", pd.DataFrame(columns=["indicator", "period", "breakdown", "category"]))
    own = table[table["indicator"].eq(key)]
    names = own["breakdown"].fillna(ALL) if "breakdown" in own else pd.Series(ALL, index=own.index)
    own = own[names.eq(by)]
    if own.empty:
        return _without(key, indicator, periods if by == ALL else [], "no data", "nothing was returned")
    months = pd.DataFrame({"period": [str(period) for period in periods]})
    rows = months.merge(own, how="left" if by == ALL else "inner", on="period")
    rows["month"] = [Period.parse(period).ordinal for period in rows["period"]]
    rows = rows.assign(breakdown=by, category=ALL if by == ALL else rows["category"])
    figures = _shape(rows, key, indicator, "returns", rows["status"].fillna("no data"))
    figures["as_at"] = rows["as_at"].dt.strftime("%Y-%m-%d").fillna(figures["as_at"])
    figures.loc[figures["status"].eq("no data"), "reason"] = "nothing was returned for this month"
    return figures


def _shape(
    rows: pd.DataFrame, key: str, indicator: Indicator, source: str, status: pd.Series | str
) -> pd.DataFrame:
    """Bring counted or returned rows into the shape of figures, with their unrounded value."""
    figures = pd.DataFrame(index=rows.index)
    figures["indicator"] = key
    figures["month"] = rows["month"].astype("int64")
    figures["period"] = [str(Period(month)) for month in figures["month"]]
    figures["breakdown"], figures["category"] = rows["breakdown"], rows["category"]
    figures["numerator"] = rows["numerator"].astype("float64").round(_PLACES)
    bare = indicator.unit == "count"
    figures["denominator"] = np.nan if bare else rows["denominator"].astype("float64").round(_PLACES)
    given = rows["value"].astype("float64") if "value" in rows else np.nan
    figures["value"] = _value(figures, indicator, given)
    if bare:
        figures["numerator"] = figures["value"]
    figures["unit"], figures["basis"] = indicator.unit, indicator.basis
    figures["as_at"] = [Period(month - indicator.lag_months).as_at.isoformat() for month in figures["month"]]
    figures["status"] = status
    figures.loc[figures["denominator"].eq(0), "status"] = "no cases"
    figures["source"], figures["reason"] = source, ""
    return figures


def _value(figures: pd.DataFrame, indicator: Indicator, given: "pd.Series | float") -> pd.Series:
    """Return the outturn: counted where there are parts, as given where there are none."""
    if indicator.unit == "count":
        return figures["numerator"].fillna(given)
    scale = figures["month"].map(lambda month: float(indicator.scale(Period(month))))
    parts = figures["numerator"] * scale / figures["denominator"].where(figures["denominator"].ne(0))
    return parts.where(figures["denominator"].notna(), given)


def _without(key: str, indicator: Indicator, periods: list[Period], status: str, reason: str) -> pd.DataFrame:
    """Return empty figures that say why they are empty."""
    rows = pd.DataFrame({"month": [period.ordinal for period in periods]}, dtype="int64")
    rows = rows.assign(breakdown=ALL, category=ALL, numerator=np.nan, denominator=np.nan)
    return _shape(rows, key, indicator, "", status).assign(reason=reason)
