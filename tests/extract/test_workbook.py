"""Excel workbooks: a sheet for each table, and Ofsted's Annex A."""

from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from csd_helpers.errors import CsdError
from csd_helpers.extract import read_extract
from csd_helpers.extract.annex_a_lists import ANNEX_A_LIMITS
from csd_helpers.extract.limits import limits_of
from csd_helpers.extract.returns import returns_problems
from csd_helpers.extract.tables import TABLES
from csd_helpers.extract.workbook import read_workbook
from csd_helpers.suite import load_suite

Rows = list[list[object]]
WHO = ["Child Unique ID", "Gender", "Ethnicity", "Date of Birth", "Age"]
AMY = [1, "b) Female", "a) WBRI", datetime(2010, 5, 1), 10.5]
LIST_8 = [
    *WHO, "Date Started to be Looked After", "Child's Category of Need", "Start date of current legal status",
    "Child's Legal Status", "Date of Last Social Work Visit", "Date of Last Health Assessment",
    "Date of Last Dental Check", "Date Ceased to be Looked After", "Reason Ceased to be Looked After",
    "Start Date of Most Recent Placement", "Placement Type", "Placement Provider", "Placement postcode",
    "URN of Placement",
]  # fmt: skip
STAY = [
    *AMY, datetime(2019, 1, 7), "N1 - Abuse or Neglect", datetime(2019, 3, 1), "C2: FCO",
    datetime(2020, 9, 20), datetime(2020, 6, 1), None, None, None, datetime(2020, 2, 1),
    "d) U4: Foster placement - long term", "b) PR1 - Own provision", "C25 1YT", None,
]  # fmt: skip
CONTACTS = [[*WHO, "Date of Contact", "Contact Source"], [*AMY, datetime(2020, 9, 30), "q) 6: Police"]]


def book(path: Path, **sheets: Rows) -> Path:
    workbook = Workbook()
    workbook.remove(workbook["Sheet"])
    for title, rows in sheets.items():
        sheet = workbook.create_sheet(title.replace("__", " "))
        for row in rows:
            sheet.append(row)
    workbook.save(path)
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "extract.xlsx"


def test_a_sheet_per_table_is_read_as_it_stands(path: Path) -> None:
    plans: Rows = [
        ["Plans of the year", None, None],
        [],
        ["CPPstartDate", "lachildid", "CPPendDate", "NumberOfPreviousCPP", "a note"],
        [datetime(2020, 5, 1), "A", date(2020, 9, 1), 0, "x"],
        [None, None, None, None, None],
        ["01/06/2020", 17.0, None, 2, None],
    ]
    tables = read_workbook(book(path, CP__Plans=plans, Notes=[["anything"]]))
    assert list(tables) == ["cp_plans"]
    table = tables["cp_plans"]
    assert table.index.tolist() == [4, 6]
    assert table[["LAchildID", "CPPstartDate", "CPPendDate", "NumberOfPreviousCPP"]].to_numpy().tolist() == [
        ["A", "2020-05-01", "2020-09-01", "0"],
        ["17", "01/06/2020", "", "2"],
    ]


def test_a_workbook_goes_through_to_an_extract_with_sheet_rows_in_its_problems(path: Path) -> None:
    rows: Rows = [["LAchildID", "contact_date"], ["A", datetime(2020, 5, 1)], ["B", "yesterday"]]
    extract = read_extract(book(path, contacts=rows))
    assert extract.sources == {"contacts": [path]}
    assert [str(problem) for problem in extract.problems if problem.message.startswith("cannot")] == [
        "extract.xlsx, sheet contacts, row 3, contact_date: cannot be read: 'yesterday' "
        "(expected a date such as 31/10/2020)"
    ]


def test_a_returned_figure_is_told_by_the_sheet_and_row_it_was_typed_in(path: Path, root: Path) -> None:
    heading = ["indicator", "period", "numerator", "denominator", "value", "as_at", "status", "source"]
    row = ["contacs", "2020-10", 5, None, None, datetime(2020, 10, 31), "final", "x"]
    unread = ["contacts", "2020-10", "many", None, None, datetime(2020, 10, 31), "final", "x"]
    rows: Rows = [["Typed in by the front door"], [], heading, row, [], unread]
    extract = read_extract(book(path, Returns=rows))
    suite = load_suite(root / "parameters" / "suite" / "2020-21.yaml")
    found = returns_problems(extract.tables["returns"], extract.places["returns"], suite, extract.problems)
    assert [str(problem) for problem in found] == [
        "extract.xlsx, sheet Returns, row 4, indicator: is no indicator of the suite: 'contacs' "
        "(expected a key of the suite)"
    ]
    assert extract.file_of("returns") == "extract.xlsx, sheet Returns"


