"""Dates as the definitions count them: months, birthdays, working days; whole columns at once."""

from functools import cache
from typing import Any, TypeAlias

import holidays
import numpy as np
import numpy.typing as npt
import pandas as pd

from csd_helpers.period import financial_year_start

Days: TypeAlias = pd.Series
_FIRST_YEAR, _LAST_YEAR = 1990, 2060
_ORIGIN = np.datetime64(f"{_FIRST_YEAR}-01-01")
_DAYS = np.arange("1900-01-01", "2100-01-01", dtype="datetime64[D]")
_MONTHS = _DAYS.astype("datetime64[M]")


def month_of(days: Days) -> pd.Series:
    """Return the month each day is in, as an ordinal; a missing day gives -1."""
    months = _months(days.to_numpy().astype("datetime64[D]"))
    return pd.Series(np.where(np.isnat(months), -1, months.astype("int64")), index=days.index)


def _months(days: npt.NDArray[np.datetime64]) -> npt.NDArray[np.datetime64]:
    """Return the month each day is in: looked up, in a tenth of the time it takes to work it out."""
    place = (days - _DAYS[0]).astype("int64")
    known = (place >= 0) & (place < len(_DAYS))
    months = _MONTHS[np.where(known, place, 0)]
    months[~known] = days[~known].astype("datetime64[M]")
    return months


def month_end(months: pd.Series) -> Days:
    """Return the last day of each month."""
    nxt = (months.to_numpy() + 1).astype("datetime64[M]").astype("datetime64[D]")
    return pd.Series(nxt - np.timedelta64(1, "D"), index=months.index)


def year_end_month(months: Any) -> Any:
    """Return the March that ends each month's financial year; a column or an array."""
    return financial_year_start(months) + 11


def add_months(days: Days, months: int) -> Days:
    """Add calendar months, stopping at the end of a shorter month.

    Examples
    --------
    >>> add_months(pd.Series(pd.to_datetime(["2020-11-30"])), 3).dt.strftime("%Y-%m-%d").tolist()
    ['2021-02-28']
    """
    values = days.to_numpy().astype("datetime64[D]")
    month = _months(values)
    target = month + np.timedelta64(months, "M")
    offset = values - month.astype("datetime64[D]")
    last = (target + 1).astype("datetime64[D]") - np.timedelta64(1, "D")
    moved = np.minimum(target.astype("datetime64[D]") + offset, last)
    return pd.Series(moved.astype("datetime64[s]"), index=days.index)


def months_back(days: Days, months: int) -> pd.Series:
    """Return the first month whose last day, so many months back, is on or after each day.

    The definitions count back from the as-at date: 28 February less 30 months is 28 August, so a
    stay that began on 30 August is not yet 30 months long.
    """
    target = month_of(days) + months
    short = days.dt.day.gt(month_end(target).dt.day)
    return target + short


def birthday(born: Days, age: int) -> Days:
    """Return the day each person reaches an age: 1 March in common years for someone born on 29 February."""
    values = born.to_numpy().astype("datetime64[D]")
    month = _months(values)
    target = month + np.timedelta64(12 * age, "M")
    offset = values - month.astype("datetime64[D]")
    return pd.Series((target.astype("datetime64[D]") + offset).astype("datetime64[s]"), index=born.index)


def age_on(born: Days, day: "Days | pd.Timestamp") -> pd.Series:
    """Return whole years of age: birthdays passed."""
    on = pd.Series(day, index=born.index) if not isinstance(day, pd.Series) else day
    years = on.dt.year - born.dt.year
    before = (on.dt.month * 100 + on.dt.day) < (born.dt.month * 100 + born.dt.day)
    return years - before


@cache
def _calendar() -> tuple[npt.NDArray[np.int64], npt.NDArray[np.datetime64]]:
    """Return, for every day since 1990, how many working days have passed, and the working days themselves.

    Bank holidays of England and Wales; in 2020 the early May one was moved to Friday 8 May.
    """
    days = np.arange(_ORIGIN, np.datetime64(f"{_LAST_YEAR}-12-31"))
    bank = holidays.country_holidays("GB", subdiv="ENG", years=range(_FIRST_YEAR, _LAST_YEAR + 1))
    closed = np.array(sorted(bank), dtype="datetime64[D]")
    working = np.is_busday(days, holidays=closed)
    return working.cumsum(), days[working]


def working_days(start: Days, end: Days) -> pd.Series:
    """Return working days from one day to another; the same day is 0.

    Weekdays after ``start`` up to and including ``end`` that are no bank holiday of England and
    Wales (DfE CIN census guide). Missing where either day is.
    """
    passed, _ = _calendar()
    days = passed[_position(end)] - passed[_position(start)]
    return pd.Series(days, index=start.index, dtype="Int64").mask(start.isna() | end.isna())


def add_working_days(start: Days, days: int) -> Days:
    """Return the day on which a number of working days has passed since ``start``."""
    passed, working = _calendar()
    place = np.minimum(passed[_position(start)] + days, len(working)) - 1  # the calendar ends somewhere
    return pd.Series(working[place].astype("datetime64[s]"), index=start.index)


def _position(days: Days) -> npt.NDArray[np.int64]:
    values = days.to_numpy().astype("datetime64[D]")
    offset = (values - _ORIGIN).astype("int64")
    return np.where(np.isnat(values), 0, np.clip(offset, 0, len(_calendar()[0]) - 1))
