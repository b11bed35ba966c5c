"""`csd commentary`: files and spreadsheets for those who write; nothing that is written is lost."""

import csv
import datetime
import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook

from csd_helpers.commentary import load_commentary
from csd_helpers.commentary_sheet import import_sheet, write_sheet
from csd_helpers.commentary_templates import write_missing
from csd_helpers.desk import Desk
from csd_helpers.errors import CsdError
from csd_helpers.parameters import load_rules
from csd_helpers.pipeline import load_edition
from csd_helpers.prepared import Prepared
from tests.conftest import OCTOBER

FOLDER = "parameters/commentary/2020-10"
HEADER = ["indicator", "part", "author", "date", "text"]


@pytest.fixture
def own(council: Path, prepared: Prepared, tmp_path: Path) -> Path:
    """Return a project of the test's own, whose commentary lacks indicator 29."""
    shutil.copytree(council / "parameters", tmp_path / "parameters")
    (tmp_path / FOLDER / "average_caseload.md").unlink()
    return tmp_path


def sit(root: Path, prepared: Prepared) -> Desk:
    """Return the desk as it is with the files that are there now."""
    edition = load_edition(OCTOBER, root)
    figures = pd.read_parquet(prepared.releases[1].parents[1] / "figures.parquet")
    return Desk(root, edition, load_rules(root, list(edition.suite.indicators)), figures, None)


def sheet(path: Path, *rows: list[str]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADER, *rows])
    return path


def test_a_template_tells_what_its_author_needs_and_counts_as_missing(own: Path, prepared: Prepared) -> None:
    before = own / "parameters/commentary/2020-09"
    before.mkdir()
    (before / "average_caseload.md").write_text(
        '---\nauthor: A\ndate: 2020-10-10\nwritten_about: "15.1"\npart: both\n---\n\nLast words here.\n'
    )
    [path] = write_missing(sit(own, prepared))
    text = path.read_text(encoding="utf-8")
    assert path == own / FOLDER / "average_caseload.md"
    assert "written_about: '15.8'" in text and "part: both" in text
    body = text.split("---\n", 2)[2].strip().splitlines()
    assert all(line.startswith("<!-- ") and line.endswith(" -->") for line in body)
    assert "15.8 (2,333 of 147.5)" in text and "Last month: Last words here." in text
    assert "average_caseload" not in load_commentary(own, OCTOBER, sit(own, prepared).edition.suite)
    assert write_missing(sit(own, prepared)) == []  # it is there already


def test_words_below_the_help_are_the_commentary_and_nothing_else_is(own: Path, prepared: Prepared) -> None:
    [path] = write_missing(sit(own, prepared))
    filled = path.read_text(encoding="utf-8").replace("date:", "date: 2020-11-10") + "\nCaseloads rose.\n"
    path.write_text(filled, encoding="utf-8")
    [words] = sit(own, prepared).edition.commentary["average_caseload"]
    assert words.text == "Caseloads rose."


def test_a_broken_line_of_help_stops_the_run(own: Path, prepared: Prepared) -> None:
    [path] = write_missing(sit(own, prepared))
    path.write_text(path.read_text(encoding="utf-8").replace("<!-- Target", "Target"), encoding="utf-8")
    with pytest.raises(CsdError, match="might be published") as error:
        load_edition(OCTOBER, own)
    assert error.value.where == f"{FOLDER}/average_caseload.md"


def test_a_sheet_goes_out_and_comes_back(own: Path, prepared: Prepared) -> None:
    path = own / "managers.xlsx"
    assert write_sheet(sit(own, prepared), path) == 1
    with pytest.raises(CsdError, match="is there already"):
        write_sheet(sit(own, prepared), path)
    assert import_sheet(sit(own, prepared), path) == []  # nobody has written yet
    book = load_workbook(path)
    row = {cell.value: book.active.cell(2, cell.column) for cell in book.active[1]}
    assert (row["indicator"].value, row["figure"].value, row["part"].value) == (
        "average_caseload",
        "15.8",
        "both",
    )
    row["date"].value, row["text"].value = (
        datetime.datetime(2020, 11, 12),
        "Caseloads rose.\n\nTwo vacancies.",
    )
    row["figure"].value = "15.2"  # what it stood at when the manager wrote
    book.save(path)
    assert import_sheet(sit(own, prepared), path) == [own / FOLDER / "average_caseload.md"]
    [words] = sit(own, prepared).edition.commentary["average_caseload"]
    assert words.text == "Caseloads rose.\n\nTwo vacancies."
    assert (words.header.date, words.header.written_about) == (datetime.date(2020, 11, 12), "15.2")
    assert import_sheet(sit(own, prepared), path) == []  # once more changes nothing


