"""Revisions: what counts as one, what each part may say of it, and the reason it needs."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from csd_helpers.disclosure.memory import Publication
from csd_helpers.errors import CsdError
from csd_helpers.revision_reasons import COLUMNS, REASONS, load_reasons, reason_for, reason_hashes
from csd_helpers.revisions import (
    list_revised,
    mark_revised,
    revision_facts,
    revision_matters,
    revision_summary,
)
from tests.conftest import ROOT
from tests.release.revised import KEYS, NOVEMBER, NUMBER, SHOWN, SUITE, count, figure, write


def about(amount: str) -> pd.DataFrame:
    return HIDDEN.assign(marker="a", text=f"about {amount}")


HIDDEN = figure(None, None, "[c]", marker="c", numerator_text="[c]", denominator_text="[c]")
MISSING = figure(None, None, "[x]", marker="x")


def was(then: pd.DataFrame, now: pd.DataFrame, part: int = 1) -> str:
    """Return what a figure is said to have been."""
    return str(mark_revised(now, part, [Publication("2020-10", then, then)])["revised"].iloc[0])


@pytest.mark.parametrize(
    ("then", "now", "told"),
    [
        (SHOWN, SHOWN, ""),
        (SHOWN, figure(304, 330, "92.1%"), "91.8% (303 of 330)"),
        (SHOWN, figure(606, 660, "91.8%"), "91.8% (303 of 330)"),  # the same share of other children
        (figure(303, 330, "91.8%", status="provisional"), SHOWN, ""),  # final now, and the same
        (figure(303, 330, "91.8%", status="provisional"), figure(1, 2, "50%"), "91.8% (303 of 330) [p]"),
        (figure(303, 330, "91.82%"), SHOWN, ""),  # more digits beside another rating
        (figure(0, 0, "[z]", marker="z"), SHOWN, "[z]"),
        (SHOWN, figure(0, 0, "[z]", marker="z"), "91.8% (303 of 330)"),
        (MISSING, SHOWN, ""),  # late data: nothing was published
        (SHOWN, MISSING, ""),
        (HIDDEN, SHOWN, ""),  # nothing was published
        (SHOWN, HIDDEN, ""),  # no old value beside one that is withheld
        (HIDDEN, HIDDEN, ""),
        (about("90%"), about("90%"), ""),
        (about("90%"), about("95%"), "about 90% ([c] of [c])"),
        (about("90%"), SHOWN, ""),  # closer, not revised
        (SHOWN, about("90%"), ""),
        (count(47), count(44), "47"),
        (SHOWN.assign(period="2020-08"), SHOWN, ""),  # another month
        (SHOWN.assign(breakdown="team"), SHOWN, ""),
    ],
)  # fmt: skip
def test_a_figure_is_revised_if_it_was_shown_and_is_shown_as_another(
    then: pd.DataFrame, now: pd.DataFrame, told: str
) -> None:
    assert was(then, now) == told


def test_each_part_is_compared_with_what_it_published_itself() -> None:
    now = {1: HIDDEN, 2: figure(304, 330, "92.1%")}
    edition = Publication("2020-10", HIDDEN, SHOWN)
    assert mark_revised(now[1], 1, [edition])["revised"].tolist() == [""]
    assert mark_revised(now[2], 2, [edition])["revised"].tolist() == ["91.8% (303 of 330)"]


def test_the_last_edition_that_had_the_figure_counts() -> None:
    first, second = figure(300, 330, "90.9%"), figure(301, 330, "91.2%")
    later = SHOWN.assign(period="2020-11")
    editions = [
        Publication(month, own, own) for month, own in zip("abc", (first, second, later), strict=True)
    ]
    assert mark_revised(SHOWN, 2, editions)["revised"].tolist() == ["91.2% (301 of 330)"]
    assert mark_revised(second, 2, editions)["revised"].tolist() == [""]
    assert mark_revised(SHOWN, 2, [])["revised"].tolist() == [""]


def test_what_stands_counts_before_what_was_withdrawn() -> None:
    october, wrong = figure(300, 330, "90.9%"), figure(301, 330, "91.2%")
    stands, withdrawn = Publication("2020-10", october, october), Publication("2020-11", wrong, wrong)
    gone = replace(withdrawn, is_withdrawn=True)
    for editions, now, told in [
        ([stands, gone], SHOWN, "90.9% (300 of 330)"),
        ([stands, gone], wrong, "90.9% (300 of 330)"),  # published again as it was: still revised
        ([stands, gone], october, "91.2% (301 of 330)"),  # as it stands, but others have read the wrong one
        ([gone], SHOWN, "91.2% (301 of 330)"),
        ([gone, stands], october, ""),  # corrected once already
        ([stands, withdrawn], wrong, ""),
    ]:
        assert mark_revised(now, 1, editions)["revised"].tolist() == [told]


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ([], []),
        ([1], ["A published figure is revised [r], of indicator 1"]),
        ([0, 2, 1], ["3 published figures are revised [r], of indicators 2, 3"]),
        ([1] * 8, ["8 published figures are revised [r], of indicators 1, 2, 3, 4, 5, 6, 7, 8"]),
        ([1] * 9, ["9 published figures are revised [r], of 9 indicators"]),
    ],
)
def test_the_summary_says_in_a_sentence_what_was_revised(counts: list[int], said: list[str]) -> None:
    indicators = [{"number": at, "revisions": [{}] * count} for at, count in enumerate(counts, 1)]
    more = ": the committee report lists old and new, and why."
    assert revision_summary(indicators) == [sentence + more for sentence in said]


def test_what_part_1_withholds_leaves_no_trace_in_it() -> None:
    """Whatever the full figures were and are: Part 1's marks hang on Part 1's own figures only."""
    public = pd.concat([SHOWN, HIDDEN.assign(period="2020-08")], ignore_index=True)
    marked = [
        mark_revised(public, 1, [Publication("2020-10", public, full)])
        for full in (public, figure(1, 2, "50%"), HIDDEN)
    ]
    assert all(one.equals(public) for one in marked)


def test_the_reason_that_says_most_closely_what_it_explains_is_printed(tmp_path: Path) -> None:
    write(
        tmp_path,
        '2020-11,,,both,"Records were sent late, by two teams.",A. Head',
        "2020-11,,2020-09,2,September was closed early.,A. Head",
        f"2020-11,{NUMBER},,1,Reviews were recorded late.,A. Head",
        f"2020-11,{NUMBER},2020-09,1,One review was counted twice.,A. Head",
        f"2020-12,{NUMBER},,1,Of another report.,A. Head",
    )
    reasons = load_reasons(tmp_path, NOVEMBER, KEYS)
    told = [
        reason_for(reasons, part, key, month)
        for part, key, month in [
            (1, NUMBER, "2020-09"), (1, NUMBER, "2020-08"), (2, NUMBER, "2020-09"), (2, NUMBER, "2020-08"),
            (1, "care_leavers_ete", "2020-09"),
        ]
    ]  # fmt: skip
    every = "Records were sent late, by two teams."
    assert told == ["One review was counted twice.", "Reviews were recorded late.",
                    "September was closed early.", every, every]  # fmt: skip
    assert reason_for(load_reasons(tmp_path, NOVEMBER + 2, KEYS), 1, NUMBER, "2020-09") == ""


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("2020-13,,,both,why,who", "the period '2020-13' is not a month"),
        (",,,both,why,who", "the period '(none)' is not a month"),
        ("2020-11,,Sep-20,both,why,who", "the period 'Sep-20' is not a month"),
        ("2020-11,,2020-12,both,why,who", "2020-12 is after the report"),
        ("2020-11,,,3,why,who", "there is no part '3'"),
        ("2020-11,,,both,,who", "a reason needs words, and a name"),
        ("2020-11,,,both,why,", "a reason needs words, and a name"),
        ("2020-11,,,both,late, by two,who", "7 fields stand where there should be 6"),
        ("2020-11,reveiws,,both,why,who", "'reveiws' is no indicator of the suite"),
        (f"2020-11,{NUMBER},,2,why,who", "line 3 explains the same for Part 2"),
    ],
)
def test_a_mistake_has_its_file_and_line(tmp_path: Path, line: str, says: str) -> None:
    write(tmp_path, f"2020-11,{NUMBER},,both,Four were recorded late.,A. Head", line)
    with pytest.raises(CsdError) as error:
        load_reasons(tmp_path, NOVEMBER, KEYS)
    assert (error.value.what, error.value.where) == (says, "parameters/revisions.csv, line 4")


def test_other_columns_and_another_encoding_are_mistakes(tmp_path: Path) -> None:
    assert load_reasons(tmp_path, NOVEMBER, KEYS) == []
    write(tmp_path)
    path = tmp_path / REASONS
    path.write_text(path.read_text().replace(",by", ",who"))
    with pytest.raises(CsdError, match="the columns are not those expected"):
        load_reasons(tmp_path, NOVEMBER, KEYS)
    path.write_bytes("2020-11,,,1,caf\xe9,A".encode("latin-1"))
    with pytest.raises(CsdError, match="not in UTF-8"):
        load_reasons(tmp_path, NOVEMBER, KEYS)


def test_reasons_of_another_month_are_no_input_of_this_one(tmp_path: Path) -> None:
    write(tmp_path, "2020-11,,,both,why,who")
    before = reason_hashes(load_reasons(tmp_path, NOVEMBER, KEYS))
    assert list(before) == ["parameters/revisions.csv, 2020-11"]
    write(tmp_path, "# a comment", "2020-12,,,both,why,who", "2020-11,,,both,why,who")
    assert reason_hashes(load_reasons(tmp_path, NOVEMBER, KEYS)) == before
    write(tmp_path, "2020-11,,,1,why,who")
    assert reason_hashes(load_reasons(tmp_path, NOVEMBER, KEYS)) != before


def test_the_file_of_the_project_says_what_its_columns_are() -> None:
    assert load_reasons(ROOT, NOVEMBER, KEYS) == []
    told = (ROOT / REASONS).read_text(encoding="utf-8")
    assert all(f"\n# {column} " in told for column in COLUMNS)


def test_a_revision_without_a_reason_is_in_the_way_of_a_publication(tmp_path: Path) -> None:
    companion = {"breakdown": "care_leavers_caseload_nete", "indicator": "care_leavers_ete"}
    now = pd.concat([figure(304, 330, "92.1%"), figure(1, 4, "25.0%", **companion)], ignore_index=True)
    then = pd.concat([SHOWN, figure(2, 4, "50.0%", **companion)], ignore_index=True)
    write(tmp_path, "2020-11,care_leavers_ete,,both,One moved away.,A. Head")
    reasons = load_reasons(tmp_path, NOVEMBER, KEYS)
    edition = [Publication("2020-10", then, then)]
    listed = pd.concat([list_revised(mark_revised(now, part, edition), part, reasons) for part in (1, 2)])
    [matter] = revision_matters(listed, SUITE, NOVEMBER)
    assert (matter.severity, matter.where) == ("blocking", "parameters/revisions.csv")
    assert matter.what.endswith(
        "revised without a reason for Part 1 and Part 2: September 2020 was 91.8% (303 of 330), now "
        "92.1% (304 of 330)"
    )
    assert matter.fix == f'add the line 2020-11,{NUMBER},,both,"WHY",NAME'
    own = listed[listed["indicator"].eq("care_leavers_ete") & listed["part"].eq(1)]
    assert revision_facts(own, SUITE.indicators["care_leavers_ete"]) == [{
        "month": "Sep 2020",
        "figure": "Open caseload not in education, training or employment (all ages)",
        "was": "50.0% (2 of 4)", "now": "25.0% (1 of 4)", "reason": "One moved away.",
    }]  # fmt: skip
    [note] = revision_matters(listed[listed["reason"].ne("")], SUITE, NOVEMBER)
    assert (note.severity, note.what) == ("note", "figures that are revised, each with a reason: 1")
