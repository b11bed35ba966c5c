"""Notebooks done side by side, each in a process of its own, which is killed when it hangs."""

import shutil
import signal
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing import connection
from pathlib import Path
from typing import Any

from csd_helpers.errors import CsdError
from csd_helpers.job import SCRATCH, NotebookJob, NotebookResult
from csd_helpers.server import Send, ask, start_worker

GRACE_SECONDS = 10.0  # what a notebook over its limit gets to end by itself, before it is killed
_ATTEMPTS = 2  # a process that was killed (out of memory, say) gets a second chance


@dataclass(frozen=True)
class Step:
    """A job has moved on.

    Parameters
    ----------
    state
        ``running``, ``done``, ``failed``, ``unchanged`` or ``again`` (killed, and tried once more).
    cell, cells
        The cell it is in, of how many; 0 before the first.
    peak_mb
        Most memory its process has held so far; 0 if not known.
    slowest
        Seconds of the slowest cells, once it is done.
    """

    job: NotebookJob
    state: str
    seconds: float = 0.0
    cell: int = 0
    cells: int = 0
    peak_mb: int = 0
    slowest: dict[int, float] = field(default_factory=dict)

    @classmethod
    def ended(cls, result: NotebookResult) -> "Step":
        """Return the step that a result is."""
        state = "failed" if result.error else "done"
        return cls(result.job, state, result.seconds, peak_mb=result.peak_mb, slowest=result.slowest)


Progress = Callable[[Step], None]


def run_jobs(jobs: list[NotebookJob], pack: Path, workers: int, progress: Progress) -> list[NotebookResult]:
    """Do all jobs, some at a time, each in a process of its own; return their results in order.

    Nothing one job does can reach another, and one that is killed is a failure of its own only.
    """
    waiting = deque((index, 1) for index in range(len(jobs)))
    results: dict[int, NotebookResult] = {}
    running: list[_Worker] = []
    try:
        while waiting or running:
            while waiting and len(running) < workers:
                index, attempt = waiting.popleft()
                running.append(_Worker(jobs[index], pack, index, attempt))
                progress(Step(jobs[index], "running"))
            for worker in _ready(running):
                _follow(worker, running, waiting, results, progress)
    finally:
        for worker in running:
            worker.kill()
        shutil.rmtree(pack / SCRATCH, ignore_errors=True)
    return [results[index] for index in range(len(jobs))]


def _ready(running: list["_Worker"]) -> list["_Worker"]:
    """Wait until a worker has something to say, has ended, or is over its time."""
    patience = max(0.0, min(worker.deadline for worker in running) - time.monotonic())
    heard: set[Any] = set(connection.wait([thing for w in running for thing in w.listening], patience))
    return [w for w in running if heard & set(w.listening) or time.monotonic() >= w.deadline]


def _follow(
    worker: "_Worker",
    running: list["_Worker"],
    waiting: deque[tuple[int, int]],
    results: dict[int, NotebookResult],
    progress: Progress,
) -> None:
    """Take what a worker says; when it is finished, keep its result or try again."""
    result = worker.listen()
    if result is None:
        progress(Step(worker.job, "running", worker.seconds, *worker.at))
        return
    running.remove(worker)
    worker.kill()
    if worker.was_killed and worker.attempt < _ATTEMPTS:
        waiting.appendleft((worker.index, worker.attempt + 1))
        progress(Step(worker.job, "again", worker.seconds))
        return
    results[worker.index] = result
    progress(Step.ended(result))


class _Worker:
    """A process at its one job, seen from the parent."""

    def __init__(self, job: NotebookJob, pack: Path, index: int, attempt: int) -> None:
        self.job, self.index, self.attempt = job, index, attempt
        self.at = (0, 0, 0)
        self.was_killed = False
        self._process, self._pipe = start_worker(_work, job, pack)
        self._start = time.monotonic()
        self.deadline = self._start + job.notebook_seconds + GRACE_SECONDS

    @property
    def listening(self) -> list[Any]:
        """What to wait for: something it says, or its end."""
        return [self._pipe, self._process.sentinel]

    @property
    def seconds(self) -> float:
        """How long it has been at work."""
        return time.monotonic() - self._start

    def listen(self) -> NotebookResult | None:
        """Return the result, once there is one."""
        try:
            while self._pipe.poll():
                message = self._pipe.recv()
                if isinstance(message, NotebookResult):
                    return message
                self.at = message
        except (EOFError, OSError):
            return self._died()
        if time.monotonic() >= self.deadline:
            return self._failure(f"stopped: it ran longer than its limit of {self.job.notebook_seconds:g} s")
        return None if self._process.is_alive() else self._died()

    def kill(self) -> None:
        """End the process, whatever it is doing."""
        if self._process.is_alive():
            self._process.join(0 if self.was_killed else 0.5)
            self._process.kill()
        self._process.join()
        self._pipe.close()

    def _died(self) -> NotebookResult:
        self._process.join()
        code = self._process.exitcode or 0
        self.was_killed = code < 0
        why = f"was killed ({signal.Signals(-code).name})" if code < 0 else f"ended with exit code {code}"
        hint = "; is there too little memory?" if code == -getattr(signal, "SIGKILL", 9) else ""
        return self._failure(f"its process {why}{hint}")

    def _failure(self, message: str) -> NotebookResult:
        cell = f"executed cell {self.at[0]}" if self.at[0] else ""
        return NotebookResult(self.job, self.seconds, message, cell)


def _work(send: Send, job: NotebookJob, pack: Path) -> None:
    """Do the job, in the child."""
    from csd_helpers.execution import do, peak_mb  # noqa: PLC0415  # the parent does without these imports

    send(do(job, pack, lambda cell, cells: send((cell, cells, peak_mb()))))


def check_parameters(jobs: list[NotebookJob]) -> None:
    """Refuse parameters that a notebook does not have, before anything is executed.

    papermill only logs a warning, and the notebook then quietly runs with its defaults.

    Raises
    ------
    CsdError
        If a notebook is missing, cannot be read, or lacks a parameter it is to be given.
    """
    known = ask("execution.parameters_of", sorted({job.notebook for job in jobs})) if jobs else {}
    for job in jobs:
        names = known[job.notebook]
        if isinstance(names, str):
            raise CsdError(names, where=str(job.notebook))
        unknown = sorted(set(job.parameters) - set(names))
        if unknown:
            raise CsdError(
                f"the notebook has no parameter '{unknown[0]}'",
                where=str(job.notebook),
                expected=", ".join(names) or "a cell tagged 'parameters'",
                fix=f"write {unknown[0]} = ... in the cell tagged 'parameters'",
            )
