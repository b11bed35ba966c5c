"""The process that workers are forked from, with the imports done.

Where there is no forking (Windows), every worker is a new process that does its own imports:
slower, the same results.
"""

import contextlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from multiprocessing import connection
from multiprocessing.process import BaseProcess
from typing import Any

from csd_helpers.errors import CsdError

CAN_FORK = "forkserver" in multiprocessing.get_all_start_methods()
_REPRODUCIBLE = {"PYTHONHASHSEED": "0"}  # sets are in the same order in every run

Send = Callable[[Any], None]


def start_server() -> None:
    """Start the server early: it imports while the figures are counted."""
    if CAN_FORK:
        from multiprocessing import forkserver  # noqa: PLC0415  # not on Windows

        multiprocessing.set_forkserver_preload(["csd_helpers.warm"])
        with _environment(_REPRODUCIBLE):
            forkserver.ensure_running()


def start_worker(work: Callable[..., None], *arguments: Any) -> tuple[BaseProcess, connection.Connection]:
    """Start a process that calls ``work(send, *arguments)``; return it and the pipe it sends to."""
    start_server()
    ours, theirs = multiprocessing.Pipe(duplex=False)
    with _environment(_REPRODUCIBLE):
        process = _new_process(theirs, work, *arguments)
        process.start()
    theirs.close()
    return process, ours


def ask(question: Callable[..., None], *arguments: Any) -> Any:
    """Let a worker answer a question that needs imports this process does without."""
    process, pipe = start_worker(question, *arguments)
    try:
        return pipe.recv()
    except EOFError:
        raise CsdError(
            "a worker process could not be started",
            fix="in a script of your own, put the call under: if __name__ == '__main__':",
            exit_code=1,
        ) from None
    finally:
        process.join()
        pipe.close()


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
