from collections.abc import Callable

import pandas as pd
import pytest

from csd_helpers.measures import MEASURES
from csd_helpers.measures.cases import Window, count
from csd_helpers.period import Period
from tests.measures.conftest import Tables, dated

Counted = Callable[[str, Tables, str], tuple[float, float]]
OCTOBER = Window(Period.parse("2020-10").ordinal, Period.parse("2020-10").ordinal)


def plans(*rows: tuple[str, str, str | None, int]) -> pd.DataFrame:
    """Return plans: child, start, end, number of previous plans."""
    names = ["LAchildID", "CPPstartDate", "CPPendDate", "NumberOfPreviousCPP"]
    listed = [dict(zip(names, row, strict=True)) | {"LatestCategoryOfAbuse": "NEG"} for row in rows]
    return dated(listed, ["CPPstartDate", "CPPendDate"])


def enquiries(start: str | None, conference: str | None) -> Tables:
    row = {"LAchildID": "A", "S47ActualStartDate": start, "DateOfInitialCPC": conference}
    return {"section47": dated([row], ["S47ActualStartDate", "DateOfInitialCPC"])}


@pytest.mark.parametrize(
    ("start", "conference", "expected"),
    [
        ("2020-05-07", "2020-06-01", (1, 1)),  # the 15th working day: 8 and 25 May were bank holidays
        ("2020-05-07", "2020-06-02", (0, 1)),
        ("2020-05-07", "2020-05-07", (1, 1)),
        ("2020-05-07", "2020-05-06", (0, 1)),  # before the enquiry
        (None, "2020-06-01", (0, 1)),  # a child who moved in
        ("2020-05-07", None, (0, 0)),
    ],
)
def test_conferences_within_15_working_days(
    counted: Counted, start: str | None, conference: str | None, expected: tuple[int, int]
) -> None:
    assert counted("conferences_15_days", enquiries(start, conference), "2020-10") == expected


def test_a_conference_known_from_the_referral_alone_is_in_the_denominator(counted: Counted) -> None:
    tables = enquiries("2020-05-07", "2020-06-01")
    details = [{"LAchildID": c, "CINreferralDate": "2020-05-01", "DateOfInitialCPC": d}
               for c, d in (("A", "2020-06-01"), ("B", "2020-07-01"), ("C", None))]  # fmt: skip
    tables["cin_details"] = dated(details, ["CINreferralDate", "DateOfInitialCPC"])
    assert counted("conferences_15_days", tables, "2020-10") == (1, 2)


def test_a_conference_after_two_enquiries_follows_from_the_last_one_before_it(counted: Counted) -> None:
    listed = [
        {"LAchildID": "A", "S47ActualStartDate": start, "DateOfInitialCPC": "2020-06-01"}
        for start in ("2020-04-01", "2020-05-18", "2020-06-02")
    ]
    for rows in (listed, listed[::-1]):
        tables = {"section47": dated(rows, ["S47ActualStartDate", "DateOfInitialCPC"])}
        assert counted("conferences_15_days", tables, "2020-10") == (1, 1)


def test_enquiries_count_each_time(counted: Counted) -> None:
    assert counted("section_47_enquiries", enquiries("2020-04-01", None), "2020-10")[0] == 1
    assert counted("section_47_enquiries", enquiries("2020-03-31", None), "2020-10")[0] == 0


@pytest.mark.parametrize(("end", "counts"), [(None, 1), ("2020-10-31", 0), ("2020-11-01", 1)])
def test_on_a_plan_on_the_day(counted: Counted, end: str | None, counts: int) -> None:
    assert (
        counted("child_protection_plans", {"cp_plans": plans(("A", "2020-01-01", end, 0))}, "2020-10")[0]
        == counts
    )


def test_second_plan_however_long_ago(counted: Counted) -> None:
    tables = {
        "cp_plans": plans(
            ("A", "2020-04-01", None, 2), ("B", "2020-10-31", None, 0), ("C", "2020-03-31", None, 1)
        )
    }
    assert counted("second_child_protection_plan", tables, "2020-10") == (1, 2)
    assert counted("child_protection_plans_started", tables, "2020-10")[0] == 2


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2018-11-02", (1, 1)),
        ("2018-11-03", (0, 1)),
    ],  # 730 and 729 days to 31 October 2020, both ends counted
)
def test_two_years_on_a_plan(counted: Counted, start: str, expected: tuple[int, int]) -> None:
    assert (
        counted("child_protection_two_years", {"cp_plans": plans(("A", start, None, 0))}, "2020-10")
        == expected
    )


