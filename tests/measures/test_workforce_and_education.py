from collections.abc import Callable

import pandas as pd
import pytest

from csd_helpers.measures import MEASURES
from csd_helpers.measures.cases import NotComputable, Window
from tests.measures.conftest import Tables, dated, episodes, header

Counted = Callable[[str, Tables, str], tuple[float, float]]


@pytest.fixture
def staff() -> Tables:
    workers = [
        ("w1", "Referral and assessment", "0", 1.0, "2019-01-01", None),
        ("w2", "Safeguarding", "1", 0.6, "2020-05-01", None),
        ("w3", "Safeguarding", "0", 1.0, "2019-01-01", None),  # holds no case
        ("w4", "Safeguarding", "0", 1.0, "2019-01-01", "2020-10-31"),  # left on the day
        ("w5", "Safeguarding", "0", 0.0, "2019-01-01", None),  # no working time
    ]
    names = ["worker_id", "team", "agency", "FTE", "start_date", "end_date"]
    held = [("w1", "2020-01-01", None), ("w1", "2020-09-01", None), ("w1", "2020-01-01", "2020-10-31"),
            ("w2", "2020-06-01", None), ("w5", "2020-06-01", None)]  # fmt: skip
    cases = [
        {"worker_id": w, "LAchildID": str(n), "start_date": s, "end_date": e}
        for n, (w, s, e) in enumerate(held)
    ]
    vacancies = [{"team": "Safeguarding", "FTE": 2.5, "start_date": "2020-06-01", "end_date": None}]
    dates = ["start_date", "end_date"]
    return {
        "workers": dated([dict(zip(names, row, strict=True)) for row in workers], dates),
        "caseholding": dated(cases, dates),
        "vacancies": dated(vacancies, dates),
    }


def test_caseload_is_over_those_who_hold_cases(counted: Counted, staff: Tables) -> None:
    assert counted("average_caseload", staff, "2020-10") == (3, 1.6)
    assert counted("average_caseload_safeguarding", staff, "2020-10") == (2, 1.0)
    assert counted("average_caseload", staff, "2020-02") == (2, 1.0)


def test_caseload_follows_a_worker_through_posts(counted: Counted, staff: Tables) -> None:
    changed = staff["workers"].loc[[1]].assign(FTE=1.0, start_date=pd.Timestamp("2020-10-01"))
    staff["workers"].loc[1, "end_date"] = pd.Timestamp("2020-10-01")
    staff["workers"] = pd.concat([changed, staff["workers"]], ignore_index=True)
    assert counted("average_caseload", staff, "2020-09") == (4, 1.6)
    assert counted("average_caseload", staff, "2020-10") == (3, 2.0)


def test_cases_left_with_somebody_who_has_gone_are_nobodys_caseload(counted: Counted, staff: Tables) -> None:
    staff["workers"].loc[1, "end_date"] = pd.Timestamp("2020-10-31")
    assert counted("average_caseload", staff, "2020-10") == (2, 1.0)


def test_agency_workers_among_those_in_post(counted: Counted, staff: Tables) -> None:
    assert counted("agency_social_workers", staff, "2020-10") == (0.6, 2.6)
    assert counted("agency_social_workers", staff, "2020-09") == (0.6, 3.6)


def test_vacancies_among_posts_without_agency_workers(counted: Counted, staff: Tables) -> None:
    assert counted("social_worker_vacancies", staff, "2020-10") == (2.5, 4.5)
    assert counted("social_worker_vacancies", staff, "2020-04") == (0, 3)


def ehcp(request: str, issued: str | None, exception: str = "0") -> Tables:
    row = {"child_id": "A", "request_date": request, "issue_date": issued, "exception": exception}
    return {"ehcp": dated([row], ["request_date", "issue_date"])}


@pytest.mark.parametrize(
    ("request_day", "expected"),
    [("2020-02-12", (1, 1)), ("2020-02-11", (0, 1))],  # 140 and 141 days to 1 July
)
def test_plans_within_20_weeks(counted: Counted, request_day: str, expected: tuple[int, int]) -> None:
    assert counted("ehc_plans_20_weeks", ehcp(request_day, "2020-07-01"), "2020-10") == expected


