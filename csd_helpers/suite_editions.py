"""Editions of the suite in time: by which one a month is rated."""

from collections.abc import Sequence
from pathlib import Path

from csd_helpers.period import Period
from csd_helpers.suite import Indicator, Suite, load_suite
from csd_helpers.suite_extension import files_of


def earlier_editions(path: Path) -> list[Suite]:
    """Return the editions that an edition extends, newest first; none if it stands alone."""
    return [load_suite(file) for file in files_of(path)[1:]]


def in_force(key: str, period: Period, editions: Sequence[Suite]) -> Indicator:
    """Return an indicator as the edition in force in a month has it.

    A change of target or tolerance starts with the edition that brings it: months before keep the
    rating they were published with.

    Parameters
    ----------
    key
        An indicator of the newest edition.
    editions
        Newest first. Months before the start of all of them are rated by the oldest, and those of an
        indicator that is new, by the newest.

    Returns
    -------
    Indicator
        Not rated where the indicator was measured in another unit or over another stretch of time.
    """
    now = editions[0].indicators[key]
    started = [suite for suite in editions if Period.parse(suite.start) <= period]
    then = (started or editions[-1:])[0].indicators.get(key, now)
    if (then.unit, then.basis) == (now.unit, now.basis):
        return then
    return now.model_copy(update={"rated_by": "none", "target": None, "amber": None})


def target_since(key: str, months: Sequence[Period], editions: Sequence[Suite]) -> str:
    """Return the first of some months that is rated by the newest edition's target; empty if all are.

    Parameters
    ----------
    months
        Oldest first.
    editions
        Newest first.
    """
    now = _rule(editions[0].indicators[key])
    others = [month for month in months if _rule(in_force(key, month, editions)) != now]
    return str(others[-1] + 1) if others else ""


def _rule(indicator: Indicator) -> tuple[object, ...]:
    """Return what a rating hangs on, without where the target comes from."""
    target = indicator.target
    bounds = (target.lower, target.upper, target.profile) if target else ()
    return (*bounds, indicator.amber, indicator.rated_by)
