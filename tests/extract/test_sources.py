"""Returns of several kinds in one folder; a table in two of them is nobody's guess."""

import shutil
from datetime import datetime
from pathlib import Path

import pandas as pd
import pytest

from csd_helpers.errors import CsdError
from csd_helpers.extract import Extract, read_extract
from csd_helpers.extract.limits import limits_of
from tests.extract.test_cin_census import CENSUS
from tests.extract.test_workbook import AMY, CONTACTS, LIST_8, STAY, WHO, book
from tests.extract.test_workforce_census import CENSUS as WORKFORCE

POPULATION = "year,population_0_17\n2019,10000\n2020,20000\n"
REFERRALS = [[*WHO, "Date of referral", "Referral source"], [*AMY, datetime(2020, 9, 1), "6: Police"]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with both censuses, an Annex A of contacts and stays, and a CSV table."""
    (tmp_path / "cin-2021.xml").write_text(CENSUS, encoding="utf-8")
    (tmp_path / "workforce.xml").write_text(WORKFORCE, encoding="utf-8")
    (tmp_path / "population.csv").write_text(POPULATION, encoding="utf-8")
    book(tmp_path / "Annex_A.xlsx", **{"List 1": CONTACTS, "List 8": [LIST_8, STAY]})
    (tmp_path / "notes.txt").write_text("not a table")
    return tmp_path


def blocking(extract: Extract) -> list[str]:
    return [str(problem) for problem in extract.problems if problem.severity == "blocking"]


def test_censuses_annex_a_and_csv_are_read_beside_each_other(folder: Path) -> None:
    extract = read_extract(folder)
    assert {name: [path.name for path in paths] for name, paths in extract.sources.items()} == {
        "population": ["population.csv"],
        "children": ["Annex_A.xlsx", "cin-2021.xml"],
        "contacts": ["Annex_A.xlsx"], "cla_episodes": ["Annex_A.xlsx"], "cla_header": ["Annex_A.xlsx"],
        "health": ["Annex_A.xlsx"], "visits": ["Annex_A.xlsx"],
        "cin_details": ["cin-2021.xml"], "assessments": ["cin-2021.xml"], "section47": ["cin-2021.xml"],
        "cp_plans": ["cin-2021.xml"], "cp_reviews": ["cin-2021.xml"],
        "workers": ["workforce.xml"], "vacancies": ["workforce.xml"],
    }  # fmt: skip
    assert sorted(extract.tables["children"]["LAchildID"]) == ["1", "A", "B"]
    assert len(extract.tables["cin_details"]) == 2 and len(extract.tables["contacts"]) == 1


def test_each_table_keeps_the_limits_of_its_own_source(folder: Path) -> None:
    tables = read_extract(folder).tables
    since = {name: limits_of(table)["since"] for name, table in tables.items()}
    april = (2020 - 1970) * 12 + 3
    assert since["cin_details"] == april  # the census year begins
    assert since["contacts"] == april  # six months before 30 September
    assert since["workers"] == since["cla_episodes"] == april + 5
    assert since["children"] == since["population"] == 0


def test_a_child_in_two_returns_is_one_child(folder: Path) -> None:
    text = CENSUS.replace("<LAchildID>A<", "<LAchildID>1<")
    (folder / "cin-2021.xml").write_text(text, encoding="utf-8")
    extract = read_extract(folder)
    assert sorted(extract.tables["children"]["LAchildID"]) == ["1", "B"]
    assert not any("children" in problem for problem in blocking(extract))


def test_a_table_in_a_file_and_in_a_return_stops_the_run(folder: Path) -> None:
    (folder / "contacts.csv").write_text("LAchildID,contact_date\nA,2020-05-01\n")
    extract = read_extract(folder)
    said = "its contacts stand in contacts.csv already and would count twice"
    assert f"Annex_A.xlsx: {said} (expected one source for a table)" in blocking(extract)
    with pytest.raises(CsdError, match="the extract cannot be used"):
        extract.require_sound()


def test_a_table_in_two_returns_stops_the_run(folder: Path) -> None:
    sheets = {"List 1": CONTACTS, "List 3": REFERRALS}
    book(folder / "Annex_A.xlsx", **sheets)
    found = [problem for problem in read_extract(folder).problems if "already" in problem.message]
    assert [(each.severity, each.table, each.file) for each in found] == [
        ("blocking", "cin_details", "cin-2021.xml")
    ]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("uasc.csv", "uasc.parquet"),
        ("2020-uasc.csv", "2020-uasc.parquet"),
        ("2020-uasc.csv", "SSDA903_2020_uasc.csv"),
    ],
)
def test_a_table_in_two_files_of_one_year_stops_the_run(tmp_path: Path, first: str, second: str) -> None:
    for name, child in {first: "A", second: "B"}.items():
        row = pd.DataFrame({"CHILD": [child], "SEX": "1", "DOB": "2003-05-01", "DUC": ""})
        if name.endswith("csv"):
            row.to_csv(tmp_path / name, index=False)
        else:
            row.to_parquet(tmp_path / name)
    said = f"{second}: its uasc stand in {first} already and would count twice"
    assert blocking(read_extract(tmp_path)) == [f"{said} (expected one source for a table)"]


def test_files_of_several_years_stand_side_by_side(tmp_path: Path) -> None:
    for year in (2018, 2019):
        (tmp_path / f"{year}-uasc.csv").write_text(f"CHILD,SEX,DOB,DUC\nC{year},1,2003-05-01,\n")
    extract = read_extract(tmp_path)
    assert blocking(extract) == [] and len(extract.tables["uasc"]) == 2


def test_an_open_workbooks_shadow_and_a_foreign_workbook_are_left_alone(folder: Path) -> None:
    (folder / "~$Annex_A.xlsx").write_bytes(b"a lock file of Excel's")
    book(folder / "rota.xlsx", Rota=[["day", "who"], ["Monday", "x"]])
    notes = [str(problem) for problem in read_extract(folder).problems]
    assert "rota.xlsx: is no table of the workbook and was not read" in notes
    assert not any("~$" in note for note in notes)


def test_a_workbook_of_another_kind_is_not_passed_over_in_silence(folder: Path) -> None:
    (folder / "old.XLS").write_bytes(b"\xd0\xcf\x11\xe0")
    notes = [str(problem) for problem in read_extract(folder).problems if problem.rule == "file_unread"]
    assert any("old.XLS" in note and "was not read" in note for note in notes)


@pytest.mark.parametrize(
    ("name", "fix"),
    [
        ("cla_episodes.csv", "name the folder that it is in"),
        ("cla_episodes.parquet", "name the folder that it is in"),
        ("book.xls", "save it again as an Excel workbook (.xlsx)"),
        ("book.ods", "save it again as an Excel workbook (.xlsx)"),
        ("records.pdf", "check 'extract' in the period's file"),
        ("records", "check 'extract' in the period's file"),
    ],
)
def test_one_file_that_is_no_extract_is_told_what_to_do(tmp_path: Path, name: str, fix: str) -> None:
    (tmp_path / name).write_bytes(b"x")
    with pytest.raises(CsdError, match=r"a single .* file is no extract") as refused:
        read_extract(name, tmp_path)
    assert refused.value.fix == fix and name in refused.value.where


def test_a_foreign_return_alone_is_refused(tmp_path: Path) -> None:
    (tmp_path / "other.xml").write_text("<Message><Header/></Message>")
    with pytest.raises(CsdError, match="holds no table"):
        read_extract(tmp_path / "other.xml")
    with pytest.raises(CsdError, match="holds no table"):
        read_extract(tmp_path)


def test_the_samples_of_others_are_read_in_one_folder(tmp_path: Path, shared_data: Path) -> None:
    """Their dirty codes are told; nothing of them stops the reading itself."""
    for name in ("cin-2022.xml", "social_work_workforce_2022.xml", "SSDA903_2020_episodes.csv"):
        shutil.copy(shared_data / "returns_samples" / name, tmp_path)
    extract = read_extract(tmp_path)
    assert {"cin_details", "cp_plans", "workers", "vacancies", "cla_episodes"} <= set(extract.tables)
    assert not any("already" in problem.message for problem in extract.problems)


def census(year: int, *children: str) -> str:
    """Return the census of a year, its children written by hand."""
    return (
        "<Message><Header><CollectionDetails><Collection>CIN</Collection>"
        f"<ReferenceDate>{year}-03-31</ReferenceDate></CollectionDetails></Header>"
        f"<Children>{''.join(children)}</Children></Message>"
    )


def child(name: str, referred: str, assessed: str, closed: str = "") -> str:
    closure = f"<CINclosureDate>{closed}</CINclosureDate>" if closed else ""
    return (
        f"<Child><ChildIdentifiers><LAchildID>{name}</LAchildID></ChildIdentifiers><CINdetails>"
        f"<CINreferralDate>{referred}</CINreferralDate>{closure}<Assessments>"
        f"<AssessmentActualStartDate>{assessed}</AssessmentActualStartDate></Assessments>"
        "</CINdetails></Child>"
    )


def test_censuses_of_two_years_are_one_history(tmp_path: Path) -> None:
    """A stands in both, open in the first and closed in the second: the second is right."""
    first = census(2020, child("A", "2020-03-02", "2020-03-03"), child("B", "2019-05-01", "2019-05-02"))
    second = census(2021, child("A", "2020-03-02", "2020-03-03", "2020-06-01"))
    (tmp_path / "b.xml").write_text(first)  # the date inside tells the year, not the name
    (tmp_path / "a.xml").write_text(second)
    extract = read_extract(tmp_path)
    assert blocking(extract) == []
    details = extract.tables["cin_details"].sort_values("LAchildID")
    assert details["LAchildID"].tolist() == ["A", "B"]
    assert details["CINclosureDate"].dt.strftime("%Y-%m-%d").fillna("").tolist() == ["2020-06-01", ""]
    assert len(extract.tables["assessments"]) == 2
    limits = limits_of(extract.tables["cin_details"])
    april = (2019 - 1970) * 12 + 3
    assert (limits["since"], limits["until"]) == (april, april + 23)
    assert any(problem.rule == "years_overlap" for problem in extract.problems)


def test_a_missing_year_between_censuses_is_not_bridged(tmp_path: Path) -> None:
    for year in (2018, 2020, 2021):
        (tmp_path / f"{year}.xml").write_text(
            census(year, child(f"C{year}", f"{year}-01-06", f"{year}-01-07"))
        )
    limits = limits_of(read_extract(tmp_path).tables["cin_details"])
    assert limits["since"] == (2019 - 1970) * 12 + 3
    assert limits["why"] == "the census starts in April 2019: earlier events are not all in it"
