"""How a run went: for a scheduler, for whoever looks only when it fails, for an e-mail, on the screen."""

import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.console import Console

from csd_helpers.attempt import attempt
from csd_helpers.errors import CsdError, Terminated
from csd_helpers.job import NotebookJob
from csd_helpers.progress import Rows
from csd_helpers.record import page_path, record_path, write_failure, write_start
from csd_helpers.run_summary import run_summary
from csd_helpers.task import MonthResult
from csd_helpers.workers import Step
from tests.running.conftest import OCTOBER, PLAIN, READ, prepare, write_notebook

START = datetime(2020, 11, 5, 6, 0, tzinfo=UTC)


def told(root: Path) -> tuple[dict[str, object], str]:
    """Return the record of the last run, and its page."""
    record = json.loads(record_path(root, "2020-10").read_text())
    return record, page_path(root, "2020-10").read_text()


def test_a_good_run_tells_memory_slowest_cells_and_what_had_changed(project: Path) -> None:
    attempt(OCTOBER, project, prepare, PLAIN)
    record, page = told(project)
    assert (record["state"], record["exit_code"], record["changed"]) == ("complete", 0, {})
    assert {"part 1 front_door", "part 2 summary"} <= {entry["name"] for entry in record["notebooks"]}
    assert all(entry["peak_mb"] > 20 and entry["slowest_cells"] for entry in record["notebooks"])
    assert all(0 < entry["processor_seconds"] < 60 for entry in record["notebooks"])
    assert "The run went well: 4 pages were made, 0 kept." in page
    (project / "number.txt").write_text("8")
    attempt(OCTOBER, project, prepare, PLAIN)
    record, page = told(project)
    assert record["changed"] == {"extract/number.txt": "has changed"}
    assert "extract/number.txt" in page


def test_a_failed_run_has_a_page_with_cause_and_what_to_do_where_no_part_is(project: Path) -> None:
    write_notebook(project / "notebooks" / "front_door.ipynb", READ, "1 / 0 # <script>")
    with pytest.raises(CsdError, match="2 notebooks failed"):
        attempt(OCTOBER, project, prepare, PLAIN)
    record, page = told(project)
    assert (record["state"], record["exit_code"]) == ("failed", 1)
    states = {entry["name"]: entry["state"] for entry in record["notebooks"]}
    assert states["part 1 front_door"] == "failed" and states["part 2 summary"] == "made"
    assert "ZeroDivisionError: division by zero" in page and "put right what they say, and run again" in page
    assert "&lt;script&gt;" in page and "<script" not in page and "\x1b" not in page
    assert sorted(project.glob("outputs/**/*.run.*")) == [
        page_path(project, "2020-10"),
        record_path(project, "2020-10"),
    ]


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (CsdError("row 7 is wrong", fix="correct row 7"), 2, "correct row 7"),
        (OSError(28, "No space left on device"), 1, "free some space on the disk"),
        (OSError(13, "Permission denied"), 1, "can be used"),
        (MemoryError(), 1, "--jobs 1"),
        (KeyboardInterrupt(), 130, "it was stopped"),
        (Terminated(), 143, "it was stopped"),
        (ZeroDivisionError("division by zero"), 1, "a fault of the workbook"),
    ],
)
def test_every_failure_says_what_to_do(error: BaseException, code: int, words: str, tmp_path: Path) -> None:
    write_failure(tmp_path, "2020-10", START, error)
    record, page = told(tmp_path)
    assert record["exit_code"] == code
    assert words in str(record["to_do"]) and words in page
    assert bool(record["traceback"]) == isinstance(error, MemoryError | ZeroDivisionError)


def test_a_run_that_was_killed_is_not_taken_for_the_good_one_before(tmp_path: Path) -> None:
    write_start(tmp_path, "2020-10", START)
    record, page = told(tmp_path)
    assert record["state"] == "running"
    assert "it was killed, and the last good pack is as it was" in page


def test_the_text_for_an_email_has_the_failures_first_and_quotes_no_record(tmp_path: Path) -> None:
    results = [
        MonthResult("2020-09", 60.0, made=19),
        MonthResult("2020-10", 3.0, error="cla_episodes.csv, row 7: child 1234", exit_code=2),
    ]
    text = run_summary(results, {"": Path("/srv/csd")}, {"2020-09": "1 blocking matters"})
    assert text == (
        "Children's scrutiny dataset, September 2020 to October 2020: 1 of 2 packs ready\n\n"
        "October 2020: FAILED: an extract or a parameter must be put right first\n"
        "  the last good pack, if there was one, is as it was\n"
        "  why, and what to do: /srv/csd/outputs/2020-10.run.html\n\n"
        "September 2020: ready: 19 pages made, 0 up to date\n"
        "  Part 1 (public): /srv/csd/outputs/2020-09/part1/index.html\n"
        "  Part 2 (exempt): /srv/csd/outputs/2020-09/part2/index.html\n"
        "  before publication: 1 blocking matters\n"
    )


def test_a_terminal_shows_a_row_per_notebook_with_memory_and_slowest_cells() -> None:
    job = NotebookJob(Path("front_door.ipynb"), 1, {}, {}, "a.html")
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, width=110)
    with Rows(console, clock=lambda: 0.0) as rows:
        rows(Step(job, "running", cell=3, cells=9, peak_mb=120))
        console.print(rows._shown())
        rows(Step(job, "done", 2.34, peak_mb=187, slowest={13: 1.2, 2: 0.001}))
    shown = screen.getvalue()
    assert "3/9" in shown and "120 MB" in shown
    assert "2.3" in shown and "187 MB" in shown and "13: 1.20 s" in shown and "2: 0.00" not in shown
    assert "1 pages ready, 0 at work, 0 s" in shown


def test_before_the_notebooks_a_terminal_says_what_is_being_done() -> None:
    screen = io.StringIO()
    with Rows(Console(file=screen, force_terminal=True, width=110)):
        pass
    assert "reading, counting and protecting the figures" in screen.getvalue()
