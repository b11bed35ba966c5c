"""The arithmetic of a rating in words."""

from fractions import Fraction
from pathlib import Path

import pytest

from csd_helpers.period import Period
from csd_helpers.rag import rate
from csd_helpers.reasoning import rating_reasons
from csd_helpers.suite import Indicator, load_suite

OCTOBER = Period.parse("2020-10")
REACH = "Amber reaches 10 from there, to 85:"
SHARES = [5, 10, 20, 30, 35, 40, 50, 60, 70, 80, 90, 100]  # percent of the year, April first


@pytest.fixture(scope="module")
def indicators(root: Path) -> dict[str, Indicator]:
    return load_suite(root / "parameters" / "suite" / "2020-21.yaml").indicators


def steps(value: str, indicator: Indicator, **areas: str) -> list[str]:
    """Return the last steps, from the distance on."""
    known = {area: Fraction(amount) for area, amount in areas.items()}
    return rating_reasons(Fraction(value), indicator, OCTOBER, known)[1:]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("95", ["95 is not outside it.", "So: green."]),
        ("94.9", ["94.9 is 0.1 below 95.", f"{REACH} 94.9 is within it.", "So: amber."]),
        ("85", ["85 is 10 below 95.", f"{REACH} 85 is within it.", "So: amber."]),
        ("84.9", ["84.9 is 10.1 below 95.", f"{REACH} 84.9 is beyond it.", "So: red."]),
    ],
)
def test_high_is_good(value: str, expected: list[str], indicators: dict[str, Indicator]) -> None:
    assert steps(value, indicators["looked_after_reviews"]) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("20", ["20 is not outside it.", "So: green."]),
        ("25", ["25 is 5 above 20.", "Amber reaches 5 from there, to 25: 25 is within it.", "So: amber."]),
        ("26", ["26 is 6 above 20.", "Amber reaches 5 from there, to 25: 26 is beyond it.", "So: red."]),
        ("1", ["1 is not outside it.", "So: green."]),
    ],
)
def test_low_is_good(value: str, expected: list[str], indicators: dict[str, Indicator]) -> None:
    assert steps(value, indicators["re_referrals"]) == expected


@pytest.mark.parametrize(
    ("value", "worse", "verdict"), [("2", 0, "green"), ("2.5", 1, "amber"), ("3.1", 2, "red")]
)
def test_a_comparison_counts_the_areas_it_is_worse_than(
    value: str, worse: int, verdict: str, indicators: dict[str, Indicator]
) -> None:
    entry = indicators["neet_or_not_known"].model_copy(update={"compare_with": ["London", "England"]})
    reasons = rating_reasons(Fraction(value), entry, OCTOBER, {"London": Fraction(2), "England": Fraction(3)})
    assert reasons[1] == f"Worse than {worse} of 2: none is green, some is amber, all is red."
    assert reasons[2] == f"So: {verdict}."


def test_a_comparison_without_a_published_value_is_not_rated(indicators: dict[str, Indicator]) -> None:
    entry = indicators["neet_or_not_known"].model_copy(update={"compare_with": ["London", "England"]})
    assert rating_reasons(Fraction(2), entry, OCTOBER, {"London": Fraction(2)}) == [
        "It is compared with published values, and there is none for England.",
        "So: not rated.",
    ]


def test_a_comparison_is_told_area_by_area(indicators: dict[str, Indicator]) -> None:
    entry = indicators["neet_or_not_known"].model_copy(update={"compare_with": ["London", "England"]})
    areas = {"London": Fraction(2), "England": Fraction("2.6")}
    assert rating_reasons(Fraction("2.5"), entry, OCTOBER, areas)[0] == (
        "2.5 is worse than London (2), no worse than England (2.6); good is low."
    )


@pytest.mark.parametrize(
    ("profile", "target"),
    [
        ("even", "7 of 12 even shares are due by then, so 7 to 14 in October 2020"),
        (SHARES, "50% of it is due by then, so 6 to 12 in October 2020"),
    ],
)
def test_a_target_of_the_year_is_shared_out(
    profile: object, target: str, indicators: dict[str, Indicator]
) -> None:
    entry = indicators["looked_after_adopted"].model_dump()
    entry["target"] |= {"lower": 12, "upper": 24, "profile": profile}
    said = rating_reasons(Fraction(5), Indicator.model_validate(entry), OCTOBER, {})[0]
    assert said == (
        f"Target: 12 to 24 for the year (illustrative); {target};"
        f" good is high, so only a figure below {7 if profile == 'even' else 6} is outside."
    )


@pytest.mark.parametrize("value", [Fraction(n, 3) for n in range(0, 301, 7)])
def test_within_and_beyond_are_amber_and_red(value: Fraction, indicators: dict[str, Indicator]) -> None:
    for entry in (entry for entry in indicators.values() if entry.rated_by == "target"):
        said = " ".join(rating_reasons(value, entry, OCTOBER, {}))
        words = {"green": "is not outside it", "amber": "is within it", "red": "is beyond it"}
        assert words[rate(value, entry, OCTOBER, {})] in said
