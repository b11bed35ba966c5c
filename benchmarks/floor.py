"""The least a pack can cost: its cells as plain scripts in one warm process, and its pages rendered.

No notebook is read or written while the clock runs, no process is started, nothing is isolated.
Prints the processor seconds, those with the imports that make the process warm, and the pages.

    python benchmarks/floor.py outputs/2020-10/working/release 2020-10
"""

import csd_helpers.warm  # noqa: F401, I001  # first: all that a notebook needs, as cheaply as workers have it

import ast
import sys
import time
from pathlib import Path
from typing import Any

import nbformat
from IPython.core.interactiveshell import InteractiveShell
from nbformat.v4 import new_output

from csd_helpers.execution import exporter, for_batch

PROJECT = Path(__file__).resolve().parents[1]


def run_cells(notebook: Any, names: dict[str, Any]) -> None:
    """Execute the cells one after the other; keep what the last expression of each shows."""
    show = InteractiveShell.instance().display_formatter.format
    for cell in notebook.cells:
        tags = cell.metadata.get("tags", [])
        if cell.cell_type != "code" or "parameters" in tags:
            continue
        body = ast.parse(cell.source).body
        last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
        exec(compile(ast.Module(body, []), "cell", "exec"), names)
        value = eval(compile(ast.Expression(last.value), "cell", "eval"), names) if last else None
        if value is not None:
            data, metadata = show(value)
            cell.outputs = [new_output("execute_result", data, metadata=metadata)]


def main() -> None:
    """Print the processor seconds of all pages of both parts, alone and with the process's start."""
    release, period = Path(sys.argv[1]), sys.argv[2]
    lean = {
        path: for_batch(nbformat.read(path, as_version=4))
        for path in sorted((PROJECT / "notebooks").glob("*.ipynb"))
    }
    start, pages = time.process_time(), 0
    for part in (1, 2):
        for path, notebook in lean.items():
            if path.stem == "disclosure" and part == 1:  # the account of disclosure control is exempt
                continue
            names = {"period": period, "part": part, "release": str(release / f"part{part}")}
            run_cells(notebook, names)
            html, _ = exporter("csd").from_notebook_node(
                notebook, resources={"page": {"part": part, "title": ""}}
            )
            pages += bool(html)
    print(f"{time.process_time() - start:.3f} {time.process_time():.3f} {pages}")


if __name__ == "__main__":
    main()
