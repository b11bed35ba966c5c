"""What a run shows while it runs: a table on a terminal, lines in a log."""

import json
from types import TracebackType

from rich.console import Console
from rich.live import Live
from rich.table import Table

from csd_helpers.workers import Step

_FINISHED = ("done", "failed", "unchanged")


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
            line = f"{step.job.name}: {step.state}{seconds}"
            self._console.print(line, highlight=False, markup=False, soft_wrap=True)


class Objects(Lines):
    """A JSON object to a line, for programs."""

    def __call__(self, step: Step) -> None:
        """Print a step."""
        facts = {"notebook": step.job.name, "state": step.state, "seconds": round(step.seconds, 3)}
        print(json.dumps(facts | {"cell": step.cell, "cells": step.cells}), flush=True)


class Rows:
    """A table with a row per notebook, redrawn in place."""

    def __init__(self, console: Console) -> None:
        self._live = Live(console=console, refresh_per_second=4)
        self._steps: dict[str, Step] = {}

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
        self._live.update(self._table())

    def _table(self) -> Table:
        table = Table("notebook", "state", "cell", "seconds", box=None, header_style="dim")
        for name, step in self._steps.items():
            cell = f"{step.cell}/{step.cells}" if step.cells and step.state == "running" else ""
            seconds = f"{step.seconds:.1f}" if step.state in _FINISHED and step.seconds else ""
            table.add_row(name, step.state, cell, seconds)
        return table
