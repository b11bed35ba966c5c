"""Time a period's pack against the plain loop of command lines on the same notebooks.

The loop is what people write: for every part and notebook, `papermill` and then
`jupyter nbconvert --to html`. It is given the figures ready-made, while the pack's time includes
reading, counting and releasing them. Both run the same cells: those for the analyst are left out.

    python benchmarks/batch.py                  one paired repetition
    python benchmarks/batch.py --repetitions 5  medians of five
"""

import argparse
import contextlib
import ctypes
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import nbformat

from csd_helpers.execution import for_batch

PR_SET_CHILD_SUBREAPER = 36
BIN = Path(sys.executable).parent


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


def pack(root: Path, period: str) -> None:
    """Make the pack, every page anew."""
    command(BIN / "csd", "run", period, "--root", root, "--force")


def loop(notebooks: list[Path], releases: dict[int, Path], period: str, folder: Path) -> None:
    """Execute and export one notebook after the other, with a command each."""
    for part, release in releases.items():
        for notebook in notebooks:
            done = folder / f"part{part}-{notebook.name}"
            given = ("-p", "period", period, "-p", "part", part, "-p", "release", release)
            command(BIN / "papermill", notebook, done, *given, "--no-progress-bar")
            command(BIN / "jupyter", "nbconvert", "--to", "html", "--no-input", done)


def lean_copies(root: Path, folder: Path) -> list[Path]:
    """Copy the notebooks without the cells for the analyst."""
    copies = []
    for notebook in sorted((root / "notebooks").glob("*.ipynb")):
        copies.append(folder / notebook.name)
        nbformat.write(for_batch(nbformat.read(notebook, as_version=4)), copies[-1])
    return copies


def main() -> None:
    """Run the repetitions in pairs and print the medians."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--period", default="2020-10")
    options.add_argument("--root", type=Path, default=Path(), help="the project's folder")
    options.add_argument("--repetitions", type=int, default=1)
    given = options.parse_args()
    root = given.root.resolve()
    reap_orphans()
    pack(root, given.period)  # makes the figures the loop is given, and warms the disk's cache
    release = root / "outputs" / given.period / "working" / "release"
    releases = {part: release / f"part{part}" for part in (1, 2)}
    times = []
    with tempfile.TemporaryDirectory() as name:
        notebooks = lean_copies(root, Path(name))
        for number in range(given.repetitions):
            ours = measure(lambda: pack(root, given.period))
            theirs = measure(lambda: loop(notebooks, releases, given.period, Path(name)))
            times.append((ours, theirs))
            ratio = theirs[0] / ours[0]
            print(f"{number + 1}: csd run {ours[0]:.1f} s, loop {theirs[0]:.1f} s, {ratio:.1f} times")
    report(times)


def report(times: list[tuple[tuple[float, float], tuple[float, float]]]) -> None:
    """Print the medians and the ratio of each pair."""
    for what, index in (("wall", 0), ("processor", 1)):
        ours, theirs = (statistics.median(pair[who][index] for pair in times) for who in (0, 1))
        ratio = statistics.median(pair[1][index] / pair[0][index] for pair in times)
        print(f"{what} time: csd run {ours:.1f} s, loop {theirs:.1f} s: {ratio:.1f} times less")


if __name__ == "__main__":
    main()
