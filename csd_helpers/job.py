"""One notebook for one part: what is asked, and what came of it."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CELL_SECONDS = 300.0
NOTEBOOK_SECONDS = 900.0
SUMMARY = "summary"
SCRATCH = ".scratch"  # in the pack while notebooks are done: what a killed worker leaves goes with it


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
    annotated
        The working notebook of the last pack, whose cells tagged ``run`` are executed; ``None`` for none.
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
    annotated: Path | None = None
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
    processor_seconds
        Time its process had of a processor; a kernel of its own is not in it.
    """

    job: NotebookJob
    seconds: float
    error: str = ""
    cell: str = ""
    traceback: str = ""
    peak_mb: int = 0
    slowest: dict[int, float] = field(default_factory=dict)
    processor_seconds: float = 0.0


def slowest_words(cells: dict[int, float]) -> str:
    """Say which cells took longest; those that took no time to speak of are left out.

    Examples
    --------
    >>> slowest_words({7: 0.482, 2: 0.1, 1: 0.004})
    '7: 0.48 s, 2: 0.10 s'
    """
    return ", ".join(f"{cell}: {seconds:.2f} s" for cell, seconds in cells.items() if seconds >= 0.01)


def page_name(notebook: str) -> str:
    """Return the file name of a notebook's page; the summary is what opens first."""
    return "index.html" if notebook == SUMMARY else f"{notebook}.html"
