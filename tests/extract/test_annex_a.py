"""Annex A's six months in the figures, and its codes as people leave them."""

from datetime import datetime
from pathlib import Path

import pandas as pd
import pytest

from csd_helpers.extract import read_extract
from csd_helpers.extract.annex_a_lists import LATEST, OPEN, SIX_MONTHS, STAY, TODAY
from csd_helpers.figures import make_figures
from csd_helpers.period import Period
from csd_helpers.suite import load_suite
from tests.extract.test_workbook import AMY, LIST_8, WHO, book
from tests.extract.test_workbook import STAY as AMYS_STAY

CONTACT = [*WHO, "Date of Contact", "Contact Source"]
REFERRAL = [*WHO, "Date of referral", "Referral Source", "Referral resulted in No Further Action"]
PLAN = [
    *WHO, "Child Protection Plan Start Date", "Initial Category of Abuse", "Latest Category of Abuse",
    "Date of the last Statutory Visit", "Number of Previous Child Protection Plans",
    "Child Protection Plan End Date",
]  # fmt: skip
LEAVER = [
    *WHO, "Is the local authority in touch with the young person?", "Type of accommodation",
    "Suitability of accommodation", "Activity status",
]  # fmt: skip
BEN = [2, "a) Male", "c) WOTH", datetime(2015, 2, 28), 5.5]
CAT = [3, "b) Female", "a) WBRI", datetime(2001, 7, 15), 19.2]
WINDOW = Period.parse("2020-09").window(12)
BEGIN = SIX_MONTHS.format(month="April 2020")


@pytest.fixture
def extract(tmp_path: Path) -> Path:
    """Return a folder with an Annex A of 30 September 2020 beside a population table."""
    sheets = {
        "List 1": [CONTACT, [*AMY, datetime(2020, 4, 1), "a) 6: Police"], [*BEN, datetime(2020, 9, 30), ""]],
        "List 3": [REFERRAL, [*AMY, datetime(2020, 4, 2), "6: Police", "b) No"]],
        "List 7": [
            PLAN,
            [*AMY, datetime(2018, 4, 1), "Neglect", "Neglect", datetime(2020, 9, 20), 0, None],
            [*BEN, datetime(2020, 6, 1), "Physical abuse", "Neglect", datetime(2020, 9, 1), 1, None],
        ],
        "List 8": [LIST_8, AMYS_STAY],
        "List 9": [LEAVER, [*CAT, "Yes", "K: Ordinary lodgings", "a) Suitable", "F2"]],
    }
    book(tmp_path / "annex-a.xlsx", **sheets)
    (tmp_path / "population.csv").write_text("year,population_0_17\n2019,10000\n2020,20000\n")
    return tmp_path


@pytest.fixture
def figures(extract: Path, root: Path) -> pd.DataFrame:
    read = read_extract(extract)
    read.require_sound()
    suite = load_suite(root / "parameters" / "suite" / "2020-21.yaml")
    made = make_figures(read.tables, suite, WINDOW)
    return made[made["breakdown"].eq("all")].set_index(["indicator", "period"])


@pytest.mark.parametrize(
    ("key", "first", "reason"),
    [
        ("contacts", "2020-04", BEGIN),
        ("referrals", "2020-04", BEGIN),
        ("second_child_protection_plan", "2020-04", BEGIN),
        ("child_protection_two_years", "2020-04", BEGIN),
        ("child_protection_visits", "2020-09", LATEST.format(month="September 2020")),
        ("looked_after_visits", "2020-09", LATEST.format(month="September 2020")),
        ("children_looked_after", "2020-09", LATEST.format(month="September 2020")),
        ("health_assessments", "2020-09", LATEST.format(month="September 2020")),
    ],
)
def test_months_before_it_reaches_are_not_computable_with_the_reason(
    figures: pd.DataFrame, key: str, first: str, reason: str
) -> None:
    own = figures.loc[key]
    early, late = own[own.index < first], own[own.index >= first]
    assert len(early) + len(late) == 12 and len(early) >= 6
    assert set(early["status"]) == {"not computable"} and set(early["reason"]) == {reason}
    assert early[["numerator", "denominator", "value"]].isna().all(axis=None)
    assert not set(late["status"]) & {"not computable", "no data"}


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        ("children_in_need", OPEN),
        ("three_placements", STAY),
        ("long_term_stability", STAY),
        ("care_leavers_ete", TODAY),
        ("care_leavers_in_touch", TODAY),
    ],
)
def test_what_it_cannot_tell_at_all_is_not_computable_in_any_month(
    figures: pd.DataFrame, key: str, reason: str
) -> None:
    assert set(figures.loc[key, "status"]) == {"not computable"}
    assert set(figures.loc[key, "reason"]) == {reason}


@pytest.mark.parametrize(
    ("key", "period", "numerator", "denominator"),
    [
        ("contacts", "2020-04", 1, None),
        ("contacts", "2020-09", 2, None),
        ("referrals", "2020-09", 1, 20_000),  # from April 2020 the estimate of mid-2020
        ("second_child_protection_plan", "2020-06", 1, 1),
        ("child_protection_two_years", "2020-09", 1, 2),
        ("child_protection_visits", "2020-09", 1, 2),  # 1 September is more than ten working days ago
        ("children_looked_after", "2020-09", 1, 20_000),
        ("looked_after_visits", "2020-09", 1, 1),
    ],
)
def test_what_it_can_tell_is_counted(
    figures: pd.DataFrame, key: str, period: str, numerator: int, denominator: int | None
) -> None:
    row = figures.loc[(key, period)]
    assert row["numerator"] == numerator
    assert pd.isna(row["denominator"]) if denominator is None else row["denominator"] == denominator


def test_codes_nobody_knows_are_warnings_with_their_row(extract: Path) -> None:
    stay: list[object] = list(AMYS_STAY)
    stay[LIST_8.index("Placement Type")] = "zz) Somewhere else"
    stay[LIST_8.index("Child's Legal Status")] = "Q9: unheard of"
    book(extract / "annex-a.xlsx", **{"List 1": [CONTACT, [*AMY, datetime(2020, 9, 30), ""]],
                                      "List 8": [LIST_8, stay]})  # fmt: skip
    read = read_extract(extract)
    read.require_sound()
    warnings = [problem for problem in read.problems if problem.severity == "warning"]
    assert {(each.table, each.row, each.field, each.value) for each in warnings} == {
        ("cla_episodes", 2, "PLACE", "ZZ) SOMEWHERE ELSE"),
        ("cla_episodes", 2, "LS", "Q9"),
    }
    assert len(read.tables["cla_episodes"]) == 1  # the row counts as it is


def test_the_template_as_ofsted_sends_it_makes_figures(shared_data: Path, root: Path) -> None:
    """Its latest visit is of March 2021: six months back is October, and a year's count starts in April."""
    extract = read_extract(shared_data / "returns_samples" / "Annex_A.xlsx")
    suite = load_suite(root / "parameters" / "suite" / "2020-21.yaml")
    made = make_figures(extract.tables, suite, Period.parse("2021-03").window(7))
    own = made[made["breakdown"].eq("all")].set_index(["indicator", "period"])["status"]
    assert own["contacts"].unique().tolist() == ["not computable"]
    assert own["child_protection_two_years"].tolist() == ["not computable"] + ["final"] * 6
    assert own["looked_after_visits"].tolist() == ["not computable"] * 6 + ["final"]
