"""Every problem at once, with table, row, field, value and what was expected."""

from pathlib import Path

import pandas as pd
import pytest

from csd_helpers.errors import CsdError
from csd_helpers.extract import Extract, problem_table, read_extract
from csd_helpers.extract.returns import returns_problems
from csd_helpers.extract.table_file import read_file
from csd_helpers.suite import load_suite

UASC = "CHILD,SEX,DOB,DUC\n"
EPISODES = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def read(folder: Path, **files: str) -> Extract:
    for name, text in files.items():
        (folder / f"{name.replace('__', '-')}.csv").write_text(text, encoding="utf-8")
    return read_extract(folder)


def said(extract: Extract, severity: str) -> list[str]:
    return [str(problem) for problem in extract.problems if problem.severity == severity]


def test_everything_wrong_is_said_at_once_with_row_and_value(folder: Path) -> None:
    extract = read(folder, uasc=UASC + "A,1,31/02/2003,\n,1,01/05/2003,\nB,1,01/05/2003,tomorrow\n")
    assert said(extract, "blocking") == [
        "uasc.csv, row 2, DOB: cannot be read: '31/02/2003' (expected a date such as 31/10/2020)",
        "uasc.csv, row 4, DUC: cannot be read: 'tomorrow' (expected a date such as 31/10/2020)",
        "uasc.csv, row 3, CHILD: is blank (expected a value)",
    ]
    with pytest.raises(CsdError, match="3 problems stop it") as error:
        extract.require_sound()
    assert error.value.exit_code == 2


def test_a_missing_column_and_a_repeated_row_are_blocking(folder: Path) -> None:
    extract = read(folder, uasc="CHILD,SEX,DOB\nA,1,2003-05-01\nA,1,2003-05-01\n")
    assert said(extract, "blocking") == [
        "uasc.csv, DUC: a column is missing (expected this column)",
        "uasc.csv, row 3, CHILD: is given more than once: 'A' (expected one row for each CHILD)",
    ]


def test_dirty_codes_and_reversed_dates_are_warnings_and_the_rows_stay(folder: Path) -> None:
    row = "A,01/05/2020,S,Q9,N1,U4,PR1,01/04/2020,X1,,,,\n"
    extract = read(folder, cla_episodes=EPISODES + row)
    extract.require_sound()
    assert len(extract.tables["cla_episodes"]) == 1
    warnings = said(extract, "warning")
    assert warnings[0].startswith(
        "cla_episodes.csv, row 2, LS: is not a known code: 'Q9' (expected one of C1, C2"
    )
    assert warnings[1] == (
        "cla_episodes.csv, row 2, DEC: ended before it started '01/04/2020' "
        "(expected a date not before DECOM)"
    )


def test_where_yearly_returns_overlap_the_latest_wins(folder: Path) -> None:
    old = EPISODES + "A,01/05/2019,S,C2,N1,U4,PR1,,,,,,\n"
    new = EPISODES + "A,01/05/2019,S,C2,N1,U4,PR1,01/08/2020,E4A,,,,\nB,01/06/2020,S,C2,N1,U4,PR1,,,,,,\n"
    extract = read(folder, **{"2021__episodes": new, "2020__episodes": old})
    table = extract.tables["cla_episodes"].set_index("CHILD")
    assert len(table) == 2
    assert table.loc["A", "DEC"] == pd.Timestamp("2020-08-01")
    assert any("1 rows stand in more than one file" in note for note in said(extract, "note"))


def test_both_ways_of_writing_a_date_and_a_byte_order_mark_are_read(folder: Path) -> None:
    (folder / "uasc.csv").write_bytes(
        b"\xef\xbb\xbf" + (UASC + "A,1,01/05/2003,\nB,1,2003-05-01,\n").encode()
    )
    table = read_extract(folder).tables["uasc"]
    assert table["DOB"].tolist() == [pd.Timestamp("2003-05-01")] * 2


def test_parquet_is_read_as_it_is_typed(folder: Path) -> None:
    typed = pd.DataFrame(
        {"CHILD": [1, 2], "SEX": ["1", "1"], "DOB": pd.to_datetime(["2003-05-01"] * 2), "DUC": pd.NaT}
    )
    typed.to_parquet(folder / "uasc.parquet")
    extract = read_extract(folder)
    extract.require_sound()
    assert extract.tables["uasc"]["CHILD"].tolist() == ["1", "2"]


