"""Trend: is a month out of the ordinary, is the target met reliably, what could be chance.

XmR charts by the rules of NHS Making Data Count, which raise a false alarm in most series that are
cumulated, rolling or stocks: they are for monthly flows only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import NamedTuple

import numpy as np
import pandas as pd

LEAST_POINTS = 12
_LIMIT = 2.66  # mean moving ranges from the mean to a limit
_SCREEN = 3.267  # moving ranges beyond so many of their mean are left out of it (Nelson 1982)
_RUN, _THREE = 7, 3
_Z = 1.959963984540054  # the normal quantile of a 95% interval


@dataclass(frozen=True)
class Limits:
    """What is usual of a series: its mean, and the natural process limits around it."""

    mean: float
    low: float
    high: float


class Signal(NamedTuple):
    """A special cause: which rule a month meets, and on which side (1 up or above, -1 down or below)."""

    rule: str
    side: int


class Interval(NamedTuple):
    """The lower and upper end of an interval, in per cent."""

    low: float
    high: float


def xmr(values: Sequence[float | None]) -> Limits | None:
    """Return the natural process limits of a monthly flow.

    Mean plus and minus 2.66 mean moving ranges, moving ranges beyond 3.267 of their mean left out, as
    NHSRplotthedots does and the Making Data Count workbook in Excel does not: one exceptional month
    would hide the next.

    Parameters
    ----------
    values
        The flow of each month, oldest first; None where it is not known.

    Returns
    -------
    Limits or None
        None with fewer than twelve months known.

    Examples
    --------
    >>> limits = xmr([1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1])
    >>> [round(limit, 2) for limit in (limits.high, limits.mean, limits.low)]
    [4.6, 1.94, -0.72]
    """
    known = pd.Series(values, dtype="float64")
    if known.count() < LEAST_POINTS:
        return None
    ranges = known.diff().abs()
    usual = ranges[ranges.lt(_SCREEN * ranges.mean())].mean()
    reach = _LIMIT * (0.0 if pd.isna(usual) else float(usual))
    mean = float(known.mean())
    return Limits(mean, mean - reach, mean + reach)


def special_causes(values: Sequence[float | None], limits: Limits) -> list[Signal | None]:
    """Return the special cause each month is part of, the first rule that finds it.

    Beyond a limit; seven on one side of the mean; seven rising or falling in a row; two of three near a
    limit, all three on its side.
    """
    known = np.array(values, dtype="float64")
    side = np.nan_to_num(np.sign(known - limits.mean))
    beyond = (known > limits.high).astype(int) - (known < limits.low)
    step = np.nan_to_num(np.sign(np.diff(known, prepend=np.nan)))
    trend, run = _in_run(step, _RUN - 1, 1), _in_run(side, _RUN, 0)
    found = {"limit": beyond, "run": run, "trend": trend, "near": _near(known, side, limits)}
    signals: list[Signal | None] = []
    for month in range(len(known)):
        rules = [Signal(rule, int(flags[month])) for rule, flags in found.items() if flags[month]]
        signals.append(rules[0] if rules else None)
    return signals


def assurance(limits: Limits, lower: float, upper: float, polarity: str) -> str:
    """Say how a target would be met from month to month.

    Returns
    -------
    str
        ``reliably met`` where the usual range keeps within the target, ``reliably missed`` where it
        keeps outside, ``hit or miss`` otherwise.
    """
    if polarity == "low":
        met, missed = limits.high <= upper, limits.low > upper
    elif polarity == "high":
        met, missed = limits.low >= lower, limits.high < lower
    else:
        met = limits.low >= lower and limits.high <= upper
        missed = limits.high < lower or limits.low > upper
    return "reliably met" if met else "reliably missed" if missed else "hit or miss"


def wilson(numerator: int, denominator: int) -> Interval:
    """Return the Wilson score interval of a percentage, 95 per cent.

    It keeps within 0 and 100 and is right for few cases, where plain intervals are not. Source: Wilson
    1927; as PHEindicatormethods has it.

    Examples
    --------
    >>> [round(end, 1) for end in wilson(34, 89)]
    [28.8, 48.6]
    """
    share, square = numerator / denominator, _Z * _Z
    middle = share + square / (2 * denominator)
    reach = _Z * sqrt(share * (1 - share) / denominator + square / (4 * denominator**2))
    scale = 100 / (1 + square / denominator)
    return Interval(max((middle - reach) * scale, 0.0), min((middle + reach) * scale, 100.0))


def _in_run(signs: np.ndarray, length: int, before: int) -> np.ndarray:
    """Mark the months of every run of equal signs, and those before it that belong to it."""
    marked = np.zeros(len(signs), dtype=int)
    for end in range(length, len(signs) + 1):
        total = signs[end - length : end].sum()
        if abs(total) == length:
            marked[max(end - length - before, 0) : end] = np.sign(total)
    return marked


def _near(known: np.ndarray, side: np.ndarray, limits: Limits) -> np.ndarray:
    """Mark the months near a limit that are two of three, all three on the same side."""
    reach = (limits.high - limits.mean) * 2 / 3
    near = (np.abs(known - limits.mean) > reach) & (known >= limits.low) & (known <= limits.high)
    part = np.zeros(len(known), dtype=bool)
    for end in range(_THREE, len(known) + 1):
        three = slice(end - _THREE, end)
        part[three] |= near[three].sum() >= _THREE - 1 and abs(side[three].sum()) == _THREE
    return np.where(near & part, side, 0).astype(int)
