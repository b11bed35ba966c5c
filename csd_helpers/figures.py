"""The tidy table of figures: one row is one thing that could be shown."""

from collections.abc import Iterable
from fractions import Fraction

import numpy as np
import pandas as pd

from csd_helpers.measures import MEASURES
from csd_helpers.measures.cases import NotComputable, Window, count
from csd_helpers.period import Period, financial_year_start
from csd_helpers.rounding import exact
from csd_helpers.suite import Indicator, Suite, scale_of

ALL = "all"  # breakdown and category of a headline figure
COLUMNS = [
    "indicator", "period", "month", "breakdown", "category", "numerator", "denominator", "value",
    "unit", "basis", "as_at", "status", "source", "reason",
]  # fmt: skip
_POPULATION = {"rate_10k": "population_0_17", "rate_100k": "population_10_17"}
_PLACES = 6  # sums of full-time equivalents, without the dust of binary addition

Tables = dict[str, pd.DataFrame]


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
    parts = []
    for key, indicator in suite.by_number.items():
        parts.append(_headline(tables, key, indicator, periods))
        parts.extend(_companions(tables, key, indicator, periods))
        parts.extend(_breakdowns(tables, key, indicator, periods))
    table = pd.concat([part for part in parts if len(part)], ignore_index=True)
    return table[COLUMNS]


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


def _headline(tables: Tables, key: str, indicator: Indicator, periods: list[Period]) -> pd.DataFrame:
    """Return an indicator's own figure in each period, from its published source or else the other."""
    counted = _from_records(tables, key, indicator, periods)
    returned = _from_returns(tables, key, indicator, periods)
    first, second = (counted, returned) if indicator.published_from == "records" else (returned, counted)
    first, second = (part.set_index("month", drop=False) for part in (first, second))
    usable = ~first["status"].isin(["no data", "not computable"])
    other = ~usable & ~second["status"].isin(["no data", "not computable"])
    return first.where(~other, second).reset_index(drop=True)


def _companions(
    tables: Tables, key: str, indicator: Indicator, periods: list[Period]
) -> Iterable[pd.DataFrame]:
    for name, companion in indicator.companions.items():
        own = indicator.model_copy(update={"unit": companion.unit, "basis": companion.basis})
        yield _from_records(tables, name, own, periods).assign(indicator=key, breakdown=name)


def _breakdowns(
    tables: Tables, key: str, indicator: Indicator, periods: list[Period]
) -> Iterable[pd.DataFrame]:
    for name in indicator.breakdowns:
        yield _from_records(tables, key, indicator, periods, by=name)


def _from_records(
    tables: Tables, key: str, indicator: Indicator, periods: list[Period], by: str | None = None
) -> pd.DataFrame:
    """Count one measure over all periods; a rate gets its population, a lag shifts the months."""
    months = [period.ordinal - indicator.lag_months for period in periods]
    window = Window(months[0], months[-1])
    if key not in MEASURES:
        return _without(key, indicator, periods, "no data", "no measure counts it from records")
    try:
        cases = MEASURES[key].cases(tables, window)
        if by and by not in cases:
            return _without(key, indicator, periods[:0], "", "")
        counted = count(cases, window, by)
        if indicator.unit in _POPULATION:
            counted["denominator"] = _population(tables, counted["month"], indicator.unit)
    except NotComputable as gap:
        return _without(key, indicator, periods[:0] if by else periods, "not computable", str(gap))
    counted["month"] += indicator.lag_months
    counted = counted.assign(breakdown=by or ALL, category=counted["category"] if by else ALL)
    figures = _shape(counted, key, indicator, "records", "final")
    return _before_history(figures, cases.attrs, indicator.lag_months)


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


def _from_returns(tables: Tables, key: str, indicator: Indicator, periods: list[Period]) -> pd.DataFrame:
    """Return the outturns typed in for an indicator."""
    table = tables.get("returns")
    own = table[table["indicator"].eq(key)] if table is not None else None
    if own is None or own.empty:
        return _without(key, indicator, periods, "no data", "nothing was returned")
    if "breakdown" in own:
        own = own[own["breakdown"].isna() | own["breakdown"].eq(ALL)]
    rows = pd.DataFrame({"period": [str(period) for period in periods]}).merge(own, how="left", on="period")
    rows["month"] = [period.ordinal for period in periods]
    rows = rows.assign(breakdown=ALL, category=ALL)
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
