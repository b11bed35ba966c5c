"""The Standard Safeguarding Dataset in a database, turned into the tables the measures count."""

from collections.abc import Callable

import pandas as pd
import pytest

from csd_helpers.extract import Extract, read_extract
from csd_helpers.extract.database import read_database
from csd_helpers.extract.ssd import OLDER_NAMES, SSD_LIMITS, SSD_TABLES
from csd_helpers.measures import MEASURES, NotComputable, Window, count
from csd_helpers.period import Period

Script = Callable[..., str]
PERSON = {
    "pers_person_id": ["A", "B", "C"], "pers_dob": ["2010-05-01", "2012-01-31", "2001-11-30"],
    "pers_sex": ["F", "M", "U"], "pers_ethnicity": ["WBRI", "ABAN", None],
}  # fmt: skip
EPISODES = {
    "clae_cla_episode_id": [1, 2, 3, 4], "clae_person_id": ["A", "A", "B", "B"],
    "clae_cla_placement_id": ["p1", "p2", "p3", None], "clae_cla_id": ["s1", "s1", "s2", "s3"],
    "clae_cla_episode_start_date": ["2020-01-07", "2020-06-01", "2019-03-01", "2020-10-31"],
    "clae_cla_episode_start_reason": ["S", "B", "S", "S"],
    "clae_cla_primary_need_code": ["N1", "N1", "N4", None],
    "clae_cla_episode_ceased_date": ["2020-06-01", None, "2020-10-30", None],
    "clae_cla_episode_ceased_reason": ["X1", None, "E4A", None],
}  # fmt: skip
PLACEMENTS = {
    "clap_cla_placement_id": ["p1", "p2", "p3"], "clap_cla_placement_type": ["U4", "K2", "U6"],
    "clap_cla_placement_provider": ["PR1", "PR4", "PR1"], "clap_cla_placement_distance": [1.5, 22.0, None],
    "clap_cla_placement_postcode": ["A1 1AA", None, "B1 1BB"], "clap_cla_placement_urn": ["SC1", "SC2", None],
    "clap_cla_placement_change_reason": ["CARPL", None, None],
}  # fmt: skip
STATUSES = {
    "lega_person_id": ["A", "A", "B", "B"], "lega_legal_status": ["V2", "C2", "C1", "E1"],
    "lega_legal_status_start_date": ["2020-01-07", "2020-06-01", "2019-03-01", "2019-05-01"],
    "lega_legal_status_end_date": ["2020-05-31", None, "2019-04-30", "2020-10-30"],
}  # fmt: skip
PLANS = {
    "cppl_cp_plan_id": ["x3", "x1", "x2", "x4", "x5"], "cppl_person_id": ["A", "A", "B", "B", "A"],
    "cppl_cp_plan_start_date": ["2020-05-01", "2016-02-29", "2020-03-31", "2018-07-01", "2017-01-01"],
    "cppl_cp_plan_end_date": [None, "2016-12-01", None, "2018-09-01", "2017-05-01"],
    "cppl_cp_plan_initial_category": ["NEG", "PHY", "EMO", "SAB", "NEG"],
    "cppl_cp_plan_latest_category": ["EMO", "PHY", "EMO", "SAB", "NEG"],
    "cppl_cp_plan_ola": ["N", None, "N", "Y", "N"],
}  # fmt: skip
ENQUIRIES = {
    "s47e_s47_enquiry_id": ["e1", "e2", "e3"], "s47e_person_id": ["A", "B", "C"],
    "s47e_s47_start_date": ["2020-04-20", "2020-10-05", "2020-10-06"],
}  # fmt: skip
CONFERENCES = {
    "icpc_s47_enquiry_id": ["e1", "e1", "e2", None], "icpc_person_id": ["A", "A", "B", "C"],
    "icpc_icpc_date": ["2020-05-11", "2020-05-01", None, "2020-10-20"],
}  # fmt: skip


@pytest.fixture
def dataset(sqlite: Script) -> Callable[..., str]:
    """Return a function that puts tables into a database and returns its address."""

    def put(**tables: dict[str, list[object]]) -> str:
        return sqlite(**{name: pd.DataFrame(columns, dtype="object") for name, columns in tables.items()})

    return put


