"""Months in which rows are missing: a table that stops short, a month that is almost empty."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from csd_helpers.extract.limits import limits_of
from csd_helpers.extract.problems import FILE, Problem
from csd_helpers.period import Period

Tables = dict[str, pd.DataFrame]

#: The date by which a table grows from month to month.
GROWS_BY: dict[str, str] = {
    "contacts": "contact_date",
    "early_help": "start_date",
    "cin_details": "CINreferralDate",
    "assessments": "AssessmentActualStartDate",
    "section47": "S47ActualStartDate",
    "cp_plans": "CPPstartDate",
    "cp_reviews": "CPPreviewDate",
    "visits": "visit_date",
    "cla_episodes": "DECOM",
    "cla_reviews": "REVIEW",
    "care_leavers": "birthday_date",
    "health": "assessment_date",
    "missing": "MIS_START",
    "ehcp": "request_date",
    "caseholding": "start_date",
}
_MONTHLY = 10  # of the 12 months up to the latest event, so many hold one
_USUAL = 10  # rows in a usual month, below which an empty one is no surprise
_AROUND = 6  # months on each side


def stopping_short(tables: Tables, places: Tables, period: Period, known: date) -> list[Problem]:
    """Find monthly tables whose latest event is more than a month before the month's last day.

    An event after the report is mistyped and shows nothing; a table with an event in ten of the
    twelve months up to its latest is monthly.
    """
    found = []
    limit = pd.Timestamp((period - 1).as_at)
    for name, field, days in _events(tables):
        past = days[days.le(pd.Timestamp(known))]
        latest = past.max()
        if past.empty or latest >= limit or not _monthly(past):
            continue
        message, expected = "stops short of the month; its latest event:", f"events up to {period.label}"
        what = Problem("warning", name, message, expected, _files(places[name]), 0, field)
        found.append(replace(what, value=f"{latest:%d/%m/%Y}", rule="stops_short"))
    return found


def thin_months(tables: Tables, places: Tables, period: Period, months: int) -> list[Problem]:
    """Find months of the trend with fewer than a third of the rows of the median month around.

    The months around are the six before and the six after, as far as the table goes: from its
    first event, or the month it is whole from, to the month reported. Where their median is
    below ten, an empty month is no surprise.
    """
    found = []
    for name, field, days in _events(tables):
        counts = _per_month(days, limits_of(tables[name])["since"], period.ordinal)
        usual = _usual(counts.to_numpy())
        thin = (usual >= _USUAL) & (counts.to_numpy() * 3 < usual) & (counts.index > period.ordinal - months)
        for month, rows, median in zip(counts.index[thin], counts[thin], usual[thin], strict=True):
            message = f"holds {rows:,} rows in a month where {median:,.0f} are usual:"
            what = Problem("warning", name, message, "a usual month", _files(places[name]), 0, field)
            found.append(replace(what, value=Period(int(month)).label, rule="month_thin"))
    return found


def _events(tables: Tables) -> Iterator[tuple[str, str, pd.Series]]:
    """Give each table that grows by the month, with the days of its events."""
    for name, field in GROWS_BY.items():
        if name in tables and field in tables[name]:
            yield name, field, tables[name][field].dropna()


def _months_of(days: pd.Series) -> np.ndarray:
    return days.to_numpy().astype("datetime64[M]").astype("int64")


def _monthly(days: pd.Series) -> bool:
    months = np.unique(_months_of(days))
    return int((months > months[-1] - 12).sum()) >= _MONTHLY


def _per_month(days: pd.Series, since: int, last: int) -> pd.Series:
    """Return how many events each month holds, up to a last one, months without any among them."""
    months = _months_of(days)
    months = months[(months >= since) & (months <= last)]
    first = since or (int(months.min()) if len(months) else last + 1)
    counts = np.bincount(months - first, minlength=max(last + 1 - first, 0))
    return pd.Series(counts, index=np.arange(first, first + len(counts)))


def _usual(counts: np.ndarray) -> np.ndarray:
    """Return the median of the months around each month, as far as there are any; 0 where there are none."""
    if len(counts) < 2:
        return np.zeros(len(counts))
    padded = np.pad(counts.astype("float64"), _AROUND, constant_values=np.nan)
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * _AROUND + 1)
    return np.nanmedian(np.delete(windows, _AROUND, axis=1), axis=1)


def _files(places: pd.DataFrame) -> str:
    return ", ".join(sorted(places[FILE].unique()))
