"""Days of the demonstration: how lively its months are, and what follows what."""

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Days: TypeAlias = Any  # an array of NumPy days
Counts: TypeAlias = npt.NDArray[np.int64]
Flags: TypeAlias = npt.NDArray[np.bool_]
#: What happened before the history begins is drawn too, for the cases that were open when it did.
EARLIEST, HISTORY, END = (np.datetime64(day) for day in ("2015-04-01", "2017-04-01", "2020-10-31"))
NEVER = np.datetime64("2100-01-01")
#: How lively a month is: quieter in August and December, and in the spring of 2020.
_SEASON = np.array([1.0, 0.97, 1.08, 0.93, 1.02, 1.03, 1.0, 0.82, 1.06, 1.08, 1.06, 0.9])
_QUIET = {"2020-04": 0.72, "2020-05": 0.8, "2020-06": 0.94}


def days_of(level: float, rng: np.random.Generator, first: np.datetime64 = HISTORY) -> Days:
    """Draw the days of events that come at so many a month, in order, until the end of the records."""
    months = np.arange(first, END + 1, dtype="datetime64[M]")
    lively = _SEASON[months.astype(int) % 12] * np.array([_QUIET.get(str(month), 1.0) for month in months])
    month = np.repeat(months, rng.poisson(level * lively))
    begins = month.astype("datetime64[D]")
    length = ((month + 1).astype("datetime64[D]") - begins).astype(int)
    return np.sort(weekday(begins + (rng.random(len(month)) * length).astype(int)))


def weekday(days: Days) -> Days:
    """Move weekends back to the Friday before."""
    return np.busday_offset(days, 0, roll="backward")


def after(days: Days, weekdays: Any) -> Days:
    """Return the day so many weekdays later; a missing day stays missing."""
    return np.busday_offset(days, weekdays, roll="backward")


def add_months(days: Days, months: int) -> Days:
    """Add calendar months; the 29th to the 31st count as the 28th, so that no limit is passed."""
    month = days.astype("datetime64[M]")
    offset = np.minimum((days - month.astype("datetime64[D]")).astype(int), 27)
    return (month + months).astype("datetime64[D]") + offset


def known(days: Days) -> Days:
    """Return the days that have come by the end of the records; the others are missing."""
    return np.where(days > END, np.datetime64("NaT"), days)


def evenly(shares: Any) -> Flags:
    """Mark a share of a row of things, evenly spread, so that no stretch of it strays far from the share.

    Examples
    --------
    >>> evenly([0.4] * 5).tolist()
    [False, False, True, False, True]
    """
    total = np.round(np.cumsum(shares), 9)
    return np.diff(np.floor(total), prepend=0) > 0


def follow(start: Days, stop: Days, least: int, gaps: Callable[[int], Counts]) -> tuple[Counts, Days]:
    """Return events that follow one another from each start until before its stop.

    Parameters
    ----------
    least
        The shortest gap in days.
    gaps
        Draws so many gaps, in days.

    Returns
    -------
    tuple
        Whose event it is (position in ``start``) and its day.
    """
    times = np.maximum((stop - start).astype(int) // least + 1, 0)
    who = np.repeat(np.arange(len(start)), times)
    total = gaps(len(who)).cumsum()
    before = np.r_[0, total][np.r_[0, times.cumsum()[:-1]]]
    day = weekday(start[who] + total - before[who])
    return who[day < stop[who]], day[day < stop[who]]
