"""A year to date never falls: the months beside a hidden one bound it, and may have to go with it."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

import pandas as pd

from csd_helpers.disclosure.model import ACADEMIC, numerator

BESIDE = "beside a hidden month"


def months_beside(
    known: pd.DataFrame, hidden: set[int], kept: Collection[str], small: Sequence[int]
) -> list[int]:
    """Return the percentages of a year to date that bound a hidden one between them too closely.

    Where neither cases nor remainder fall, the hidden numerator is at least the denominator before less
    the remainder after, and at most the denominator after less the remainder before. That a year to date
    never falls is only as true as the figures, though, and whether the hidden ones obey is itself hidden:
    a month that goes with them because the truth obeys would tell that it does. So what decides is the
    months shown, whatever is hidden between them.

    Parameters
    ----------
    known
        Figures that count people, all months.
    hidden
        The places of those hidden for what they are themselves.
    kept
        Names of counts that cannot be withheld any more.
    small
        The counts that are hidden, from the least to the most.

    Returns
    -------
    list of int
        The places of the figures to withhold.
    """
    grows = known["year"].notna() & known["basis"].ne(ACADEMIC)
    growing = known[grows & known["unit"].eq("percent") & known["denominator"].notna()]
    found: list[int] = []
    for _, series in growing.groupby(["indicator", "breakdown", "category"], sort=False):
        rows = list(series.sort_values("month").itertuples())
        found += _beside(rows, hidden, kept, small)
    return found


def _beside(rows: list[Any], hidden: set[int], kept: Collection[str], small: Sequence[int]) -> list[int]:
    """Return the months of a series to withhold, one after the other, until none bounds a hidden one."""
    found: list[int] = []
    while (place := next(_too_close(rows, hidden | set(found), kept, small), None)) is not None:
        found.append(place)
    return found


def _too_close(rows: list[Any], gone: set[int], kept: Collection[str], small: Sequence[int]) -> Iterator[int]:
    """Yield the figures beside hidden ones that leave some of the small counts possible, but not all."""
    before = None
    for at, row in enumerate(rows):
        starts = at == 0 or rows[at - 1].year != row.year
        if row.Index not in gone:
            if not starts and rows[at - 1].Index in gone and before and _bound(before, row, small):
                yield from (end.Index for end in (before, row) if numerator(end) not in kept)
            before = row
        elif starts:
            before = None


def _bound(before: Any, after: Any, small: Sequence[int]) -> bool:
    """Say whether two months bound the numerators or the remainders between them within the small counts."""
    least, most = small[0], small[-1]
    for first, last in ((_remainder(before), _remainder(after)), (before.numerator, after.numerator)):
        lowest, highest = before.denominator - last, after.denominator - first
        if least < lowest <= most or least <= highest < most:
            return True
    return False


def _remainder(row: Any) -> float:
    return float(row.denominator - row.numerator)