def counted(tables: dict[str, pd.DataFrame], key: str, period: str) -> tuple[float, float]:
    month = Period.parse(period).ordinal
    window = Window(month, month)
    row = count(MEASURES[key].cases(tables, window), window).iloc[0]
    return row["numerator"], row["denominator"]


def rows(table: pd.DataFrame, *columns: str) -> list[list[str]]:
    return sorted(table[list(columns)].to_numpy().tolist())


def said(extract: Extract, severity: str) -> list[str]:
    return [str(problem) for problem in extract.problems if problem.severity == severity]


def test_an_episode_of_care_is_joined_from_three_tables(dataset: Callable[..., str]) -> None:
    url = dataset(ssd_cla_episodes=EPISODES, ssd_cla_placement=PLACEMENTS, ssd_legal_status=STATUSES)
    table = read_database(url)["cla_episodes"]
    assert rows(table, "CHILD", "DECOM", "RNE", "CIN", "DEC", "REC") == [
        ["A", "2020-01-07", "S", "N1", "2020-06-01", "X1"],
        ["A", "2020-06-01", "B", "N1", "", ""],
        ["B", "2019-03-01", "S", "N4", "2020-10-30", "E4A"],
        ["B", "2020-10-31", "S", "", "", ""],
    ]
    assert rows(table, "CHILD", "DECOM", "PLACE", "PLACE_PROVIDER", "PL_DISTANCE", "URN") == [
        ["A", "2020-01-07", "U4", "PR1", "1.5", "SC1"],
        ["A", "2020-06-01", "K2", "PR4", "22", "SC2"],
        ["B", "2019-03-01", "U6", "PR1", "", ""],
        ["B", "2020-10-31", "", "", "", ""],  # no placement is known for it
    ]


def test_an_episode_has_the_legal_status_it_began_under(dataset: Callable[..., str]) -> None:
    url = dataset(ssd_cla_episodes=EPISODES, ssd_cla_placement=PLACEMENTS, ssd_legal_status=STATUSES)
    assert rows(read_database(url)["cla_episodes"], "CHILD", "DECOM", "LS") == [
        ["A", "2020-01-07", "V2"],
        ["A", "2020-06-01", "C2"],
        ["B", "2019-03-01", "C1"],
        ["B", "2020-10-31", ""],  # the last status ended the day before
    ]


@pytest.mark.parametrize(
    ("start", "status"),
    [("2020-05-30", "V2"), ("2020-05-31", ""), ("2020-06-01", "C2")],  # ended, ends, begins on the day
)
def test_a_status_that_ends_on_the_day_is_over(dataset: Callable[..., str], start: str, status: str) -> None:
    episodes = {name: cells[:1] for name, cells in EPISODES.items()}
    episodes["clae_cla_episode_start_date"] = [start]
    url = dataset(ssd_cla_episodes=episodes, ssd_cla_placement=PLACEMENTS, ssd_legal_status=STATUSES)
    assert read_database(url)["cla_episodes"]["LS"].tolist() == [status]


def test_children_looked_after_are_counted_at_month_end(dataset: Callable[..., str]) -> None:
    """B left on 30 October and came back on the 31st."""
    url = dataset(
        ssd_person=PERSON, ssd_cla_episodes=EPISODES, ssd_cla_placement=PLACEMENTS, ssd_legal_status=STATUSES
    )
    tables = read_extract(url).tables
    told = {
        period: counted(tables, "children_looked_after", period)[0]
        for period in ("2019-02", "2019-03", "2019-12", "2020-01", "2020-10")
    }
    assert told == {"2019-02": 0, "2019-03": 1, "2019-12": 1, "2020-01": 2, "2020-10": 2}


def test_a_header_names_the_children_looked_after_only(dataset: Callable[..., str]) -> None:
    url = dataset(
        ssd_person=PERSON, ssd_cla_episodes=EPISODES, ssd_cla_placement=PLACEMENTS, ssd_legal_status=STATUSES
    )
    tables = read_database(url)
    assert rows(tables["cla_header"], "CHILD", "DOB", "SEX", "ETHNIC") == [
        ["A", "2010-05-01", "2", "WBRI"],
        ["B", "2012-01-31", "1", "ABAN"],
    ]
    assert rows(tables["children"], "LAchildID", "GenderCurrent") == [["A", "2"], ["B", "1"], ["C", "U"]]


