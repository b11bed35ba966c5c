"""What other bodies print of our figures: percentages, other months, counts we have revised since."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from csd_helpers.disclosure.decision import Chosen, choose
from csd_helpers.disclosure.elsewhere import ELSEWHERE, read_elsewhere
from csd_helpers.disclosure.memory import Memory, Publication
from csd_helpers.errors import CsdError
from csd_helpers.release import release
from tests.disclosure.test_decision import RULES, SUITE, decided, figure

YEARS, LEAVERS, ASYLUM = "child_protection_two_years", "care_leavers_ete", "asylum_seeking_children"
HEADING = "indicator,period,breakdown,category,part,value,rounded_to,source"
Told = Callable[..., pd.DataFrame]


@pytest.fixture
def told(tmp_path: Path) -> Told:
    """Return a table of what others published, as read from lines of its file."""

    def written(*lines: str) -> pd.DataFrame:
        path = tmp_path / ELSEWHERE
        path.parent.mkdir(exist_ok=True)
        path.write_text("\n".join([HEADING, *lines]) + "\n", encoding="utf-8")
        table = read_elsewhere(tmp_path, SUITE)
        assert table is not None
        return table

    return written


def line(key: str, part: str, value: str, period: str = "2020-06", rounded: str = "") -> str:
    return f"{key},{period},all,all,{part},{value},{rounded},DfE"


def with_elsewhere(table: pd.DataFrame, *rows: dict[str, Any]) -> Chosen:
    return decided(*rows, memory=Memory((), table))[1]


def frozen(chosen: Chosen) -> list[str]:
    return [entry["id"] for entry in chosen.exchange["statements"] if entry["id"].startswith("DfE")]


@pytest.mark.parametrize("value", ["1.3", "1.3%"])
def test_a_percentage_to_a_decimal_gives_a_small_numerator_away(told: Told, value: str) -> None:
    """The 1 of 75 that we withhold is 1.3%, and the 75 are printed beside another indicator."""
    rows = figure(YEARS, 1, 75), figure("child_protection_plans", 75, 73_175)
    alone = decided(*rows)[0]
    assert alone["marker"].tolist() == ["c", ""]
    chosen = with_elsewhere(told(line(YEARS, "percentage", value)), *rows)
    assert frozen(chosen) == [f"DfE: {YEARS}|2020-06 is 1.3% of all of {YEARS}|2020-06"]
    hidden = release(pd.DataFrame(rows), 1, chosen.withheld)["marker"].tolist()
    assert hidden == ["c", "c"] and not chosen.decision.unfixable  # 75 told the 1


def test_a_percentage_with_its_denominator_is_public_already(told: Told) -> None:
    table = told(line(YEARS, "percentage", "1.3"), line(YEARS, "denominator", "75"))
    chosen = with_elsewhere(table, figure(YEARS, 1, 75))
    assert list(chosen.decision.unfixable) == [f"{YEARS}|2020-06"]


@pytest.mark.parametrize(
    ("value", "ours"),
    [("13", True), ("12", True), ("12.5", True), ("12.50", True), ("14", False), ("13.0", False)],
)
def test_a_percentage_is_stated_with_its_decimals_where_it_is_true_of_ours(
    told: Told, value: str, ours: bool
) -> None:
    """10 of 80 are 12.5%: 13 as most would round, 12 as some do."""
    chosen = with_elsewhere(told(line(YEARS, "percentage", value)), figure(YEARS, 10, 80))
    assert bool(frozen(chosen)) == ours
    assert chosen.unlinked == ([] if ours else [f"{YEARS}|2020-06: {value} according to DfE is not ours"])


def test_who_rounds_half_up_rules_the_other_half_out(told: Told) -> None:
    table = told(line(YEARS, "percentage", "13"), line(YEARS, "percentage", "12"))
    up, either = with_elsewhere(table, figure(YEARS, 10, 80)).exchange["statements"][-2:]
    assert (up.get("rounding", "half_up"), either["rounding"]) == ("half_up", "unknown")


def test_a_rounded_count_and_an_exact_one_of_one_source_are_two_statements(told: Told) -> None:
    lines = [line(ASYLUM, "numerator", n, rounded=to) for n, to in (("30", "10"), ("26", ""), ("26", ""))]
    chosen = with_elsewhere(told(*lines), figure(ASYLUM, 26))
    name = f"DfE: {ASYLUM}|2020-06 is"
    assert frozen(chosen) == [f"{name} 30 to the nearest 10", f"{name} 26"]


@pytest.mark.parametrize(
    ("april", "written", "note"),
    [
        (12, "2020-06", "is that of 2020-07, whose data are of 2020-06: write 2020-07"),
        (10, "2020-06", "is also that of 2020-07, whose data are of 2020-06: write 2020-07 if that is meant"),
        (13, "2020-06", "is not ours"),
        (12, "2020-07", ""),
    ],
)
def test_the_month_of_the_data_is_told_from_the_month_of_the_report(
    told: Told, april: int, written: str, note: str
) -> None:
    """The department's figure of 30 June is in our report of July."""
    rows = figure(LEAVERS, 10, 16, 605), figure(LEAVERS, april if april != 13 else 12, 19, 606)
    value = str(april)
    chosen = with_elsewhere(told(line(LEAVERS, "numerator", value, written)), *rows)
    expected = f"{LEAVERS}|{written}: {value} according to DfE {note}"
    assert [words for words in chosen.unlinked if "DfE" in words] == ([expected] if note else [])
    assert bool(frozen(chosen)) == (note == "" or "also" in note)


