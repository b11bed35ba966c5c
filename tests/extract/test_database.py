"""An extract in a database file, read as the same tables in CSV are; what goes wrong is said safely."""

import sys
import traceback
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from csd_helpers.errors import CsdError
from csd_helpers.extract import read_extract
from csd_helpers.extract.address import shown_source
from csd_helpers.extract.database import read_database
from csd_helpers.parameters import PeriodFile
from csd_helpers.yamlfile import read_parameters

Script = Callable[..., str]
CONTACTS = "CREATE TABLE contacts (LAchildID TEXT, contact_date TEXT)"
CSV = {
    "cin_details": """LAchildID,CINreferralDate,PrimaryNeedCode,CINclosureDate,ReferralNFA
A,2020-05-01,N1,2020-08-31,0
B,2020-10-31,N4,,1
C,2020-11-01,,,
""",
    "population": "year,population_0_17,population_10_17\n2019,75000,31000.5\n2020,75100,\n",
    "visits": "LAchildID,visit_type,visit_date,seen\nA,CP,2020-05-20,1\nA,CP,2020-06-03,0\n",
}
STATEMENTS = (
    """CREATE TABLE CIN_Details (lachildid TEXT, "CINreferralDate" TIMESTAMP, PRIMARYNEEDCODE TEXT,
       CINclosureDate DATE, ReferralNFA BOOLEAN, "a note" TEXT)""",
    """INSERT INTO CIN_Details VALUES ('A', '2020-05-01 00:00:00', 'N1', '2020-08-31', 0, 'x'),
       ('B', '2020-10-31 16:20:00.000000', 'N4', NULL, 1, NULL),
       (' C ', '2020-11-01T09:00', '', NULL, NULL, '2020')""",
    "CREATE TABLE population (year REAL, population_0_17 INTEGER, population_10_17 REAL)",
    "INSERT INTO population VALUES (2019.0, 75000, 31000.5), (2020.0, 75100, NULL)",
    "CREATE TABLE seen_by (child TEXT, on_day DATE, seen BOOLEAN)",
    "INSERT INTO seen_by VALUES ('A', '2020-05-20', TRUE), ('A', '2020-06-03', FALSE)",
    """CREATE VIEW visits AS
       SELECT child AS LAchildID, 'CP' AS visit_type, on_day AS visit_date, seen FROM seen_by""",
)


def from_csv(folder: Path) -> dict[str, pd.DataFrame]:
    folder.mkdir()
    for name, content in CSV.items():
        (folder / f"{name}.csv").write_text(content)
    return read_extract(folder).tables


def test_a_database_gives_what_csv_gives(sqlite: Script, tmp_path: Path) -> None:
    """NULL, dates with a time and without, yes and no, whole floats, capitals, a view."""
    extract = read_extract(sqlite(*STATEMENTS))
    assert extract.problems == []
    expected = from_csv(tmp_path / "csv")
    assert set(extract.tables) == set(expected)
    for name, table in expected.items():
        pd.testing.assert_frame_equal(extract.tables[name], table)


def test_a_database_file_is_a_source_to_hash_and_is_not_written(sqlite: Script, tmp_path: Path) -> None:
    url = sqlite(*STATEMENTS)
    before = (tmp_path / "extract.db").read_bytes()
    sources = read_extract(url).sources
    assert sources == {name: [tmp_path / "extract.db"] for name in CSV}
    assert (tmp_path / "extract.db").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["extract.db"]


def test_a_relative_address_starts_from_the_project(sqlite: Script, tmp_path: Path) -> None:
    sqlite(*STATEMENTS)
    assert set(read_extract("sqlite:///extract.db", tmp_path).tables) == set(CSV)


def test_a_schema_is_read_where_it_is(sqlite: Script) -> None:
    """SQLite calls its own schema main."""
    url = sqlite(CONTACTS, "INSERT INTO contacts VALUES ('A', '2020-05-01')")
    assert len(read_extract(url + "?schema=main").tables["contacts"]) == 1
    assert len(read_database(url, "main")["contacts"]) == 1
    with pytest.raises(CsdError, match="the database cannot be read"):
        read_extract(url + "?schema=elsewhere")


def test_more_rows_than_are_fetched_at_a_time_all_come(
    sqlite: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("csd_helpers.extract.database._PIECE", 2)
    values = ", ".join(f"('{child}', '2020-05-01')" for child in "ABCDE")
    table = read_database(sqlite(CONTACTS, f"INSERT INTO contacts VALUES {values}"))["contacts"]
    assert table["LAchildID"].tolist() == list("ABCDE")
    assert table.index.tolist() == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ("'2020-05-01 00:00:00.000000'", "2020-05-01"),
        ("'2020-05-01 23:59:59.999'", "2020-05-01"),
        ("'2020-05-01T23:59:59Z'", "2020-05-01"),
        ("'2020-05-01 23:59+01:00'", "2020-05-01"),
        ("'2020-05-01 or so'", "2020-05-01 or so"),
        ("' 01/05/2020 '", "01/05/2020"),
        ("9e999", "inf"),
        ("17.0", "17"),
        ("NULL", ""),
    ],
)
def test_a_cell_is_read_as_what_it_is(sqlite: Script, cell: str, read: str) -> None:
    url = sqlite(
        "CREATE TABLE contacts (LAchildID TEXT, source)", f"INSERT INTO contacts VALUES ('A', {cell})"
    )
    assert read_database(url)["contacts"]["source"].tolist() == [read]


