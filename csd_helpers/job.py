"""One notebook for one part: what is asked, how it is done, what came of it."""

import random
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import papermill
from nbconvert.exporters import Exporter, get_exporter
from nbformat import NotebookNode
from papermill.exceptions import PapermillExecutionError

from csd_helpers.errors import CsdError

ANALYST = "analyst"  # the tag of cells that never leave
CELL_SECONDS = 300.0
NOTEBOOK_SECONDS = 900.0

Report = Callable[[int, int], None]  # a cell has been started: its number, of how many


@dataclass(frozen=True)
class NotebookJob:
    """A notebook to execute for a part, and the page to make of it.

    Parameters
    ----------
    notebook
        The notebook as it is stored.
    part
        1 or 2.
    parameters
        Values for the cell tagged ``parameters``.
    page
        What the page says around the notebook's content; handed to the exporter.
    html
        The page, relative to the pack.
    executed
        The executed notebook, relative to the pack; ``None`` to keep none.
    engine
        ``csd``, or ``standard`` for a kernel of its own.
    exporter
        Name of the nbconvert exporter.
    cell_seconds, notebook_seconds
        Time limits.
    """

    notebook: Path
    part: int
    parameters: dict[str, Any]
    page: dict[str, Any]
    html: str
    executed: str | None = None
    engine: str = "csd"
    exporter: str = "csd"
    cell_seconds: float = CELL_SECONDS
    notebook_seconds: float = NOTEBOOK_SECONDS

    @property
    def name(self) -> str:
        """How progress and failures name the job, ``part 1 front_door``."""
        return f"part {self.part} {self.notebook.stem}"


@dataclass(frozen=True)
class NotebookResult:
    """What came of a job.

    Parameters
    ----------
    seconds
        Time taken, from start to page.
    error
        Why there is no page, in one line; empty if there is one.
    cell
        Where it failed: the cell's number in the notebook, counted from 1, and its first line.
    traceback
        What a person needs to look further.
    peak_mb
        Most memory the process held (0 where the system does not say).
    slowest
        Seconds of the slowest cells, by number, slowest first.
    """

    job: NotebookJob
    seconds: float
    error: str = ""
    cell: str = ""
    traceback: str = ""
    peak_mb: int = 0
    slowest: dict[int, float] = field(default_factory=dict)

    def __str__(self) -> str:
        """Say which notebook failed, in which cell, and why."""
        place = f", {self.cell}" if self.cell else ""
        return f"{self.job.name}{place}: {self.error}"


def do(job: NotebookJob, pack: Path, report: Report) -> NotebookResult:
    """Execute a job's notebook and write its page; a failure is a result like any other."""
    start = time.perf_counter()
    _seed()
    source = nbformat.read(job.notebook, as_version=4)
    try:
        notebook = _execute(job, source, pack, report)
        _export(job, notebook, pack / job.html)
    except PapermillExecutionError as error:
        message = f"{error.ename}: {error.evalue}" if error.evalue else error.ename
        seconds = time.perf_counter() - start
        return NotebookResult(job, seconds, message, place(source, error.source), str(error), _peak_mb())
    except Exception as error:
        message = f"{type(error).__name__}: {error}"
        return NotebookResult(job, time.perf_counter() - start, message, peak_mb=_peak_mb())
    slowest = _slowest(notebook)
    return NotebookResult(job, time.perf_counter() - start, peak_mb=_peak_mb(), slowest=slowest)


def for_batch(notebook: NotebookNode) -> NotebookNode:
    """Return the notebook without the cells that are for the analyst only.

    They are dropped before anything runs, so that no part's kernel ever executes them.
    """
    lean = nbformat.from_dict(notebook)
    lean.cells = [cell for cell in lean.cells if ANALYST not in cell.metadata.get("tags", [])]
    return lean


