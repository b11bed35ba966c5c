from collections.abc import Callable

import pandas as pd
import pytest

from csd_helpers.measures import MEASURES, NotComputable, Window
from csd_helpers.measures.cases import exclusions
from csd_helpers.period import Period
from tests.measures.conftest import Tables, dated

Counted = Callable[[str, Tables, str], tuple[float, float]]
PERSON = {"CHILD": "A", "DOB": "2001-06-15", "birthday_date": "2020-06-15", "IN_TOUCH": "YES", "ACTIV": "F2",
          "ACCOM": "U1"}  # fmt: skip


def people(*rows: dict[str, object]) -> Tables:
    table = [PERSON | {"CHILD": str(at)} | row for at, row in enumerate(rows)]
    return {"care_leavers": dated(table, ["DOB", "birthday_date"])}


@pytest.mark.parametrize(
    ("birthday", "month", "counts"),
    [
        ("2020-04-01", "2020-04", 1),
        ("2020-03-31", "2020-04", 0),  # last year's
        ("2020-10-31", "2020-10", 1),  # on the last day
        ("2020-11-01", "2020-10", 0),
    ],
)
def test_birthdays_of_the_year_to_date(counted: Counted, birthday: str, month: str, counts: int) -> None:
    born = f"{int(birthday[:4]) - 19}{birthday[4:]}"
    assert counted("care_leavers_ete", people({"birthday_date": birthday, "DOB": born}), month)[1] == counts


@pytest.mark.parametrize(
    ("activity", "occupied"), [("F1", 1), ("P5", 1), ("G4", 0), ("G5", 0), ("0", 0), (None, 0)]
)
def test_in_education_training_or_employment(counted: Counted, activity: str | None, occupied: int) -> None:
    assert counted("care_leavers_ete", people({"ACTIV": activity}), "2020-10") == (occupied, 1)


@pytest.mark.parametrize(
    ("touch", "counts"), [("YES", 1), ("NO", 1), ("REFU", 1), ("NREQ", 1), ("DIED", 0), ("RHOM", 0)]
)
def test_those_not_in_touch_stay_in(counted: Counted, touch: str, counts: int) -> None:
    tables = people({"IN_TOUCH": touch})
    assert counted("care_leavers_ete", tables, "2020-10")[1] == counts
    assert counted("care_leavers_in_touch", tables, "2020-10") == (int(touch == "YES"), counts)


@pytest.mark.parametrize(
    ("home", "expected"),
    [
        ("U1", (1, 1)),
        ("W2", (0, 1)),
        ("0", (0, 1)),
        ("G1", (0, 0)),
        ("H1", (0, 0)),
        ("R2", (0, 0)),
        (None, (0, 1)),
    ],
)
def test_suitable_accommodation(counted: Counted, home: str | None, expected: tuple[int, int]) -> None:
    assert counted("care_leavers_accommodation", people({"ACCOM": home}), "2020-10") == expected


def test_a_leap_day_birthday_falls_on_1_march(counted: Counted) -> None:
    tables = people({"DOB": "2000-02-29", "birthday_date": "2021-03-01"})
    assert counted("care_leavers_ete", tables, "2021-03")[1] == 1


def test_everyone_left_out_is_listed_with_the_reason() -> None:
    tables = people({"IN_TOUCH": "DIED"}, {"birthday_date": "2020-06-15", "DOB": "1998-06-15"}, {})
    month = Period.parse("2020-10").ordinal
    cases = MEASURES["care_leavers_ete"].cases(tables, Window(month, month))
    assert exclusions(cases, month).to_dict() == {"died": 1, "not a 19th, 20th or 21st birthday": 1}


def test_the_open_caseload_is_another_base(counted: Counted) -> None:
    tables = people(
        {"current_ACTIV": "G5"}, {"current_ACTIV": "F1"}, {"current_ACTIV": None}, {"current_ACTIV": "0"}
    )
    assert counted("care_leavers_caseload_nete", tables, "2020-10") == (1, 3)


def test_without_todays_state_the_caseload_cannot_be_told() -> None:
    with pytest.raises(NotComputable, match="current_ACTIV"):
        MEASURES["care_leavers_caseload_nete"].cases(people({}), Window(609, 609))


def test_without_its_table_a_measure_says_so() -> None:
    with pytest.raises(NotComputable, match="no table care_leavers"):
        MEASURES["care_leavers_ete"].cases({"other": pd.DataFrame()}, Window(609, 609))
