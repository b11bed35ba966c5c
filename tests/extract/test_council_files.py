"""Files as councils' systems and Excel leave them: read as they are meant, or one clean message."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from csd_helpers.errors import CsdError
from csd_helpers.extract import Extract, read_extract
from csd_helpers.ingredients import extract_digest

UASC = "CHILD,SEX,DOB,DUC\n"
ROW = "A,1,01/05/2003,\n"
CONTACTS = "LAchildID,contact_date\nA,2020-05-01\n"


def read(folder: Path, files: dict[str, str]) -> Extract:
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return read_extract(folder)


def told(extract: Extract) -> list[tuple[str, str]]:
    return [(problem.severity, str(problem)) for problem in extract.problems]


@pytest.mark.parametrize("name", ["Contacts.CSV", "contacts.Csv", "CONTACTS.csv"])
def test_capitals_in_a_files_name_make_no_difference(tmp_path: Path, name: str) -> None:
    extract = read(tmp_path, {name: CONTACTS})
    assert list(extract.tables) == ["contacts"] and told(extract) == []


@pytest.mark.parametrize(
    ("name", "table", "right"),
    [
        ("contact.csv", "contacts", "contacts.csv"),
        ("Contacts-2020.csv", "contacts", "contacts.csv"),
        ("section_47.csv", "section47", "section47.csv"),
        ("2020-episode.csv", "cla_episodes", "2020-episodes.csv"),
        ("CLA Episode.PARQUET", "cla_episodes", "cla_episodes.parquet"),
    ],
)
def test_a_name_that_is_almost_a_missing_tables_is_told(
    tmp_path: Path, name: str, table: str, right: str
) -> None:
    said = f"{name}: was not read; if it is the table {table}, rename {name} to {right}"
    assert told(read(tmp_path, {name: CONTACTS, "uasc.csv": UASC + ROW})) == [("warning", said)]


def test_beside_the_table_itself_such_a_name_is_only_noted(tmp_path: Path) -> None:
    extract = read(tmp_path, {"contact.csv": CONTACTS, "contacts.csv": CONTACTS})
    assert told(extract) == [("note", "contact.csv: is no table of the workbook and was not read")]


def test_where_it_is_all_there_is_the_message_says_how_to_rename_it(tmp_path: Path) -> None:
    with pytest.raises(CsdError, match="holds no table") as refused:
        read(tmp_path, {"contact.csv": CONTACTS, "rota.csv": CONTACTS})
    assert refused.value.fix == "rename contact.csv to contacts.csv"


@pytest.mark.parametrize("end", [",,,\n,,,\n", ",,,\n , ,\t,\n", "\n\n", ",,,\n\n,,,"])
def test_rows_at_the_end_that_hold_nothing_are_left_out(tmp_path: Path, end: str) -> None:
    extract = read(tmp_path, {"uasc.csv": UASC + ROW + end})
    assert told(extract) == [] and extract.tables["uasc"]["CHILD"].tolist() == ["A"]


def test_empty_rows_at_the_end_of_parquet_are_left_out(tmp_path: Path) -> None:
    rows = {"CHILD": ["A", None, ""], "SEX": "1", "DOB": pd.to_datetime(["2003-05-01", None, None])}
    table = pd.DataFrame(rows | {"DUC": pd.NaT})
    table.loc[1:, "SEX"] = None
    table.to_parquet(tmp_path / "uasc.parquet")
    assert len(read_extract(tmp_path).tables["uasc"]) == 1


def test_an_empty_row_in_the_middle_stays_an_error_and_lines_are_counted_as_in_the_file(
    tmp_path: Path,
) -> None:
    extract = read(tmp_path, {"uasc.csv": f"\n{UASC}{ROW}\n,,,\nB,1,tomorrow,\n"})
    assert told(extract) == [
        ("blocking", "uasc.csv, row 6, DOB: cannot be read: 'tomorrow' (expected a date such as 31/10/2020)"),
        ("blocking", "uasc.csv, row 5, CHILD: is blank (expected a value)"),
        ("blocking", "uasc.csv, row 5, DOB: is blank (expected a date such as 31/10/2020)"),
    ]


def fill(content: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(content)


@pytest.mark.parametrize(
    ("name", "make", "what", "fix"),
    [
        ("uasc.csv", fill((UASC + ROW).encode("utf-16")), "its text is in UTF-16", "save it as CSV UTF-8"),
        ("uasc.csv", fill((UASC + ROW).encode("utf-16-le")), "its text is in UTF-16", "save it as CSV UTF-8"),
        ("uasc.csv", fill(b""), "it is empty", "take the extract again"),
        ("uasc.csv", fill(b"\n,,\n"), "it is empty", "take the extract again"),
        ("uasc.csv", fill(f'{UASC}{ROW}B,1,"x,\n{ROW}'.encode()), 'mark (") in row 3 is not', "close it"),
        ("uasc.csv", fill(b"PK\x03\x04\0\0"), "it is a workbook", "the ending .xlsx"),
        ("uasc.csv", fill(b"PAR1\0\0"), "it is a Parquet file", "the ending .parquet"),
        ("uasc.csv", fill(f"{UASC}\x81{ROW}".encode("latin-1")), "neither in UTF-8", "save it as CSV UTF-8"),
        ("uasc.csv", Path.mkdir, "it is a folder", "put the file itself there"),
        ("uasc.parquet", Path.mkdir, "it is a folder", "put the file itself there"),
        ("uasc.parquet", fill(b""), "it is no Parquet file", "write or copy it again"),
        ("uasc.parquet", fill((UASC + ROW).encode()), "it is no Parquet file", "the ending .csv"),
        ("census.xml", Path.mkdir, "it is a folder", "put the file itself there"),
        ("book.xlsx", Path.mkdir, "it is a folder", "put the file itself there"),
        ("book.xlsx", fill((UASC + ROW).encode()), "it is no Excel workbook", "open it in Excel and save it"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_told_with_what_to_do(
    tmp_path: Path, name: str, make: Callable[[Path], object], what: str, fix: str
) -> None:
    make(tmp_path / name)
    with pytest.raises(CsdError, match="the file cannot be read: ") as refused:
        read_extract(tmp_path)
    assert what in refused.value.what and fix in refused.value.fix
    assert refused.value.where == str(tmp_path / name) and refused.value.expected
    for raw in ("Errno", "tokenizing", "C error", "columns to parse", "magic bytes", "codec"):
        assert raw not in str(refused.value)


def test_a_file_that_another_program_holds_is_told_as_such(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "uasc.csv").write_text(UASC + ROW)
    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(CsdError, match="the system does not allow it") as refused:
        read_extract(tmp_path)
    assert refused.value.fix.startswith("close it in Excel")


def test_an_apostrophe_before_a_value_is_a_spreadsheets_and_no_part_of_it(tmp_path: Path) -> None:
    """As text it would make another child of the same one."""
    rows = "'00123,'1,'01/05/2003,\nO'Brien,1,01/05/2003,'\n"
    extract = read(tmp_path, {"uasc.csv": UASC + rows, "contacts.csv": CONTACTS.replace("A,", "00123,")})
    assert told(extract) == []
    table = extract.tables["uasc"]
    assert table["CHILD"].tolist() == ["00123", "O'Brien"] and table["SEX"].tolist() == ["1", "1"]
    assert table["DOB"].dt.day.tolist() == [1, 1] and table["DUC"].isna().all()
    assert extract.tables["contacts"]["LAchildID"].tolist() == ["00123"]


def test_the_same_child_with_and_without_an_apostrophe_is_one_child(tmp_path: Path) -> None:
    extract = read(tmp_path, {"uasc.csv": UASC + ROW + "'" + ROW})
    assert told(extract)[0][1].startswith("uasc.csv, row 3, CHILD: is given more than once: 'A'")


def test_what_programs_leave_is_no_part_of_an_extract(tmp_path: Path) -> None:
    (tmp_path / "uasc.csv").write_text(UASC + ROW)
    before = extract_digest(str(tmp_path), tmp_path)
    for name in ("~$extract.xlsx", "~$uasc.csv", "._uasc.csv", ".~lock.uasc.csv#", "._census.xml"):
        (tmp_path / name).write_bytes(b"whose it is")
    assert told(read_extract(tmp_path)) == []
    assert extract_digest(str(tmp_path), tmp_path) == before


@pytest.mark.parametrize("heading", ["CHILD,SEX,DOB,DOB,DUC", "CHILD,SEX,DOB, DOB ,DUC"])
def test_a_heading_that_stands_twice_is_refused_by_name(tmp_path: Path, heading: str) -> None:
    extract = read(tmp_path, {"uasc.csv": f"{heading}\nA,1,01/05/2003,02/05/2003,\n"})
    said = "uasc.csv, DOB: 2 columns have this heading (expected one column of the name)"
    assert told(extract) == [("blocking", said)]


def test_columns_that_no_table_has_may_be_named_as_they_like(tmp_path: Path) -> None:
    extract = read(tmp_path, {"uasc.csv": "CHILD,SEX,DOB,DUC,note,note,,\nA,1,01/05/2003,,x,y,,\n"})
    assert told(extract) == [] and len(extract.tables["uasc"]) == 1


def test_of_a_table_given_twice_the_rows_both_share_are_not_told_as_well(tmp_path: Path) -> None:
    extract = read(tmp_path, {"2020-uasc.csv": UASC + ROW, "SSDA903_2020_uasc.csv": UASC + ROW})
    assert [problem.rule for problem in extract.problems] == ["source_twice"]
