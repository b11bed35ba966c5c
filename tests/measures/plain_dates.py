"""Dates in plain Python, one after another: what the vectorised ones are held against."""

from calendar import monthrange
from datetime import date, timedelta

Record = dict[str, object]
Records = dict[str, list[Record]]
Result = tuple[float, float]

_CLOSED_DAYS = {  # England and Wales, from the published list; 8 May 2020 took the place of 4 May
    2016: "01-01 03-25 03-28 05-02 05-30 08-29 12-26 12-27",
    2017: "01-02 04-14 04-17 05-01 05-29 08-28 12-25 12-26",
    2018: "01-01 03-30 04-02 05-07 05-28 08-27 12-25 12-26",
    2019: "01-01 04-19 04-22 05-06 05-27 08-26 12-25 12-26",
    2020: "01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28",
    2021: "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28",
    2022: "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27",
}
CLOSED = {date.fromisoformat(f"{year}-{day}") for year, days in _CLOSED_DAYS.items() for day in days.split()}
DAY = timedelta(days=1)


def working_days(start: date, end: date) -> int:
    """Count the working days after one day, up to and including another."""
    passed, day = 0, start
    while day < end:
        day += DAY
        passed += day.weekday() < 5 and day not in CLOSED
    return passed


def add_working_days(start: date, days: int) -> date:
    """Return the first day on which so many working days have passed."""
    day = start
    while days:
        day += DAY
        days -= day.weekday() < 5 and day not in CLOSED
    return day


def add_months(day: date, months: int) -> date:
    """Add calendar months (or take them off), stopping at the end of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def birthday(born: date, age: int) -> date:
    """Return the day somebody reaches an age; 1 March for a leap day in a common year."""
    year = born.year + age
    if (born.month, born.day) == (2, 29) and monthrange(year, 2)[1] == 28:
        return date(year, 3, 1)
    return born.replace(year=year)


def age(born: date, day: date) -> int:
    """Count the birthdays that have passed."""
    years = day.year - born.year
    return years if birthday(born, years) <= day else years - 1


def year_start(day: date) -> date:
    """Return the 1 April that the financial year of a day began on."""
    return date(day.year if day.month >= 4 else day.year - 1, 4, 1)


def since_april(day: date | None, on: date) -> bool:
    """Tell whether a day lies in the year to date."""
    return day is not None and year_start(on) <= day <= on


def open_on(start: date, end: date | None, day: date) -> bool:
    """Tell whether something is open at the end of a day; an end on the day counts as ended."""
    return start <= day and (end is None or end > day)
