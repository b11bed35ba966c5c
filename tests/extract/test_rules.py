"""Rules over whole tables, each on either side of its line; counts typed by hand."""

import shutil
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from csd_helpers.extract import Problem, read_extract
from csd_helpers.extract.catalogue import RULES
from csd_helpers.extract.rules import rule_problems
from csd_helpers.extract.tables import TABLES
from csd_helpers.period import Period

OCTOBER, MONTHS, REPORT = Period.parse("2020-10"), 24, date(2020, 11, 18)
SOURCES = ["ssda903_2017-2021", "returns_samples/Annex_A.xlsx", "returns_samples/cin-2022.xml"]


def table(name: str, *rows: tuple, columns: str) -> dict[str, pd.DataFrame]:
    """Return a table of rows typed by hand; dates as 2020-10-31, a blank as ''."""
    made = pd.DataFrame(rows, columns=columns.split(), dtype="str")
    for field in made:
        if TABLES[name].columns[field].kind == "date":
            made[field] = pd.to_datetime(made[field].mask(made[field].eq(""))).astype("datetime64[s]")
    return {name: made.mask(made.eq(""))}


def checked(tables: dict[str, pd.DataFrame]) -> list[Problem]:
    places = {}
    for name, own in tables.items():
        place = pd.DataFrame({"_file": f"{name}.csv", "_row": range(2, len(own) + 2)}, index=own.index)
        places[name] = place.astype({"_file": "str"})
    return rule_problems(tables, places, OCTOBER, MONTHS, REPORT)


def found(tables: dict[str, pd.DataFrame], rule: str) -> list[Problem]:
    return [problem for problem in checked(tables) if problem.rule == rule]


def rows(tables: dict[str, pd.DataFrame], rule: str) -> list[tuple[str, int]]:
    return [(problem.identifier, problem.row) for problem in found(tables, rule)]


def episodes(*stays: tuple[str, str, str, str]) -> dict[str, pd.DataFrame]:
    return table("cla_episodes", *stays, columns="CHILD DECOM DEC REC")


def plans(*own: tuple[str, str, str]) -> dict[str, pd.DataFrame]:
    return table("cp_plans", *own, columns="LAchildID CPPstartDate CPPendDate")


def contacts(*days: str) -> dict[str, pd.DataFrame]:
    own = [(f"C{number}", day) for number, day in enumerate(days)]
    return table("contacts", *own, columns="LAchildID contact_date")


def monthly(counts: dict[str, int]) -> dict[str, pd.DataFrame]:
    """Return contacts on the 15th of months, so many in each."""
    return contacts(*(f"{month}-15" for month, number in counts.items() for _ in range(number)))


def test_a_date_after_the_report_lies_in_the_future() -> None:
    assert rows(contacts("2020-11-17", "2020-11-18", "2020-11-19"), "date_future") == [("C2", 4)]


def test_none_of_it_is_blocking() -> None:
    tables = contacts("2030-10-01") | plans(("A", "2020-01-01", ""), ("A", "2020-06-01", ""))
    assert [problem.severity for problem in checked(tables)] == ["warning", "warning"]


def test_what_is_said_of_a_future_date() -> None:
    assert [str(problem) for problem in found(contacts("2030-10-01"), "date_future")] == [
        "contacts.csv, row 2, contact_date: lies in the future: '01/10/2030' "
        "(expected a date up to 18/11/2020, the date of the report)"
    ]


def test_an_end_of_asylum_status_may_be_known_beforehand() -> None:
    tables = table("uasc", ("A", "2003-05-01", "2021-05-01"), columns="CHILD DOB DUC")
    assert found(tables, "date_future") == []


def test_care_starts_on_the_day_of_birth_at_the_earliest() -> None:
    header = table("cla_header", *((child, "2019-05-10") for child in "ABC"), columns="CHILD DOB")
    tables = header | episodes(
        ("A", "2019-05-09", "", ""), ("B", "2019-05-10", "", ""), ("C", "2019-05-11", "", "")
    )
    assert rows(tables, "date_before_birth") == [("A", 2)]


