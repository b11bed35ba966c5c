"""Tables for counting many measures at once tell what the tables as they were read tell."""

import pandas as pd
import pytest

from csd_helpers.figures import make_figures
from csd_helpers.measures.shared import made_once, share
from csd_helpers.measures.spells import care_episodes
from csd_helpers.period import Period
from csd_helpers.suite import load_suite
from tests.conftest import ROOT
from tests.measures.dice import Dice, as_tables
from tests.measures.random_records import everything

OCTOBER = Period.parse("2020-10")


def test_a_child_and_a_worker_have_one_number_in_all_tables_in_the_order_of_their_names() -> None:
    tables = {
        "cla_episodes": pd.DataFrame({"CHILD": ["B", "A"], "PLACE": ["U1", "U4"]}, index=[7, 8]),
        "visits": pd.DataFrame({"LAchildID": ["C", "B"]}),
        "population": pd.DataFrame({"year": [2019]}),
    }
    shared = share(tables)
    assert shared["cla_episodes"].to_dict("list") == {"CHILD": [1, 0], "PLACE": ["U1", "U4"]}
    assert shared["visits"]["LAchildID"].tolist() == [2, 1]
    assert shared["population"] is tables["population"]
    assert tables["visits"]["LAchildID"].tolist() == ["C", "B"]  # what lists of records are made of


def test_a_blank_identifier_stays_missing() -> None:
    numbers = share({"visits": pd.DataFrame({"LAchildID": ["A", None]})})["visits"]["LAchildID"]
    assert numbers.isna().tolist() == [False, True]


def test_figures_do_not_depend_on_the_numbering(monkeypatch: pytest.MonkeyPatch) -> None:
    tables = as_tables(everything(Dice(3)))
    for name, column in {"cla_episodes": "CHILD", "visits": "LAchildID", "caseholding": "worker_id"}.items():
        tables[name].loc[tables[name].index % 9 == 0, column] = None
    suite = load_suite(ROOT / "parameters" / "suite" / "2020-21.yaml")
    numbered = make_figures(tables, suite, OCTOBER.window(24))
    monkeypatch.setattr("csd_helpers.figures.share", lambda tables: tables)
    as_read = make_figures(tables, suite, OCTOBER.window(24))
    pd.testing.assert_frame_equal(numbered, as_read)
    assert as_read["numerator"].gt(0).sum() > 500


def test_what_was_made_once_is_not_changed_by_who_takes_it() -> None:
    shared = share(as_tables(everything(Dice(3))))
    first = care_episodes(shared)
    first["CHILD"] = 0
    assert care_episodes(shared)["CHILD"].max() > 1


def test_it_is_made_once() -> None:
    made = []

    @made_once
    def visits(tables: object) -> pd.DataFrame:
        made.append(tables)
        return pd.DataFrame()

    shared = share({})
    visits(shared)
    visits(shared)
    assert made == [shared]