def test_exceptions_are_left_out_of_one_and_in_the_other(counted: Counted) -> None:
    tables = ehcp("2020-01-01", "2020-07-01", exception="1")
    assert counted("ehc_plans_20_weeks", tables, "2020-10") == (0, 0)
    assert counted("ehc_plans_20_weeks_all", tables, "2020-10") == (0, 1)
    assert counted("ehc_plans_20_weeks_excepted", tables, "2020-10") == (0, 1)


def test_plans_without_and_with_an_exception_are_all_plans(counted: Counted) -> None:
    parts = [ehcp("2020-06-01", "2020-07-01", exception)["ehcp"] for exception in ("0", "1", "1")]
    parts[2]["issue_date"] += pd.Timedelta(days=150)
    tables = {"ehcp": pd.concat(parts, ignore_index=True)}
    assert counted("ehc_plans_20_weeks", tables, "2020-12") == (1, 1)
    assert counted("ehc_plans_20_weeks_excepted", tables, "2020-12") == (1, 2)
    assert counted("ehc_plans_20_weeks_all", tables, "2020-12") == (2, 3)


def test_all_plans_issued_divide_by_whether_an_exception_applies() -> None:
    parts = [ehcp("2020-06-01", "2020-07-01", exception)["ehcp"] for exception in ("0", "1", "1")]
    cases = MEASURES["ehc_plans_20_weeks_all"].cases({"ehcp": pd.concat(parts)}, Window(600, 610))
    assert cases["exception"].tolist() == ["No exception", "An exception applies", "An exception applies"]


def test_exceptions_that_are_not_recorded_are_not_guessed() -> None:
    tables = {"ehcp": ehcp("2020-06-01", "2020-07-01")["ehcp"].drop(columns="exception")}
    with pytest.raises(NotComputable, match="which plans are excepted"):
        MEASURES["ehc_plans_20_weeks_excepted"].cases(tables, Window(600, 610))


@pytest.mark.parametrize(("request_day", "counts"), [("2020-06-12", 1), ("2020-06-13", 0)])
def test_requests_open_past_20_weeks(counted: Counted, request_day: str, counts: int) -> None:
    assert counted("ehc_plans_open_past_20_weeks", ehcp(request_day, None), "2020-10")[0] == counts


@pytest.mark.parametrize(("visit", "in_time"), [("2020-09-19", 1), ("2020-09-18", 0)])  # 42 and 43 days
def test_visits_to_children_looked_after(counted: Counted, visit: str, in_time: int) -> None:
    visits = dated([{"LAchildID": "A", "visit_type": "CLA", "visit_date": visit}], ["visit_date"])
    tables = {"cla_episodes": episodes({"DECOM": "2020-01-01"}), "visits": visits}
    assert counted("looked_after_visits", tables, "2020-10") == (in_time, 1)


@pytest.mark.parametrize(
    ("born", "assessed", "up_to_date"),
    [
        ("2010-01-01", "2019-11-01", 1),
        ("2010-01-01", "2019-10-31", 0),  # 12 months to the day is out of date
        ("2016-01-01", "2020-05-01", 1),
        ("2016-01-01", "2020-04-30", 0),  # under 5: six months
        ("2015-10-31", "2020-04-30", 1),  # five on the day
    ],
)
def test_health_assessments(counted: Counted, born: str, assessed: str, up_to_date: int) -> None:
    health = dated([{"CHILD": "A", "assessment_date": assessed}], ["assessment_date"])
    table = episodes({"DECOM": "2019-01-01"}, {"CHILD": "B", "DECOM": "2019-01-01"})
    tables = {"cla_episodes": table, "cla_header": header(A=born, B="2010-01-01"), "health": health}
    assert counted("health_assessments", tables, "2020-10") == (up_to_date, 2)


def test_what_covers_a_month_twice_counts_once(counted: Counted) -> None:
    days = ["2020-10-01", "2020-10-20", "2020-08-30"]
    visits = dated(
        [{"LAchildID": "A", "visit_type": "CLA", "visit_date": day} for day in days], ["visit_date"]
    )
    tables: dict[str, pd.DataFrame] = {"cla_episodes": episodes({"DECOM": "2020-01-01"}), "visits": visits}
    found = [counted("looked_after_visits", tables, f"2020-{month:02}") for month in range(1, 13)]
    assert [n for n, _ in found] == [1, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 0]
    assert [d for _, d in found] == [1] * 12