def test_two_headings_of_one_name_on_a_sheet_are_refused(path: Path) -> None:
    rows: Rows = [["LAchildID", "contact_date", "Contact_Date"], ["A", "2020-05-01", "2020-06-01"]]
    [problem] = read_extract(book(path, contacts=rows)).problems
    assert (problem.severity, problem.rule) == ("blocking", "column_repeated")
    assert str(problem).startswith("extract.xlsx, sheet contacts, contact_date: 2 columns have this heading")


def test_two_sheets_of_one_table_are_refused(path: Path) -> None:
    with pytest.raises(CsdError, match="two sheets hold the table cp_plans") as refused:
        read_workbook(book(path, **{"CP Plans": [["LAchildID"]], "cp_plans": [["LAchildID"]]}))
    assert refused.value.where == f"{path}, sheets CP Plans and cp_plans" and refused.value.fix


def test_a_sheet_whose_name_is_almost_a_tables_is_told(path: Path) -> None:
    rows: Rows = [["LAchildID", "contact_date"], ["A", "2020-05-01"]]
    extract = read_extract(book(path, contacts=rows, Visit=rows, Contact=rows, Notes=rows))
    assert [(problem.severity, str(problem)) for problem in extract.problems] == [
        (
            "warning",
            "extract.xlsx, sheet Visit: was not read; if it is the table visits, "
            "rename the sheet Visit of extract.xlsx to visits",
        ),
        ("note", "extract.xlsx, sheet Contact: is no table of the workbook and was not read"),
    ]
    with pytest.raises(CsdError, match="holds no table") as refused:
        read_extract(book(path, Contact=rows))
    assert refused.value.fix == "rename the sheet Contact of extract.xlsx to contacts"


def test_a_workbook_that_is_open_in_excel_is_told(path: Path) -> None:
    rows: Rows = [["LAchildID", "contact_date"], ["A", "2020-05-01"]]
    book(path, contacts=rows)
    path.with_name("~$extract.xlsx").write_bytes(b"whose it is")
    [problem] = read_extract(path).problems
    assert str(problem) == "extract.xlsx: is open in Excel: what has not been saved there is not read"
    with pytest.raises(CsdError, match="Excel locks a workbook") as refused:
        read_extract(path.with_name("~$extract.xlsx"))
    assert refused.value.expected == "the workbook itself, extract.xlsx"


def test_a_workbook_with_a_password_is_told_as_such(path: Path) -> None:
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    with pytest.raises(CsdError, match="one with a password") as refused:
        read_workbook(path)
    assert "without a password" in refused.value.fix


@pytest.mark.parametrize(
    ("sheets", "said"),
    [
        ({"Sheet1": [["x"]]}, "holds no table"),
        ({"contacts": [["x", "y"], [1, 2]]}, "no headings"),
        ({"List__1": [["x", "y"], [1, 2]]}, "lacks a heading"),
        ({"List__1": CONTACTS, "Also 1": CONTACTS}, "given twice"),
        ({"List__1": CONTACTS[:1]}, "says when it was made"),
    ],
)
def test_a_workbook_of_nothing_says_so(path: Path, sheets: dict[str, Rows], said: str) -> None:
    with pytest.raises(CsdError, match=said):
        read_workbook(book(path, **sheets))


def test_what_is_no_workbook_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_text("not a workbook")
    with pytest.raises(CsdError, match="no Excel workbook"):
        read_workbook(tmp_path / "a.xlsx")
    with pytest.raises(CsdError, match="not there"):
        read_workbook(tmp_path / "b.xlsx")


def test_annex_a_is_recognised_by_headings_wherever_they_stand(path: Path) -> None:
    """Another wording, rows above the headings, a sheet without the list's number."""
    contacts: Rows = [
        ["Ofsted inspection: child-level data"],
        [],
        ["child id", "date of the contact", "SOURCE OF CONTACT", "Sex", "date of birth"],
        [7, datetime(2020, 9, 30), "q) 6: Police", "a) Male", datetime(2012, 1, 2)],
    ]
    tables = read_workbook(book(path, Contacts__received=contacts))
    assert tables["contacts"].to_numpy().tolist() == [["7", "2020-09-30", "6"]]
    assert tables["contacts"].index.tolist() == [4]
    assert tables["children"].to_numpy().tolist() == [["7", "2012-01-02", "1", ""]]


