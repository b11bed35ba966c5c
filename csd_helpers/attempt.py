"""One run of a month as a person or a scheduler sees it: tried, recorded, and sealed if it went well."""

import contextlib
from datetime import UTC, datetime
from pathlib import Path

from csd_helpers.batch import Outcome, Prepare, run_pack
from csd_helpers.period import Period
from csd_helpers.plan import Choice
from csd_helpers.prepared import Prepared
from csd_helpers.record import write_failure, write_record, write_start
from csd_helpers.server import ask
from csd_helpers.workers import Progress


def attempt(
    month: Period, root: Path, prepare: Prepare, choice: Choice, progress: Progress = lambda step: None
) -> Outcome:
    """Make a month's pack, and write beside it how that went; whatever fails is raised once it is written.

    Parameters
    ----------
    root, prepare, choice, progress
        As of `csd_helpers.batch.run_pack`.
    """
    start = datetime.now(UTC)
    before = ask("seal.circumstances", month, root)

    def begin(period: Period, home: Path, working: Path) -> Prepared:
        """Prepare the month; only now is it certain that no other run is at work on it."""
        write_start(home, str(period), start)
        return prepare(period, home, working)

    try:
        outcome = run_pack(month, root, begin, choice, progress)
    except BaseException as error:
        with contextlib.suppress(OSError):  # a full disk: the message says it
            write_failure(root, str(month), start, error)
        raise
    write_record(root, str(month), start, outcome.made, len(outcome.kept), outcome.changed)
    ask("seal.seal", month, root, before)
    return outcome
