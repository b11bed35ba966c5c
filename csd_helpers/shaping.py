"""Counted and returned rows brought into the one shape of figures, all at once."""

from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from csd_helpers.period import Period
from csd_helpers.suite import Indicator, scale_of

#: Rows to be shaped: the columns of figures, each an array or one value for all of them.
Rows: TypeAlias = dict[str, Any]
ALL = "all"  # breakdown and category of a headline figure
COLUMNS = [
    "indicator", "period", "month", "breakdown", "category", "numerator", "denominator", "value",
    "unit", "basis", "as_at", "status", "source", "reason",
]  # fmt: skip
_EMPTY = ("no data", "not computable")
_PLACES = 6  # sums of full-time equivalents, without the dust of binary addition
_FIRST, _SECOND = 1, 2  # of two sources of a headline; 0 where there is one
_UNTOLD: Rows = {"category": ALL, "numerator": np.nan, "denominator": np.nan, "given": np.nan, "as_at": None,
                 "reason": "", "since": -np.inf, "why": "", "until": np.inf, "ended": "",
                 "choice": 0}  # fmt: skip


def named(key: str, indicator: Indicator, months: "pd.Series | np.ndarray", by: str, source: str) -> Rows:
    """Return rows that say which figures they are, and nothing yet of how much."""
    own = {"indicator": key, "month": np.asarray(months, dtype="int64"), "breakdown": by, "source": source}
    return own | {"unit": indicator.unit, "basis": indicator.basis, "lag": indicator.lag_months}


def without(key: str, indicator: Indicator, periods: list[Period], status: str, reason: str) -> Rows:
    """Return empty rows that say why they are empty."""
    months = np.array([period.ordinal for period in periods])
    return named(key, indicator, months, ALL, "") | {"status": status, "reason": reason}


def divided(indicator: Indicator, name: str) -> Indicator:
    """Return an indicator in the unit that one of its breakdowns is shown in."""
    return indicator.model_copy(update={"unit": indicator.breakdowns[name].unit})


def choice(counted: Rows, returned: Rows, published_from: str) -> list[Rows]:
    """Return an indicator's two sources, the published one first, for `shape` to choose in each month."""
    both = [counted, returned] if published_from == "records" else [returned, counted]
    return [rows | {"choice": rank} for rank, rows in zip((_FIRST, _SECOND), both, strict=True)]


def shape(parts: list[Rows]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Bring rows into the shape of figures, with their unrounded value.

    Hundreds of small tables would take longer to shape than millions of records to count, so the
    rows of all indicators are put together first.

    Parameters
    ----------
    parts
        Rows in the order in which their figures shall stand; empty ones are passed over.

    Returns
    -------
    tuple of pandas.DataFrame
        The figures, columns ``COLUMNS``; and the headlines of the sources not chosen, in the same shape.
    """
    rows = _together([part for part in parts if part])
    months = rows["month"].to_numpy()
    rows["period"] = _of_distinct(months, lambda month: str(Period(month)))
    ends = _of_distinct(months - rows["lag"].to_numpy(), lambda month: Period(month).as_at.isoformat())
    rows["as_at"] = rows["as_at"].where(rows["as_at"].notna(), ends)
    bare = rows["unit"].eq("count")
    rows["numerator"] = rows["numerator"].round(_PLACES)
    rows["denominator"] = rows["denominator"].round(_PLACES).mask(bare)
    rows["value"] = _value(rows, bare)
    rows["numerator"] = rows["numerator"].where(~bare, rows["value"])
    rows["status"] = rows["status"].mask(rows["denominator"].eq(0), "no cases")
    rows = _untold(rows, rows["month"].lt(rows["since"]), rows["why"])
    rows = _untold(rows, rows["month"].gt(rows["until"]), rows["ended"])
    chosen = _is_chosen(rows)
    published, others = rows[chosen].sort_values("place"), rows[~chosen].sort_values("place")
    return published[COLUMNS].reset_index(drop=True), others[COLUMNS].reset_index(drop=True)


def _together(parts: list[Rows]) -> pd.DataFrame:
    """Put rows into one table; the two sources of a headline share their places."""
    sizes = [len(part["month"]) for part in parts]
    names = [*_UNTOLD, "indicator", "month", "breakdown", "source", "unit", "basis", "lag", "status"]
    rows = pd.DataFrame(
        {name: _column([part.get(name, _UNTOLD.get(name)) for part in parts], sizes) for name in names}
    )
    starts = np.cumsum([0, *sizes[:-1]])
    second = np.array([part.get("choice") == _SECOND for part in parts])
    starts = np.where(second, np.roll(starts, 1), starts)
    rows["place"] = np.repeat(starts, sizes) + np.concatenate([np.arange(size) for size in sizes])
    return rows


def _column(values: list[Any], sizes: list[int]) -> np.ndarray:
    """Join one column of all parts, repeating what is one value for all rows of a part."""
    pieces = [np.repeat(value, size) if np.ndim(value) == 0 else np.asarray(value)
              for value, size in zip(values, sizes, strict=True)]  # fmt: skip
    return np.concatenate(pieces)


def _of_distinct(months: np.ndarray, text: Any) -> np.ndarray:
    """Return a text for each month, made once for each distinct one."""
    distinct, codes = np.unique(months, return_inverse=True)
    return np.array([text(int(month)) for month in distinct], dtype=object)[codes]


def _value(rows: pd.DataFrame, bare: pd.Series) -> pd.Series:
    """Return the outturn: counted where there are parts, as given where there are none."""
    keys = pd.MultiIndex.from_frame(rows[["unit", "basis", "month"]])
    codes, distinct = keys.factorize()
    scales = [float(scale_of(unit, basis, Period(month))) for unit, basis, month in distinct]
    over = rows["denominator"].where(rows["denominator"].ne(0))
    shares = (rows["numerator"] * np.array(scales)[codes] / over).where(
        rows["denominator"].notna(), rows["given"]
    )
    return shares.where(~bare, rows["numerator"].fillna(rows["given"]))


def _untold(rows: pd.DataFrame, beyond: pd.Series, why: pd.Series) -> pd.DataFrame:
    """Empty the months that the extract does not reach back, or forward, to."""
    rows.loc[beyond, ["numerator", "denominator", "value"]] = np.nan
    rows["status"] = rows["status"].mask(beyond, "not computable")
    rows["reason"] = rows["reason"].mask(beyond, why)
    return rows


def _is_chosen(rows: pd.DataFrame) -> pd.Series:
    """Say which row of each headline is published: the second source only where it alone has anything."""
    first, second = rows["choice"].eq(_FIRST), rows["choice"].eq(_SECOND)
    empty = first & rows["status"].isin(_EMPTY)
    told = second & rows["source"].ne("")
    instead = rows["place"].isin(rows.loc[empty, "place"]) & rows["place"].isin(rows.loc[told, "place"])
    return (first & ~instead) | (second & instead) | rows["choice"].eq(0)
