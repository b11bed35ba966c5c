"""The figures for a spreadsheet: what is in them, what is not, and that nothing in them runs."""

import io
import tempfile
import time
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from lxml import etree

from csd_helpers.downloads import data_csv, neutral
from csd_helpers.excel import excel_workbook
from csd_helpers.open_document import open_document
from csd_helpers.part_files import part_files
from csd_helpers.period import Period
from csd_helpers.prepared import Prepared
from csd_helpers.sheets import Sheet, cell

OCTOBER = Period.parse("2020-10")
NAMES = ["Cover", "Notes", "Definitions", "Latest", "Months", "Breakdowns"]
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
SHEETS = [
    Sheet(
        "One",
        "Title & more",
        "About",
        ("Indicator", "Value"),
        [["Reviews <1", 92.0], ["'=1", "[c]"]],
        (20, 9),
    )
]
TOLD = ("The title", "Example Borough", OCTOBER)


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1+1", "-1+a", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "\u00a0=1", "\uff1d1", "\uff0b1",
     "\uff0d1", "\uff20a", "\u3000\uff1d1", "\x00=1", "\u202e=1"],
)  # fmt: skip
def test_a_formula_is_text_in_every_format(text: str) -> None:
    assert neutral(text).startswith("'")
    assert str(cell(text)).startswith("'")


@pytest.mark.parametrize("text", ["Reviews = good", "8% to 10%", "[c]", "about 40%", "", "a\tb"])
def test_other_text_is_left_alone(text: str) -> None:
    assert neutral(text) == text


def test_numbers_are_numbers_and_everything_else_is_words() -> None:
    printed = ["92.7%", "1,386", "0.01%", "7", "[c]", "about 40%", "-3", ""]
    assert [cell(text) for text in printed] == [92.7, 1386, 0.01, 7, "[c]", "about 40%", -3, "[z]"]


def test_the_csv_neutralises_titles_and_categories() -> None:
    texts = {"title": "=HYPERLINK(1)", "category": "\uff1dx", "text": "92.7%", "numerator_text": "1,306",
             "denominator_text": "[c]"}  # fmt: skip
    names = ["indicator", "number", "period", "breakdown", "unit", "rating", "as_at", "status", "revised"]
    line = data_csv(pd.DataFrame([dict.fromkeys(names, "x") | texts])).split(b"\r\n")[1].decode()
    assert line == "x,x,'=HYPERLINK(1),x,x,'\uff1dx,1306,[c],92.7,x,x,x,x,x"


def test_the_same_sheets_give_the_same_bytes() -> None:
    first = excel_workbook(SHEETS, *TOLD), open_document(SHEETS, *TOLD)
    time.sleep(2.1)  # a zip keeps two seconds, a workbook's properties one
    assert (excel_workbook(SHEETS, *TOLD), open_document(SHEETS, *TOLD)) == first


def test_a_workbook_marks_its_table_and_says_its_title() -> None:
    book = openpyxl.load_workbook(io.BytesIO(excel_workbook(SHEETS, *TOLD)))
    page = book["One"]
    assert [[c.value for c in row] for row in page.iter_rows()] == [
        ["Title & more", None], ["About", None], ["Indicator", "Value"], ["Reviews <1", 92], ["'=1", "[c]"],
    ]  # fmt: skip
    assert page["B4"].number_format == "0.0"  # 92.0, as it is printed
    (table,) = page.tables.values()
    assert (table.ref, table.headerRowCount, table.column_names) == ("A3:B5", 1, ["Indicator", "Value"])
    properties = book.properties
    assert (properties.title, properties.creator, properties.language) == (*TOLD[:2], "en-GB")


def test_an_open_document_marks_its_table_and_says_its_title_and_language() -> None:
    content = open_document(SHEETS, *TOLD)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        first = archive.infolist()[0]
        body, styles, meta = (archive.read(f"{name}.xml") for name in ("content", "styles", "meta"))
    assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
    (marked,) = etree.fromstring(body).iter(f"{TABLE}database-range")
    assert marked.get(f"{TABLE}target-range-address") == "One.A3:One.B5"
    assert marked.get(f"{TABLE}contains-header") == "true"
    assert b"<dc:title>The title</dc:title>" in meta and b"<dc:language>en-GB</dc:language>" in meta
    assert b'fo:language="en" fo:country="GB"' in styles
    read = pd.read_excel(io.BytesIO(content), engine="odf", header=2)
    assert read.to_numpy().tolist() == [["Reviews <1", 92.0], ["'=1", "[c]"]]


def test_a_sheet_prints_as_wide_as_paper_and_long_words_take_more_lines() -> None:
    sheets = [Sheet("One", "Title", "About", ("Indicator", "Value"), [["Reviews in time", 92]], (9, 9))]
    page = openpyxl.load_workbook(io.BytesIO(excel_workbook(sheets, *TOLD)))["One"]
    assert (page.page_setup.orientation, page.page_setup.paperSize) == ("landscape", 9)  # A4
    assert page.sheet_properties.pageSetUpPr.fitToPage and page.page_setup.fitToHeight == 0
    assert page.print_title_rows == "$3:$3" and page["A4"].alignment.wrap_text
    with zipfile.ZipFile(io.BytesIO(open_document(sheets, *TOLD))) as archive:
        body, styles = (archive.read(f"{name}.xml").decode() for name in ("content", "styles"))
    assert 'style:print-orientation="landscape" style:scale-to-X="1"' in styles
    assert 'table:style-name="wrapped" office:value-type="string"><text:p>Reviews in time' in body


def read(pack: Path, part: int, kind: str) -> dict[str, pd.DataFrame]:
    found: Any = pd.read_excel(pack / f"part{part}" / f"figures.{kind}", sheet_name=None, header=2)
    return dict(found)


def test_the_demonstrations_spreadsheets_hold_the_figures_of_their_part(pack: Path) -> None:
    for part, latest in ((1, ["[c]", "[c]", "Below expectation"]), (2, [8, 8, "Red"])):
        sheets = read(pack, part, "xlsx")
        assert list(sheets) == NAMES
        assert [len(sheets[name]) for name in NAMES] == [5, 4 if part == 1 else 3, 36, 36, 864, 1656]
        carers = sheets["Latest"].set_index("Number").loc[22]
        assert carers[["Numerator", "Value", "Rating"]].tolist() == latest
        reviews = sheets["Latest"].set_index("Number").loc[21]
        assert reviews[["Numerator", "Denominator", "Value"]].tolist() == [306, 330, 92.7]
        assert not any(sheet.isna().any(axis=None) for sheet in sheets.values())


def test_both_formats_hold_the_same(pack: Path) -> None:
    excel, opened = read(pack, 1, "xlsx"), read(pack, 1, "ods")
    assert list(excel) == list(opened)
    for name, sheet in excel.items():
        assert sheet.astype(str).equals(opened[name].astype(str)), name


def test_a_killed_process_leaves_no_sheet_where_others_can_read_it(
    prepared: Prepared, monkeypatch: pytest.MonkeyPatch
) -> None:
    """openpyxl keeps each sheet in a temporary file, which stays behind if its process is killed."""
    release, used = prepared.releases[2], []

    def note_the_folder(*arguments: Any) -> bytes:
        used.append(Path(tempfile.gettempdir()).parent)
        return excel_workbook(*arguments)

    monkeypatch.setattr("csd_helpers.part_files.excel_workbook", note_the_folder)
    before = tempfile.gettempdir(), sorted(release.iterdir())
    part_files(release)
    assert used == [release]
    assert (tempfile.gettempdir(), sorted(release.iterdir())) == before