def test_the_present_stay_in_care_is_read_from_list_8(path: Path) -> None:
    tables = read_workbook(book(path, List__1=CONTACTS, List__8=[LIST_8, STAY]))
    stay = tables["cla_episodes"].iloc[0]
    assert stay[["CHILD", "DECOM", "RNE", "LS", "CIN", "PLACE", "PLACE_PROVIDER"]].tolist() == [
        "1", "2019-01-07", "S", "C2", "N1", "U4", "PR1",
    ]  # fmt: skip
    assert stay[["DEC", "REC", "PL_POST", "URN"]].tolist() == ["", "", "C25 1YT", ""]
    assert tables["cla_header"].to_numpy().tolist() == [["1", "2010-05-01", "2", "WBRI"]]
    assert tables["health"].to_numpy().tolist() == [["1", "2020-06-01", ""]]
    assert tables["visits"].to_numpy().tolist() == [["1", "CLA", "2020-09-20"]]


@pytest.mark.parametrize(
    ("latest", "since"), [("2020-10-01", "2020-04"), ("2020-09-30", "2020-04"), ("2020-10-02", "2020-05")]
)
def test_events_are_whole_from_the_first_full_month_of_six(path: Path, latest: str, since: str) -> None:
    rows = [CONTACTS[0], [*AMY, datetime.fromisoformat(latest), ""]]
    table = read_workbook(book(path, List__1=rows))["contacts"]
    year, month = since.split("-")
    assert limits_of(table)["since"] == (int(year) - 1970) * 12 + int(month) - 1


def test_codes_that_are_not_the_templates_stay_as_they_are(path: Path) -> None:
    rows = [CONTACTS[0], [*AMY, datetime(2020, 9, 30), "rung up by the police"]]
    assert read_workbook(book(path, List__1=rows))["contacts"]["source"].tolist() == ["rung up by the police"]


def test_the_template_as_ofsted_sends_it_is_read(shared_data: Path) -> None:
    tables = read_workbook(shared_data / "returns_samples" / "Annex_A.xlsx")
    rows = {name: len(table) for name, table in tables.items()}
    assert rows == {
        "children": 48, "contacts": 5, "early_help": 5, "cin_details": 6, "assessments": 5, "section47": 5,
        "cp_plans": 7, "visits": 12, "cla_episodes": 5, "cla_header": 5, "health": 5, "care_leavers": 6,
        "adoption": 5,
    }  # fmt: skip
    assert tables["section47"].iloc[2].tolist() == ["10273003", "2020-09-16", "", "1"]
    assert tables["cp_plans"].iloc[1].tolist() == ["5358472", "2021-02-08", "", "PHY", "PHY", "1"]
    ended = tables["cla_episodes"].set_index("CHILD").loc["3623204"]
    assert ended[["DEC", "REC", "PLACE"]].tolist() == ["2020-09-22", "E47", "H5"]
    leaver = tables["care_leavers"].iloc[2]
    assert leaver[["current_IN_TOUCH", "current_ACTIV", "current_ACCOM"]].tolist() == ["YES", "G5", "Y1"]
    assert tables["adoption"].iloc[0].tolist() == [
        "7961370", "2002-02-13", "2009-08-11", "2009-08-21", "2009-08-26",
    ]  # fmt: skip


def test_annex_a_makes_a_sound_extract_and_says_what_it_cannot_tell(shared_data: Path) -> None:
    extract = read_extract(shared_data / "returns_samples" / "Annex_A.xlsx")
    extract.require_sound()
    notes = {problem.table: problem.message for problem in extract.problems if problem.severity == "note"}
    assert notes == ANNEX_A_LIMITS


def test_every_table_is_in_annex_a_or_its_limits_or_not_about_children(shared_data: Path) -> None:
    tables = read_workbook(shared_data / "returns_samples" / "Annex_A.xlsx")
    assert set(TABLES) - set(tables) - set(ANNEX_A_LIMITS) == {"population", "returns"}