def test_plans_are_numbered_in_the_order_they_began_and_others_left_out(dataset: Callable[..., str]) -> None:
    extract = read_extract(dataset(ssd_cp_plans=PLANS))
    table = extract.tables["cp_plans"].sort_values(["LAchildID", "CPPstartDate"])
    assert table["LAchildID"].tolist() == ["A", "A", "A", "B"]  # B's first was another authority's
    assert table["NumberOfPreviousCPP"].tolist() == [0, 1, 2, 0]
    assert table["LatestCategoryOfAbuse"].tolist() == ["PHY", "NEG", "EMO", "EMO"]
    assert counted(extract.tables, "second_child_protection_plan", "2020-03") == (0, 1)
    assert counted(extract.tables, "second_child_protection_plan", "2020-05") == (1, 1)
    assert counted(extract.tables, "child_protection_plans", "2020-05")[0] == 2
    extract.require_sound()


def test_an_enquiry_leads_to_the_first_conference_held(dataset: Callable[..., str]) -> None:
    tables = read_database(dataset(ssd_s47_enquiry=ENQUIRIES, ssd_initial_cp_conference=CONFERENCES))
    assert rows(tables["section47"], "LAchildID", "S47ActualStartDate", "DateOfInitialCPC") == [
        ["A", "2020-04-20", "2020-05-01"],
        ["B", "2020-10-05", ""],  # the conference was not held
        ["C", "", "2020-10-20"],  # a conference without an enquiry
        ["C", "2020-10-06", ""],
    ]


def test_conferences_in_15_working_days_are_counted(dataset: Callable[..., str]) -> None:
    """20 April to 1 May 2020 are nine working days; a conference without an enquiry was not in time."""
    extract = read_extract(dataset(ssd_s47_enquiry=ENQUIRIES, ssd_initial_cp_conference=CONFERENCES))
    assert counted(extract.tables, "conferences_15_days", "2020-05") == (1, 1)
    assert counted(extract.tables, "section_47_enquiries", "2020-10")[0] == 3


def test_a_review_of_a_plan_stands_under_its_start(dataset: Callable[..., str]) -> None:
    reviews = {
        "cppr_person_id": ["A", "A", "B"], "cppr_cp_plan_id": ["x3", "x3", "gone"],
        "cppr_cp_review_date": ["2020-07-20", None, "2020-08-01"],
    }  # fmt: skip
    tables = read_database(dataset(ssd_cp_plans=PLANS, ssd_cp_reviews=reviews))
    assert rows(tables["cp_reviews"], "LAchildID", "CPPstartDate", "CPPreviewDate") == [
        ["A", "2020-05-01", "2020-07-20"]
    ]


def test_a_review_of_care_stands_under_its_child_unless_cancelled(dataset: Callable[..., str]) -> None:
    reviews = {
        "clar_cla_id": ["s1", "s1", "s1", "s2"],
        "clar_cla_review_date": ["2020-02-01", "2020-03-01", None, "2020-04-01"],
        "clar_cla_review_participation": ["PN1", "PN2", "PN3", "PN0"],
        "clar_cla_review_cancelled": ["N", "Y", "N", None],
    }
    tables = read_database(dataset(ssd_cla_episodes=EPISODES, ssd_cla_reviews=reviews))
    assert rows(tables["cla_reviews"], "CHILD", "REVIEW", "REVIEW_CODE") == [
        ["A", "2020-02-01", "PN1"],
        ["B", "2020-04-01", "PN0"],
    ]


def test_visits_come_from_three_tables(dataset: Callable[..., str]) -> None:
    cp = {"cppv_person_id": ["A"], "cppv_cp_visit_date": ["2020-05-20"], "cppv_cp_visit_seen": ["Y"]}
    cla = {"clav_person_id": ["B"], "clav_cla_visit_date": ["2020-05-21"], "clav_cla_visit_seen": ["N"]}
    cin = {"cinv_person_id": ["C"], "cinv_cin_visit_date": ["2020-05-22"], "cinv_cin_visit_seen": [None]}
    url = dataset(ssd_cp_visits=cp, ssd_cla_visits=cla, ssd_cin_visits=cin)
    assert rows(read_database(url)["visits"], "LAchildID", "visit_type", "visit_date", "seen") == [
        ["A", "CP", "2020-05-20", "1"],
        ["B", "CLA", "2020-05-21", "0"],
        ["C", "CIN", "2020-05-22", ""],
    ]


