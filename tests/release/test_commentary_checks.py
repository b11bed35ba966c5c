"""The source report's seven defects, each given to the demonstration, each found by its check."""

import datetime
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from csd_helpers.commentary import Commentary, Header
from csd_helpers.commentary_checks import CHECKS, commentary_matters
from csd_helpers.desk import Desk, desk_of
from csd_helpers.exception_report import Confirmation, ExceptionReport
from csd_helpers.notes import Note
from csd_helpers.parameters import load_rules
from csd_helpers.pipeline import load_edition
from csd_helpers.prepared import Prepared
from csd_helpers.revision_reasons import Reason
from tests.conftest import OCTOBER

KEY = "looked_after_reviews"
AGREED = {"by": "Information Governance Manager", "date": datetime.date(2020, 11, 12)}


@pytest.fixture(scope="module")
def desk(council: Path, prepared: Prepared) -> Desk:
    """Return the demonstration as it is shipped, with what its run released."""
    working = prepared.releases[1].parents[1]
    edition = load_edition(OCTOBER, council)
    figures = pd.read_parquet(working / "figures.parquet")
    public = pd.read_parquet(prepared.releases[1] / "figures.parquet")
    return Desk(council, edition, load_rules(council, list(edition.suite.indicators)), figures, public)


def given(desk: Desk, key: str, text: str, **header: object) -> Desk:
    """Return the demonstration with other words on an indicator."""
    facts = {"author": "A", "date": datetime.date(2020, 11, 10), "part": "both"}
    facts["written_about"] = desk.entries[key]["text"]
    words = Commentary(key, Header(**facts | header), text, f"parameters/commentary/2020-10/{key}.md")
    own = {**desk.edition.commentary, key: [words]}
    changed = replace(desk, edition=replace(desk.edition, commentary=own))
    vars(changed)["entries"] = desk.entries  # they hang on the figures, which are the same
    return changed


def found(desk: Desk) -> list[tuple[str, str]]:
    return [(matter.severity, matter.what.split(": ", 1)[1]) for matter in commentary_matters(desk)]


def test_the_demonstration_as_shipped_raises_no_alarm(desk: Desk) -> None:
    assert len(CHECKS) == 7
    assert found(desk) == []


def test_1_an_exception_without_commentary(desk: Desk) -> None:
    own = {key: words for key, words in desk.edition.commentary.items() if key != "average_caseload"}
    assert found(replace(desk, edition=replace(desk.edition, commentary=own))) == [
        ("blocking", "amber, without commentary for Part 1 and Part 2")
    ]


def test_1_commentary_for_part_2_only_leaves_part_1_without(desk: Desk) -> None:
    changed = given(desk, "average_caseload", "Caseloads rose.", part="2")
    assert found(changed) == [("blocking", "amber, without commentary for Part 1")]


@pytest.mark.parametrize(
    ("then", "stale"), [("88.1%", True), ("92.6%", True), ("92.7%", False), ("93%", False), ("", True)]
)
def test_2_words_about_another_figure(desk: Desk, then: str, stale: bool) -> None:
    said = [("blocking", f"written when this was {then}, now 92.7%")]
    assert found(given(desk, "looked_after_reviews", "Words.", written_about=then)) == (said if stale else [])


def test_3_a_percentage_beside_another_cohort(desk: Desk) -> None:
    text = "38.2% are in work, and 122 out of 228 are not."
    assert (
        "blocking",
        "'38.2%' stands beside '122 out of 228', which is 53.5%: say whose figure each is",
    ) in found(given(desk, "care_leavers_ete", text))


@pytest.mark.parametrize(
    ("text", "reported"),
    [
        ("86.4% were held in time.", ["'86.4%' is no figure of this indicator"]),
        ("92.7%, or 93%, 306 of 330: 24 late, 7.3%; target 95%; last year 99.1%.", []),
        ("Reviews fell by 5.2 points in 7 months.", []),
        ("4711 letters went out.", ["'4711' is no figure of this indicator"]),
    ],
)
def test_3_numbers_that_are_no_figure(desk: Desk, text: str, reported: list[str]) -> None:
    assert [what for _, what in found(given(desk, "looked_after_reviews", text))] == reported


@pytest.mark.parametrize(
    ("text", "reported"),
    [
        ("At the end of September 92.4% were in time.", True),
        ("Data for September 2020 are late.", True),
        ("At the end of October 92.7% were in time.", False),
        ("In March 2020 97.9% were in time.", False),  # that month's own figure
        ("Since September all of 330 are booked; by March 95% will be reached.", False),
        ("Two meetings were moved in April.", False),
    ],
)
def test_4_a_month_that_is_not_the_figures(desk: Desk, text: str, reported: bool) -> None:
    months = [
        what for _, what in found(given(desk, "looked_after_reviews", text)) if "the figure is of" in what
    ]
    assert bool(months) == reported


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("It was delivered to 8 young people.", "8 young people"),
        ("Three of them are brothers; three foster families left.", "three foster families"),
        ("Ann Sample joined in spring.", "Ann Sample"),
        ("A girl called Ayesha moved.", "called Ayesha"),
        ("Mr Khan chairs the reviews.", "Mr Khan"),
    ],
)
def test_5_small_numbers_and_names_in_public_words(desk: Desk, text: str, quoted: str) -> None:
    [(severity, what)] = [
        entry for entry in found(given(desk, "looked_after_reviews", text)) if "Part 1" in entry[1]
    ]
    assert (severity, what.split("' in Part 1")[0]) == ("blocking", f"'{quoted}")
    exempt = given(desk, "looked_after_reviews", text, part="2")
    assert not any(quoted in what for _, what in found(exempt))


