"""What a run shows while it runs: a table on a terminal, lines in a log, JSON for programs."""

import json
import time
from collections.abc import Callable
from types import TracebackType

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from csd_helpers.job import slowest_words
from csd_helpers.workers import Step

_FINISHED = ("done", "failed", "unchanged")
_PREPARING = "reading, counting and protecting the figures"


def display(as_json: bool = False) -> "Lines | Rows":
    """Return the display that suits where the output goes."""
    console = Console()
    if as_json:
        return Objects(console)
    return Rows(console) if console.is_terminal else Lines(console)


class Lines:
    """One line per finished notebook, for logs and schedulers."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def __enter__(self) -> "Lines":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def __call__(self, step: Step) -> None:
        """Print a step that ends something; running cells are not told."""
        if step.state != "running":
            seconds = f" {step.seconds:.1f} s" if step.seconds else ""
            memory = f", {_mb(step)}" if step.peak_mb else ""
            line = f"{step.job.name}: {step.state}{seconds}{memory}"
            self._console.print(line, highlight=False, markup=False, soft_wrap=True)


class Objects(Lines):
    """A JSON object to a line, for programs."""

    def __call__(self, step: Step) -> None:
        """Print a step."""
        facts = {"notebook": step.job.name, "state": step.state, "seconds": round(step.seconds, 3)}
        facts |= {"cell": step.cell, "cells": step.cells, "peak_mb": step.peak_mb}
        print(json.dumps(facts | {"slowest_cells": step.slowest}), flush=True)


class Rows:
    """A table with a row per notebook, redrawn in place."""

    def __init__(self, console: Console, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._start = clock, clock()
        self._steps: dict[str, Step] = {}
        self._live = Live(console=console, refresh_per_second=4, get_renderable=self._shown)

    def __enter__(self) -> "Rows":
        self._live.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        self._live.__exit__(kind, error, traceback)

    def __call__(self, step: Step) -> None:
        """Put a step into its notebook's row."""
        self._steps[step.job.name] = step

    def _shown(self) -> Group:
        """Return the table and a line on the whole run; only the line until the figures are there."""
        told = [step.state for step in self._steps.values()]
        ended = sum(state in _FINISHED for state in told)
        what = f"{ended} pages ready, {len(told) - ended} at work" if told else _PREPARING
        line = Text(f"{what}, {self._clock() - self._start:.0f} s", style="dim")
        return Group(self._table(), line) if told else Group(line)

    def _table(self) -> Table:
        header = ("notebook", "state", "cell", "seconds", "memory", "slowest cells")
        table = Table(*header, box=None, header_style="dim")
        for name, step in self._steps.items():
            cell = f"{step.cell}/{step.cells}" if step.cells and step.state == "running" else ""
            seconds = f"{step.seconds:.1f}" if step.state in _FINISHED and step.seconds else ""
            table.add_row(name, step.state, cell, seconds, _mb(step), slowest_words(step.slowest))
        return table


def _mb(step: Step) -> str:
    return f"{step.peak_mb} MB" if step.peak_mb else ""
