"""How a job is done, inside a worker: papermill, then nbconvert."""

import random
import sys
import tempfile
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import papermill
from nbconvert.exporters import Exporter, get_exporter
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell
from papermill.exceptions import PapermillExecutionError

from csd_helpers.annotations import ANALYST, INJECTED, cell_id, place_on_page
from csd_helpers.errors import CsdError
from csd_helpers.job import SCRATCH, NotebookJob, NotebookResult
from csd_helpers.notes import run_cells, with_record

Report = Callable[[int, int], None]  # a cell has been started: its number, of how many


def do(job: NotebookJob, pack: Path, report: Report) -> NotebookResult:
    """Execute a job's notebook and write its page; a failure is a result like any other."""
    start = time.perf_counter()
    _seed()
    source = nbformat.read(job.notebook, as_version=4)
    try:
        notebook = _execute(job, source, pack, report)
        _write_working(job, notebook, source, pack)
        _export(job, for_page(notebook, source, job.page.get("notes", [])), pack / job.html)
    except PapermillExecutionError as error:
        message = f"{error.ename}: {error.evalue}" if error.evalue else error.ename
        seconds = time.perf_counter() - start
        return NotebookResult(job, seconds, message, place(source, error.source), str(error), peak_mb())
    except Exception as error:
        message = "; ".join(str(error).splitlines())
        if not isinstance(error, CsdError):  # the exporter's refusals speak for themselves
            message = f"{type(error).__name__}: {message}"
        return NotebookResult(job, time.perf_counter() - start, message, peak_mb=peak_mb())
    slowest = _slowest(notebook)
    seconds, processor = time.perf_counter() - start, time.process_time()
    return NotebookResult(job, seconds, peak_mb=peak_mb(), slowest=slowest, processor_seconds=processor)


def for_batch(notebook: NotebookNode) -> NotebookNode:
    """Return the notebook without the cells that are for the analyst only.

    They are dropped before anything runs, so that no part's kernel ever executes them.
    """
    lean = nbformat.from_dict(notebook)
    lean.cells = [cell for cell in lean.cells if ANALYST not in cell.metadata.get("tags", [])]
    return lean


def for_page(
    notebook: NotebookNode, source: NotebookNode, notes: list[dict[str, str]] | None = None
) -> NotebookNode:
    """Return an executed notebook with the template's own cells and the notes tagged for the page.

    Parameters
    ----------
    source
        The stored notebook: no other cell of the executed one can reach the page.
    notes
        The ``text`` of each note, and the cell it stands ``after``; checked before the run began.
        Under a cell that is for the analyst, the note is placed after the nearest one on the page.
    """
    own = {cell.get("id") for cell in source.cells} | {INJECTED}
    page = nbformat.from_dict(notebook)
    at: dict[str, list[NotebookNode]] = {}
    for note in notes or []:
        name = note["after"] if note["after"] == INJECTED else place_on_page(source.cells, note["after"])
        at.setdefault(name, []).append(new_markdown_cell(note["text"], metadata={"tags": ["report"]}))
    kept = [cell for cell in page.cells if cell_id(cell) in own]
    page.cells = [each for cell in kept for each in (cell, *at.get(cell_id(cell), []))]
    return page


def place(notebook: NotebookNode, source: str) -> str:
    """Say where in the stored notebook a cell is, ``cell 4 (pack.heading())``."""
    first_line = source.strip().split("\n", 1)[0]
    numbers = [n for n, cell in enumerate(notebook.cells, 1) if cell.source == source]
    return f"cell {numbers[0]} ({first_line})" if numbers else f"the cell ({first_line})"


def _execute(job: NotebookJob, source: NotebookNode, pack: Path, report: Report) -> NotebookNode:
    lean = for_batch(source)
    lean.cells += run_cells(job.annotated)  # last, so that they cannot change what the page shows
    executed = pack / job.executed if job.executed else None
    if executed:
        executed.parent.mkdir(parents=True, exist_ok=True)
    (pack / SCRATCH).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=pack / SCRATCH) as scratch:
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


def _write_working(job: NotebookJob, notebook: NotebookNode, source: NotebookNode, pack: Path) -> None:
    """Write the executed notebook as the analyst's; what is for the analyst only goes with Part 2."""
    if job.executed:
        analyst = ANALYST if job.part == 2 else None
        nbformat.write(with_record(notebook, source, analyst), pack / job.executed)


def _limits(job: NotebookJob) -> dict[str, Any]:
    """Return the time limits as the engine takes them; a kernel knows no limit for the whole."""
    if job.engine == "csd":
        return {"execution_timeout": job.cell_seconds, "total_timeout": job.notebook_seconds}
    return {"execution_timeout": max(1, round(min(job.cell_seconds, job.notebook_seconds)))}


def _export(job: NotebookJob, notebook: NotebookNode, page: Path) -> None:
    for cell in notebook.cells:
        if cell_id(cell) == INJECTED:
            cell.id = INJECTED  # papermill makes up a new one each time
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


def peak_mb() -> int:
    """Return the most memory this process has held; 0 where the system does not say."""
    if sys.platform == "win32":
        return 0
    import resource  # noqa: PLC0415  # not on Windows

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (1024**2 if sys.platform == "darwin" else 1024))


def _slowest(notebook: NotebookNode, count: int = 3) -> dict[int, float]:
    seconds = {n: cell.metadata.papermill.get("duration") or 0.0 for n, cell in enumerate(notebook.cells, 1)}
    return dict(sorted(seconds.items(), key=lambda item: -item[1])[:count])


def parameters_of(notebooks: list[Path]) -> dict[Path, list[str] | str]:
    """Return the names in each notebook's parameters cell, or why it cannot be read."""
    return {notebook: _parameters_of(notebook) for notebook in notebooks}


def _parameters_of(notebook: Path) -> list[str] | str:
    if not notebook.is_file():
        return "the notebook does not exist"
    try:
        return sorted(papermill.inspect_notebook(str(notebook)))
    except Exception as error:
        return f"the notebook cannot be read: {error}"
