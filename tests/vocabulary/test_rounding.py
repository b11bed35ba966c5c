from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from csd_helpers.rounding import exact, half_up, round_half_up

counts = st.integers(0, 200_000)
positive = st.integers(1, 200_000)


@pytest.mark.parametrize(
    ("numerator", "denominator", "dp", "printed"),
    [
        (1, 8, 0, 13),  # 12.5 goes up; Python's round gives 12
        (1, 8, 1, 125),
        (1, 16, 1, 63),  # 6.25 goes up
        (122, 228, 1, 535),  # the source report's 53.5 %
        (45, 78, 0, 58),
        (0, 7, 1, 0),
        (7, 7, 1, 1000),
    ],
)
def test_a_percentage_is_rounded_half_up(numerator: int, denominator: int, dp: int, printed: int) -> None:
    assert half_up(numerator, denominator, dp=dp) == printed


def test_a_rate_is_rounded_from_its_parts() -> None:
    assert half_up(294, 73_165, scale=10_000, dp=1) == 402  # 40.2 per 10,000


@given(counts, positive, st.integers(0, 3))
def test_whole_number_arithmetic_is_decimal_arithmetic(numerator: int, denominator: int, dp: int) -> None:
    value = Decimal(numerator) * 100 / Decimal(denominator)
    expected = value.quantize(Decimal(1).scaleb(-dp), ROUND_HALF_UP)
    assert Decimal(int(half_up(numerator, denominator, dp=dp))).scaleb(-dp) == expected


@given(counts, positive, st.integers(0, 3))
def test_one_value_is_rounded_like_many(numerator: int, denominator: int, dp: int) -> None:
    one = round_half_up(Fraction(100 * numerator, denominator), dp)
    assert one == Decimal(int(half_up(numerator, denominator, dp=dp))).scaleb(-dp)


@given(st.decimals(-1000, 1000, places=3), st.integers(0, 2))
def test_halves_go_away_from_zero(value: Decimal, dp: int) -> None:
    assert round_half_up(Fraction(value), dp) == value.quantize(Decimal(1).scaleb(-dp), ROUND_HALF_UP)


def test_a_float_is_read_as_it_was_printed() -> None:
    assert exact(0.1) + exact(0.2) == Fraction(3, 10)


def test_every_published_ratio_of_the_department_is_reproduced(shared_data: Path) -> None:
    """All local-authority rows whose three parts are numbers, without the sets of known differences."""
    table = pd.read_csv(shared_data / "published_ratios_even_years.csv", dtype=str)
    known = table["kpi"].str.contains("_fte_|_fte$|assess_45wd|icpc_15wd")
    parts = ["numerator", "denominator", "published"]
    table = table[~known].copy()
    numeric = table[parts].apply(pd.to_numeric, errors="coerce")
    table = table[numeric.notna().all(axis=1) & numeric["denominator"].gt(0)]
    n, d = (table[name].astype("int64").to_numpy() for name in ("numerator", "denominator"))
    rate = table["kpi"].str.contains("10000").to_numpy()
    matched = 0
    for dp in sorted(table["dp"].unique()):
        places = int(dp)
        expected = [int(Decimal(value).scaleb(places)) for value in table["published"]]
        ours = np.where(rate, half_up(n, d, 10_000, places), half_up(n, d, 100, places))
        own = (table["dp"] == dp).to_numpy()
        wrong = table[own & (ours != np.array(expected))]
        assert wrong.empty, wrong.head().to_string()
        matched += int(own.sum())
    assert matched == len(table) > 5_000