@pytest.mark.parametrize("odd", [[True, False], [[1], [2]], pd.date_range("2010-05-01", periods=2, tz="UTC")])
def test_a_parquet_column_of_another_kind_is_reported_not_fatal(folder: Path, odd: object) -> None:
    table = pd.DataFrame({"CHILD": ["A", "B"], "DOB": odd, "DUC": [None, None]})
    table.to_parquet(folder / "uasc.parquet")
    unread = [line for line in said(read_extract(folder), "blocking") if "DOB: cannot be read" in line]
    assert len(unread) == 2


def test_a_file_that_is_no_table_is_noted_not_guessed(folder: Path) -> None:
    extract = read(folder, uasc=UASC + "A,1,01/05/2003,\n", holiday_plans="a,b\n1,2\n")
    assert said(extract, "note") == ["holiday_plans.csv: is no table of the workbook and was not read"]


@pytest.mark.parametrize("name", ["nowhere", "."])
def test_no_folder_and_an_empty_one_are_one_clean_message(folder: Path, name: str) -> None:
    with pytest.raises(CsdError, match=r"not there|holds no table"):
        read_extract(folder / name)


@pytest.mark.parametrize(
    ("end", "is_cut_off"), [("A,1/4", True), ("A", True), ("A,1/4,police", False), ("A\n", False)]
)
def test_a_file_cut_off_in_the_middle_of_a_row_is_refused(end: str, is_cut_off: bool, tmp_path: Path) -> None:
    path = tmp_path / "contacts.csv"
    path.write_text(f"child_id,contact_date,source\nB,2020-04-01,school\n{end}")
    if is_cut_off:
        with pytest.raises(CsdError, match=r"ends in the middle of a row(?s:.)*contacts.csv"):
            read_file(path)
    else:
        assert len(read_file(path)) == 2


@pytest.mark.parametrize(
    ("rows", "where"),
    [
        ("A,1,01/05/2003,,\nB,1,02/05/2003,31/10/2020,x\n", "row 3 has 5 cells where the heading has 4"),
        ("A,1,Smith, Jo,01/05/2003,\n", "row 2 has 5 cells where the heading has 4"),
        ('A,1,"a\nb",\n\nB,1,02/05/2003,,,,z\n', "row 4 has 7 cells where the heading has 4"),
    ],
)
def test_a_row_with_more_cells_than_the_heading_is_refused(folder: Path, rows: str, where: str) -> None:
    with pytest.raises(CsdError, match=where) as refused:
        read(folder, uasc=UASC + rows)
    assert refused.value.where.endswith("uasc.csv")
    assert refused.value.fix == "put a value with a comma in it between quotes"


@pytest.mark.parametrize("ends", [(",", ","), ("", ",,"), (",,", "")])
def test_empty_cells_beyond_the_heading_are_left_out(folder: Path, ends: tuple[str, str]) -> None:
    """A comma at the end of every row made pandas take the children for an index, and shift the rest."""
    first, second = ends
    extract = read(folder, uasc=UASC + f"A,1,01/05/2003,{first}\nB,2,02/05/2003,{second}\n")
    assert said(extract, "blocking") == []
    table = extract.tables["uasc"]
    assert table["CHILD"].tolist() == ["A", "B"] and table["DUC"].isna().all()
    assert table["DOB"].dt.day.tolist() == [1, 2]


