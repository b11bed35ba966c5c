"""The vectorised measures against the same rules in plain Python, on random records."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from functools import cache

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from csd_helpers.measures import MEASURES, Window, count, dates
from tests.measures import plain_dates as ref
from tests.measures.dice import DAYS, FIRST, LAST, Dice, as_tables
from tests.measures.plain_dates import Records
from tests.measures.random_records import DRAWN, everything
from tests.measures.reference import RULES
from tests.measures.reference_care import ages_in_care
from tests.measures.reference_protection import ages_on_a_plan

SEEDS = range(20)
WINDOW = Window(FIRST, LAST)
#: Only today's activity is held: no rule of dates.
WITHOUT_RULE = {"care_leavers_caseload_nete"}
BANDS = [(1, "Under 1"), (5, "1 to 4"), (10, "5 to 9"), (16, "10 to 15"), (99, "16 and over")]
days = st.dates(date(2018, 1, 1), date(2021, 12, 31))
old_days = st.dates(date(1998, 1, 1), date(2024, 12, 31)) | st.sampled_from([date(2004, 2, 29)])


@cache
def drawn(draw: object, seed: int) -> Records:
    return draw(Dice(seed))  # type: ignore[operator]


def counted(key: str, tables: dict[str, pd.DataFrame]) -> list[tuple[float, float]]:
    rows = count(MEASURES[key].cases(tables, WINDOW), WINDOW)
    return list(zip(rows["numerator"], rows["denominator"], strict=True))


@pytest.mark.parametrize("key", RULES)
def test_a_measure_is_its_rule(key: str) -> None:
    met = 0.0
    for seed in SEEDS:
        records = drawn(DRAWN.get(key, everything), seed)
        expected = [RULES[key](records, day) for day in DAYS]
        assert counted(key, as_tables(records)) == expected, f"seed {seed}"
        met += sum(n for n, _ in expected)
    assert met > 50, "the records hardly ever meet the rule"


def test_every_measure_has_a_rule() -> None:
    assert set(MEASURES) - set(RULES) == WITHOUT_RULE


def band(age: int | None) -> str:
    return "Not known" if age is None else next(label for below, label in BANDS if age < below)


@pytest.mark.parametrize(
    ("key", "ages"), [("child_protection_plans", ages_on_a_plan), ("children_looked_after", ages_in_care)]
)
def test_age_groups_are_the_ages_on_the_day(
    key: str, ages: Callable[[Records, date], list[int | None]]
) -> None:
    for seed in range(5):
        records = drawn(everything, seed)
        rows = count(MEASURES[key].cases(as_tables(records), WINDOW), WINDOW, "age_band")
        for month, day in zip(WINDOW.months, DAYS, strict=True):
            own = rows[rows["month"].eq(month) & rows["denominator"].gt(0)]
            expected = Counter(map(band, ages(records, day)))
            assert dict(zip(own["category"], own["denominator"], strict=True)) == expected, f"seed {seed}"


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
