"""What a part may show: the seam between all figures and the figures anyone is handed."""

from dataclasses import dataclass
from fractions import Fraction
from math import floor

import numpy as np
import pandas as pd

SUPPRESSED, NOT_AVAILABLE, NO_CASES, APPROXIMATE, SHOWN = "c", "x", "z", "a", ""
COLUMNS = [
    "indicator", "period", "month", "breakdown", "category", "numerator", "denominator", "value",
    "unit", "basis", "as_at", "status", "rating", "text", "numerator_text", "denominator_text", "marker",
    "revised",
]  # fmt: skip
_AMOUNTS = ["numerator", "denominator", "value"]
_TEXTS = ["text", "numerator_text", "denominator_text"]
BELOW = "below expectation"
BASE_PERCENT, BASE_COUNT = 5, 10  # what a figure that is shown approximately is rounded to


@dataclass(frozen=True)
class Withheld:
    """Which figures Part 1 withholds, each a flag per figure.

    ``rounded`` are withheld but for their order of magnitude; of ``told`` Part 1 says that they are
    below expectation, and no more.
    """

    hidden: pd.Series
    rounded: pd.Series
    told: pd.Series


def release(figures: pd.DataFrame, part: int, withheld: Withheld | None = None) -> pd.DataFrame:
    """Return the figures a part may show, with everything else emptied.

    Part 1 is built from what this returns and from nothing else: a number that is hidden is not
    masked at display, it is not there. Part 2 is exempt and shows everything.

    Parameters
    ----------
    figures
        The tidy table of all figures, judged.
    part
        1 (public) or 2 (exempt).
    withheld
        What Part 1 withholds (`csd_helpers.disclosure.decision.choose`).

    Returns
    -------
    pandas.DataFrame
        Columns ``COLUMNS``; ``marker`` is ``c`` (suppressed), ``a`` (approximate), ``x`` (not
        available), ``z`` (no cases) or empty (shown). A suppressed row carries no amount, and nothing
        that hangs on one; neither does one that is not available, in Part 1. ``revised`` is empty until
        `csd_helpers.revisions.mark_revised` fills it.

    Raises
    ------
    ValueError
        For any other part, and for Part 1 without a decision: what is not known to be exempt is never
        shown.
    """
    if part not in (1, 2):
        raise ValueError(f"there is no part {part}")
    released = figures.assign(marker=_gaps(figures), revised="")
    if part == 1:
        if withheld is None:
            raise ValueError("Part 1 cannot be released before it is decided what it withholds")
        _hide(released, withheld)
        # Nothing is decided about a figure that is not there: what there is of it stays unsaid.
        absent = released["marker"].eq(NOT_AVAILABLE)
        released.loc[absent, _AMOUNTS] = np.nan
        released.loc[absent, _TEXTS] = ""
    for marker in (SUPPRESSED, NOT_AVAILABLE, NO_CASES):
        released.loc[released["marker"].eq(marker), "text"] = f"[{marker}]"
    return released[COLUMNS].reset_index(drop=True)


def rounded_amount(count: float, total: float, unit: str) -> int:
    """Return a figure's order of magnitude: a percentage to 5 points, a count to 10, half up.

    Examples
    --------
    >>> rounded_amount(26, 68, "percent"), rounded_amount(45, 0, "count")
    (40, 50)
    """
    share = Fraction(100 * int(count), int(total)) if unit == "percent" else Fraction(int(count))
    base = BASE_PERCENT if unit == "percent" else BASE_COUNT
    return floor(share / base + Fraction(1, 2)) * base


def _hide(released: pd.DataFrame, withheld: Withheld) -> None:
    """Empty what is withheld, keeping no more than the words that were decided to be public."""
    hidden, rounded = withheld.hidden, withheld.rounded
    about = {
        row.Index: _about(rounded_amount(row.numerator, row.denominator, row.unit), row.unit)
        for row in released[rounded].itertuples()
    }
    released.loc[hidden, "marker"] = SUPPRESSED
    released.loc[hidden, _AMOUNTS] = np.nan
    released.loc[hidden, _TEXTS] = f"[{SUPPRESSED}]"
    released.loc[hidden, "status"] = "suppressed"
    released.loc[hidden, "rating"] = ""
    released.loc[withheld.told, "rating"] = BELOW
    released.loc[rounded, "marker"] = APPROXIMATE
    released.loc[rounded, "text"] = pd.Series(about, dtype="str")


def _about(amount: int, unit: str) -> str:
    return f"about {amount:,}{'%' if unit == 'percent' else ''}"


def _gaps(figures: pd.DataFrame) -> pd.Series:
    """Mark the figures that are not there to be shown."""
    marker = pd.Series(SHOWN, index=figures.index, dtype="str")
    marker[figures["value"].isna()] = NOT_AVAILABLE
    marker[figures["status"].eq("no cases")] = NO_CASES
    return marker
