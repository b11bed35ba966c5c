"""The vectorised measures against the same rules in plain Python, on random records."""

from datetime import date
from functools import cache

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from csd_helpers.measures import MEASURES, Window, count, dates
from tests.measures import reference as ref
from tests.measures.random_records import DAYS, DRAWN, FIRST, LAST, Dice, as_tables
from tests.measures.reference import RULES, Records

SEEDS = range(20)
days = st.dates(date(2018, 1, 1), date(2021, 12, 31))
old_days = st.dates(date(1998, 1, 1), date(2024, 12, 31)) | st.sampled_from([date(2004, 2, 29)])


@cache
def drawn(draw: object, seed: int) -> Records:
    return draw(Dice(seed))  # type: ignore[operator]


def counted(key: str, tables: dict[str, pd.DataFrame]) -> list[tuple[float, float]]:
    window = Window(FIRST, LAST)
    rows = count(MEASURES[key].cases(tables, window), window)
    return list(zip(rows["numerator"], rows["denominator"], strict=True))


@pytest.mark.parametrize("key", RULES)
def test_a_measure_is_its_rule(key: str) -> None:
    met = 0.0
    for seed in SEEDS:
        records = drawn(DRAWN[key], seed)
        expected = [RULES[key](records, day) for day in DAYS]
        assert counted(key, as_tables(records)) == expected, f"seed {seed}"
        met += sum(n for n, _ in expected)
    assert met > 50, "the records hardly ever meet the rule"


def column(day: date) -> pd.Series:
    return pd.Series(pd.to_datetime([day])).astype("datetime64[s]")


@given(days, days)
def test_working_days(one: date, other: date) -> None:
    start, end = sorted((one, other))
    assert dates.working_days(column(start), column(end)).tolist() == [ref.working_days(start, end)]


@given(days, st.integers(1, 60))
def test_the_day_so_many_working_days_on(start: date, number: int) -> None:
    assert dates.add_working_days(column(start), number)[0].date() == ref.add_working_days(start, number)


@given(old_days, st.integers(-36, 36))
def test_months_on_and_back(day: date, months: int) -> None:
    assert dates.add_months(column(day), months)[0].date() == ref.add_months(day, months)


@given(old_days, st.integers(0, 25), st.integers(-2, 2))
def test_birthdays_and_ages(born: date, years: int, off: int) -> None:
    birthday = ref.birthday(born, years)
    assert dates.birthday(column(born), years)[0].date() == birthday
    day = birthday + off * ref.DAY
    assert dates.age_on(column(born), column(day)).tolist() == [ref.age(born, day)]
