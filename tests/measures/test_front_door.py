from collections.abc import Callable

import pandas as pd
import pytest

from csd_helpers.measures import MEASURES, Window, count, exclusions
from csd_helpers.period import Period
from tests.measures.conftest import Tables, dated

Counted = Callable[[str, Tables, str], tuple[float, float]]
OCTOBER = Period.parse("2020-10").ordinal


def referrals(*rows: tuple[str, str, str | None], **more: object) -> Tables:
    """Return referrals: child, day, day closed; one long ago so that history reaches back."""
    listed = [("Z", "2017-01-10", "2017-01-20"), *rows]
    table = [
        {"LAchildID": c, "CINreferralDate": d, "CINclosureDate": e, "ReferralNFA": "0"} | more
        for c, d, e in listed
    ]
    return {"cin_details": dated(table, ["CINreferralDate", "CINclosureDate"])}


@pytest.mark.parametrize(
    ("key", "table", "column"),
    [("contacts", "contacts", "contact_date"), ("early_help_assessments", "early_help", "start_date")],
)
@pytest.mark.parametrize(
    ("day", "counts"), [("2020-03-31", 0), ("2020-04-01", 1), ("2020-10-31", 1), ("2020-11-01", 0)]
)
def test_events_since_april(
    counted: Counted, key: str, table: str, column: str, day: str, counts: int
) -> None:
    assert counted(key, {table: dated([{"LAchildID": "A", column: day}], [column])}, "2020-10")[0] == counts


def test_every_referral_counts_each_time(counted: Counted) -> None:
    tables = referrals(("A", "2020-05-01", None), ("A", "2020-06-01", None), ("B", "2020-05-01", None))
    assert counted("referrals", tables, "2020-10")[0] == 3


@pytest.mark.parametrize(
    ("earlier", "again"),
    [("2019-06-15", 1), ("2019-06-14", 0), ("2020-06-14", 1)],  # 12 months to the day counts
)
def test_re_referral_within_12_months(counted: Counted, earlier: str, again: int) -> None:
    tables = referrals(("A", earlier, None), ("A", "2020-06-15", None))
    numerator, denominator = counted("re_referrals", tables, "2020-10")
    assert numerator == again
    assert denominator == (2 if earlier >= "2020-04-01" else 1)


def test_a_second_referral_on_the_same_day_is_left_out_with_the_reason(counted: Counted) -> None:
    tables = referrals(("A", "2020-06-15", None), ("A", "2020-06-15", None))
    assert counted("re_referrals", tables, "2020-10") == (0, 1)
    cases = MEASURES["re_referrals"].cases(tables, Window(OCTOBER, OCTOBER))
    assert exclusions(cases, OCTOBER).to_dict() == {"second referral on the same day": 1}


@pytest.mark.parametrize(("first", "since"), [("2018-04-30", "2019-04"), ("2018-05-01", "2020-04")])
def test_re_referrals_need_12_months_of_history(first: str, since: str) -> None:
    table = dated([{"LAchildID": "A", "CINreferralDate": first}], ["CINreferralDate"])
    cases = MEASURES["re_referrals"].cases({"cin_details": table}, Window(OCTOBER, OCTOBER))
    assert str(Period(cases.attrs["since"])) == since


def assessment(start: str, authorised: str | None) -> pd.DataFrame:
    names = ["LAchildID", "AssessmentActualStartDate", "AssessmentAuthorisationDate"]
    return dated([dict(zip(names, ("A", start, authorised), strict=True))], names[1:])


@pytest.mark.parametrize(
    ("authorised", "expected"),
    [
        ("2020-07-06", (1, 1)),  # 45 working days from 30 April: 8 and 25 May were bank holidays
        ("2020-07-07", (0, 1)),  # 46
        (None, (0, 0)),
    ],
)
def test_assessments_within_45_working_days(
    counted: Counted, authorised: str | None, expected: tuple[int, int]
) -> None:
    row = {
        "LAchildID": "A",
        "AssessmentActualStartDate": "2020-04-30",
        "AssessmentAuthorisationDate": authorised,
    }
    table = dated([row], ["AssessmentActualStartDate", "AssessmentAuthorisationDate"])
    assert counted("assessments_45_days", {"assessments": table}, "2020-10") == expected


@pytest.mark.parametrize(("start", "open_past"), [("2020-08-26", 1), ("2020-08-27", 0)])
def test_assessments_open_past_45_working_days(counted: Counted, start: str, open_past: int) -> None:
    table = assessment(start, None)
    assert counted("assessments_open_past_45_days", {"assessments": table}, "2020-10")[0] == open_past


def test_a_child_in_need_counts_once_and_not_without_further_action(counted: Counted) -> None:
    tables = referrals(
        ("A", "2020-05-01", None), ("A", "2020-06-01", "2020-11-01"), ("B", "2020-05-01", "2020-10-31")
    )
    assert counted("children_in_need", tables, "2020-10")[0] == 1
    assert (
        counted("children_in_need", referrals(("A", "2020-05-01", None), ReferralNFA="1"), "2020-10")[0] == 0
    )


def test_children_in_need_by_primary_need_each_child_once(counted: Counted) -> None:
    tables = referrals(("A", "2020-01-06", None), ("A", "2020-05-04", None), ("B", "2020-02-03", None))
    tables["cin_details"]["PrimaryNeedCode"] = ["N1", "N4", "N1", None]
    window = Window(OCTOBER, OCTOBER)
    cases = MEASURES["children_in_need"].cases(tables, window)
    split = count(cases, window, "primary_need").set_index("category")["numerator"]
    # A counts by the need of the first of two open episodes; Z's was closed in 2017
    assert split[split > 0].to_dict() == {"Family in acute stress": 1, "Not stated": 1}