def test_5_a_named_person_confirms_these_words_and_no_others(desk: Desk) -> None:
    for words, left in (("8 young people", 0), ("9 young people", 1)):
        agreed = [Confirmation(**AGREED, words=words), Confirmation(**AGREED, words="8")]
        changed = given(desk, "looked_after_reviews", "It was delivered to 8 young people.", confirmed=agreed)
        assert sum("small number" in what for _, what in found(changed)) == left


def test_6_public_words_on_what_part_1_withholds(desk: Desk) -> None:
    changed = given(desk, "looked_after_adopted", "Hearings were postponed.")
    assert found(changed) == [("blocking", "Part 1 withholds it, and these words are for Part 1")]


def test_7_section_numbers_that_are_typed(desk: Desk) -> None:
    once = given(desk, "average_caseload", "3.6.2 Caseloads\n\nThey rose.", part="both")
    assert ("warning", "the section number 3.6.2 is typed") in found(once)
    twice = given(once, "looked_after_reviews", "## 3.6.2 Reviews\n\nMost are in time.")
    assert found(twice).count(("blocking", "the section number 3.6.2 is typed, twice")) == 2


def test_reports_by_exception_pass_the_same_checks(desk: Desk) -> None:
    facts = {"title": "Hubs", "verdict": "good", "author": "A", "date": datetime.date(2020, 11, 10)}
    reports = [ExceptionReport(**facts, part=part, text="It reached 8 families.") for part in ("1", "2")]
    settings = desk.edition.settings.model_copy(update={"reports_by_exception": reports})
    changed = replace(desk, edition=replace(desk.edition, settings=settings))
    assert found(changed) == [("blocking", "'8 families' in Part 1: a small number of people")]


def test_a_desk_without_a_run_still_knows_what_is_withheld_by_decision(desk: Desk) -> None:
    own = desk_of(desk.edition, None, desk.root, desk.figures)  # type: ignore[arg-type]
    blind = replace(own, public=None)
    assert blind.hidden == {"foster_carers_recruited", "looked_after_adopted"}


def test_annotations_for_a_page_and_reasons_for_revisions_pass_the_same_checks(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "It reached 8 families; 86.4% said so."
    notes = [
        Note(
            "part2/looked_after", "looked_after_reviews", "cell", "current", (f"part{part}",), f"{text}{part}"
        )
        for part in (1, 2)
    ]
    both = replace(notes[0], tags=("part1", "part2"), text="Ann Sample wrote this.")
    tagged = {1: {"looked_after": [notes[0], both]}, 2: {"looked_after": [notes[1], both]}}
    monkeypatch.setattr("csd_helpers.desk.notes_for_pages", lambda *_: tagged)
    reasons = [
        Reason(9, "2020-10", "", "", part, "Lists of 7 children were late.", "A") for part in ("1", "2")
    ]
    changed = replace(desk, edition=replace(desk.edition, reasons=reasons))
    assert found(changed) == [
        ("warning", "'86.4%' is no figure of this indicator"),
        ("warning", "'86.4%' is no figure of this indicator"),
        ("blocking", "'Ann Sample' in Part 1 looks like a person's name"),
        ("blocking", "'8 families' in Part 1: a small number of people"),
        ("blocking", "'7 children' in Part 1: a small number of people"),
    ]
    last = commentary_matters(changed)[-1]
    assert (last.where, last.fix) == ("parameters/revisions.csv, line 9", "put it right")


def test_the_source_reports_seven_defects_given_all_at_once_are_all_found(desk: Desk) -> None:
    own = {key: words for key, words in desk.edition.commentary.items() if key != "average_caseload"}
    spoilt = replace(desk, edition=replace(desk.edition, commentary=own))  # 1: indicator 29 has none
    reviews = "## 3.6.2 Reviews\n\nIt was delivered to 8 young people."  # 5, 7
    spoilt = given(spoilt, "looked_after_reviews", reviews, written_about="88.1%")  # 2: not the figure now
    leavers = "## 3.6.2 Work\n\nAt the end of October 38.2% are in work, 122 out of 228 are not."  # 3, 4, 7
    spoilt = given(spoilt, "care_leavers_ete", leavers)
    spoilt = given(spoilt, "looked_after_adopted", "Hearings were postponed.")  # 6: withheld in Part 1
    said = found(spoilt)
    for defect in (
        ("blocking", "amber, without commentary for Part 1 and Part 2"),
        ("blocking", "written when this was 88.1%, now 92.7%"),
        ("blocking", "'38.2%' stands beside '122 out of 228', which is 53.5%: say whose figure each is"),
        ("warning", "'the end of October', but the figure is of September 2020"),
        ("blocking", "'8 young people' in Part 1: a small number of people"),
        ("blocking", "Part 1 withholds it, and these words are for Part 1"),
        ("blocking", "the section number 3.6.2 is typed, twice"),
    ):
        assert defect in said, defect
