"""Many packs in one run, side by side where cores and memory allow; each stands for itself."""

import multiprocessing
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from datetime import UTC, datetime

from csd_helpers.attempt import attempt
from csd_helpers.batch import default_workers
from csd_helpers.errors import CsdError
from csd_helpers.plan import Choice
from csd_helpers.preparation import prepare_once
from csd_helpers.record import write_record
from csd_helpers.seal import unchanged_pages
from csd_helpers.task import MonthResult, Task

_MONTH_MB = 800  # a process that counts and protects a month, and its worker


def run_months(tasks: list[Task], choice: Choice, tell: Callable[[MonthResult], None]) -> list[MonthResult]:
    """Make the packs of several months and councils; one that fails does not stop the others.

    Parameters
    ----------
    choice
        Its ``workers`` are the packs at a time, each with one notebook at a time.
    tell
        Called with each pack's result as it comes.

    Returns
    -------
    list of MonthResult
        In the order of the tasks.
    """
    results = {}
    todo = []
    for task in tasks:
        result = _unchanged(task, choice)
        if result:
            tell(result)
            results[task] = result
        else:
            todo.append(task)
    at_once = min(len(todo), choice.workers or default_workers(_MONTH_MB))
    for task, result in _side_by_side(todo, replace(choice, workers=1), at_once):
        tell(result)
        results[task] = result
    return [results[task] for task in tasks]


def _unchanged(task: Task, choice: Choice) -> MonthResult | None:
    """Return the result of a task for which a run would change nothing, if that was asked."""
    if choice.force or choice.is_partial:
        return None
    start, clock = datetime.now(UTC), time.monotonic()
    pages = unchanged_pages(task.month, task.root)
    if not pages:
        return None
    write_record(task.root, str(task.month), start, [], pages)
    return task.result(clock, kept=pages)


def _side_by_side(tasks: list[Task], choice: Choice, at_once: int) -> Iterator[tuple[Task, MonthResult]]:
    """Yield results as they come; a task whose process was killed is done once more, alone."""
    if not tasks:
        return
    again = []
    context = multiprocessing.get_context("spawn")  # its children start workers of their own
    with ProcessPoolExecutor(at_once, context) as pool:
        futures = {pool.submit(run_month, task, choice): task for task in tasks}
        for future in as_completed(futures):
            try:
                yield futures[future], future.result()
            except BrokenProcessPool:
                again.append(futures[future])
    for task in sorted(again):
        with ProcessPoolExecutor(1, context) as pool:
            try:
                yield task, pool.submit(run_month, task, choice).result()
            except BrokenProcessPool:
                error = "its process was killed twice; is there too little memory?"
                yield task, task.result(time.monotonic(), error=error, exit_code=1)


def run_month(task: Task, choice: Choice) -> MonthResult:
    """Make a pack; a failure of any kind is a result, so that no other task is lost with it."""
    start = time.monotonic()
    try:
        outcome = attempt(task.month, task.root, prepare_once, choice)
    except CsdError as error:
        return task.result(start, error=str(error), exit_code=error.exit_code)
    except Exception as error:  # a full disk, a folder that may not be written, a fault of the program
        return task.result(start, error=f"{type(error).__name__}: {error}", exit_code=1)
    return task.result(start, made=len(outcome.made), kept=len(outcome.kept))
