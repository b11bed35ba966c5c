"""Working notebooks as a run writes them, and what people do to them by hand."""

from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner, Result
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from csd_helpers import plan
from csd_helpers.annotations import record_cells
from csd_helpers.cli import cli
from tests.running.conftest import PLAIN

WORDS = "“Höchst” wichtig:\n\n  38 %  of them\ttoo late. "


def notebook(*names: str) -> NotebookNode:
    """Return a notebook as a run writes it: a cell of each name, and the record of them."""
    made = new_notebook(cells=[new_code_cell(f"show('{name}')", id=name) for name in names])
    record_cells(made)
    return made


def note(text: str, name: str, *tags: str) -> NotebookNode:
    """Return a cell of somebody's own words."""
    return new_markdown_cell(text, id=name, metadata={"tags": list(tags)})


def sources(of: NotebookNode) -> list[str]:
    """Return the texts of a notebook's cells."""
    return [cell.source for cell in of.cells]


def annotate(project: Path, *cells: NotebookNode, name: str = "front_door") -> Path:
    """Add cells to a working notebook of Part 2, and return where it is."""
    path = project / "outputs" / "2020-10" / "working" / "notebooks" / "part2" / f"{name}.ipynb"
    written = nbformat.read(path, as_version=4)
    written.cells += cells
    nbformat.write(written, path)
    return path


def run_command(project: Path, monkeypatch: pytest.MonkeyPatch) -> Result:
    """Run the month through the command line, with nbconvert's own exporter."""
    monkeypatch.setattr(plan, "Choice", lambda **_: PLAIN)
    ran = CliRunner().invoke(cli, ["run", "2020-10", "--root", str(project)])
    assert ran.exit_code == 0
    return ran
