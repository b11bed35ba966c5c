"""What may leave a notebook: the outputs of the cells tagged for the page."""

from typing import Any

from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode

from csd_helpers.errors import CsdError

TAG = "report"
SHOWN = ("display_data", "execute_result")
KINDS = ("text/html", "text/markdown")


class ReportCells(Preprocessor):
    """Keep the page's cells and nothing else of the notebook.

    An allow-list: what nobody tagged stays behind, and so do printed lines, warnings, plain-text
    forms, attachments and metadata, which can hold names of people and of folders.
    """

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Return the notebook reduced to what may leave.

        Parameters
        ----------
        nb
            An executed notebook; it is not changed.
        resources
            Facts of the page, passed through.

        Raises
        ------
        CsdError
            When any cell, tagged or not, ended in an error: a page of half a run is not a page.
        """
        refuse_errors(nb, resources)
        kept = [cell for cell in nb.cells if leaves(cell)]
        cells = [reduced(cell, number) for number, cell in enumerate(kept, start=1)]
        bare = {"cells": cells, "metadata": {}, "nbformat": nb.nbformat, "nbformat_minor": nb.nbformat_minor}
        return NotebookNode(bare), resources


def refuse_errors(nb: NotebookNode, resources: Any) -> None:
    """Raise when a cell has an error output, naming the cells and never what the error says."""
    failed = [
        str(number)
        for number, cell in enumerate(nb.cells, start=1)
        if any(output.output_type == "error" for output in cell.get("outputs", []))
    ]
    if failed:
        raise CsdError(
            f"the page '{title(resources)}' is refused: its notebook did not run to the end",
            where=f"cell {', '.join(failed)}",
            expected="a notebook without an error in any cell",
            fix="run the notebook again and put right the cell that fails",
            exit_code=1,
        )


def leaves(cell: NotebookNode) -> bool:
    """Tell whether a cell is for the page; a raw cell, which no filter reads, never is."""
    return TAG in cell.metadata.get("tags", []) and cell.cell_type in ("code", "markdown")


def title(resources: Any) -> str:
    """Return the page's title for a message."""
    return str(resources.get("page", {}).get("title") or "Draft preview")


def reduced(cell: NotebookNode, number: int) -> NotebookNode:
    """Return the cell under a number, without metadata, code, and outputs that are not shown."""
    bare = {"id": f"cell-{number}", "cell_type": cell.cell_type, "metadata": NotebookNode()}
    if cell.cell_type == "markdown":
        return NotebookNode(bare, source=cell.source)
    outputs = [shown(output) for output in cell.outputs if output.output_type in SHOWN]
    shown_outputs = [output for output in outputs if output.data]
    return NotebookNode(bare, source="", execution_count=None, outputs=shown_outputs)


def shown(output: NotebookNode) -> NotebookNode:
    """Return the output with one kind of content: HTML, or else Markdown."""
    kind = next((kind for kind in KINDS if kind in output.data), None)
    data = NotebookNode({kind: output.data[kind]} if kind else {})
    return NotebookNode(output_type="display_data", data=data, metadata=NotebookNode())
