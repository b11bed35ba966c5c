"""Many months in one run, side by side where cores and memory allow; each is a pack of its own."""

import multiprocessing
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from pathlib import Path

from csd_helpers.batch import default_workers, run_pack
from csd_helpers.errors import CsdError
from csd_helpers.period import Period
from csd_helpers.plan import Choice
from csd_helpers.preparation import prepare_once

_MONTH_MB = 800  # a process that counts and protects a month, and its worker


@dataclass(frozen=True)
class MonthResult:
    """What came of a month: pages made and kept, or why there is no new pack."""

    period: str
    seconds: float
    made: int = 0
    kept: int = 0
    error: str = ""
    exit_code: int = 0


def run_months(
    months: list[Period], root: Path, choice: Choice, tell: Callable[[MonthResult], None]
) -> list[MonthResult]:
    """Make the packs of several months; one that fails does not stop the others.

    Parameters
    ----------
    choice
        Its ``workers`` are the months at a time, each with one notebook at a time.
    tell
        Called with each month's result as it comes.
    """
    at_once = min(len(months), choice.workers or default_workers(_MONTH_MB))
    results = {}
    for result in _side_by_side(months, root, replace(choice, workers=1), at_once):
        tell(result)
        results[result.period] = result
    return [results[str(month)] for month in months]


def _side_by_side(months: list[Period], root: Path, choice: Choice, at_once: int) -> Iterator[MonthResult]:
    """Yield results as they come; a month whose process was killed is run once more, alone."""
    again = []
    context = multiprocessing.get_context("spawn")  # its children start workers of their own
    with ProcessPoolExecutor(at_once, context) as pool:
        futures = {pool.submit(run_month, month, root, choice): month for month in months}
        for future in as_completed(futures):
            try:
                yield future.result()
            except BrokenProcessPool:
                again.append(futures[future])
    for month in sorted(again):
        with ProcessPoolExecutor(1, context) as pool:
            try:
                yield pool.submit(run_month, month, root, choice).result()
            except BrokenProcessPool:
                error = "its process was killed twice; is there too little memory?"
                yield MonthResult(str(month), 0.0, error=error, exit_code=1)


def run_month(month: Period, root: Path, choice: Choice) -> MonthResult:
    """Make a month's pack; a failure is a result like any other."""
    start = time.monotonic()
    try:
        outcome = run_pack(month, root, prepare_once, choice)
    except CsdError as error:
        return MonthResult(str(month), time.monotonic() - start, error=str(error), exit_code=error.exit_code)
    except OSError as error:  # a full disk, a folder that may not be written
        return MonthResult(str(month), time.monotonic() - start, error=str(error), exit_code=1)
    return MonthResult(str(month), time.monotonic() - start, len(outcome.made), len(outcome.kept))
