"""What a table cannot tell reaches the figures: they say why they are empty, and none is guessed."""

from pathlib import Path

import pandas as pd
import pytest

from csd_helpers.extract.limits import NEVER, carry_limits, limit, limits_of
from csd_helpers.figures import make_figures
from csd_helpers.period import Period
from csd_helpers.suite import Suite, load_suite
from tests.measures.conftest import dated, episodes

APRIL = Period.parse("2020-04").ordinal
WHY = "the census starts in April 2020"


@pytest.fixture(scope="module")
def suite(root: Path) -> Suite:
    return load_suite(root / "parameters" / "suite" / "2020-21.yaml")


def told(
    suite: Suite, key: str, tables: dict[str, pd.DataFrame], periods: list[str], breakdown: str = "all"
) -> dict[str, tuple[str, float, str]]:
    """Return status, numerator (-1 where there is none) and reason of an indicator in some months."""
    last = Period.parse(periods[-1])
    months = last.ordinal - Period.parse(periods[0]).ordinal + 1
    figures = make_figures(tables, suite, last.window(months))
    own = figures[figures["indicator"].eq(key) & figures["breakdown"].eq(breakdown)].set_index("period")
    own["numerator"] = own["numerator"].fillna(-1)
    return {period: tuple(own.loc[period, ["status", "numerator", "reason"]]) for period in periods}


def contacts(*days: str) -> pd.DataFrame:
    dates = pd.to_datetime(list(days), format="%Y-%m-%d").astype("datetime64[s]")
    return pd.DataFrame({"LAchildID": list("ABCDE"[: len(days)]), "contact_date": dates})


def test_a_month_before_the_table_is_whole_is_not_counted(suite: Suite) -> None:
    table = limit(contacts("2020-03-31", "2020-04-01", "2020-05-31"), APRIL, WHY)
    assert told(suite, "contacts", {"contacts": table}, ["2020-02", "2020-03", "2020-04", "2020-05"]) == {
        "2020-02": ("not computable", -1, WHY),
        "2020-03": ("not computable", -1, WHY),
        "2020-04": ("final", 1, ""),
        "2020-05": ("final", 2, ""),
    }


def test_a_month_after_the_table_ends_is_not_counted(suite: Suite) -> None:
    """Children in need on 30 April are no children in need on 31 May, nor none: nobody has said."""
    table = limit(contacts("2020-04-01"), APRIL, WHY, until=APRIL, ended="the census ends in April 2020")
    assert told(suite, "contacts", {"contacts": table}, ["2020-04", "2020-05"]) == {
        "2020-04": ("final", 1, ""),
        "2020-05": ("not computable", -1, "the census ends in April 2020"),
    }


def test_without_a_limit_the_same_months_are_counted(suite: Suite) -> None:
    counted = told(suite, "contacts", {"contacts": contacts("2020-03-31")}, ["2020-02", "2020-03"])
    assert counted == {"2020-02": ("final", 0, ""), "2020-03": ("final", 1, "")}


@pytest.mark.parametrize(
    ("since", "first"), [("2020-03", "2020-04"), ("2020-04", "2020-04"), ("2020-05", "2021-04")]
)
def test_a_count_since_april_needs_a_table_whole_from_an_april(suite: Suite, since: str, first: str) -> None:
    table = limit(contacts("2020-05-01"), Period.parse(since).ordinal, WHY)
    before = str(Period(Period.parse(first).ordinal - 1))
    statuses = told(suite, "contacts", {"contacts": table}, [before, first])
    assert [status for status, _, _ in statuses.values()] == ["not computable", "final"]


def test_a_count_over_twelve_months_begins_with_the_twelfth(suite: Suite) -> None:
    stay = limit(episodes({"DECOM": "2019-01-07"}), APRIL, WHY)
    statuses = told(suite, "three_placements", {"cla_episodes": stay}, ["2021-02", "2021-03"])
    assert statuses == {"2021-02": ("not computable", -1, WHY), "2021-03": ("final", 0, "")}


