"""A table cut off between two rows is valid: what the last run read of it tells that rows are missing."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from csd_helpers.cli import cli
from csd_helpers.extract import Extract, Problem
from csd_helpers.prepared import Prepared
from csd_helpers.row_counts import ROW_COUNTS, fewer_rows, write_row_counts
from tests.conftest import OCTOBER


def extract_of(**rows: int) -> Extract:
    """Return an extract of tables with so many rows."""
    tables = {name: pd.DataFrame({"child": range(number)}) for name, number in rows.items()}
    return Extract(tables, sources={name: [Path(f"{name}.csv")] for name in rows})


def ran(root: Path, month: str, **rows: int) -> None:
    """Leave what a run of a month leaves."""
    working = root / "outputs" / month / "working"
    working.mkdir(parents=True)
    write_row_counts(extract_of(**rows), working)


def found(root: Path, **rows: int) -> list[str]:
    return [str(problem) for problem in fewer_rows(extract_of(**rows), OCTOBER, root)]


def test_a_table_that_lost_rows_since_the_last_run_is_a_warning(tmp_path: Path) -> None:
    ran(tmp_path, "2020-09", cp_plans=2410, visits=500)
    [problem] = fewer_rows(extract_of(cp_plans=1204, visits=500), OCTOBER, tmp_path)
    assert (problem.severity, problem.table, problem.rule) == ("warning", "cp_plans", "rows_fewer")
    assert str(problem) == (
        "cp_plans.csv: has 1,204 rows; the last run's extract (September 2020) had 2,410: was it cut off?"
    )


@pytest.mark.parametrize(
    ("then", "now", "warned"),
    [
        (100, 89, True),
        (100, 90, False),  # a tenth may go in a month
        (100, 240, False),
        (50, 0, True),
        (49, 0, False),  # a handful
    ],
)
def test_more_than_a_tenth_of_a_table_is_missed(tmp_path: Path, then: int, now: int, warned: bool) -> None:
    ran(tmp_path, "2020-10", workers=then)
    assert bool(found(tmp_path, workers=now)) == warned


@pytest.mark.parametrize(
    ("runs", "said"),
    [
        ({}, ""),
        ({"2020-08": 900, "2020-09": 800}, "(September 2020) had 800"),  # the nearest month
        ({"2020-09": 800, "2020-10": 810}, "(October 2020) had 810"),
        ({"2020-09": 800, "2020-10": 400}, "(September 2020) had 800"),  # run with what was cut off
        ({"2020-08": 900, "2020-09": 400}, ""),  # less on purpose, a month ago
        ({"2020-11": 900, "2021-09": 900}, ""),  # later extracts have grown
    ],
    ids=["none", "nearest", "own", "cut_off", "accepted", "later"],
)
def test_the_last_run_is_the_months_own_or_that_of_the_month_before(
    tmp_path: Path, runs: dict[str, int], said: str
) -> None:
    for month, rows in runs.items():
        ran(tmp_path, month, workers=rows)
    told = found(tmp_path, workers=400)
    assert [said in line for line in told] == ([True] if said else [])


def test_a_table_that_is_gone_since_the_last_run_is_a_warning(tmp_path: Path) -> None:
    ran(tmp_path, "2020-09", cp_plans=2410, workers=3)
    [problem] = fewer_rows(extract_of(cp_plans=2410), OCTOBER, tmp_path)  # even of a handful
    assert (problem.severity, problem.table, problem.rule) == ("warning", "workers", "table_gone")
    assert str(problem) == (
        "workers: is not in the extract; the last run's extract (September 2020) had 3 rows of it"
    )


def test_a_table_that_is_gone_and_found_under_another_name_is_told_once(tmp_path: Path) -> None:
    ran(tmp_path, "2020-09", cp_plans=2410, workers=30)
    extract = extract_of(cp_plans=2410)
    extract.problems.append(Problem("warning", "workers", "", file="worker.csv", rule="file_misnamed"))
    assert list(fewer_rows(extract, OCTOBER, tmp_path)) == []


def test_what_cannot_be_read_and_tables_that_are_new_say_nothing(tmp_path: Path) -> None:
    ran(tmp_path, "2020-09", workers=400)
    assert found(tmp_path, visits=10, workers=400) == []
    (tmp_path / "outputs" / "2020-09" / "working" / ROW_COUNTS).write_text('{"visits": 4', encoding="utf-8")
    assert found(tmp_path, visits=10, workers=10) == []
    (tmp_path / "outputs" / "2020-09" / "working" / ROW_COUNTS).write_text(
        '{"visits": "400"}', encoding="utf-8"
    )
    assert found(tmp_path, visits=10) == []


def test_a_run_leaves_the_rows_of_every_table_beside_its_figures_and_nowhere_else(prepared: Prepared) -> None:
    folder = prepared.releases[1].parents[1]
    left = json.loads((folder / ROW_COUNTS).read_text(encoding="utf-8"))
    assert (left["contacts"], left["cp_plans"], left["population"]) == (47877, 1519, 4)
    assert [path.parent for path in folder.rglob(ROW_COUNTS)] == [folder]


def test_the_check_says_how_many_rows_are_missing(small: Path, tmp_path: Path) -> None:
    root = shutil.copytree(small, tmp_path / "council")
    ran(root, "2020-09", cla_reviews=60, care_leavers=4)
    told = " ".join(CliRunner().invoke(cli, ["check", "2020-10", "--root", str(root)]).output.split())
    assert (
        "warning cla_reviews: Rows may be missing: has 5 rows; the last run's extract (September 2020) had "
        "60: was it cut off?"
    ) in told
    assert "care_leavers: Rows" not in told
