"""Trend: the rules of Making Data Count on each side of their line, intervals typed from published ones."""

from pathlib import Path

import pandas as pd
import pytest

from csd_helpers.period import Period
from csd_helpers.suite import Suite, load_suite
from csd_helpers.trend import Limits, Signal, assurance, special_causes, wilson, xmr
from csd_helpers.trend_words import flow_of, trend_facts

OCTOBER = Period.parse("2020-10")
USUAL = Limits(mean=10, low=4, high=16)  # near a limit: beyond 6 and 14
WORKED = [1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]


def test_the_worked_example_of_nhsrplotthedots() -> None:
    """Its vignette on deviations from Excel prints UPL 4.6, mean 1.94, LPL -0.72, outliers screened."""
    limits = xmr(WORKED)
    assert limits is not None
    assert [f"{value:.2f}" for value in (limits.high, limits.mean, limits.low)] == ["4.60", "1.94", "-0.72"]
    found = special_causes(WORKED, limits)
    assert [at for at, signal in enumerate(found) if signal] == [4]
    assert found[4] == Signal("limit", 1)


@pytest.mark.parametrize(("known", "there"), [(11, False), (12, True)])
def test_limits_need_twelve_months(known: int, there: bool) -> None:
    assert (xmr([None, *[float(month) for month in range(known)]]) is not None) == there


def signals(*values: float | None) -> list[str]:
    return [signal.rule if signal else "" for signal in special_causes(values, USUAL)]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((16, 4), ["", ""]),
        ((16.01, 3.99), ["limit", "limit"]),
        ((11, 10.5) * 3, [""] * 6),
        ((11, 10.5, 11, 10.5, 11, 10.5, 11), ["run"] * 7),
        ((9, 8) * 3 + (10,), [""] * 7),  # on the mean is on neither side
        ((9, 8, 9, 8, 9, 8, 9.5, 12), ["run"] * 7 + [""]),
        ((7, 8, 9, 10, 11, 12), [""] * 6),
        ((7, 8, 9, 10, 11, 12, 13), ["trend"] * 7),
        ((13, 12, 11, 10, 9, 8, 7), ["trend"] * 7),
        ((7, 8, 9, 10, 10, 11, 12, 13), [""] * 8),  # a month as the one before ends a rise
        ((15, 11, 15), ["near", "", "near"]),
        ((15, 9, 15), ["", "", ""]),  # one of the three on the other side
        ((14, 14, 11), ["", "", ""]),  # on the line is not near
        ((15, 15, None), ["", "", ""]),  # a month that is not known is on no side
    ],
)
def test_each_rule_on_both_sides_of_its_line(values: tuple[float, ...], expected: list[str]) -> None:
    assert signals(*values) == expected


@pytest.mark.parametrize(
    ("polarity", "lower", "upper", "expected"),
    [
        ("high", 4, 100, "reliably met"),
        ("high", 4.1, 100, "hit or miss"),
        ("high", 16, 100, "hit or miss"),
        ("high", 16.1, 100, "reliably missed"),
        ("low", 0, 16, "reliably met"),
        ("low", 0, 4, "hit or miss"),
        ("low", 0, 3.9, "reliably missed"),
        ("in_range", 4, 16, "reliably met"),
        ("in_range", 5, 16, "hit or miss"),
        ("in_range", 17, 20, "reliably missed"),
    ],
)
def test_whether_a_target_is_met_reliably(polarity: str, lower: float, upper: float, expected: str) -> None:
    assert assurance(USUAL, lower, upper, polarity) == expected


@pytest.mark.parametrize(
    ("numerator", "denominator", "expected"),
    [(34, 89, (28.8, 48.6)), (119, 143, (76.2, 88.5)), (0, 5, (0.0, 43.4)), (12, 12, (75.8, 100.0))],
)
def test_wilson_intervals_as_published_tools_have_them(
    numerator: int, denominator: int, expected: tuple[float, float]
) -> None:
    assert tuple(round(end, 1) for end in wilson(numerator, denominator)) == expected


