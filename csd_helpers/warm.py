"""Imported once by the process that workers are forked from: everything a notebook needs first.

Importing pandas, matplotlib and the exporter, finding fonts and compiling the page's template
take longer than most notebooks. Done here, each notebook starts with it done. Nothing in here
may start a thread: a fork would leave its locks behind.
"""

import contextlib
import importlib
import io

import matplotlib.figure
from matplotlib.backends.backend_agg import FigureCanvasAgg
from nbformat.v4 import new_markdown_cell, new_notebook

from csd_helpers import execution

_USED_BY_NOTEBOOKS = [
    "pandas",
    "pyarrow.parquet",
    "matplotlib.pyplot",
    "csd_helpers.engine",
    "csd_helpers.pack",
]


def _draw() -> None:
    """Draw one small figure: fonts are found and read."""
    figure = matplotlib.figure.Figure(figsize=(1, 1))
    FigureCanvasAgg(figure)
    figure.subplots().set_title("warm")
    for kind in ("png", "svg"):
        figure.savefig(io.BytesIO(), format=kind)


def _render() -> None:
    """Make one empty page: the template is found and compiled."""
    execution.exporter("csd").from_notebook_node(new_notebook(cells=[new_markdown_cell("")]))


for _module in _USED_BY_NOTEBOOKS:
    with contextlib.suppress(ImportError):  # whatever is wrong is told by the notebook that needs it
        importlib.import_module(_module)
for _step in (_draw, _render):
    with contextlib.suppress(Exception):
        _step()
