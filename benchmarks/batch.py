"""Time a period's pack against the plain loop of command lines, and against the least it can cost.

The loop is what people write: for every part and notebook, `papermill` and then
`jupyter nbconvert --to html` (started as `python -m nbconvert`, which is a process less). The floor
is `floor.py`: the same cells as plain scripts in one warm process, and the pages rendered. All three
are given the figures ready-made and run the same cells: those for the analyst are left out.
Everything happens in a copy of the demonstration.

    python benchmarks/batch.py                                one paired repetition, and 24 months
    python benchmarks/batch.py --repetitions 5                medians of five
    python benchmarks/batch.py --repetitions 5 --sample 4     the loop on every fourth page, times four
    python benchmarks/batch.py --months 0                     without the months
"""

import argparse
import contextlib
import ctypes
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat

from csd_helpers.demo import write_demo
from csd_helpers.execution import for_batch

PR_SET_CHILD_SUBREAPER = 36
PROJECT = Path(__file__).resolve().parents[1]
CSD = Path(sys.executable).with_name("csd")
MONTH = "2020-10"


def reap_orphans() -> None:
    """Become the parent of processes whose parent has ended, so that their time is counted, too.

    The process that workers are forked from ends a moment after the command it belongs to.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def measure(work: Callable[[], None]) -> tuple[float, float]:
    """Return the wall and processor seconds of work done in child processes."""
    wall, before = time.perf_counter(), os.times()
    work()
    wall = time.perf_counter() - wall
    with contextlib.suppress(ChildProcessError):
        while True:
            os.wait()
    after = os.times()
    processor = after.children_user + after.children_system - before.children_user - before.children_system
    return wall, processor


def command(*words: object) -> None:
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run([str(word) for word in words], check=True, **quiet)


def make_pack(root: Path) -> None:
    """Make the pack, every page anew, from figures that are there."""
    command(CSD, "run", MONTH, "--root", root, "--force")


def loop(pages: list[tuple[int, Path]], root: Path, folder: Path) -> None:
    """Execute and export one notebook after the other, with a command each."""
    for part, notebook in pages:
        done = folder / f"part{part}-{notebook.name}"
        release = root / "outputs" / MONTH / "working" / "release" / f"part{part}"
        given = ("-p", "period", MONTH, "-p", "part", part, "-p", "release", release)
        command(sys.executable, "-m", "papermill", notebook, done, *given, "--no-progress-bar")
        command(sys.executable, "-m", "nbconvert", "--to", "html", "--no-input", done)


def floor(root: Path) -> tuple[float, float]:
    """Return the least processor seconds of all pages: in a warm process, and with what makes it warm."""
    release = root / "outputs" / MONTH / "working" / "release"
    words = [sys.executable, str(Path(__file__).with_name("floor.py")), str(release), MONTH]
    pages, whole, _ = subprocess.run(words, check=True, capture_output=True, text=True).stdout.split()
    return float(pages), float(whole)


def lean_copies(root: Path, folder: Path) -> list[Path]:
    """Copy the notebooks without the cells for the analyst."""
    copies = []
    for notebook in sorted((root / "notebooks").glob("*.ipynb")):
        copies.append(folder / notebook.name)
        nbformat.write(for_batch(nbformat.read(notebook, as_version=4)), copies[-1])
    return copies


def demonstration(folder: Path) -> Path:
    """Return a copy of the project with the demonstration's extract."""
    for name in ("parameters", "notebooks"):
        shutil.copytree(PROJECT / name, folder / name)
    write_demo(folder / "outputs" / "demo" / "extract")
    return folder


def main() -> None:
    """Run the repetitions in pairs and print the medians."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--repetitions", type=int, default=1)
    options.add_argument("--sample", type=int, default=1, metavar="N", help="the loop does every Nth page")
    options.add_argument("--months", type=int, default=24, help="length of the series of months; 0 for none")
    given = options.parse_args()
    reap_orphans()
    with tempfile.TemporaryDirectory() as name, tempfile.TemporaryDirectory() as other:
        root = demonstration(Path(name))
        one = measure(lambda: command(CSD, "run", MONTH, "--root", root))
        print(f"one month with its figures: {one[0]:.1f} s, processor {one[1]:.1f} s", flush=True)
        pages = [(part, path) for path in lean_copies(root, Path(other)) for part in (1, 2)]
        pages.remove((1, Path(other) / "disclosure.ipynb"))  # the account of disclosure control is exempt
        rows = [pair(root, pages, given.sample, Path(other)) for _ in range(given.repetitions)]
        report(rows, root)
        if given.months:
            series(given.months, one[0])


def pair(root: Path, pages: list[tuple[int, Path]], sample: int, folder: Path) -> dict[str, float]:
    """Measure the pack, the loop, the floor and a run that finds nothing changed, one after the other."""
    ours = measure(lambda: make_pack(root))
    chosen = pages[::sample]
    theirs = measure(lambda: loop(chosen, root, folder))
    share = len(pages) / len(chosen)
    processes = sum(entry["processor_seconds"] for entry in record_of(root)["notebooks"])
    least, with_start = floor(root)
    again = measure(lambda: command(CSD, "run", MONTH, "--root", root))
    row = {"pack": ours[0], "pack cpu": ours[1], "loop": theirs[0] * share, "loop cpu": theirs[1] * share}
    row |= {"processes cpu": processes, "floor cpu": least, "floor and start cpu": with_start}
    row |= {"unchanged": again[0]}
    print("  ".join(f"{what} {seconds:.1f}" for what, seconds in row.items()), flush=True)
    return row


def report(rows: list[dict[str, float]], root: Path) -> None:
    """Print medians, and the medians of each pair's ratios."""

    def ratio(above: str, below: str) -> float:
        return statistics.median(row[above] / row[below] for row in rows)

    medians = {what: statistics.median(row[what] for row in rows) for what in rows[0]}
    print("medians:", ", ".join(f"{what} {seconds:.1f} s" for what, seconds in medians.items()))
    print(f"wall time: the loop takes {ratio('loop', 'pack'):.1f} times the pack's (at least 6 wanted)")
    print(f"processor time: {ratio('pack cpu', 'floor cpu'):.2f} times the floor (at most 1.3 wanted)")
    print(f"  of which the notebooks' processes: {ratio('processes cpu', 'floor cpu'):.2f} times")
    print(f"  beside a floor whose imports count, too: {ratio('pack cpu', 'floor and start cpu'):.2f} times")
    print(f"an unchanged run: {medians['unchanged']:.2f} s (under 2 wanted)")
    make_pack(root)  # the record of a run that made something
    print(f"peak memory of a worker: {max(own['peak_mb'] for own in record_of(root)['notebooks'])} MB")


def record_of(root: Path) -> dict[str, Any]:
    """Return the record of the last run."""
    record: dict[str, Any] = json.loads((root / "outputs" / f"{MONTH}.run.json").read_text(encoding="utf-8"))
    return record


def series(months: int, one: float) -> None:
    """Time a series of months against the same number of single ones."""
    year, month = divmod(2020 * 12 + 10 - months, 12)
    with tempfile.TemporaryDirectory() as name:
        root = demonstration(Path(name))
        words = ("run", f"{year}-{month + 1:02}:{MONTH}", "--from-file", MONTH, "--root", root)
        wall, processor = measure(lambda: command(CSD, *words))
    share = wall / (months * one)
    print(f"{months} months: {wall:.1f} s, processor {processor:.1f} s: {share:.2f} of single ones")


if __name__ == "__main__":
    main()
