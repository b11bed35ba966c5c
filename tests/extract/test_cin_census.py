"""The children in need census, read child by child."""

import re
import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest
from lxml import etree

from csd_helpers.errors import CsdError
from csd_helpers.extract import cin_census
from csd_helpers.extract.cin_census import read_cin_census
from csd_helpers.extract.limits import limits_of
from csd_helpers.extract.xml_return import Rows

CENSUS = """<?xml version="1.0"?>
<Message>
  <Header><CollectionDetails><Collection>CIN</Collection><ReferenceDate>2021-03-31</ReferenceDate>
  </CollectionDetails></Header>
  <Children>
    <Child>
      <ChildIdentifiers><LAchildID>A</LAchildID><PersonBirthDate>2010-05-01</PersonBirthDate>
        <GenderCurrent>2</GenderCurrent></ChildIdentifiers>
      <ChildCharacteristics><Ethnicity>WBRI</Ethnicity>
        <Disabilities><Disability>HAND</Disability><Disability>VIS</Disability></Disabilities>
      </ChildCharacteristics>
      <CINdetails><CINreferralDate>2020-04-02</CINreferralDate><ReferralSource>6</ReferralSource>
        <Assessments><AssessmentActualStartDate>2020-04-03</AssessmentActualStartDate>
          <AssessmentAuthorisationDate>2020-05-04</AssessmentAuthorisationDate>
          <FactorsIdentifiedAtAssessment><AssessmentFactors>2A</AssessmentFactors>
          </FactorsIdentifiedAtAssessment></Assessments>
        <Assessments><AssessmentActualStartDate>2020-09-01</AssessmentActualStartDate></Assessments>
        <Section47><S47ActualStartDate>2020-04-10</S47ActualStartDate>
          <DateOfInitialCPC>2020-04-24</DateOfInitialCPC><ICPCnotRequired>false</ICPCnotRequired></Section47>
        <Section47><S47ActualStartDate>2020-10-01</S47ActualStartDate>
          <ICPCnotRequired>TRUE</ICPCnotRequired></Section47>
        <ReferralNFA>0</ReferralNFA>
        <ChildProtectionPlans><CPPstartDate>2020-04-24</CPPstartDate><CPPendDate>2020-08-01</CPPendDate>
          <InitialCategoryOfAbuse>NEG</InitialCategoryOfAbuse>
          <LatestCategoryOfAbuse>EMO</LatestCategoryOfAbuse><NumberOfPreviousCPP>0</NumberOfPreviousCPP>
          <Reviews><CPPreviewDate>2020-07-20</CPPreviewDate><CPPreviewDate>2020-07-30</CPPreviewDate></Reviews>
        </ChildProtectionPlans>
        <ChildProtectionPlans><CPPstartDate>2020-11-02</CPPstartDate>
          <NumberOfPreviousCPP>1</NumberOfPreviousCPP></ChildProtectionPlans>
      </CINdetails>
      <CINdetails><CINreferralDate>2019-01-07</CINreferralDate><CINclosureDate>2019-02-01</CINclosureDate>
        <DateOfInitialCPC>2019-01-20</DateOfInitialCPC><ReferralNFA>true</ReferralNFA></CINdetails>
    </Child>
    <Child><ChildIdentifiers><LAchildID>B</LAchildID></ChildIdentifiers></Child>
  </Children>
</Message>
"""
CHILD = """<Child><ChildIdentifiers><LAchildID>{n}</LAchildID></ChildIdentifiers>
<CINdetails><CINreferralDate>2020-04-02</CINreferralDate><ReferralNFA>false</ReferralNFA>
<Assessments><AssessmentActualStartDate>2020-04-03</AssessmentActualStartDate>
<FactorsIdentifiedAtAssessment>{factors}</FactorsIdentifiedAtAssessment></Assessments></CINdetails></Child>
"""


@pytest.fixture
def census(tmp_path: Path) -> Path:
    path = tmp_path / "cin-2021.xml"
    path.write_text(CENSUS, encoding="utf-8")
    return path


def large(path: Path, children: int) -> Path:
    """Write a census whose XML is far larger than the tables in it."""
    factors = "<AssessmentFactors>2A</AssessmentFactors>" * 60
    with path.open("w", encoding="utf-8") as file:
        file.write("<Message><Children>")
        file.writelines(CHILD.format(n=n, factors=factors) for n in range(children))
        file.write("</Children></Message>")
    return path