def test_an_unborn_child_may_be_referred_300_days_before_birth() -> None:
    """Birth on 27 October 2020: 300 days before is 1 January 2020, since 2020 is a leap year."""
    born = table("children", *((child, "2020-10-27") for child in "ABC"), columns="LAchildID PersonBirthDate")
    referred = table(
        "cin_details",
        ("A", "2019-12-31"),
        ("B", "2020-01-01"),
        ("C", "2020-01-02"),
        columns="LAchildID CINreferralDate",
    )
    assert rows(born | referred, "date_before_birth") == [("A", 2)]


def test_a_table_with_its_own_date_of_birth_is_held_to_that() -> None:
    tables = table(
        "missing",
        ("A", "2010-01-02", "2010-01-01"),
        ("B", "2010-01-02", "2010-01-02"),
        columns="CHILD DOB MIS_START",
    )
    assert rows(tables, "date_before_birth") == [("A", 2)]


def test_a_child_whose_birth_is_unknown_is_not_guessed_at() -> None:
    assert found(episodes(("A", "1900-01-01", "", "")), "date_before_birth") == []


@pytest.mark.parametrize(
    ("start", "overlaps", "broken"),
    [("2020-05-09", 1, 0), ("2020-05-10", 0, 0), ("2020-05-11", 0, 1)],
)
def test_an_episode_follows_on_the_day_the_last_one_ended(start: str, overlaps: int, broken: int) -> None:
    tables = episodes(("A", "2020-01-01", "2020-05-10", "X1"), ("A", start, "", ""))
    assert rows(tables, "spells_overlap") == [("A", 3)] * overlaps
    assert rows(tables, "episode_broken") == [("A", 2)] * broken


def test_an_episode_inside_a_longer_earlier_one_overlaps_and_so_does_the_next() -> None:
    tables = episodes(
        ("A", "2020-01-01", "2020-09-30", "E8"),
        ("A", "2020-02-01", "2020-03-01", "E8"),
        ("A", "2020-09-29", "", ""),
        ("B", "2020-02-02", "", ""),
    )
    assert rows(tables, "spells_overlap") == [("A", 3), ("A", 4)]


def test_care_that_goes_on_with_no_next_episode_is_broken_and_care_that_ceased_is_not() -> None:
    tables = episodes(("A", "2020-01-01", "2020-05-10", "X1"), ("B", "2020-01-01", "2020-05-10", "E4A"))
    assert rows(tables, "episode_broken") == [("A", 2)]


def test_an_open_row_before_a_later_one_was_left_open() -> None:
    tables = episodes(
        ("A", "2020-01-01", "", ""),
        ("A", "2020-03-01", "", ""),
        ("B", "2020-01-01", "", ""),
        ("B", "2020-03-01", "2020-04-01", "E8"),
        ("C", "2020-01-01", "2020-03-01", "X1"),
        ("C", "2020-03-01", "", ""),
    )
    assert rows(tables, "spell_left_open") == [("A", 2), ("B", 4)]
    assert found(tables, "spell_left_open")[0].value == "01/03/2020"


def test_short_breaks_are_separate_stays() -> None:
    tables = episodes(("A", "2020-01-01", "2020-05-10", "X1"), ("A", "2020-02-01", "", ""))
    tables["cla_episodes"]["LS"] = ["V4", "C2"]
    assert found(tables, "spells_overlap") == found(tables, "episode_broken") == []


@pytest.mark.parametrize(("start", "overlaps"), [("2020-05-09", 1), ("2020-05-10", 0), ("2020-05-11", 0)])
def test_plans_of_a_child_do_not_overlap(start: str, overlaps: int) -> None:
    tables = plans(("A", "2020-01-01", "2020-05-10"), ("A", start, ""))
    assert rows(tables, "spells_overlap") == [("A", 3)] * overlaps


def test_a_plan_left_open() -> None:
    tables = plans(("A", "2020-01-01", ""), ("A", "2020-06-01", ""), ("B", "2020-06-01", ""))
    assert rows(tables, "spell_left_open") == [("A", 2)]


def test_a_row_repeated_in_full_is_one_too_many() -> None:
    tables = table(
        "contacts",
        ("A", "2020-05-01", "police"),
        ("A", "2020-05-01", "police"),
        ("A", "2020-05-01", "school"),
        ("A", "2020-05-01", "police"),
        columns="LAchildID contact_date source",
    )
    assert rows(tables, "row_repeated") == [("A", 3), ("A", 5)]


