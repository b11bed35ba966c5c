"""The committee's own paper: its order, its numbers, and that page and Word document say the same."""

import io
import re
import zipfile
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn

from csd_helpers.blocks import Heading, Listing, Paragraph, Run, Table, page_of, prose
from csd_helpers.committee_report import report_blocks
from csd_helpers.page.sanitise import markdown_html
from csd_helpers.period import Period
from csd_helpers.word import word_document

OCTOBER = Period.parse("2020-10")


def entry(number: int, **facts: Any) -> dict[str, Any]:
    moves = {name: {"period": period, "was": was, "text": "+1.0 points", "direction": "better",
                    "revised": False}
             for name, period, was in (("last_month", "Sep 2020", "90.0%"), ("last_year", "Oct 2019", "[c]"),
                                       ("year_end", "Mar 2020", "97.9%"))}  # fmt: skip
    return {
        "key": f"key{number}", "number": number, "title": f"Reviews {number}", "unit": "percent",
        "good_is": "high", "basis": "year to date", "numerator_text": "306", "denominator_text": "330",
        "text": "92.7%", "status": "final", "rating": "amber", "exception": True, "see_part2": False,
        "revised": "", "revisions": [], "definition_changed": "",
        "below_expectation": False, "target_text": "95% to 100%", "rated_by": "target", "compare_with": [],
        "distance_text": "2.3 points below the target range", "as_at": "31 October 2020",
        "as_at_differs": False, "movement": moves,
        "commentary_html": "<p>Most are held <em>on time</em>.</p>",
        "commentary_author": "Head of Service", "commentary_date": "10 November 2020",
        "benchmarks": [{"geography": "England", "year": 2019, "text": "91.0%"},
                       {"geography": "Outer London", "year": 2020, "text": "95.0%"}],
    } | facts  # fmt: skip


def pack_of(*entries: dict[str, Any], **facts: Any) -> dict[str, Any]:
    return {
        "council": "Example Borough", "label": "October 2020", "part": 1, "marking": "Part 1: public",
        "report_date": "18 November 2020", "as_at": "31 October 2020", "groups": [{"title": "Care"}],
        "indicators": list(entries),
    } | facts  # fmt: skip


WITHHELD = {"text": "[c]", "numerator_text": "[c]", "denominator_text": "[c]", "see_part2": True,
            "rating": "below expectation", "exception": False, "below_expectation": True,
            "commentary_html": None}  # fmt: skip
PACK = pack_of(
    entry(21), entry(22, **WITHHELD), entry(29, unit="count", text="15", rating="red", commentary_html=None),
    entry(30, rating="green", exception=False),
)  # fmt: skip


def headings(pack: dict[str, Any]) -> list[str]:
    return [block.text for block in report_blocks(pack) if isinstance(block, Heading)]


def test_the_sections_are_in_the_committees_order_and_numbered() -> None:
    assert headings(PACK) == [
        "Children’s Scrutiny Dataset: October 2020",
        "1 Purpose of this report",
        "2 How to read this report",
        "2.1 Ratings, movements and marks",
        "2.2 Figures that are withheld",
        "3 Management commentary on exceptions",
        "3.1 Indicator 21: Reviews 21",
        "3.2 Indicator 29: Reviews 29",
        "3.3 Reported in Part 2",
        "Appendix One: index of indicators",
    ]


def test_reports_by_exception_come_before_the_appendix_where_there_are_any() -> None:
    report = {"title": "Ofsted visit", "html": "<p>No concerns.</p>", "verdict": "good", "figure": "2 of 2",
              "author": "Director", "date": "9 November 2020"}  # fmt: skip
    pack = PACK | {"reports_by_exception": [report]}
    told = '<p><strong>2 of 2</strong></p><p>No concerns.</p><p class="note">Director, 9 November 2020</p>'
    assert told in page_of(report_blocks(pack))
    assert headings(pack)[-3:] == [
        "4 Reports by exception",
        "4.1 Ofsted visit: good news",
        "Appendix One: index of indicators",
    ]


def test_an_exception_says_its_figure_its_words_and_who_wrote_them() -> None:
    told = page_of(report_blocks(PACK)).split("<h3>3.1 ")[1].split("<h3>3.2 ")[0]
    assert told == (
        "Indicator 21: Reviews 21</h3><p><strong>Amber. </strong>92.7% (306 of 330); target range 95% to "
        "100%; 2.3 points below the target range; since Sep 2020: better, +1.0 points.</p><p>Most are held "
        '<em>on time</em>.</p><p class="note">Head of Service, 10 November 2020</p>'
    )
    assert "No commentary has been provided." in page_of(report_blocks(PACK)).split("<h3>3.2 ")[1]
    assert "<p>Indicator 22 is below expectation: see the Part 2 report.</p>" in page_of(report_blocks(PACK))