def test_every_table_of_a_census_is_read(census: Path) -> None:
    tables = {name: table.to_numpy().tolist() for name, table in read_cin_census(census).items()}
    assert tables == {
        "children": [["A", "2010-05-01", "2", "WBRI", "HAND VIS"], ["B", "", "", "", ""]],
        "cin_details": [
            ["A", "2020-04-02", "6", "", "", "", "", "0"],
            ["A", "2019-01-07", "", "", "2019-02-01", "", "2019-01-20", "1"],
        ],
        "assessments": [["A", "2020-04-03", "2020-05-04"], ["A", "2020-09-01", ""]],
        "section47": [["A", "2020-04-10", "2020-04-24", "0"], ["A", "2020-10-01", "", "1"]],
        "cp_plans": [
            ["A", "2020-04-24", "2020-08-01", "NEG", "EMO", "0"],
            ["A", "2020-11-02", "", "", "", "1"],
        ],
        "cp_reviews": [["A", "2020-04-24", "2020-07-20"], ["A", "2020-04-24", "2020-07-30"]],
    }


def test_a_row_knows_its_line(census: Path) -> None:
    assert read_cin_census(census)["children"].index.tolist() == [6, 34]


def test_the_census_is_whole_from_april_of_its_year(census: Path) -> None:
    tables = read_cin_census(census)
    assert limits_of(tables["cin_details"])["since"] == (2020 - 1970) * 12 + 3
    assert "April 2020" in limits_of(tables["section47"])["why"]
    assert limits_of(tables["children"])["since"] == 0


def test_a_namespace_makes_no_difference(census: Path) -> None:
    plain = read_cin_census(census)
    census.write_text(CENSUS.replace("<Message>", '<Message xmlns="urn:cin">'), encoding="utf-8")
    for name, table in read_cin_census(census).items():
        assert table.equals(plain[name])


def test_what_is_no_yes_or_no_is_left_to_be_reported(census: Path) -> None:
    census.write_text(CENSUS.replace("TRUE", "maybe"), encoding="utf-8")
    assert read_cin_census(census)["section47"]["ICPCnotRequired"].tolist() == ["0", "maybe"]


def test_the_sample_of_the_department_is_read(shared_data: Path) -> None:
    tables = read_cin_census(shared_data / "returns_samples" / "cin-2022.xml")
    assert tables["cp_plans"].to_numpy().tolist() == [
        ["DfEX0000001", "1970-02-17", "1971-03-14", "PHY", "PHY", "10"]
    ]
    assert tables["cp_reviews"]["CPPreviewDate"].tolist() == ["1971-02-15"]
    assert tables["section47"]["ICPCnotRequired"].tolist() == ["0"]


@pytest.mark.parametrize(
    ("text", "said"),
    [("<Message><Child>", "not well-formed XML"), ("<Message/>", "holds no child"), ("", "not well-formed")],
)
def test_a_broken_census_is_the_users_to_mend(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "cin.xml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CsdError, match=said) as error:
        read_cin_census(path)
    assert str(path) in error.value.where


def test_a_census_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CsdError, match="cannot be opened"):
        read_cin_census(tmp_path / "none.xml")


def test_entities_are_not_resolved(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("a secret", encoding="utf-8")
    path = tmp_path / "cin.xml"
    entity = f'<!DOCTYPE Message [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    text = CENSUS.replace('<?xml version="1.0"?>', entity).replace("WBRI", "&x;")
    path.write_text(text, encoding="utf-8")
    assert "secret" not in str(read_cin_census(path)["children"].to_numpy().tolist())


def test_no_child_stays_in_memory_once_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, kept = large(tmp_path / "large.xml", 4_000), []

    def add(element: etree._Element, rows: dict[str, Rows]) -> None:
        parent = element.getparent()
        assert parent is not None
        kept.append(len(parent))
        add_child(element, rows)

    add_child = cin_census._add_child
    monkeypatch.setattr(cin_census, "_add_child", add)
    tracemalloc.start()
    tables = read_cin_census(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [len(tables[name]) for name in ("children", "cin_details", "assessments")] == [4_000] * 3
    assert len(kept) == 4_000
    assert max(kept) < 40  # this child, and those of the piece of file the parser holds
    assert peak < path.stat().st_size  # 11 MB of XML; a tree of it takes several times that


def test_memory_does_not_grow_with_the_file(tmp_path: Path, root: Path) -> None:
    path = large(tmp_path / "large.xml", 8_000)
    command = [sys.executable, str(root / "benchmarks" / "census.py"), "--read", str(path)]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = re.search(r"child by child: .* s, (\d+) MB above the start", told)
    assert path.stat().st_size > 20_000_000
    assert found is not None
    assert int(found[1]) < 5  # a tree of it takes more than a hundred
