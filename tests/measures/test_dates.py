from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from csd_helpers.measures import dates

days = st.dates(date(2000, 1, 1), date(2030, 12, 31))
#: England and Wales, from the published list: 8 May 2020 took the place of 4 May.
BANK_HOLIDAYS = {
    "2019": "01-01 04-19 04-22 05-06 05-27 08-26 12-25 12-26",
    "2020": "01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28",
    "2021": "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28",
}
CLOSED = {
    date.fromisoformat(f"{year}-{day}") for year, listed in BANK_HOLIDAYS.items() for day in listed.split()
}


def column(*values: object) -> pd.Series:
    return pd.Series(pd.to_datetime(list(values))).astype("datetime64[s]")


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2020-05-07", "2020-05-07", 0),
        ("2020-05-07", "2020-05-11", 1),  # Friday 8 May was the bank holiday
        ("2020-05-01", "2020-05-04", 1),  # Monday 4 May was worked
        ("2020-12-24", "2020-12-29", 1),
        ("2020-05-09", "2020-05-11", 1),  # from a Saturday
    ],
)
def test_working_days(start: str, end: str, expected: int) -> None:
    assert dates.working_days(column(start), column(end)).tolist() == [expected]


def test_a_day_beyond_the_calendar_stops_nothing() -> None:
    assert dates.add_working_days(column("9999-12-31"), 11).dt.year.tolist() == [2060]


def test_the_month_of_any_day() -> None:
    odd = ["1066-10-14", "1899-12-31", "1900-01-01", "2020-02-29", "2099-12-31", "2100-01-01", "9999-12-31"]
    days = pd.Series(np.array([*odd, "NaT"], dtype="datetime64[s]"))
    of_years = [-10839, -841, -840, 601, 1559, 1560, 96359]
    assert dates.month_of(days).tolist() == [*of_years, -1]


@given(st.dates(date(2019, 1, 1), date(2021, 12, 31)), st.dates(date(2019, 1, 1), date(2021, 12, 31)))
def test_working_days_are_those_a_person_counts(one: date, other: date) -> None:
    start, end = sorted((one, other))
    span = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    expected = sum(day.weekday() < 5 and day not in CLOSED for day in span)
    assert dates.working_days(column(start), column(end)).tolist() == [expected]


@given(st.dates(date(2019, 1, 1), date(2021, 6, 30)), st.integers(1, 60))
def test_the_day_n_working_days_on_is_the_first_that_far(start: date, days_on: int) -> None:
    reached = dates.add_working_days(column(start), days_on)
    assert dates.working_days(column(start), reached).tolist() == [days_on]
    assert dates.working_days(column(start), reached - pd.Timedelta(days=1)).tolist() == [days_on - 1]


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        ("2020-11-30", 3, "2021-02-28"),
        ("2019-11-30", 3, "2020-02-29"),
        ("2020-01-31", 1, "2020-02-29"),
        ("2020-08-31", 6, "2021-02-28"),
        ("2020-03-15", 6, "2020-09-15"),
    ],
)
def test_adding_months_stops_at_the_month_end(start: str, months: int, expected: str) -> None:
    assert dates.add_months(column(start), months).tolist() == [pd.Timestamp(expected)]


@given(days, st.integers(0, 60))
def test_adding_months_agrees_with_the_library(start: date, months: int) -> None:
    assert dates.add_months(column(start), months)[0] == pd.Timestamp(start) + pd.DateOffset(months=months)


@given(days, st.integers(1, 36))
def test_months_back_is_the_first_month_whose_end_reaches(start: date, months: int) -> None:
    month = int(dates.months_back(column(start), months)[0])
    ends = dates.month_end(pd.Series([month - 1, month]))
    before, reached = (end - pd.DateOffset(months=months) for end in ends)
    assert before < pd.Timestamp(start) <= reached


def test_a_leap_day_birthday_is_on_1_march_in_common_years() -> None:
    born = column("2004-02-29", "2004-02-29", "2001-10-31")
    assert dates.birthday(born, 17)[0] == pd.Timestamp("2021-03-01")
    assert dates.birthday(born, 16)[0] == pd.Timestamp("2020-02-29")
    on = column("2021-02-28", "2021-03-01", "2020-10-31")
    assert dates.age_on(born, on).tolist() == [16, 17, 19]
