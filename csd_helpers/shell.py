"""An IPython shell that behaves as a notebook's kernel, in the process it is in."""

import builtins
import contextlib
import getpass
import logging
import os
import signal
import sys
import threading
import warnings
from collections.abc import Iterator
from types import FrameType
from typing import Any, NoReturn

import ipykernel.zmqshell
from IPython.core.error import StdinNotImplementedError
from IPython.core.interactiveshell import InteractiveShell
from matplotlib_inline.config import InlineBackend
from nbclient.exceptions import CellTimeoutError
from traitlets.config import Config

from csd_helpers.capture import Wire

_BACKEND = "module://matplotlib_inline.backend_inline"


class ZMQInteractiveShell(ipykernel.zmqshell.ZMQInteractiveShell):
    """A kernel's shell without the kernel.

    The class keeps its name because libraries (pandas, tqdm, IPython itself) look for it
    to learn that they are in a notebook.
    """

    def enable_gui(self, gui: Any = None) -> None:
        """Do nothing: there is no window system in a batch."""

    def ask_exit(self) -> NoReturn:
        """Make ``exit`` an error, as ``sys.exit`` is."""
        raise SystemExit

    async def execute(self, source: str) -> bool:
        """Run a cell as ipykernel does, inside a running event loop; return whether it succeeded."""
        broken = None
        try:
            code = self.transform_cell(source)
        except Exception:
            code, broken = source, sys.exc_info()
        if not self.should_run_async(source, transformed_cell=code, preprocessing_exc_tuple=broken):
            result = self.run_cell(source, store_history=True)
        else:
            result = await self._await_cell(source, code, broken)
        return bool(result.success and not self._last_traceback_during_displayhook)

    async def _await_cell(self, source: str, code: str, broken: Any) -> Any:
        self._last_traceback_during_displayhook = False
        result = None
        try:
            result = await self.run_cell_async(
                source, store_history=True, transformed_cell=code, preprocessing_exc_tuple=broken
            )
        finally:  # run_cell does this itself
            self.events.trigger("post_execute")
            self.events.trigger("post_run_cell", result)
        return result


@contextlib.contextmanager
def notebook_shell(wire: Wire) -> Iterator[ZMQInteractiveShell]:
    """Set the process up as a kernel is, and put it back afterwards.

    Raises
    ------
    RuntimeError
        Inside a running kernel, whose shell it would take over.
    """
    if InteractiveShell.initialized():
        raise RuntimeError("the engine 'csd' cannot run inside a kernel: leave the engine out there")
    with _as_a_kernel_process():
        shell = _new_shell(wire)
        try:
            _use_inline_figures(shell)
            _use_notebook_tables()
            yield shell
        finally:
            shell.restore_sys_module_state()
            ZMQInteractiveShell.clear_instance()


def _new_shell(wire: Wire) -> ZMQInteractiveShell:
    config = Config()
    config.HistoryManager.hist_file = ":memory:"  # as nbclient starts kernels
    shell: ZMQInteractiveShell = ZMQInteractiveShell.instance(config=config)
    shell.displayhook.session = shell.display_pub.session = wire
    shell.displayhook.topic = b"execute_result"
    return shell


@contextlib.contextmanager
def _as_a_kernel_process() -> Iterator[None]:
    """Save what a kernel changes of its process, or starts out without."""
    environment, folder, path = dict(os.environ), os.getcwd(), list(sys.path)  # noqa: PTH109
    handlers, reader, secret_reader = logging.root.handlers[:], builtins.input, getpass.getpass
    logging.root.handlers.clear()  # a notebook's own basicConfig must take effect
    builtins.input = getpass.getpass = _no_input
    if "" not in sys.path:
        sys.path.insert(0, "")
    try:
        with warnings.catch_warnings():
            yield
    finally:
        logging.root.handlers[:] = handlers
        builtins.input, getpass.getpass = reader, secret_reader
        os.environ.clear()
        os.environ.update(environment)
        os.chdir(folder)
        sys.path[:] = path


def _no_input(*_: Any, **__: Any) -> NoReturn:
    raise StdinNotImplementedError("a notebook in a batch cannot ask for input")


def _use_inline_figures(shell: ZMQInteractiveShell) -> None:
    """Show figures in the notebook, whether matplotlib is imported already or later.

    A kernel has the back end in its environment, and it sets itself up when the first figure
    is made. The same happens here, unless an earlier notebook in this process already did.
    """
    os.environ["MPLBACKEND"] = _BACKEND
    if "matplotlib_inline.backend_inline" in sys.modules:
        InlineBackend.clear_instance()
        backend = sys.modules["matplotlib_inline.backend_inline"]
        backend.configure_inline_support.current_backend = "unset"
        shell.run_line_magic("matplotlib", "inline")
    elif "matplotlib" in sys.modules:
        sys.modules["matplotlib"].rcParams["backend"] = _BACKEND


def _use_notebook_tables() -> None:
    """Let pandas show as many columns as it does where it was imported in a notebook.

    It decides once, when it is imported, whether it writes for a terminal.
    """
    pandas = sys.modules.get("pandas")
    if pandas and pandas.get_option("display.max_columns") == 0:
        pandas.set_option("display.max_columns", 20)


class TimeLimit:
    """Interrupts a cell that runs too long.

    It needs the main thread and a system with interval timers; elsewhere the parent's kill
    is the only limit.
    """

    def __init__(self, seconds: float | None, what: str) -> None:
        self.message = f"{what} ran longer than its limit of {seconds:g} seconds" if seconds else ""
        main = threading.current_thread() is threading.main_thread()
        self._seconds = seconds if seconds and main and hasattr(signal, "setitimer") else None
        self.passed = False

    def __enter__(self) -> "TimeLimit":
        if self._seconds:
            self._handler = signal.signal(signal.SIGALRM, self._interrupt)
            # Again every second: the first may be swallowed by an `except Exception`.
            signal.setitimer(signal.ITIMER_REAL, max(self._seconds, 0.001), 1.0)
        return self

    def __exit__(self, *_: object) -> None:
        if self._seconds:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, self._handler)

    def _interrupt(self, _signal: int, _frame: FrameType | None) -> NoReturn:
        self.passed = True
        raise CellTimeoutError(self.message)
