from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from csd_helpers.direction import movement
from csd_helpers.period import Period
from csd_helpers.rag import held_since, printed, rate
from csd_helpers.suite import Indicator

OCTOBER = Period.parse("2020-10")
WORDS = {
    "number": 21, "title": "t", "group": "g", "unit": "percent", "basis": "ytd", "definition": "d",
    "numerator": "n", "denominator": "m", "input": "i", "published_from": "records",
    "owner": "o", "evidence": "e",
}  # fmt: skip


def indicator(polarity: str, lower: object = 95, upper: object = 100, **more: object) -> Indicator:
    target = {"lower": lower, "upper": upper, "origin": "illustrative"}
    rules = {"rated_by": "target", "target": target, "amber": {"points": 5}, "polarity": polarity}
    return Indicator.model_validate(WORDS | rules | more)


@pytest.mark.parametrize(
    ("polarity", "value", "rating"),
    [
        ("high", "95", "green"),
        ("high", "94.999", "amber"),
        ("high", "90", "amber"),
        ("high", "89.999", "red"),
        ("high", "100", "green"),
        ("low", "100", "green"),
        ("low", "100.001", "amber"),
        ("low", "105", "amber"),
        ("low", "105.001", "red"),
        ("low", "0", "green"),
        ("in_range", "94.999", "amber"),
        ("in_range", "95", "green"),
        ("in_range", "100.001", "amber"),
        ("in_range", "89.999", "red"),
        ("in_range", "105.001", "red"),
    ],
)
def test_bands_by_polarity_at_their_edges(polarity: str, value: str, rating: str) -> None:
    assert rate(Fraction(value), indicator(polarity), OCTOBER, {}) == rating


@pytest.mark.parametrize(("value", "rating"), [("85.5", "amber"), ("85.499", "red"), ("95", "green")])
def test_a_tolerance_may_be_relative_to_the_bound(value: str, rating: str) -> None:
    tenth = indicator("high", amber={"percent_of_target": 10})
    assert rate(Fraction(value), tenth, OCTOBER, {}) == rating


def test_what_is_not_known_is_never_green() -> None:
    assert rate(None, indicator("high"), OCTOBER, {}) == "no data"
    unrated = Indicator.model_validate(WORDS | {"rated_by": "none", "polarity": "none"})
    assert rate(Fraction(5), unrated, OCTOBER, {}) == "not rated"
    by_benchmark = Indicator.model_validate(
        WORDS | {"rated_by": "benchmark", "polarity": "low", "benchmark": "X"}
    )
    assert rate(Fraction(5), by_benchmark, OCTOBER, {"England": Fraction(6)}) == "not rated"


@pytest.mark.parametrize(
    ("value", "rating"), [("4.2", "green"), ("4.21", "amber"), ("5.5", "amber"), ("5.51", "red")]
)
def test_without_a_local_target_the_benchmarks_rate(value: str, rating: str) -> None:
    low = Indicator.model_validate(WORDS | {"rated_by": "benchmark", "polarity": "low", "benchmark": "X"})
    areas = {"England": Fraction("5.5"), "London": Fraction("4.2")}
    assert rate(Fraction(value), low, OCTOBER, areas) == rating


@pytest.mark.parametrize(
    ("month", "rating"), [("2020-04", "green"), ("2020-06", "green"), ("2020-07", "red")]
)
def test_an_annual_target_is_judged_by_the_part_of_the_year_gone(month: str, rating: str) -> None:
    target = {"lower": 12, "upper": 16, "origin": "illustrative", "profile": "even"}
    adopted = indicator("high", target=target, unit="count", amber={"percent_of_target": 10})
    assert rate(Fraction(3), adopted, Period.parse(month), {}) == rating


@pytest.mark.parametrize(
    ("value", "digits"), [("94.96", "94.96"), ("94.949", "94.9"), ("95.04", "95.0"), ("94.9996", "94.9996")]
)
def test_no_printed_digit_contradicts_the_rating(value: str, digits: str) -> None:
    assert str(printed(Fraction(value), indicator("high"), OCTOBER, {})) == digits


@given(st.integers(0, 500), st.integers(1, 500), st.sampled_from(["high", "low", "in_range"]))
def test_the_printed_value_always_has_the_rating_of_the_unrounded_one(n: int, d: int, polarity: str) -> None:
    value, entry = Fraction(100 * n, d), indicator(polarity)
    shown = Fraction(printed(value, entry, OCTOBER, {}))
    assert rate(shown, entry, OCTOBER, {}) == rate(value, entry, OCTOBER, {})


@pytest.mark.parametrize(
    ("polarity", "now", "before", "text", "direction"),
    [
        ("high", "91.2", "90.0", "+1.2 points", "better"),
        ("low", "21.2", "20.0", "+1.2 points", "worse"),
        ("high", "90.0", "91.2", "−1.2 points", "worse"),
        ("none", "90.0", "91.2", "−1.2 points", "down"),
        ("high", "90.04", "90.0", "no change", "no change"),
        ("high", "90.05", "90.0", "+0.1 points", "better"),
        ("none", "7241", "6004", "+1,237.0 points", "up"),
    ],
)
def test_direction_follows_polarity(polarity: str, now: str, before: str, text: str, direction: str) -> None:
    rated = {"rated_by": "none", "target": None, "amber": None} if polarity == "none" else {}
    moved = movement(Fraction(now), Fraction(before), indicator(polarity, **rated))
    assert (moved.text, moved.direction) == (text, direction)


def test_a_figure_that_is_not_shown_gives_no_direction() -> None:
    assert movement(Fraction(5), None, indicator("high")).text == ""
    assert movement(None, Fraction(5), indicator("high")).direction == ""


def test_how_long_a_status_has_held() -> None:
    ratings = pd.Series(["red", "amber", "red", "red"], index=["2020-07", "2020-08", "2020-09", "2020-10"])
    assert held_since(ratings) == "2020-09"
    assert held_since(pd.Series(["red", "red"], index=["2020-09", "2020-10"])) == "2020-09"