def test_a_heading_that_ends_in_commas_names_no_more_columns(folder: Path) -> None:
    assert len(read(folder, uasc="CHILD,SEX,DOB,DUC,,\nA,1,01/05/2003,,,\n").tables["uasc"]) == 1
    with pytest.raises(CsdError, match="row 2 has 5 cells where the heading has 4"):
        read(folder, uasc="CHILD,SEX,DOB,DUC,,\nA,1,01/05/2003,,x,\n")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("CHILD;SEX;DOB;DUC\nA;1;01/05/2003;\n", "the cells are separated by ';'"),
        ("CHILD\tSEX\tDOB\tDUC\nA\t1\t01/05/2003\t\n", "the cells are separated by tabs"),
        ("sep=,\n" + UASC + "A,1,01/05/2003,\n", "the first row is 'sep=,', which only Excel reads"),
        ("sep=;\nCHILD;SEX;DOB;DUC\n", "the first row is 'sep=;', which only Excel reads"),
    ],
)
def test_cells_that_no_comma_separates_are_told_so(folder: Path, text: str, what: str) -> None:
    with pytest.raises(CsdError) as refused:
        read(folder, uasc=text)
    assert refused.value.what == what and refused.value.where.endswith("uasc.csv")
    assert refused.value.fix == "save it as CSV UTF-8 with commas, or as a workbook (.xlsx)"


def test_an_unclosed_quote_is_one_clean_message(folder: Path) -> None:
    with pytest.raises(CsdError, match="cannot be read"):
        read(folder, uasc=UASC + 'A,1,"' + 70_000 * "B,1\n")


def test_a_file_that_is_not_parquet_is_refused_by_name(folder: Path) -> None:
    (folder / "uasc.parquet").write_bytes(b"not parquet")
    with pytest.raises(CsdError, match="cannot be read") as error:
        read_extract(folder)
    assert error.value.where.endswith("uasc.parquet")


def test_blocking_problems_come_first_in_the_table(folder: Path) -> None:
    extract = read(folder, uasc=UASC + "A,1,x,y\n", note="a\n1\n")
    assert problem_table(extract.problems)["severity"].tolist() == ["blocking", "blocking", "note"]


RETURNS = "indicator,period,numerator,denominator,value,as_at,status,source\n"


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("contacs,2020-10,5,,,2020-10-31,final,x", "is no indicator of the suite: 'contacs'"),
        ("contacts,Oct 2020,5,,,2020-10-31,final,x", "is not a month: 'Oct 2020'"),
        ("contacts,2020-10,,,,2020-10-31,final,x", "the row holds no figure"),
        ("suspensions,2020-10,9,8,,2020-10-31,final,x", "is above the denominator: '9'"),
        ("suspensions,2020-10,9,,,2020-10-31,final,x", "is missing beside the numerator of 'suspensions'"),
        ("suspensions,2020-10,,,101,2020-10-31,final,x", "is not a percentage: '101'"),
    ],
)
def test_what_is_typed_by_hand_is_checked_against_the_suite(
    root: Path, folder: Path, row: str, says: str
) -> None:
    suite = load_suite(root / "parameters" / "suite" / "2020-21.yaml")
    extract = read(folder, returns=RETURNS + row)
    found = returns_problems(extract.tables["returns"], extract.places["returns"], suite)
    assert [problem.severity for problem in found] == ["blocking"]
    assert says in str(found[0])


def test_a_figure_that_cannot_be_read_is_not_missing_as_well(root: Path, folder: Path) -> None:
    rows = "contacts,2020-10,many,,,2020-10-31,final,x\nsuspensions,2020-10,9,all,,2020-10-31,final,x\n"
    extract = read(folder, returns=RETURNS + rows + "contacts,2020-09,,,,2020-09-30,final,x\n")
    suite = load_suite(root / "parameters" / "suite" / "2020-21.yaml")
    found = returns_problems(extract.tables["returns"], extract.places["returns"], suite, extract.problems)
    assert [(problem.rule, problem.row) for problem in found] == [("figure_missing", 4)]
    assert len(said(extract, "blocking")) == 2


def test_a_figure_returned_twice_is_blocking(folder: Path) -> None:
    twice = "contacts,2020-10,5,,,2020-10-31,final,x\n"
    assert "is given more than once" in said(read(folder, returns=RETURNS + 2 * twice), "blocking")[0]


def test_the_samples_of_others_are_read_and_their_dirty_codes_reported(
    shared_data: Path, folder: Path
) -> None:
    for name in ("SSDA903_2020_episodes.csv",):
        (folder / name).write_bytes((shared_data / "returns_samples" / name).read_bytes())
    extract = read_extract(folder)
    assert "cla_episodes" in extract.tables
