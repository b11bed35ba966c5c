"""The social work workforce census."""

from pathlib import Path

import pytest

from csd_helpers.errors import CsdError
from csd_helpers.extract.limits import limits_of
from csd_helpers.extract.workforce_census import read_workforce_census

CENSUS = """<Message>
  <Header><CollectionDetails><Collection>CSWW</Collection><ReferenceDate>2020-09-30</ReferenceDate>
  </CollectionDetails></Header>
  <LALevelVacancies><NumberOfVacancies>12.5</NumberOfVacancies><NoAgencyFTE>9</NoAgencyFTE></LALevelVacancies>
  <CSWWWorker><AgencyWorker>0</AgencyWorker><SWENo>SW1</SWENo><FTE>0.8</FTE><OrgRole>5</OrgRole>
    <RoleStartDate>2018-01-08</RoleStartDate></CSWWWorker>
  <CSWWWorker><AgencyWorker>true</AgencyWorker><SWENo>SW2</SWENo><FTE>1</FTE><OrgRole>3</OrgRole>
    <RoleStartDate>2020-02-03</RoleStartDate><RoleEndDate>2020-08-31</RoleEndDate></CSWWWorker>
  <CSWWWorker><AgencyWorker>1</AgencyWorker><SWENo>SW3</SWENo><FTE>1</FTE><OrgRole>9</OrgRole></CSWWWorker>
</Message>
"""


@pytest.fixture
def census(tmp_path: Path) -> Path:
    path = tmp_path / "csww.xml"
    path.write_text(CENSUS, encoding="utf-8")
    return path


def test_workers_and_vacancies_are_read(census: Path) -> None:
    tables = {name: table.to_numpy().tolist() for name, table in read_workforce_census(census).items()}
    assert tables == {
        "workers": [
            ["SW1", "Case holder", "0", "0.8", "2018-01-08", ""],
            ["SW2", "First line manager", "1", "1", "2020-02-03", "2020-08-31"],
            ["SW3", "9", "1", "1", "", ""],
        ],
        "vacancies": [["", "12.5", "2020-09-30", ""]],
    }


def test_the_census_tells_of_no_month_before_its_own(census: Path) -> None:
    september = (2020 - 1970) * 12 + 8
    for table in read_workforce_census(census).values():
        assert limits_of(table)["since"] == september


def test_a_census_of_nobody_is_no_census(tmp_path: Path) -> None:
    path = tmp_path / "csww.xml"
    path.write_text("<Message/>", encoding="utf-8")
    with pytest.raises(CsdError, match="holds no worker"):
        read_workforce_census(path)


def test_the_sample_is_read(shared_data: Path) -> None:
    tables = read_workforce_census(shared_data / "returns_samples" / "social_work_workforce_2022.xml")
    assert len(tables["workers"]) == 30
    assert tables["workers"].iloc[1].tolist() == [
        "Yk7226043359", "Middle manager", "1", "0", "", "2019-09-23",
    ]  # fmt: skip
    assert tables["vacancies"].to_numpy().tolist() == [["", "79.68", "2022-09-30", ""]]
