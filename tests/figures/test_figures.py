from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest

from csd_helpers.figures import exact_value, make_figures
from csd_helpers.period import Period
from csd_helpers.suite import Suite, load_suite
from tests.measures.conftest import dated, episodes

OCTOBER = Period.parse("2020-10")
POPULATION = pd.DataFrame({"year": [2018, 2019, 2020], "population_0_17": [73_451, 73_165, 73_175]})


@pytest.fixture(scope="module")
def suite(root: Path) -> Suite:
    return load_suite(root / "parameters" / "suite" / "2020-21.yaml")


def returned(*rows: dict[str, object]) -> pd.DataFrame:
    empty = {"numerator": None, "denominator": None, "value": None, "status": "final", "source": "x"}
    table = dated([empty | {"period": "2020-10", "as_at": "2020-10-31"} | row for row in rows], ["as_at"])
    return table.astype({"numerator": float, "denominator": float, "value": float})


def figure(tables: dict[str, pd.DataFrame], suite: Suite, key: str, period: Period = OCTOBER) -> pd.Series:
    table = make_figures(tables, suite, [period])
    return table[table["indicator"].eq(key) & table["breakdown"].eq("all")].iloc[0]


@pytest.mark.parametrize(
    ("period", "population"),
    [("2020-10", 73_175), ("2020-03", 73_165), ("2019-03", 73_451), ("2025-01", 73_175)],
)
def test_a_rate_is_over_the_population_of_the_year_it_starts_in(
    suite: Suite, period: str, population: int
) -> None:
    tables = {"cla_episodes": episodes({"DECOM": "2018-01-01"}), "population": POPULATION}
    own = figure(tables, suite, "children_looked_after", Period.parse(period))
    assert (own["numerator"], own["denominator"]) == (1, population)
    assert exact_value(own) == Fraction(10_000, population)


def test_without_a_population_a_rate_says_why_it_cannot_be_computed(suite: Suite) -> None:
    own = figure({"cla_episodes": episodes({"DECOM": "2018-01-01"})}, suite, "children_looked_after")
    assert own["status"] == "not computable"
    assert "population" in own["reason"]


def test_a_rate_of_the_year_to_date_is_annualised(suite: Suite) -> None:
    tables = {"returns": returned({"indicator": "referrals", "numerator": 1_858, "denominator": 73_175})}
    own = figure(tables, suite, "referrals")
    assert exact_value(own) == Fraction(1_858 * 10_000 * 12, 73_175 * 7)


def test_no_cases_is_not_zero_percent(suite: Suite) -> None:
    own = figure(
        {"returns": returned({"indicator": "suspensions", "numerator": 0, "denominator": 0})},
        suite,
        "suspensions",
    )
    assert own["status"] == "no cases"
    assert pd.isna(own["value"])


def test_a_month_nobody_returned_is_no_data(suite: Suite) -> None:
    tables = {"returns": returned({"indicator": "contacts", "numerator": 5, "period": "2020-09"})}
    assert figure(tables, suite, "contacts")["status"] == "no data"


def test_an_outturn_without_parts_is_taken_as_given(suite: Suite) -> None:
    tables = {"returns": returned({"indicator": "persistent_absence", "value": 8.8})}
    assert exact_value(figure(tables, suite, "persistent_absence")) == Fraction(44, 5)


def test_any_indicator_may_come_from_returns_where_records_are_missing(suite: Suite) -> None:
    row = {"indicator": "looked_after_reviews", "numerator": 303, "denominator": 332}
    own = figure({"returns": returned(row)}, suite, "looked_after_reviews")
    assert (own["numerator"], own["denominator"], own["source"]) == (303, 332, "returns")


def test_the_register_says_which_of_two_sources_is_published(suite: Suite) -> None:
    tables = {
        "cla_episodes": episodes({"DECOM": "2018-01-01"}),
        "population": POPULATION,
        "returns": returned({"indicator": "children_looked_after", "numerator": 300, "denominator": 73_175}),
    }
    assert figure(tables, suite, "children_looked_after")["source"] == "records"


def test_a_lag_shifts_the_data_and_says_so(suite: Suite) -> None:
    person = {
        "CHILD": "A",
        "DOB": "2001-10-15",
        "birthday_date": "2020-10-15",
        "IN_TOUCH": "YES",
        "ACTIV": "F2",
        "ACCOM": "U1",
    }
    tables = {"care_leavers": dated([person], ["DOB", "birthday_date"])}
    october = figure(tables, suite, "care_leavers_ete")
    assert (october["as_at"], october["status"]) == ("2020-09-30", "no cases")
    november = figure(tables, suite, "care_leavers_ete", OCTOBER + 1)
    assert (november["as_at"], november["numerator"]) == ("2020-10-31", 1)


def test_all_months_at_once_are_the_months_one_by_one(suite: Suite) -> None:
    table = episodes(
        {"DECOM": "2018-01-01", "DEC": "2020-06-30", "REC": "E11"},
        {"CHILD": "B", "DECOM": "2019-05-31"},
        {"CHILD": "C", "DECOM": "2020-09-01", "LS": "V3"},
    )
    tables = {"cla_episodes": table, "population": POPULATION}
    together = make_figures(tables, suite, OCTOBER.window(24))
    for period in OCTOBER.window(24):
        alone = make_figures(tables, suite, [period])
        own = together[together["period"].eq(str(period)) & together["breakdown"].eq("all")]
        expected = alone[alone["breakdown"].eq("all")]
        assert own["value"].fillna(-1).tolist() == expected["value"].fillna(-1).tolist()


def test_breakdowns_add_up_to_the_cases_they_divide(suite: Suite) -> None:
    table = episodes(
        {"DECOM": "2018-01-01"}, {"CHILD": "B", "DECOM": "2019-05-31", "PLACE": "K2", "LS": "V2"}
    )
    made = make_figures({"cla_episodes": table, "population": POPULATION}, suite, [OCTOBER])
    cells = made[
        made["indicator"].eq("children_looked_after")
        & made["breakdown"].isin(["placement_type", "legal_status"])
    ]
    assert cells.groupby("breakdown")["value"].sum().to_dict() == {"placement_type": 2, "legal_status": 2}


def test_a_breakdown_may_divide_the_cases_of_a_companion(suite: Suite) -> None:
    """Plans with an exception are not among the indicator's own: by exception all plans are divided."""
    rows = [
        {"child_id": name, "request_date": "2020-01-01", "issue_date": day, "exception": exception}
        for name, day, exception in (
            ("A", "2020-05-01", "0"),
            ("B", "2020-09-01", "1"),
            ("C", "2020-06-30", "1"),
        )
    ]
    made = make_figures({"ehcp": dated(rows, ["request_date", "issue_date"])}, suite, [OCTOBER])
    own = made[made["indicator"].eq("ehc_plans_20_weeks")].set_index(["breakdown", "category"])
    assert own["numerator"]["exception"].to_dict() == {"An exception applies": 2, "No exception": 1}
    assert set(own["unit"]["exception"]) == {"count"} and set(own["basis"]["exception"]) == {"ytd"}
    assert own["denominator"]["all", "all"] == 1
    assert own["denominator"]["ehc_plans_20_weeks_all", "all"] == 3