def revised(*told_then: tuple[str, float, float], now: tuple[float, float]) -> tuple[dict[str, Any], Memory]:
    """Return a figure as it is now, and the editions that told it otherwise."""
    editions = []
    for period, n, d in told_then:
        figures = pd.DataFrame([figure(YEARS, int(n), d)])
        public = release(figures, 1, choose(figures, SUITE, RULES).withheld)
        editions.append(Publication(period, public, release(figures, 2), label=period))
    return figure(YEARS, int(now[0]), now[1]), Memory(tuple(editions))


@pytest.mark.parametrize(
    ("part", "value", "of"),
    [
        ("numerator", "4", ["@2020-07"]),
        ("numerator", "7", [""]),
        ("numerator", "9", []),
        ("percentage", "5.0", ["@2020-07"]),
        ("percentage", "8.8", [""]),
    ],
)
def test_what_was_ours_until_it_was_revised_is_stated_of_what_it_was(
    told: Told, part: str, value: str, of: list[str]
) -> None:
    """4 of 80 as July's edition had it, 7 of 80 now: the 80 are the same."""
    row, before = revised(("2020-07", 4, 80), now=(7, 80))
    memory = Memory(before.editions, told(line(YEARS, part, value)))
    chosen = decided(row, memory=memory)[1]
    share = f"% of all of {YEARS}|2020-06" if part == "percentage" else ""
    assert frozen(chosen) == [f"DfE: {YEARS}|2020-06{edition} is {value}{share}" for edition in of]
    assert bool(chosen.unlinked) == (of == [])


@pytest.mark.parametrize(
    "wrong",
    [
        line(YEARS, "percentage", "1,3"),
        line(YEARS, "percentage", "1.3", rounded="5"),
        line(YEARS, "percentage", "1.30000"),
        line(YEARS, "numerator", "1.3"),
        line(YEARS, "share", "1.3"),
        line(YEARS, "numerator", "1", period="Mar-20"),
        line("two_years", "numerator", "1"),
    ],
)
def test_a_line_that_is_no_figure_is_named(told: Told, wrong: str) -> None:
    with pytest.raises(CsdError) as error:
        told(line(YEARS, "numerator", "1"), wrong)
    assert "published_elsewhere.csv, line 3" in str(error.value)
