from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from csd_helpers.errors import CsdError
from csd_helpers.period import Period

months = st.dates(date(1990, 1, 1), date(2060, 12, 31)).map(Period.of)


@pytest.mark.parametrize("text", ["2020-13", "2020-00", "2020-1", "October", "20-10", "2020-10-31", ""])
def test_what_is_not_a_month_is_refused_with_what_was_expected(text: str) -> None:
    with pytest.raises(CsdError, match="is not a month") as error:
        Period.parse(text)
    assert error.value.expected == "a month such as 2020-10"
    assert error.value.exit_code == 2


@pytest.mark.parametrize(
    ("period", "year_start", "into", "year_end"),
    [
        ("2020-03", "2019-04", 12, "2019-03"),
        ("2020-04", "2020-04", 1, "2020-03"),
        ("2021-01", "2020-04", 10, "2020-03"),
    ],
)
def test_the_financial_year_turns_between_march_and_april(
    period: str, year_start: str, into: int, year_end: str
) -> None:
    month = Period.parse(period)
    assert (str(month.year_start), month.months_into_year, str(month.year_end)) == (
        year_start,
        into,
        year_end,
    )


def test_as_at_is_the_last_day_of_the_month_in_leap_years_too() -> None:
    assert Period.parse("2020-02").as_at == date(2020, 2, 29)
    assert Period.parse("2021-02").as_at == date(2021, 2, 28)


def test_a_window_ends_with_its_period_and_crosses_years() -> None:
    assert [str(month) for month in Period.parse("2020-02").window(4)] == [
        "2019-11",
        "2019-12",
        "2020-01",
        "2020-02",
    ]


@given(months)
def test_text_and_period_say_the_same(period: Period) -> None:
    assert Period.parse(str(period)) == period


@given(months, st.integers(-400, 400))
def test_months_forward_and_back_cancel(period: Period, months: int) -> None:
    assert period + months - months == period


@given(months)
def test_ordinals_are_those_of_numpy(period: Period) -> None:
    assert int(np.datetime64(str(period), "M").astype(int)) == period.ordinal