def test_other_words_stay_unless_they_are_to_be_replaced_and_then_are_kept(
    own: Path, prepared: Prepared
) -> None:
    path = sheet(own / "m.csv", ["21", "both", "Jo Öz", "12/11/2020", "New words."])
    there = own / FOLDER / "looked_after_reviews.md"
    before = there.read_bytes()
    with pytest.raises(CsdError, match=r"row 2: .*has other words: give --replace"):
        import_sheet(sit(own, prepared), path)
    assert there.read_bytes() == before
    assert import_sheet(sit(own, prepared), path, replace=True) == [there]
    assert there.with_name(there.name + ".kept-1").read_bytes() == before
    [words] = sit(own, prepared).edition.commentary["looked_after_reviews"]
    assert (words.text, words.header.author) == ("New words.", "Jo Öz")


def test_every_wrong_row_is_named_and_nothing_is_written(own: Path, prepared: Prepared) -> None:
    path = sheet(
        own / "m.csv",
        ["29", "both", "A", "2020-11-12", "Good row."],
        ["99", "both", "A", "2020-11-12", "x"],
        ["17", "3", "A", "2020-11-12", "x"],
        ["17", "1", "", "2020-11-12", "x"],
        ["17", "1", "A", "soon", "x"],
        ["29", "both", "A", "2020-11-12", "Twice."],
        ["22", "1", "A", "2020-11-12", ""],
        ["21", "2", "A", "2020-11-12", "x"],
    )
    with pytest.raises(CsdError) as error:
        import_sheet(sit(own, prepared), path)
    assert error.value.what.splitlines() == [
        "m.csv: 6 rows cannot be taken in",
        "  row 3: indicator '99' is not in the suite: expected a key or a number",
        "  row 4: part is '3': expected 1, 2 or both",
        "  row 5: author is empty: expected who wrote it",
        "  row 6: date is 'soon': expected a day such as 2020-11-10 or 10/11/2020",
        "  row 7: row 2 has words on the same indicator and part",
        f"  row 9: {FOLDER}/looked_after_reviews.md is for part both: change its part first",
    ]
    assert not (own / FOLDER / "average_caseload.md").exists()


def test_words_cut_at_a_comma_are_refused_and_nothing_is_written(own: Path, prepared: Prepared) -> None:
    path = own / "m.csv"
    words = "29,both,A,2020-11-12,Caseloads rose, and two posts are vacant.\n"
    path.write_text("indicator,part,author,date,text,\n29,both,A,2020-11-12,Good row.,,\n" + words)
    with pytest.raises(CsdError) as error:
        import_sheet(sit(own, prepared), path)
    has = "has 6 cells where the heading has 5: put a text with a comma in it between quotes"
    assert error.value.what.splitlines() == ["m.csv: 1 row cannot be taken in", f"  row 3: {has}"]
    assert not (own / FOLDER / "average_caseload.md").exists()
    path.write_text(path.read_text().replace(words, ""))  # empty cells beyond the heading are none
    assert import_sheet(sit(own, prepared), path) == [own / FOLDER / "average_caseload.md"]


def test_a_sheet_between_other_signs_is_told_so(own: Path, prepared: Prepared) -> None:
    path = own / "m.csv"
    path.write_text("indicator;part;author;date;text\n29;both;A;2020-11-12;Words.\n")
    with pytest.raises(CsdError, match="the cells are separated by ';'"):
        import_sheet(sit(own, prepared), path)


def test_a_sheet_with_a_column_twice_is_refused(own: Path, prepared: Prepared) -> None:
    path = own / "m.csv"
    path.write_text("indicator,part,author,date,text,text\n29,both,A,2020-11-12,First.,Second.\n")
    with pytest.raises(CsdError, match="the sheet has 2 columns 'text'") as refused:
        import_sheet(sit(own, prepared), path)
    assert refused.value.fix and not (own / FOLDER / "average_caseload.md").exists()


def test_a_sheet_in_utf_16_is_told_so(own: Path, prepared: Prepared) -> None:
    path = own / "m.csv"
    path.write_bytes("indicator,part,author,date,text\n29,both,A,2020-11-12,x\n".encode("utf-16"))
    with pytest.raises(CsdError, match="its text is in UTF-16"):
        import_sheet(sit(own, prepared), path)


@pytest.mark.parametrize(
    ("name", "content"), [("m.csv", "a,b\n1,2\n"), ("m.xlsx", "no workbook"), ("m.csv", "")]
)
def test_what_is_no_sheet_is_refused(own: Path, prepared: Prepared, name: str, content: str) -> None:
    (own / name).write_text(content)
    with pytest.raises(CsdError, match=r"no column|cannot be read"):
        import_sheet(sit(own, prepared), own / name)


def test_a_sheet_may_be_as_windows_saves_it(own: Path, prepared: Prepared) -> None:
    path = own / "m.csv"
    path.write_bytes("indicator,part,author,date,text\r\n29,both,A,12/11/2020,It’s £5\r\n".encode("cp1252"))
    import_sheet(replace(sit(own, prepared)), path)
    assert sit(own, prepared).edition.commentary["average_caseload"][0].text == "It’s £5"
