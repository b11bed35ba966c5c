"""A changed definition breaks the line; a changed target leaves earlier months the rating they had."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

from csd_helpers.blocks import page_of
from csd_helpers.committee_report import report_blocks
from csd_helpers.handover import Edition, describe
from csd_helpers.judge import judge
from csd_helpers.period import Period
from csd_helpers.prepared import Prepared
from csd_helpers.section import indicator_section
from csd_helpers.series import Series
from csd_helpers.sparklines import sparkline
from csd_helpers.suite import Suite, load_suite
from csd_helpers.suite_editions import earlier_editions, in_force, target_since
from csd_helpers.summary import marks
from tests.conftest import ROOT

KEY, MONTHLY = "looked_after_reviews", "neet_or_not_known"
SUITES = ROOT / "parameters" / "suite"


def with_change(suite: Suite, key: str, **change: object) -> Suite:
    entry = suite.indicators[key].model_copy(update=change)
    return suite.model_copy(update={"indicators": suite.indicators | {key: entry}})


@pytest.fixture(scope="module")
def released(prepared: Prepared) -> pd.DataFrame:
    return pd.read_parquet(prepared.releases[2] / "figures.parquet")


def told(released: pd.DataFrame, edition: Edition) -> dict[str, Any]:
    return describe(released.drop(columns=["number", "title", "group"]), 2, edition)


def entry(pack: dict[str, Any], key: str) -> dict[str, Any]:
    return next(entry for entry in pack["indicators"] if entry["key"] == key)


def changed(edition: Edition, key: str, month: str) -> Edition:
    return replace(edition, suite=with_change(edition.suite, key, definition_changed=month))


def test_nothing_is_compared_across_a_changed_definition(told_by: Edition, released: pd.DataFrame) -> None:
    own = entry(told(released, changed(told_by, KEY, "2020-04")), KEY)
    moves = own["movement"]
    assert (moves["last_month"]["direction"], moves["last_month"]["text"]) == ("no change", "no change")
    for name in ("last_year", "year_end"):
        assert (moves[name]["direction"], moves[name]["text"]) == ("new definition", "")
    assert own["since_text"] == "since April 2020, by another definition before"
    before = entry(told(released, told_by), KEY)
    assert {move["direction"] for move in before["movement"].values()} == {"no change", "worse"}


@pytest.mark.parametrize(("month", "usual"), [("2019-11", True), ("2019-12", False)])
def test_what_is_usual_is_told_from_twelve_months_of_one_definition_on(
    told_by: Edition, released: pd.DataFrame, month: str, usual: bool
) -> None:
    own = entry(told(released, changed(told_by, MONTHLY, month)), MONTHLY)
    assert bool(own["trend"]["flow"]) == usual
    assert ("Dotted: usual range" in indicator_section(own, Series(released))) == usual


def test_the_page_says_where_the_line_breaks(told_by: Edition, released: pd.DataFrame) -> None:
    pack = told(released, changed(told_by, KEY, "2020-04"))
    section = indicator_section(entry(pack, KEY), Series(released))
    note = "Counted by a changed definition since April 2020: earlier months are not comparable."
    assert f"<p>{note}</p>" in section
    assert '<th scope="row">Apr 2020 [b]</th>' in section and section.count("[b]") == 1
    assert "Upright dashes: the definition changed." in section
    assert "; definition changed in April 2020" in section
    assert "<dd>Not comparable</dd>" in section
    paper = page_of(report_blocks(pack))
    assert note.rstrip(".") in paper and "97.9% [b]</td>" in paper
    assert marks(pack)[-1].startswith("[b]: a break")
    assert not any("[b]" in mark for mark in marks(told(released, told_by)))


@pytest.mark.parametrize("month", ["", "2018-04", "2018-11", "2020-11"])
def test_a_change_outside_the_months_shown_changes_nothing(
    told_by: Edition, released: pd.DataFrame, month: str
) -> None:
    assert told(released, changed(told_by, KEY, month)) == told(released, told_by)


def test_a_line_does_not_lead_to_the_first_month_of_a_new_definition() -> None:
    whole, broken = (sparkline([1, 2, 3, 4], None, "x", at) for at in (0, 2))
    assert whole.count("M2%2C") == broken.count("M2%2C")
    assert (whole.count("M"), broken.count("M")) == (1, 2)


def test_months_before_an_edition_keep_its_targets() -> None:
    """Of 2020-21 and 2022-23: reviews of 92% are amber by 95, and green by a target of 90 from April 2022."""
    new = load_suite(SUITES / "2022-23.yaml")
    [old] = earlier_editions(SUITES / "2022-23.yaml")
    assert (old.suite, earlier_editions(SUITES / "2020-21.yaml")) == ("2020-21", [])
    lowered = new.indicators[KEY].target.model_copy(update={"lower": Decimal(90)})  # type: ignore[union-attr]
    later = with_change(new, KEY, target=lowered)
    months = [Period.parse(month) for month in ("2022-02", "2022-03", "2022-04", "2022-05")]
    figures = pd.DataFrame({
        "indicator": KEY, "month": [month.ordinal for month in months], "breakdown": "all",
        "unit": "percent", "basis": "ytd_cohort", "numerator": 92.0, "denominator": 100.0, "value": 92.0,
    })  # fmt: skip
    none = pd.DataFrame(columns=["indicator", "geography", "value"])
    ratings = judge(figures, later, none, [old])["rating"].tolist()
    assert ratings == ["amber", "amber", "green", "green"]
    assert judge(figures, later, none)["rating"].tolist() == ["green"] * 4
    assert target_since(KEY, months, [later, old]) == "2022-04"
    assert target_since(KEY, months, [new, old]) == ""  # carried over


def test_an_indicator_of_another_unit_is_not_rated_before_and_a_new_one_by_its_own_target() -> None:
    new, old = (load_suite(SUITES / f"{year}.yaml") for year in ("2022-23", "2020-21"))
    march = Period.parse("2022-03")
    counted = with_change(new, KEY, unit="count")
    assert in_force(KEY, march, [counted, old]).rated_by == "none"
    assert in_force(KEY, march + 1, [counted, old]).rated_by == "target"
    indicators = {key: one for key, one in old.indicators.items() if key != KEY}
    without = old.model_copy(update={"indicators": indicators})
    assert in_force(KEY, march, [new, without]) is new.indicators[KEY]


def test_the_band_starts_where_the_target_does(told_by: Edition, released: pd.DataFrame) -> None:
    suite = told_by.suite
    lower = suite.indicators[KEY].target.model_copy(update={"lower": Decimal(80)})  # type: ignore[union-attr]
    before = with_change(suite, KEY, target=lower).model_copy(update={"start": "2018-04"})
    pack = told(released, replace(told_by, earlier=[before]))
    section = indicator_section(entry(pack, KEY), Series(released))
    assert "Shaded: target range, this month&#x27;s, since April 2020." in section.replace("'", "&#x27;")
    same = told(released, replace(told_by, earlier=[suite]))
    assert entry(same, KEY)["target_since"] == ""