def test_the_index_has_every_indicator_with_all_that_the_committee_compares() -> None:
    (index,) = [block for block in report_blocks(PACK) if isinstance(block, Table)]
    rows = [[getattr(cell, "rating", cell) for cell in row] for row in index.rows]
    before = ["90.0%", "[c]", "97.9%"]
    areas = ["91.0% (2019)", "Outer London 95.0% (2020)", "[x]"]
    assert rows[0] == ["21", "Reviews 21", "high", "year to date", "306", "92.7%", "95% to 100%", "amber",
                       *before, *areas]  # fmt: skip
    assert rows[1][4:8] == ["[c]", "[c]", "95% to 100%", "below expectation"]
    assert rows[2][4:6] == ["15", "n/a"] and rows[2][11:] == ["n/a"] * 3
    assert index.header[8:11] == (
        "Previous period (Sep 2020)",
        "Same period last year (Oct 2019)",
        "Last year end (Mar 2020)",
    )


def test_commentary_keeps_its_words_in_paragraphs_lists_and_tables() -> None:
    words = "# Why\n\nA [plan](https://example.org/p) **now**.\n\n1. first\n2. second\n   - inner\n"
    text = f"{words}\n| a | b |\n|---|---|\n| 1 | 2 |\n"
    heading, paragraph, listing, inner, table = prose(markdown_html(text))
    assert heading == Paragraph((Run("Why", bold=True),))
    assert isinstance(paragraph, Paragraph)
    assert paragraph.runs[1] == Run("plan", link="https://example.org/p")
    assert paragraph.runs[3] == Run("now", bold=True)
    assert isinstance(listing, Listing) and listing.ordered
    assert ["".join(run.text for run in item).strip() for item in listing.items] == ["first", "second"]
    assert isinstance(inner, Listing) and inner.items[0][0].text.strip() == "inner"
    assert isinstance(table, Table) and (table.header, table.rows) == (("a", "b"), (("1", "2"),))


def test_hostile_commentary_stays_text_on_the_page_and_in_the_document(attack: str) -> None:
    pack = pack_of(entry(1, commentary_html=markdown_html(attack), title=attack))
    html = page_of(report_blocks(pack))
    assert not re.search(r"<(script|img|svg|iframe|style|form|base|link|meta)\b", html)
    assert not re.search(r'href="(?!https:|mailto:|#|[\w./-]*")', html)
    opened = docx.Document(io.BytesIO(word_document(report_blocks(pack), "Title", "Council", OCTOBER)))
    assert not [part for part in opened.part.rels.values() if part.is_external]


@pytest.fixture(scope="module")
def paper(pack: Path) -> Any:
    return docx.Document(io.BytesIO((pack / "part1" / "report.docx").read_bytes()))


def test_the_word_document_says_what_the_page_says(pack: Path, paper: Any) -> None:
    html = (pack / "part1" / "report.html").read_text(encoding="utf-8")
    main = html.split('<main id="main" tabindex="-1">')[1].split("</main>")[0]
    page = re.sub(r'<span aria-hidden="true">.*?</span>|<[^>]+>', " ", main)
    page = page.replace("&amp;", "&").replace("&#x27;", "'").replace("&nbsp;", " ")
    written = [paragraph.text for paragraph in paper.paragraphs]
    written += [cell.text for row in paper.tables[0].rows for cell in row.cells]
    assert sorted("".join(written).replace(" ", "")) == sorted("".join(page.split()))


def test_the_word_document_has_real_styles_a_repeated_header_and_a_wide_appendix(paper: Any) -> None:
    styles = {paragraph.style.name: paragraph.text for paragraph in reversed(paper.paragraphs)}
    assert styles["Title"] == "Children’s Scrutiny Dataset: October 2020"
    assert styles["Heading 1"] == "1 Purpose of this report"
    assert styles["Heading 2"] == "2.1 Ratings, movements and marks"
    (table,) = paper.tables
    assert (len(table.rows), len(table.columns)) == (37, 14)
    repeated = [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows]
    assert repeated == [True] + [False] * 36
    assert [section.orientation for section in paper.sections] == [WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE]
    assert {found.get(qn("w:val")) for found in paper.styles.element.iter(qn("w:lang"))} == {"en-GB"}
    properties = paper.core_properties
    assert properties.title == "Children’s Scrutiny Dataset: October 2020 (Part 1)"
    assert (properties.author, properties.language) == ("Example Borough", "en-GB")
    assert f"{properties.created:%Y-%m-%d}" == "2020-10-31"


def test_the_word_document_of_part_1_holds_nothing_of_part_2(pack: Path) -> None:
    with zipfile.ZipFile(pack / "part1" / "report.docx") as archive:
        whole = b"".join(map(archive.read, archive.namelist())).decode("utf-8", "ignore")
    assert "Court hearings" not in whole and "Assessments could not be finished" not in whole
    assert "see the Part 2 report" in whole


def test_both_parts_number_their_exceptions_and_stay_small(pack: Path) -> None:
    numbered = {}
    for part in (1, 2):
        html = (pack / f"part{part}" / "report.html").read_text(encoding="utf-8")
        numbered[part] = re.findall(r"<h3>(3\.\d) (?:Indicator (\d+))?", html)
        assert len(html) < 150_000
    assert numbered[1] == [("3.1", "21"), ("3.2", "26"), ("3.3", "29"), ("3.4", "")]
    assert numbered[2] == [("3.1", "21"), ("3.2", "22"), ("3.3", "23"), ("3.4", "26"), ("3.5", "29")]