def test_referrals_contacts_assessments_and_health_are_taken_over(dataset: Callable[..., str]) -> None:
    url = dataset(
        ssd_cin_episodes={
            "cine_person_id": ["A"], "cine_referral_date": ["2020-05-01"],
            "cine_referral_source_code": ["1A"], "cine_cin_primary_need_code": ["N1"],
            "cine_close_date": [None], "cine_close_reason": [None], "cine_referral_nfa": ["N"],
        },
        ssd_contacts={"cont_person_id": ["A"], "cont_contact_start": ["2020-05-01 09:30:00"]},
        ssd_cin_assessments={
            "cina_person_id": ["A"], "cina_assessment_start_date": ["2020-05-02"],
            "cina_assessment_auth_date": [None],
        },
        ssd_cla_health={
            "clah_person_id": ["A", "A"], "clah_health_check_type": ["Health check", "Dental check"],
            "clah_health_check_date": ["2020-06-01", "2020-07-01"],
        },
    )  # fmt: skip
    extract = read_extract(url)
    extract.require_sound()
    referral = extract.tables["cin_details"].iloc[0]
    assert referral[["ReferralSource", "PrimaryNeedCode", "ReferralNFA"]].tolist() == ["1A", "N1", "0"]
    assert counted(extract.tables, "referrals", "2020-05")[0] == 1
    assert counted(extract.tables, "contacts", "2020-05")[0] == 1  # under the column's earlier name
    assert len(extract.tables["assessments"]) == len(extract.tables["health"]) == 1


def test_care_leavers_are_todays_and_count_in_no_cohort(dataset: Callable[..., str]) -> None:
    leavers = {
        "clea_person_id": ["C"], "clea_care_leaver_in_touch": ["YES"], "clea_care_leaver_activity": ["F2"],
        "clea_care_leaver_accommodation": ["U"], "clea_care_leaver_accom_suitable": ["N"],
    }  # fmt: skip
    extract = read_extract(dataset(ssd_person=PERSON, ssd_care_leavers=leavers))
    extract.require_sound()
    row = extract.tables["care_leavers"].iloc[0]
    assert row[["current_IN_TOUCH", "current_ACTIV", "current_ACCOM"]].tolist() == ["YES", "F2", "U2"]
    assert row["birthday_date"] == pd.Timestamp("2019-11-30")
    with pytest.raises(NotComputable, match="today, not the status at the birthday"):
        counted(extract.tables, "care_leavers_ete", "2020-10")


def test_what_the_dataset_cannot_tell_is_noted(dataset: Callable[..., str]) -> None:
    notes = said(read_extract(dataset(ssd_person=PERSON)), "note")
    assert notes == [f"{name}: {why}" for name, why in SSD_LIMITS.items()]


def test_the_workbooks_own_table_goes_before_the_datasets(dataset: Callable[..., str]) -> None:
    own = {
        "LAchildID": ["Z"], "CPPstartDate": ["2020-01-01"], "CPPendDate": [None], "NumberOfPreviousCPP": [3],
    }  # fmt: skip
    extract = read_extract(dataset(ssd_cp_plans=PLANS, cp_plans=own))
    assert extract.tables["cp_plans"]["NumberOfPreviousCPP"].tolist() == [3]
    assert not any(note.startswith("cp_plans") for note in said(extract, "note"))


def test_a_dataset_whose_tables_are_all_empty_is_read(dataset: Callable[..., str]) -> None:
    empty: dict[str, dict[str, list[object]]] = {
        stored: {column: [] for column in columns.values()} for stored, columns in SSD_TABLES.values()
    }
    extract = read_extract(dataset(**empty))
    extract.require_sound()
    assert len(extract.tables) == 17
    assert all(len(table) == 0 for table in extract.tables.values())


def test_earlier_names_are_of_columns_that_are_read() -> None:
    known = {column for _, columns in SSD_TABLES.values() for column in columns.values()}
    assert set(OLDER_NAMES) <= known
