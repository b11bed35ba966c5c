"""What is true of every measure, whatever it measures."""

from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from csd_helpers.measures import MEASURES, Window, count
from csd_helpers.measures.shared import Shared, share
from csd_helpers.suite import load_suite
from tests.measures.dice import DATES, FIRST, Dice, as_tables
from tests.measures.plain_dates import Record, Records
from tests.measures.random_records import everything

ROOT = Path(__file__).resolve().parents[2]
YEARS = Window(FIRST, FIRST + 23)
SEEDS = range(2)
AMOUNTS = ["numerator", "denominator", "excluded"]
LONG = timedelta(days=20 * 365)
SUITE = load_suite(ROOT / "parameters" / "suite" / "2020-21.yaml").by_number
#: Every breakdown with the measure whose cases it splits: the indicator's own or a companion's.
DIVIDED = [
    (breakdown.of or key, name)
    for key in MEASURES
    if key in SUITE
    for name, breakdown in SUITE[key].breakdowns.items()
]

every_measure = pytest.mark.parametrize("key", MEASURES)
each_seed = pytest.mark.parametrize("seed", SEEDS)


@cache
def drawn(seed: int) -> Records:
    return everything(Dice(seed))


@cache
def tables_of(seed: int) -> Shared:
    return share(as_tables(drawn(seed)))


def counted(key: str, tables: dict[str, pd.DataFrame], window: Window = YEARS) -> pd.DataFrame:
    """Return the totals of every month, and those of every category of every breakdown."""
    cases = MEASURES[key].cases(tables, window)
    names = [None, *(name for of, name in DIVIDED if of == key and name in cases)]
    pieces = [count(cases, window, name).assign(by=name or "all") for name in names]
    figures = pd.concat(pieces, ignore_index=True)
    return figures[figures["month"].ge(cases.attrs.get("since", 0))].reset_index(drop=True)


@each_seed
@every_measure
def test_two_years_at_once_are_their_months_one_by_one(key: str, seed: int) -> None:
    tables = tables_of(seed)
    totals = counted(key, tables).query("by == 'all'")
    assert totals["denominator"].sum() > 0
    for month, *expected in totals[["month", *AMOUNTS]].itertuples(index=False):
        window = Window(month, month)
        alone = count(MEASURES[key].cases(tables, window), window)
        assert alone[AMOUNTS].to_numpy().tolist() == [expected], month


@each_seed
@every_measure
def test_the_order_of_the_records_never_matters(key: str, seed: int) -> None:
    tables = tables_of(seed)
    needed = {name: table for name, table in tables.items() if name in DATES}
    mixed = {name: table.sample(frac=1, random_state=seed) for name, table in needed.items()}
    pd.testing.assert_frame_equal(counted(key, mixed), counted(key, tables))


def outsider(row: Record, name: str) -> Record:
    """Return a record as of somebody else's, twenty years before, and over."""
    ends = {
        "DEC",
        "DUC",
        "CINclosureDate",
        "CPPendDate",
        "AssessmentAuthorisationDate",
        "issue_date",
        "end_date",
    }
    moved: Record = {}
    for column, value in row.items():
        if column in ("CHILD", "LAchildID", "child_id", "worker_id"):
            moved[column] = f"other {value}"
        elif column in DATES[name]:
            closed = date(2021, 3, 1) if column in ends else None
            day = value or closed
            moved[column] = day and day - LONG
        else:
            moved[column] = None if column.startswith("current_") else value
    return moved


@cache
def with_outsiders(seed: int) -> Shared:
    """Return a seed's tables with the records of others before them."""
    # Reviews stay as they are: the first one on record tells from when on reviews are known.
    others = {name: [outsider(row, name) for row in rows] for name, rows in drawn(seed + 1).items()}
    more = {name: others[name] + rows for name, rows in drawn(seed).items()}
    more["cla_reviews"] = drawn(seed)["cla_reviews"]
    return share(as_tables(more))


@each_seed
@every_measure
def test_records_of_others_long_ago_change_nothing(key: str, seed: int) -> None:
    expected, found = (
        count(MEASURES[key].cases(tables, YEARS), YEARS) for tables in (tables_of(seed), with_outsiders(seed))
    )
    pd.testing.assert_frame_equal(found, expected)


@each_seed
@pytest.mark.parametrize(("key", "name"), DIVIDED)
def test_the_categories_of_a_breakdown_add_to_the_total(key: str, name: str, seed: int) -> None:
    figures = counted(key, tables_of(seed))
    total = figures[figures["by"].eq("all")].set_index("month")[AMOUNTS]
    parts = figures[figures["by"].eq(name)]
    assert total["denominator"].sum() > 0
    pd.testing.assert_frame_equal(parts.groupby("month")[AMOUNTS].sum().round(6), total)
