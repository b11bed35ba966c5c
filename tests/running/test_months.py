"""Ranges of months, and runs that go on where one was broken off."""

import json
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from csd_helpers.batch import run_pack
from csd_helpers.errors import CsdError
from csd_helpers.journal import enter, finished
from csd_helpers.lock import locked
from csd_helpers.months import latest_month, months_of, require_files
from csd_helpers.period import Period
from tests.running.conftest import OCTOBER, PLAIN, READ, prepare, write_notebook

Tree = Callable[[Path], dict[str, bytes]]
FILE = """period: 2020-10
suite: 2020-21
council: Example Borough
extract: extract   # where the records are
report_date: 2020-12-31
benchmark_year: 2020
"""


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    folder = tmp_path / "parameters" / "periods"
    folder.mkdir(parents=True)
    (folder / "2020-10.yaml").write_text(FILE)
    return tmp_path


def test_a_range_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(CsdError, match="ends before it starts"):
        months_of("2020-10:2020-09")


def test_months_without_a_file_are_named_and_nothing_is_written(settings: Path) -> None:
    with pytest.raises(CsdError, match="2 of 3 months have no parameter file: 2020-08, 2020-09"):
        require_files(settings, months_of("2020-08:2020-10"), None)
    assert len(list((settings / "parameters" / "periods").iterdir())) == 1


def test_a_copied_file_has_its_own_month_and_report_date_and_all_else_as_it_was(settings: Path) -> None:
    model = settings / "parameters/periods/2020-10.yaml"
    told = "reports_by_exception:  # October's\n  - {title: Hubs, verdict: good, part: both, text: Words,\n"
    told += "     author: A, date: 2020-11-10}\n"
    model.write_text(FILE.replace("benchmark_year", f"{told}benchmark_year"))
    written = require_files(settings, months_of("2019-12:2019-12"), OCTOBER)
    assert [path.name for path in written] == ["2019-12.yaml"]
    assert "reports_by_exception" not in written[0].read_text()
    expected = FILE.replace("period: 2020-10", "period: 2019-12").replace("2020-12-31", "2020-02-29")
    assert written[0].read_text() == expected


def test_the_latest_month_is_the_latest_whose_extract_is_there(settings: Path) -> None:
    with pytest.raises(CsdError, match="no month has both"):
        latest_month(settings)
    (settings / "extract").mkdir()
    later = FILE.replace("period: 2020-10", "period: 2020-11").replace("extract: extract", "extract: none")
    (settings / "parameters" / "periods" / "2020-11.yaml").write_text(later)
    assert latest_month(settings) == Period.parse("2020-10")


def test_the_next_run_takes_the_pages_that_a_failed_one_finished(project: Path, tree: Tree) -> None:
    run_pack(OCTOBER, project, prepare, PLAIN)
    whole = tree(project / "outputs" / "2020-10")
    (project / "number.txt").write_text("8")
    run_pack(OCTOBER, project, prepare, PLAIN)
    (project / "number.txt").write_text("7")
    good = (project / "notebooks" / "front_door.ipynb").read_bytes()
    write_notebook(project / "notebooks" / "front_door.ipynb", READ, "1 / 0")
    with pytest.raises(CsdError, match="2 notebooks failed"):
        run_pack(OCTOBER, project, prepare, PLAIN)
    (project / "notebooks" / "front_door.ipynb").write_bytes(good)
    outcome = run_pack(OCTOBER, project, prepare, PLAIN)
    assert [result.job.html for result in outcome.made] == ["part1/front_door.html", "part2/front_door.html"]
    assert tree(outcome.pack) == whole


def test_a_journal_cut_short_ends_with_its_last_whole_line(tmp_path: Path) -> None:
    from csd_helpers.job import NotebookJob  # noqa: PLC0415

    (tmp_path / "a.html").write_text("page")
    enter(tmp_path, NotebookJob(tmp_path, 1, {}, {}, "a.html"), "key")
    with (tmp_path / "working" / "journal.jsonl").open("a") as file:
        file.write('{"html": "b.ht')
    assert {name: page["key"] for name, page in finished(tmp_path).items()} == {"a.html": "key"}


def test_a_second_run_may_wait_for_the_first(tmp_path: Path) -> None:
    held = threading.Event()

    def hold() -> None:
        with locked(tmp_path / "lock", "x"):
            held.set()
            time.sleep(0.5)

    first = threading.Thread(target=hold)
    first.start()
    held.wait()
    with pytest.raises(CsdError, match="another run is at work"), locked(tmp_path / "lock", "x", 0.01):
        pass
    with locked(tmp_path / "lock", "x", 10):
        assert json.loads((tmp_path / "lock").read_text())["pid"]
    first.join()
