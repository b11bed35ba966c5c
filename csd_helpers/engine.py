"""A papermill engine that runs the cells in the process it is in.

Starting a kernel and importing pandas costs more than most notebooks' own work. This engine
starts nothing: the batch gives every notebook a process of its own that has the imports done,
and the isolation comes from that process.
"""

import time
from collections.abc import Callable
from typing import Any

# Importing papermill makes it load its engines, this one among them. If that import starts
# here, it is told "none yet", and the engine registers itself in the last lines.
__getattr__ = {"CsdEngine": None}.get

from ipykernel.ipkernel import IPythonKernel
from jupyter_core.utils import run_sync
from nbclient.exceptions import CellTimeoutError
from nbformat import NotebookNode
from nbformat.v4 import new_output
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, NotebookExecutionManager, papermill_engines
from papermill.exceptions import PapermillException

from csd_helpers.capture import Console, Wire
from csd_helpers.shell import TimeLimit, ZMQInteractiveShell, notebook_shell


class CsdEngine(Engine):
    """Run a notebook's cells here, with a kernel's semantics and nbclient's handling of outputs.

    Registered with papermill as ``csd``: ``papermill --engine csd in.ipynb out.ipynb``.
    """

    @classmethod
    def execute_notebook(
        cls, nb: NotebookNode, kernel_name: str, output_path: str | None = None, **kwargs: Any
    ) -> NotebookNode:
        """Run the notebook; papermill writes it once, when it is done or has failed."""
        return super().execute_notebook(nb, kernel_name, output_path=None, **kwargs)

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: NotebookExecutionManager,
        kernel_name: str,
        execution_timeout: float | None = None,
        total_timeout: float | None = None,
        on_cell_start: Callable[..., None] | None = None,
        **_: Any,
    ) -> None:
        """Run every cell up to the first that fails.

        Parameters
        ----------
        execution_timeout
            Seconds a cell may take.
        total_timeout
            Seconds the notebook may take.
        on_cell_start
            Called with ``cell`` and ``cell_index`` before each cell, as nbclient's hook is.
        """
        if cls.nb_language(nb_man.nb) != "python":
            raise PapermillException("the engine 'csd' runs Python notebooks only")
        wire = Wire()
        console = Console(wire)
        with notebook_shell(wire) as shell:
            try:
                run = _Run(nb_man, shell, wire, console, _Clock(execution_timeout, total_timeout))
                run.cells(on_cell_start)
            finally:
                console.discard()


class _Clock:
    """The limit of the next cell: its own, or what is left of the notebook's."""

    def __init__(self, per_cell: float | None, total: float | None) -> None:
        self._per_cell, self._total, self._start = per_cell, total, time.monotonic()

    def limit(self) -> TimeLimit:
        """Return the limit, with the message that says whose it was."""
        left = self._total - (time.monotonic() - self._start) if self._total else None
        if left is not None and (not self._per_cell or left < self._per_cell):
            limit = TimeLimit(max(left, 0.001), "the notebook")
            limit.message = f"the notebook ran longer than its limit of {self._total:g} seconds"
            return limit
        return TimeLimit(self._per_cell, "the cell")


class _Run:
    """One notebook on its way through the shell."""

    def __init__(
        self,
        manager: NotebookExecutionManager,
        shell: ZMQInteractiveShell,
        wire: Wire,
        console: Console,
        clock: _Clock,
    ) -> None:
        self.manager, self.shell, self.wire, self.console, self.clock = manager, shell, wire, console, clock
        self.client = PapermillNotebookClient(manager, log_output=manager.log_output)

    def cells(self, on_cell_start: Callable[..., None] | None) -> None:
        """Run the cells in order, with papermill's records of each."""
        notebook = self.manager.nb
        for index, cell in enumerate(notebook.cells):
            if on_cell_start:
                on_cell_start(cell=cell, cell_index=index)
            self.manager.cell_start(cell, index)
            try:
                if self._runs(cell) and not self._cell(cell, index):
                    self.manager.cell_exception(cell, index)
                    break
            finally:
                self.manager.cell_complete(cell, index)
        notebook.metadata["language_info"] = dict(IPythonKernel.language_info)
        self.client.set_widgets_metadata()

    def _runs(self, cell: NotebookNode) -> bool:
        tags = cell.metadata.get("tags", [])
        return (
            cell.cell_type == "code"
            and bool(cell.source.strip())
            and self.client.skip_cells_with_tag not in tags
        )

    def _cell(self, cell: NotebookNode, index: int) -> bool:
        """Run a cell and fill in its outputs; return whether the notebook may go on."""
        cell.outputs, cell.execution_count = [], self.shell.execution_count
        succeeded = False
        with self.clock.limit() as limit, self.console.caught():
            try:
                succeeded = run_sync(self.shell.execute)(cell.source)
            except CellTimeoutError:  # it came while the event loop, not the cell, was running
                limit.passed = True
        self.client.clear_before_next_output = False
        for message in self.wire.take():
            self.client.process_message(message, cell, index)
        if limit.passed:
            _say_time_is_up(cell, limit.message)
            return False
        _say_exit_is_an_error(cell)
        return succeeded or "raises-exception" in cell.metadata.get("tags", [])


def _say_time_is_up(cell: NotebookNode, message: str) -> None:
    """Make sure that the outputs name the time limit, whatever the cell caught or showed."""
    if not any(output.get("evalue") == message for output in cell.outputs):
        cell.outputs.append(
            new_output("error", ename="CellTimeoutError", evalue=message, traceback=[message])
        )


def _say_exit_is_an_error(cell: NotebookNode) -> None:
    """Stop papermill from taking ``sys.exit(0)`` for a success: cells after it have not run."""
    for output in cell.outputs:
        if output.get("ename") == "SystemExit":
            output.evalue = f"sys.exit({output.evalue}) in a cell: the rest of the notebook did not run"


papermill_engines.register("csd", CsdEngine)
del __getattr__
