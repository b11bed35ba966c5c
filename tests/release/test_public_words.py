"""Public words other than commentary are held against all that Part 1 withholds."""

import datetime
from dataclasses import replace
from pathlib import Path

import pytest

from csd_helpers.commentary import Commentary
from csd_helpers.exception_report import ExceptionReport
from csd_helpers.handover import Edition
from csd_helpers.notes import Note
from csd_helpers.pipeline import load_edition
from csd_helpers.public_notes import as_commentary
from csd_helpers.revision_reasons import Reason
from tests.conftest import OCTOBER

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def edition() -> Edition:
    return load_edition(OCTOBER, ROOT)


def report(title: str, part: str = "both", **more: str) -> ExceptionReport:
    facts = {
        "verdict": "bad",
        "part": part,
        "text": "Words.",
        "author": "A",
        "date": datetime.date(2020, 11, 1),
    }
    return ExceptionReport.model_validate({"title": title, **facts, **more})


def held(
    edition: Edition, *reports: ExceptionReport, reasons: list[Reason] | None = None
) -> list[Commentary]:
    settings = edition.settings.model_copy(update={"reports_by_exception": list(reports)})
    note = Note("part2/contacts", "contacts", "", "current", ("part1",), "A note.")
    words = as_commentary({"contacts": [note]}, replace(edition, settings=settings, reasons=reasons or []))
    assert list(words) == [""]  # of no indicator: about any
    return words[""]


def test_title_figure_and_text_of_a_report_are_held(edition: Edition) -> None:
    _, words = held(edition, report("Three hubs", figure="4", text="Five came."))
    assert words.text == "Five came.\n\nThree hubs\n\n4"
    assert words.file == "'Three hubs' in parameters/periods/2020-10.yaml"
    assert words.is_for(1) and not words.header.numbers_agreed


def test_a_report_for_part_2_is_not_held_and_an_agreed_one_says_so(edition: Edition) -> None:
    _, words = held(
        edition, report("Exempt", part="2"), report("Public", part="1", numbers_agreed="IGM, 1 May")
    )
    assert (words.text, words.header.numbers_agreed) == ("Words.\n\nPublic\n\n", "IGM, 1 May")


def test_notes_and_reasons_for_part_1_are_held(edition: Edition) -> None:
    reasons = [Reason(n, "2020-10", "", "", part, "Late.", "A") for n, part in enumerate(("1", "2"), start=2)]
    assert [(words.text, words.file) for words in held(edition, reasons=reasons)] == [
        ("A note.", "an annotation in part2/contacts"),
        ("Late.", "parameters/revisions.csv, line 2"),
    ]