def test_a_count_at_month_end_begins_with_the_month_itself(suite: Suite) -> None:
    plans = dated(
        [{"LAchildID": "A", "CPPstartDate": "2018-01-01", "CPPendDate": None, "NumberOfPreviousCPP": 0}],
        ["CPPstartDate", "CPPendDate"],
    )
    tables = {"cp_plans": limit(plans, APRIL + 1, WHY)}
    statuses = told(suite, "child_protection_two_years", tables, ["2020-04", "2020-05"])
    assert statuses == {"2020-04": ("not computable", -1, WHY), "2020-05": ("final", 1, "")}


def test_a_breakdown_is_as_empty_as_its_headline(suite: Suite) -> None:
    stay = limit(episodes({"DECOM": "2019-01-07"}), APRIL, WHY)
    population = pd.DataFrame({"year": [2019], "population_0_17": [10_000]})
    tables = {"cla_episodes": stay, "population": population}
    statuses = told(suite, "children_looked_after", tables, ["2020-03", "2020-04"], "placement_type")
    assert statuses == {"2020-03": ("not computable", -1, WHY), "2020-04": ("final", 1, "")}


def test_of_two_tables_the_later_limit_goes(suite: Suite) -> None:
    """Children looked after are known from April, their visits from June."""
    stay = limit(episodes({"DECOM": "2019-01-07"}), APRIL, WHY)
    visits = dated([{"LAchildID": "A", "visit_type": "CLA", "visit_date": "2020-06-20"}], ["visit_date"])
    tables = {"cla_episodes": stay, "visits": limit(visits, APRIL + 2, "visits from June")}
    statuses = told(suite, "looked_after_visits", tables, ["2020-05", "2020-06"])
    assert statuses["2020-05"] == ("not computable", -1, "visits from June")
    assert statuses["2020-06"][0] == "final"


def test_a_table_that_is_not_for_an_indicator_serves_the_others(suite: Suite) -> None:
    stay = limit(episodes({"DECOM": "2019-01-07"}), not_for={"three_placements": "the present stay only"})
    population = pd.DataFrame({"year": [2020], "population_0_17": [10_000]})
    tables = {"cla_episodes": stay, "population": population}
    assert told(suite, "three_placements", tables, ["2020-10"]) == {
        "2020-10": ("not computable", -1, "the present stay only")
    }
    assert told(suite, "children_looked_after", tables, ["2020-10"]) == {"2020-10": ("final", 1, "")}


def test_what_people_returned_fills_the_months_a_table_cannot(suite: Suite) -> None:
    row = {
        "indicator": "contacts", "period": "2020-03", "numerator": 70.0, "denominator": float("nan"),
        "value": float("nan"),        "as_at": "2020-03-31", "status": "final", "source": "dashboard",
    }  # fmt: skip
    tables = {"contacts": limit(contacts("2020-04-01"), APRIL, WHY), "returns": dated([row], ["as_at"])}
    assert told(suite, "contacts", tables, ["2020-03", "2020-04"]) == {
        "2020-03": ("final", 70, ""),
        "2020-04": ("final", 1, ""),
    }


def test_pieces_of_a_table_reach_back_to_the_earliest() -> None:
    early = limit(contacts(), 600, "from the first", {"contacts": "never"})
    late = limit(contacts(), 612, "from the second")
    found = limits_of(carry_limits(contacts(), [late, early]))
    assert found == {
        "since": 600, "why": "from the first", "not_for": {"contacts": "never"}, "until": NEVER, "ended": ""
    }  # fmt: skip
    assert carry_limits(early, [contacts()]).attrs == {}
    assert limits_of(early)["since"] == 600  # the table itself is left as it was


def test_limits_survive_parquet(tmp_path: Path) -> None:
    limit(contacts("2020-05-01"), APRIL, WHY).to_parquet(tmp_path / "contacts.parquet")
    assert limits_of(pd.read_parquet(tmp_path / "contacts.parquet"))["since"] == APRIL
