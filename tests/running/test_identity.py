"""A page is the same, byte for byte, however it is made."""

from dataclasses import replace
from pathlib import Path

import pytest

from csd_helpers.job import NotebookJob
from csd_helpers.period import Period
from csd_helpers.plan import Choice, all_jobs
from csd_helpers.prepared import Prepared
from csd_helpers.workers import run_jobs

OCTOBER = Period.parse("2020-10")
PAGES = ["part1/index.html", "part1/care_leavers.html", "part2/fostering_and_adoption.html"]
WAYS = {"one at a time": (1, "csd"), "four at a time": (4, "csd"), "a kernel each": (2, "standard")}


@pytest.fixture
def jobs(prepared: Prepared, council: Path) -> list[NotebookJob]:
    """Return the summary and two groups of the demonstration, as the pack has them."""
    known = {job.html: job for job in all_jobs(prepared, OCTOBER, council, Choice())}
    return [replace(known[page], annotated=None) for page in PAGES]


def made(jobs: list[NotebookJob], folder: Path, workers: int) -> list[bytes]:
    results = run_jobs(jobs, folder, workers, lambda step: None)
    assert [result.error for result in results] == [""] * len(jobs)
    return [(folder / job.html).read_bytes() for job in jobs]


@pytest.mark.parametrize("way", WAYS)
def test_pages_are_those_of_the_pack(way: str, jobs: list[NotebookJob], pack: Path, tmp_path: Path) -> None:
    workers, engine = WAYS[way]
    again = made([replace(job, engine=engine) for job in jobs], tmp_path, workers)
    assert again == [(pack / page).read_bytes() for page in PAGES]


def test_pages_are_the_same_where_there_is_no_forking(
    jobs: list[NotebookJob], pack: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("csd_helpers.server.CAN_FORK", False)
    assert made(jobs[1:2], tmp_path, 1) == [(pack / PAGES[1]).read_bytes()]