def test_what_is_wrong_in_a_table_is_told_by_table_row_and_value(sqlite: Script) -> None:
    url = sqlite(
        CONTACTS, "INSERT INTO contacts VALUES ('B', '2020-05-01'), ('A', 'yesterday')",
        "CREATE TABLE early_help (LAchildID TEXT, START_DATE TEXT)",
        "CREATE TABLE cp_reviews (reviewer TEXT)",
    )  # fmt: skip
    blocking = [problem for problem in read_extract(url).problems if problem.severity == "blocking"]
    assert sorted(map(str, blocking)) == [
        "contacts, row 2, contact_date: cannot be read: 'yesterday' (expected a date such as 31/10/2020)",
        "cp_reviews, CPPreviewDate: a column is missing (expected this column)",
        "cp_reviews, CPPstartDate: a column is missing (expected this column)",
        "cp_reviews, LAchildID: a column is missing (expected this column)",
        "early_help, end_date: a column is missing (expected this column)",
    ]


def test_an_empty_table_is_no_problem_and_an_empty_database_is(sqlite: Script, tmp_path: Path) -> None:
    extract = read_extract(sqlite(CONTACTS))
    assert len(extract.tables["contacts"]) == 0 and extract.problems == []
    (tmp_path / "empty.db").touch()
    with pytest.raises(CsdError, match="holds no table of the workbook") as error:
        read_extract("sqlite:///empty.db", tmp_path)
    assert "cin_details" in error.value.expected


def test_a_file_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(CsdError, match="is not there") as error:
        read_extract("sqlite:///none.db", tmp_path)
    assert error.value.where == str(tmp_path / "none.db")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_database_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_text("not a database" * 100)
    with pytest.raises(CsdError, match="cannot be read: file is not a database"):
        read_extract("sqlite:///a.db", tmp_path)


@pytest.mark.parametrize(
    ("url", "driver"),
    [
        ("mssql+pyodbc://council:t0psecret@server/records?driver=ODBC+Driver+18+for+SQL+Server", "pyodbc"),
        ("mssql+pyodbc:///?odbc_connect=DRIVER%3DX%3BUID%3Du%3BPWD%3Dt0psecret", "pyodbc"),
        ("oracle+oracledb://council:t0psecret@server/?service_name=records", "oracledb"),
    ],
)
def test_a_driver_that_is_not_installed_is_named_with_its_remedy(
    url: str, driver: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, driver, None)
    with pytest.raises(CsdError, match=f"the driver '{driver}' is not installed") as error:
        read_extract(url)
    assert driver in error.value.fix
    assert "t0psecret" not in told(error.value)


def test_a_driver_without_its_library_is_said_to_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pyodbc.py").write_text("raise ImportError('libodbc.so.2: cannot open shared object file')")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "pyodbc", raising=False)
    with pytest.raises(CsdError, match="cannot be loaded: libodbc") as error:
        read_extract("mssql+pyodbc://server/records")
    assert "client library" in error.value.fix


def told(error: BaseException) -> str:
    """Return all that a traceback would show, what led to the error included."""
    return "".join(traceback.format_exception(error))


@pytest.mark.parametrize(
    "url",
    [
        "nosuch://reader:t0psecret@server/council",
        "postgresql://reader:t0psecret@server:port/council",
        "postgresql://reader:x@t0psecret@server/council",
        "postgresql://reader:x@/t0psecret@server/council",
        "postgresql+psycopg://reader:t0psecret@127.0.0.1:1/council",
        "postgresql+psycopg://reader@127.0.0.1:1/council?password=t0psecret",
        "postgresql+psycopg://reader:a%40t0psecret@127.0.0.1:1/council?nosuch=t0psecret",
        "://t0psecret",
    ],
)
def test_no_message_ever_holds_the_password(url: str) -> None:
    with pytest.raises(CsdError) as error:
        read_extract(url)
    assert "t0psecret" not in told(error.value)


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("sqlite:///outputs/extract.db", "sqlite:///outputs/extract.db"),
        ("postgresql://reader:a%40b@server:5433/council?sslmode=require", "postgresql://server:5433/council"),
        ("mssql+pyodbc:///?odbc_connect=DRIVER%3DX%3BPWD%3Dtop", "mssql+pyodbc:///"),
        ("oracle+oracledb://reader@server/?schema=ssd", "oracle+oracledb://server/?schema=ssd"),
        ("extracts/2020-10", "extracts/2020-10"),
    ],
)
def test_an_address_is_written_down_without_user_password_and_options(source: str, shown: str) -> None:
    assert shown_source(source) == shown


def test_a_mistyped_line_of_the_periods_file_is_not_quoted_with_the_password(
    root: Path, tmp_path: Path
) -> None:
    path = tmp_path / "2020-10.yaml"
    right = (root / "parameters" / "periods" / "2020-10.yaml").read_text(encoding="utf-8")
    path.write_text(right + "extracts: postgresql://reader:t0psecret@server/council\n", encoding="utf-8")
    with pytest.raises(CsdError, match="extracts") as error:
        read_parameters(path, PeriodFile)
    assert "t0psecret" not in str(error.value)