def place(notebook: NotebookNode, source: str) -> str:
    """Say where in the stored notebook a cell is, ``cell 4 (pack.heading())``."""
    first_line = source.strip().split("\n", 1)[0]
    numbers = [n for n, cell in enumerate(notebook.cells, 1) if cell.source == source]
    return f"cell {numbers[0]} ({first_line})" if numbers else f"the cell ({first_line})"


def _execute(job: NotebookJob, source: NotebookNode, pack: Path, report: Report) -> NotebookNode:
    lean = for_batch(source)
    executed = pack / job.executed if job.executed else None
    if executed:
        executed.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="csd-") as scratch:
        stored = Path(scratch) / job.notebook.name
        nbformat.write(lean, stored)
        notebook = papermill.execute_notebook(
            stored,
            executed,
            job.parameters,
            engine_name="csd" if job.engine == "csd" else None,
            progress_bar=False,
            request_save_on_cell_execute=False,
            cwd=job.notebook.parent,
            on_cell_start=lambda cell, cell_index: report(cell_index + 1, len(lean.cells) + 1),
            **_limits(job),
        )
    if notebook.metadata.papermill.get("exception"):  # papermill lets sys.exit(0) pass
        raise RuntimeError("a cell ended the notebook early")
    return notebook


def _limits(job: NotebookJob) -> dict[str, Any]:
    """Return the time limits as the engine takes them; a kernel knows no limit for the whole."""
    if job.engine == "csd":
        return {"execution_timeout": job.cell_seconds, "total_timeout": job.notebook_seconds}
    return {"execution_timeout": max(1, round(min(job.cell_seconds, job.notebook_seconds)))}


def _export(job: NotebookJob, notebook: NotebookNode, page: Path) -> None:
    for cell in notebook.cells:
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell.id = "injected-parameters"  # papermill makes up a new one each time
    html = exporter(job.exporter).from_notebook_node(notebook, resources={"page": job.page})[0]
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(str(html), encoding="utf-8", newline="\n")


@cache
def exporter(name: str) -> Exporter:
    """Return an exporter, made once per process."""
    return get_exporter(name)()


def _seed() -> None:
    """Start every notebook from the same random state, whichever process it runs in."""
    random.seed(0)
    np.random.seed(0)


def _peak_mb() -> int:
    if sys.platform == "win32":
        return 0
    import resource  # noqa: PLC0415  # not on Windows

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (1024**2 if sys.platform == "darwin" else 1024))


def _slowest(notebook: NotebookNode, count: int = 3) -> dict[int, float]:
    seconds = {n: cell.metadata.papermill.get("duration") or 0.0 for n, cell in enumerate(notebook.cells, 1)}
    return dict(sorted(seconds.items(), key=lambda item: -item[1])[:count])


def check_parameters(jobs: list[NotebookJob]) -> None:
    """Refuse parameters that a notebook does not have, before anything is started.

    papermill only logs a warning, and the notebook then quietly runs with its defaults.

    Raises
    ------
    CsdError
        If a notebook is missing, cannot be read, or lacks a parameter it is to be given.
    """
    known: dict[Path, set[str]] = {}
    for job in jobs:
        if job.notebook not in known:
            known[job.notebook] = _parameters_of(job.notebook)
        unknown = sorted(set(job.parameters) - known[job.notebook])
        if unknown:
            raise CsdError(
                f"the notebook has no parameter '{unknown[0]}'",
                where=str(job.notebook),
                expected=", ".join(sorted(known[job.notebook])) or "a cell tagged 'parameters'",
                fix=f"write {unknown[0]} = ... in the cell tagged 'parameters'",
            )


def _parameters_of(notebook: Path) -> set[str]:
    if not notebook.is_file():
        raise CsdError("the notebook does not exist", where=str(notebook))
    try:
        return set(papermill.inspect_notebook(str(notebook)))
    except Exception as error:
        raise CsdError("the notebook cannot be read", where=f"{notebook}: {error}") from error