@pytest.fixture(scope="module")
def suite(root: Path) -> Suite:
    return load_suite(root / "parameters" / "suite" / "2020-21.yaml")


def released(numerators: list[float | None], denominators: list[float | None], unit: str) -> pd.DataFrame:
    """Return the released headline of the months up to October 2020."""
    months = OCTOBER.window(len(numerators))
    frame = pd.DataFrame({"numerator": numerators, "denominator": denominators}, dtype="float64")
    frame["as_at"] = [month.as_at.isoformat() for month in months]
    share = 100 * frame["numerator"] / frame["denominator"]
    return frame.assign(
        value=frame["numerator"] if unit == "count" else share,
        marker=["" if value is not None else "c" for value in numerators],
        rating="green",
    )


def test_a_year_to_date_tells_the_month_alone(suite: Suite) -> None:
    contacts = released([100, 130, 20, 50, 45, 60, 90, 110, 130], [None] * 9, "count")  # April is the third
    flow = flow_of(contacts, suite.indicators["contacts"])
    assert flow.outturns == [None, 30, 20, 30, None, 15, 30, 20, 20]  # June was revised to less than May


def test_a_stock_and_a_cohort_tell_none(suite: Suite) -> None:
    series = released([5] * 14, [10] * 14, "percent")
    for key in ("child_protection_visits", "care_leavers_ete", "three_placements"):
        assert flow_of(series, suite.indicators[key]).outturns == []


def year_to_date(monthly: list[tuple[int, int]]) -> tuple[list[float | None], list[float | None]]:
    """Add up monthly parts from each April, for months that end with October 2020."""
    parts: list[tuple[float, float]] = []
    for month, (n, d) in zip(OCTOBER.window(len(monthly)), monthly, strict=True):
        before = (0.0, 0.0) if month.as_at.month == 4 or not parts else parts[-1]
        parts.append((before[0] + n, before[1] + d))
    return [n for n, _ in parts], [d for _, d in parts]


def test_a_month_out_of_the_ordinary_is_said_with_what_it_means(suite: Suite) -> None:
    monthly = [(90 + month % 2, 100) for month in range(15)] + [(70, 100)]
    facts = trend_facts(
        released(*year_to_date(monthly), "percent"), suite.indicators["assessments_45_days"], OCTOBER
    )
    assert facts["flow"].startswith("70.0%, usual ")
    assert facts["variation"] == "unusual, worse: below the usual range"
    assert facts["signal"] == "Unusual: worse"
    assert facts["assurance"] == "reliably met in a single month"  # by the usual range, not by one month


def test_a_hidden_month_leaves_nothing_to_say_of_what_is_usual(suite: Suite) -> None:
    numerators, denominators = year_to_date([(90 + month % 2, 100) for month in range(16)])
    numerators[3] = denominators[3] = None
    facts = trend_facts(
        released(numerators, denominators, "percent"), suite.indicators["assessments_45_days"], OCTOBER
    )
    assert [facts[name] for name in ("flow", "variation", "signal", "assurance")] == [""] * 4
    hidden = released([*numerators[:-1], None], [*denominators[:-1], None], "percent")
    assert set(trend_facts(hidden, suite.indicators["assessments_45_days"], OCTOBER).values()) == {""}


def test_what_one_case_is_worth_and_what_chance_could_do(suite: Suite) -> None:
    own = suite.indicators["care_leavers_ete"]  # target 47 to 52, high is good
    facts = trend_facts(released([26], [68], "percent"), own, OCTOBER)
    assert facts["interval"] == "28% to 50%; one case is 1.5 points"
    assert facts["chance"].startswith("The target lies within what chance alone could do")
    assert trend_facts(released([20], [68], "percent"), own, OCTOBER)["chance"] == ""  # 20% to 41%
    assert trend_facts(released([51], [100], "percent"), own, OCTOBER)["chance"]  # 41% to 61%
    assert not trend_facts(released([70], [100], "percent"), own, OCTOBER)["chance"]
    assert trend_facts(released([26], [None], "percent"), own, OCTOBER)["interval"] == ""
