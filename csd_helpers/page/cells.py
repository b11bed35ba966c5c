"""Cells that leave: those tagged ``report``, and of them only what a reader sees."""

from typing import Any

from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode

from csd_helpers.errors import CsdError

REPORT = "report"
_SHOWN = ("text/html", "text/markdown")
_DISPLAYS = ("display_data", "execute_result")


class ReportCells(Preprocessor):
    """Keep the cells tagged ``report`` and drop everything else: a forgotten tag hides, it never leaks."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Return the notebook with what may leave.

        Raises
        ------
        CsdError
            If any cell, tagged or not, ended in an error: half a page is no page.
        """
        for number, cell in enumerate(nb.cells, 1):
            if any(output.output_type == "error" for output in cell.get("outputs", [])):
                raise CsdError(f"cell {number} ended in an error; the page is not exported", exit_code=1)
        nb.cells = [_bare(cell) for cell in nb.cells if REPORT in cell.metadata.get("tags", [])]
        nb.metadata = NotebookNode()
        return nb, resources


def _bare(cell: NotebookNode) -> NotebookNode:
    """Strip a cell to its words or its displays."""
    cell.metadata = NotebookNode()
    if cell.cell_type == "code":
        cell.source, cell.execution_count = "", None
        shown = [output for output in cell.outputs if output.output_type in _DISPLAYS]
        for output in shown:
            output.data = NotebookNode({kind: output.data[kind] for kind in _SHOWN if kind in output.data})
            output.metadata = NotebookNode()
        cell.outputs = [output for output in shown if output.data]
    return cell
