"""The process that workers are forked from, with the imports done.

Where there is no forking (Windows), every worker is a new process that does its own imports:
slower, the same results.
"""

import contextlib
import importlib
import multiprocessing
import os
import signal
import threading
import traceback
from collections.abc import Callable, Iterator
from multiprocessing import connection
from multiprocessing.process import BaseProcess
from typing import Any

from csd_helpers.errors import CsdError

CAN_FORK = "forkserver" in multiprocessing.get_all_start_methods()
_STARTS = 2
_REPRODUCIBLE = {"PYTHONHASHSEED": "0"}  # sets are in the same order in every run

Send = Callable[[Any], None]


def start_server() -> None:
    """Start the server early: it imports while the command looks at what is there."""
    if CAN_FORK:
        from multiprocessing import forkserver  # noqa: PLC0415  # not on Windows

        multiprocessing.set_forkserver_preload(["csd_helpers.warm"])
        with _environment(_REPRODUCIBLE):
            forkserver.ensure_running()


def start_worker(work: Callable[..., None], *arguments: Any) -> tuple[BaseProcess, connection.Connection]:
    """Start a process that calls ``work(send, *arguments)``; return it and the pipe it sends to.

    Raises
    ------
    CsdError
        If the server was killed in the very moment, and again when it had been started anew.
    """
    ours, theirs = multiprocessing.Pipe(duplex=False)
    for _ in range(_STARTS):
        start_server()
        with contextlib.suppress(EOFError, ConnectionError), _environment(_REPRODUCIBLE):
            process = _new_process(theirs, work, *arguments)
            process.start()
            theirs.close()
            return process, ours
    raise CsdError("no worker process can be started: the process they come from is killed", exit_code=1)


class Question:
    """A call of one of the package's functions in a worker, which has the imports this process does without.

    Parameters
    ----------
    function
        Its module and name in the package: ``preparation.prepare_once``.

    Examples
    --------
    >>> Question("marking.marking", 1, "").answer()
    'Part 1: public'
    """

    def __init__(self, function: str, *arguments: Any) -> None:
        self._asked = (function, arguments)
        self._process, self._pipe = start_worker(_answer, *self._asked)

    def answer(self) -> Any:
        """Wait for what the function returns; what it raises is raised here.

        If the worker is killed (out of memory, say), another one is asked, once.
        """
        answer, error, was_killed = self._received()
        if was_killed:
            self._process, self._pipe = start_worker(_answer, *self._asked)
            answer, error, was_killed = self._received()
        if was_killed:
            what = "a worker process was killed, twice; is there too little memory?"
            raise CsdError(what, fix="try fewer at a time: --jobs 1", exit_code=1)
        if error is not None:
            raise error
        return answer

    def _received(self) -> tuple[Any, Exception | None, bool]:
        """Return the worker's answer or error, or that it was killed; the worker is ended in any case."""
        try:
            return *self._pipe.recv(), False
        except EOFError:
            self._process.join()
            was_killed = (self._process.exitcode or 0) < 0
            return None, None if was_killed else _not_started(), was_killed
        finally:
            self._process.kill()
            self._process.join()
            self._pipe.close()


def _not_started() -> CsdError:
    return CsdError(
        "a worker process could not be started",
        fix="in a script of your own, put the call under: if __name__ == '__main__':",
        exit_code=1,
    )


def ask(function: str, *arguments: Any) -> Any:
    """Let a worker call one of the package's functions; return what it returns (see `Question`)."""
    return Question(function, *arguments).answer()


def _answer(send: Send, function: str, arguments: tuple[Any, ...]) -> None:
    """Call the function, in the worker."""
    module, name = function.rsplit(".", 1)
    try:
        answer = getattr(importlib.import_module(f"csd_helpers.{module}"), name)(*arguments)
    except Exception as error:
        send((None, _portable(error)))
    else:
        send((answer, None))


def _portable(error: Exception) -> Exception:
    """Return an error that can be sent: a library's own is told in words, a fault with where it happened."""
    if isinstance(error, CsdError):
        return error
    is_known = type(error).__module__ == "builtins"
    sent = error if is_known else RuntimeError(f"{type(error).__name__}: {error}")
    if not isinstance(sent, OSError):  # a full disk, say, is no fault of the program
        sent.add_note("in a worker process:\n" + "".join(traceback.format_exception(error)))
    return sent


def _new_process(*arguments: Any) -> BaseProcess:
    if CAN_FORK:
        return multiprocessing.get_context("forkserver").Process(target=_begin, args=arguments)
    return multiprocessing.get_context("spawn").Process(target=_begin, args=arguments)


def _begin(pipe: connection.Connection, work: Callable[..., None], *arguments: Any) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which then ends us
    _end_with_parent()
    with contextlib.suppress(BrokenPipeError):  # the parent has gone: nobody to tell
        work(pipe.send, *arguments)


def _end_with_parent() -> None:
    """Leave no process behind that writes into the folder of a run that is gone."""
    parent = multiprocessing.parent_process()

    def wait() -> None:
        """Wait for the parent's end, then end at once."""
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


@contextlib.contextmanager
def _environment(changes: dict[str, str]) -> Iterator[None]:
    """Set environment variables for the processes started in the block."""
    before = {name: os.environ.get(name) for name in changes}
    os.environ.update(changes)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
