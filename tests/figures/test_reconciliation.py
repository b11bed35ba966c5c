"""Records and returns of one indicator, side by side."""

from pathlib import Path

import pandas as pd
import pytest

from csd_helpers.period import Period
from csd_helpers.prepared import Prepared
from csd_helpers.reconciliation import reconcile, reconciliation_text
from csd_helpers.suite import Suite, load_suite
from tests.measures.conftest import episodes

OCTOBER = Period.parse("2020-10")
POPULATION = pd.DataFrame({"year": [2020], "population_0_17": [10_000]})
SHARE = {"cla_episodes": episodes({"DECOM": "2018-01-01"}, {"CHILD": "B", "DECOM": "2020-10-05"})}


@pytest.fixture(scope="module")
def suite(root: Path) -> Suite:
    return load_suite(root / "parameters" / "suite" / "2020-21.yaml")


def returned(*rows: tuple[str, str, float | None, float | None, float | None]) -> pd.DataFrame:
    columns = ["indicator", "period", "numerator", "denominator", "value"]
    table = pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(columns[2:], float))
    return table.assign(as_at=pd.Timestamp("2020-10-31"), status="final", source="dashboard")


def looked_after(*rows: tuple[str, float | None, float | None, float | None]) -> dict[str, pd.DataFrame]:
    typed = returned(*[("children_looked_after", *row) for row in rows])
    return SHARE | {"population": POPULATION, "returns": typed}


def test_both_sources_stand_side_by_side_with_their_difference(suite: Suite) -> None:
    table = reconcile(looked_after(("2020-10", 5, 10_000, None)), suite, [OCTOBER - 1, OCTOBER])
    assert table.to_dict("records") == [
        {
            "indicator": "children_looked_after",
            "period": "2020-10",
            "records_numerator": 2.0,
            "records_denominator": 10_000.0,
            "records_value": 2.0,
            "returns_numerator": 5.0,
            "returns_denominator": 10_000.0,
            "returns_value": 5.0,
            "difference": -3.0,
            "differs": True,
            "published_from": "records",
        }
    ]


def test_the_same_twice_does_not_differ(suite: Suite) -> None:
    rows = ("2020-09", 1, 10_000, None), ("2020-10", 2, 10_000, None)
    table = reconcile(looked_after(*rows), suite, [OCTOBER - 1, OCTOBER])
    assert table["period"].tolist() == ["2020-09", "2020-10"]
    assert table["difference"].tolist() == [0, 0]
    assert not table["differs"].any()
    expected = "1 indicator comes from both records and returns; no month differs."
    assert reconciliation_text(table) == expected


def test_another_population_differs_even_if_the_count_is_the_same(suite: Suite) -> None:
    assert reconcile(looked_after(("2020-10", 2, 10_001, None)), suite, [OCTOBER])["differs"].tolist() == [
        True
    ]


@pytest.mark.parametrize(
    ("typed", "differs"), [(33.3, False), (33.33, False), (33.34, True), (33.2, True), (33.4, True)]
)
def test_an_outturn_without_parts_agrees_at_the_digits_it_was_typed_with(
    suite: Suite, typed: float, differs: bool
) -> None:
    moves = [{"DECOM": f"2020-0{month}-01", "PLACE": "U4", "HOME_POST": "A1"} for month in (1, 3, 5)]
    ends = ["2020-02-28", "2020-04-30", None]
    spells = [move | {"DEC": end, "RNE": "P"} for move, end in zip(moves, ends, strict=True)]
    others = [{"CHILD": child, "DECOM": "2020-01-01"} for child in "BC"]
    tables = {
        "cla_episodes": episodes(*spells, *others),  # one child of three has had three placements
        "returns": returned(("three_placements", "2020-10", None, None, typed)),
    }
    table = reconcile(tables, suite, [OCTOBER])
    assert table[["records_numerator", "records_denominator"]].to_numpy().tolist() == [[1, 3]]
    assert table["differs"].tolist() == [differs]


def test_no_cases_on_both_sides_agree_and_on_one_side_differ(suite: Suite) -> None:
    none = {"cla_episodes": episodes({"DECOM": "2018-01-01", "DEC": "2019-01-01", "REC": "E11"})}
    for parts, differs in (((0, 0), False), ((1, 3), True)):
        typed = returned(("three_placements", "2020-10", *parts, None))
        table = reconcile({**none, "returns": typed}, suite, [OCTOBER])
        assert table["differs"].tolist() == [differs]
        assert table["difference"].isna().all()


def test_the_register_says_which_is_published(suite: Suite) -> None:
    entry = suite.indicators["children_looked_after"].model_copy(update={"published_from": "returns"})
    other = Suite.model_validate(suite.model_dump() | {"indicators": {"children_looked_after": entry}})
    table = reconcile(looked_after(("2020-10", 5, 10_000, None)), other, [OCTOBER])
    assert table[["records_numerator", "returns_numerator", "published_from"]].to_numpy().tolist() == [
        [2, 5, "returns"]
    ]


def test_where_only_one_source_tells_there_is_nothing_to_reconcile(suite: Suite) -> None:
    typed = returned(("contacts", "2020-10", 5, None, None))  # no records of contacts
    table = reconcile({**SHARE, "population": POPULATION, "returns": typed}, suite, [OCTOBER])
    assert table.empty
    assert reconciliation_text(table) == "No indicator comes from both records and returns."


def test_the_paragraph_names_the_months_that_differ(suite: Suite) -> None:
    rows = ("2020-09", 1, 10_000, None), ("2020-10", 5, 10_000, None)
    text = reconciliation_text(reconcile(looked_after(*rows), suite, [OCTOBER - 1, OCTOBER]))
    assert text.splitlines() == [
        "1 indicator comes from both records and returns; 1 month differs:",
        "  children_looked_after 2020-10: records 2.0000 (2 of 10,000); returns 5.0000 (5 of 10,000);"
        " published from records",
    ]


def test_a_run_writes_the_reconciliation_into_the_working_folder(prepared: Prepared) -> None:
    path = prepared.releases[1].parents[1] / "reconciliation.csv"
    head, *rows = path.read_text(encoding="utf-8").splitlines()
    assert head == (
        "indicator,period,records_numerator,records_denominator,records_value,returns_numerator,"
        "returns_denominator,returns_value,difference,differs,published_from"
    )
    differ = [row.split(",") for row in rows if ",True," in row]
    assert len(rows) == 12  # the demonstration's returns count children looked after, too, for a year
    assert [(row[0], row[1], row[2], row[5]) for row in differ] == [
        ("children_looked_after", "2020-02", "341.0", "344.0"),
        ("children_looked_after", "2020-07", "350.0", "346.0"),
    ]