@pytest.mark.parametrize(
    ("visit", "in_time"), [("2020-10-16", 1), ("2020-10-15", 0)]
)  # 10 and 11 working days
def test_visited_within_10_working_days(counted: Counted, visit: str, in_time: int) -> None:
    visits = dated([{"LAchildID": "A", "visit_type": "CP", "visit_date": visit}], ["visit_date"])
    tables = {"cp_plans": plans(("A", "2020-01-01", None, 0)), "visits": visits}
    assert counted("child_protection_visits", tables, "2020-10") == (in_time, 1)
    tables["visits"]["visit_type"] = "CIN"
    assert counted("child_protection_visits", tables, "2020-10") == (0, 1)


def test_a_young_plan_is_in_time_without_a_visit(counted: Counted) -> None:
    visits = dated([{"LAchildID": "B", "visit_type": "CP", "visit_date": "2020-01-01"}], ["visit_date"])
    tables = {"cp_plans": plans(("A", "2020-10-16", None, 0)), "visits": visits}
    assert counted("child_protection_visits", tables, "2020-10") == (1, 1)


def held(*days: str, start: str = "2020-02-10") -> pd.DataFrame:
    rows = [{"LAchildID": "A", "CPPstartDate": start, "CPPreviewDate": day} for day in days]
    return dated(
        rows or [{"LAchildID": "Z", "CPPstartDate": start, "CPPreviewDate": start}],
        ["CPPstartDate", "CPPreviewDate"],
    )


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (("2020-05-10",), (1, 1)),  # three months to the day
        (("2020-05-11",), (0, 1)),
        (("2020-05-01", "2020-10-31"), (1, 1)),  # inside six months of the first
        ((), (0, 1)),  # none held: overdue
        (("2020-04-30",), (0, 1)),  # the second was due on 30 October
    ],
)
def test_plans_reviewed_on_time(counted: Counted, days: tuple[str, ...], expected: tuple[int, int]) -> None:
    tables = {"cp_plans": plans(("A", "2020-02-10", None, 0)), "cp_reviews": held(*days)}
    assert counted("child_protection_reviews", tables, "2020-10") == expected


@pytest.mark.parametrize(("day", "expected"), [("2020-10-31", (1, 1)), ("2020-11-01", (0, 1))])
def test_a_review_due_on_the_last_day_of_the_month_is_late_if_not_held_by_then(
    counted: Counted, day: str, expected: tuple[int, int]
) -> None:
    tables = {
        "cp_plans": plans(("A", "2020-07-31", None, 0)),
        "cp_reviews": held(day, start="2020-07-31"),
    }
    assert counted("child_protection_reviews", tables, "2020-10") == expected


@pytest.mark.parametrize(("start", "counts"), [("2020-07-31", 1), ("2020-08-01", 0)])
def test_plans_are_reviewed_from_three_months_on(counted: Counted, start: str, counts: int) -> None:
    tables = {"cp_plans": plans(("A", start, None, 0)), "cp_reviews": held("2020-09-01", start=start)}
    assert counted("child_protection_reviews", tables, "2020-10")[1] == counts


def test_plans_by_age_and_category_add_to_all_and_an_unborn_child_is_under_1() -> None:
    rows = plans(*((child, "2020-09-01", None, 0) for child in "ABCD"))
    rows["LatestCategoryOfAbuse"] = ["NEG", "NEG", "EMO", None]
    born = {"A": "2020-12-24", "B": "2019-11-01", "C": "2019-10-31", "D": None}  # none for D
    children = dated([{"LAchildID": c, "PersonBirthDate": d} for c, d in born.items()], ["PersonBirthDate"])
    cases = MEASURES["child_protection_plans"].cases({"cp_plans": rows, "children": children}, OCTOBER)
    by_age = count(cases, OCTOBER, "age_band").set_index("category")["numerator"]
    assert by_age[by_age > 0].to_dict() == {"Under 1": 2, "1 to 4": 1, "Not known": 1}
    by_category = count(cases, OCTOBER, "category").set_index("category")["numerator"]
    assert by_category.to_dict() == {"Emotional abuse": 1, "Neglect": 2, "Not recorded": 1}
