"""Imported once by the process that workers are forked from: everything a notebook needs first.

Importing pandas, matplotlib and the exporter, finding fonts and compiling the page's template
take longer than most notebooks. Done here, each notebook starts with it done. Nothing in here
may start a thread: a fork would leave its locks behind.
"""

import contextlib
import gc
import importlib
import io
import sys
from collections.abc import Iterator

from csd_helpers.cli import SLOW_AND_OPTIONAL

_USED_BY_NOTEBOOKS = [
    "pandas",
    "pandas.core.methods.to_dict",
    "pyarrow.parquet",
    "pyarrow.dataset",  # what pandas reads Parquet with
    "pyarrow.pandas_compat",
    "sqlite3",  # IPython's history
    "IPython.core.application",
    "IPython.core.completerlib",
    "IPython.core.logger",
    "IPython.core.magics",
    "IPython.core.magics.pylab",
    "IPython.core.oinspect",
    "matplotlib.pyplot",
    "matplotlib.figure",
    "matplotlib.backends.backend_agg",
    "csd_helpers.execution",
    "csd_helpers.engine",
    "csd_helpers.pack",
    "csd_helpers.charts",
    "csd_helpers.cli",  # every worker begins with the command it belongs to
    "csd_helpers.manifest",
    "csd_helpers.parameters",
]


@contextlib.contextmanager
def _without(module: str) -> Iterator[None]:
    """Let imports in the block do without an optional module."""
    absent = module not in sys.modules
    if absent:
        sys.modules[module] = None  # type: ignore[assignment]
    yield
    if absent:
        del sys.modules[module]


def _import() -> None:
    with _without(SLOW_AND_OPTIONAL):
        for module in _USED_BY_NOTEBOOKS:
            with contextlib.suppress(ImportError):  # the notebook that needs it will say what is wrong
                importlib.import_module(module)


def _draw() -> None:
    """Draw invented charts and a figure: classes are built, fonts found and read."""
    charts, period = sys.modules["csd_helpers.charts"], sys.modules["csd_helpers.period"].Period
    month = period.parse("2020-01")
    trend = charts.Trend([month, month + 1], [1.0, 2.0], [False, True], "percent", "2", target=(1.0, 2.0))
    charts.trend_chart(trend, "")
    charts.bar_chart(["a"], [1.0], ["1"], "")
    figure = sys.modules["matplotlib.figure"].Figure(figsize=(1, 1))
    sys.modules["matplotlib.backends.backend_agg"].FigureCanvasAgg(figure)
    figure.subplots().set_title("warm")
    figure.savefig(io.BytesIO(), format="png")


def _render() -> None:
    """Make a page of a few words: the template and the patterns of Markdown are found and compiled."""
    from nbformat.v4 import new_markdown_cell, new_notebook  # noqa: PLC0415  # after _import

    exporter = sys.modules["csd_helpers.execution"].exporter("csd")
    words = "Some *words* and [a link](#there).\n\n- a point"
    cell = new_markdown_cell(words, metadata={"tags": ["report"]})
    exporter.from_notebook_node(new_notebook(cells=[cell]), resources={"page": {}})


def _open_shell() -> None:
    """Open and close a notebook's shell, in which nothing is run."""
    capture, shell = sys.modules["csd_helpers.capture"], sys.modules["csd_helpers.shell"]
    sys.modules["matplotlib.backends"].backend_registry.list_all()
    with shell.notebook_shell(capture.Wire()):
        pass


def _hash_the_code() -> None:
    """Hash the package and look versions up: one run has one code, and several of its workers ask for it."""
    sys.modules["csd_helpers.manifest"].code_digest()
    sys.modules["csd_helpers.manifest"].versions()


gc.disable()  # what is imported stays: looking for garbage in it takes an eighth of the time
for _step in (_import, _draw, _render, _open_shell, _hash_the_code):
    with contextlib.suppress(Exception):  # being warm is a convenience, never a condition
        _step()
gc.freeze()  # a worker's collector leaves alone what is shared with the others
gc.enable()
