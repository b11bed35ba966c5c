"""A pack to make, and what came of it."""

import time
from dataclasses import dataclass
from pathlib import Path

from csd_helpers.period import Period


@dataclass(frozen=True)
class MonthResult:
    """What came of a month: pages made and kept, or why there is no new pack.

    Parameters
    ----------
    council
        The council's name in a plan of several; empty where there is one.
    error
        What went wrong; empty if there is a good pack.
    """

    period: str
    seconds: float
    made: int = 0
    kept: int = 0
    error: str = ""
    exit_code: int = 0
    council: str = ""

    @property
    def name(self) -> str:
        """How progress and failures name it: ``2020-10``, or ``northmoor 2020-10``."""
        return f"{self.council} {self.period}".strip()


@dataclass(frozen=True, order=True)
class Task:
    """A pack to make: whose month, in which folder; ``council`` is empty where there is only one."""

    month: Period
    root: Path
    council: str = ""

    def result(self, start: float, **facts: object) -> MonthResult:
        """Return what came of it."""
        seconds = time.monotonic() - start
        return MonthResult(str(self.month), seconds, council=self.council, **facts)  # type: ignore[arg-type]