def test_two_vacancies_may_be_alike() -> None:
    post = ("Referral", "1", "2020-05-01")
    assert found(table("vacancies", post, post, columns="team FTE start_date"), "row_repeated") == []


@pytest.mark.parametrize("day", ["2019-12-31", "2020-01-01", "2020-01-02"])
def test_a_review_is_of_the_plan_that_started_on_its_day(day: str) -> None:
    review = table("cp_reviews", ("A", day, "2020-03-01"), columns="LAchildID CPPstartDate CPPreviewDate")
    lost = [] if day == "2020-01-01" else [("A", 2)]
    assert rows(plans(("A", "2020-01-01", "")) | review, "review_without_plan") == lost


def test_a_review_of_another_childs_plan_is_of_none() -> None:
    review = table(
        "cp_reviews", ("B", "2020-01-01", "2020-03-01"), columns="LAchildID CPPstartDate CPPreviewDate"
    )
    assert rows(plans(("A", "2020-01-01", "")) | review, "review_without_plan") == [("B", 2)]


@pytest.mark.parametrize(
    ("name", "columns", "other", "others", "rule"),
    [
        ("assessments", "LAchildID", "cin_details", "LAchildID", "child_without_referral"),
        ("section47", "LAchildID", "cin_details", "LAchildID", "child_without_referral"),
        ("cla_episodes", "CHILD", "cla_header", "CHILD", "child_without_header"),
        ("cla_reviews", "CHILD", "cla_episodes", "CHILD", "child_without_episode"),
        ("health", "CHILD", "cla_episodes", "CHILD", "child_without_episode"),
        ("caseholding", "worker_id", "workers", "worker_id", "worker_unknown"),
    ],
)
def test_a_row_of_somebody_unknown(name: str, columns: str, other: str, others: str, rule: str) -> None:
    own = table(name, ("A",), ("B",), ("",), columns=columns)
    assert rows(own | table(other, ("A",), columns=others), rule) == [("B", 3)]
    assert found(own, rule) == []  # an extract without the other table says nothing


def test_a_table_that_does_not_reach_back_is_not_held_against_another() -> None:
    referrals = table("cin_details", ("A",), columns="LAchildID")
    referrals["cin_details"].attrs["limits"] = {"since": 603, "why": "six months", "not_for": {}}
    assessed = table("assessments", ("B",), columns="LAchildID")
    assert found(referrals | assessed, "child_without_referral") == []


YEAR = [f"2019-{month:02}-15" for month in range(10, 13)] + [f"2020-{month:02}-15" for month in range(1, 9)]


@pytest.mark.parametrize(("latest", "short"), [("2020-09-29", 1), ("2020-09-30", 0), ("2020-10-01", 0)])
def test_a_monthly_table_reaches_to_a_month_before_the_months_end(latest: str, short: int) -> None:
    problems = found(contacts(*YEAR, latest), "stops_short")
    assert [(problem.row, problem.value) for problem in problems] == [(0, "29/09/2020")] * short


@pytest.mark.parametrize(("months", "short"), [(9, 0), (10, 1), (11, 1)])
def test_a_table_with_few_events_is_not_monthly(months: int, short: int) -> None:
    assert len(found(contacts(*YEAR[-months:]), "stops_short")) == short


def test_a_mistyped_year_does_not_hide_that_a_table_stops_short() -> None:
    assert len(found(contacts(*YEAR, "2030-10-01"), "stops_short")) == 1


def around(usual: int, own: int) -> dict[str, int]:
    """Return counts of April 2019 to October 2020, all usual but those of January 2020."""
    months = [str(Period.parse("2019-04") + ahead) for ahead in range(19)]
    return dict.fromkeys(months, usual) | {"2020-01": own}


@pytest.mark.parametrize(("own", "thin"), [(3, 1), (4, 0), (5, 0)])
def test_a_month_with_fewer_than_a_third_of_the_usual_rows_is_thin(own: int, thin: int) -> None:
    problems = found(monthly(around(12, own)), "month_thin")
    assert [problem.value for problem in problems] == ["January 2020"] * thin


@pytest.mark.parametrize(("usual", "thin"), [(9, 0), (10, 1), (11, 1)])
def test_an_empty_month_is_no_surprise_where_there_are_few_rows(usual: int, thin: int) -> None:
    problems = found(monthly(around(usual, 0)), "month_thin")
    assert [problem.message for problem in problems] == [
        f"holds 0 rows in a month where {usual} are usual:"
    ] * thin


def test_months_before_the_trend_and_after_the_month_are_not_judged() -> None:
    counts = dict.fromkeys((str(Period.parse("2017-12") + ahead) for ahead in range(35)), 12)
    early = monthly(counts | {"2018-10": 0})
    first = monthly(counts | {"2018-11": 0})
    assert found(early, "month_thin") == []
    assert [problem.value for problem in found(first, "month_thin")] == ["November 2018"]


def test_a_reported_month_without_rows_is_thin() -> None:
    counts = dict.fromkeys((str(Period.parse("2020-01") + ahead) for ahead in range(9)), 12)
    assert [problem.value for problem in found(monthly(counts), "month_thin")] == ["October 2020"]


def test_empty_tables_say_nothing() -> None:
    assert checked(contacts() | episodes() | plans()) == []


def test_a_table_without_its_dates_is_left_to_the_reader_of_columns() -> None:
    """A missing column is blocking already; the rules over whole tables still run."""
    lacking = table("cla_episodes", ("A",), columns="CHILD") | table("cp_plans", ("A",), columns="LAchildID")
    visits = table("visits", ("2020-05-01",), columns="visit_date")
    assert checked(lacking | visits) == []


def test_a_blank_identifier_is_nobodys_and_belongs_to_no_other_blank() -> None:
    tables = episodes(("", "2020-01-01", "", ""), ("", "2020-03-01", "", ""))
    header = table("cla_header", ("A", "2019-05-10"), columns="CHILD DOB")
    assert checked(tables | header) == []


@pytest.mark.parametrize("source", SOURCES)
def test_the_returns_of_others_are_checked_with_nothing_fatal(
    shared_data: Path, tmp_path: Path, source: str
) -> None:
    extract = read_extract(shared_data / source)
    extract.require_sound()
    before = {name: own.copy() for name, own in extract.tables.items()}
    problems = rule_problems(extract.tables, extract.places, OCTOBER, MONTHS, REPORT)
    assert {problem.severity for problem in problems} <= {"warning", "note"}
    assert {problem.rule for problem in [*extract.problems, *problems]} <= set(RULES)
    for name, own in extract.tables.items():  # nothing is repaired
        pd.testing.assert_frame_equal(own, before[name])


def test_the_sample_made_to_be_wrong_is_listed_by_rule(shared_data: Path, tmp_path: Path) -> None:
    """The sample's children are named after the faults they have, one or two episodes each."""
    sample = shared_data / "returns_samples" / "SSDA903_episodes_for_testing_fixes_INPUT.csv"
    shutil.copy(sample, tmp_path / "2020-episodes.csv")
    extract = read_extract(tmp_path)
    problems = rule_problems(extract.tables, extract.places, OCTOBER, MONTHS, REPORT)
    whose: dict[str, list[str]] = {}
    for problem in problems:
        whose.setdefault(problem.rule, []).append(problem.identifier)
    assert {rule: sorted(children) for rule, children in whose.items()} == {
        "date_future": ["NORULE_BAD", "NORULE_NEW", "NORULE_NEW", "NORULE_NEW"],
        "spells_overlap": ["RULE3A_BAD", "RULE3_BAD", "RULE4_BAD", "RULE4_BAD"],
        "spell_left_open": ["RULE1A_BAD", "RULE1_BAD", "RULE4_BAD"],
        "episode_broken": ["RULE5_BAD"],
    }


def test_a_visit_to_a_child_whom_no_other_table_knows() -> None:
    day = "2020-05-04"
    visits = table("visits", ("A", "CP", day), ("B", "CLA", day), ("X", "CP", day),
                   columns="LAchildID visit_type visit_date")  # fmt: skip
    plans = table("cp_plans", ("A", "2020-01-06"), columns="LAchildID CPPstartDate")
    header = table("cla_header", ("B", "2010-01-06"), columns="CHILD DOB")
    contact = table("contacts", ("X", day), columns="LAchildID contact_date")  # knows nobody
    lost = found({**visits, **plans, **header, **contact}, "child_unknown")
    assert [(problem.identifier, problem.row) for problem in lost] == [("X", 4)]
    assert found({**visits, **contact}, "child_unknown") == []  # nothing to hold it against
