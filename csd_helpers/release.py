"""What a part may show: the seam between all figures and the figures anyone is handed."""

import numpy as np
import pandas as pd

from csd_helpers.figures import ALL
from csd_helpers.parameters import DisclosureRules
from csd_helpers.rag import EXCEPTIONS
from csd_helpers.suite import Suite

SUPPRESSED, NOT_AVAILABLE, NO_CASES, SHOWN = "c", "x", "z", ""
COLUMNS = [
    "indicator", "period", "month", "breakdown", "category", "numerator", "denominator", "value",
    "unit", "basis", "as_at", "status", "rating", "text", "numerator_text", "denominator_text", "marker",
]  # fmt: skip
_AMOUNTS = ["numerator", "denominator", "value"]
_TEXTS = ["text", "numerator_text", "denominator_text"]
BELOW = "below expectation"
_PEOPLE_OVER_PEOPLE = ("percent",)


def release(figures: pd.DataFrame, part: int, suite: Suite, rules: DisclosureRules) -> pd.DataFrame:
    """Return the figures a part may show, with everything else emptied.

    Part 1 is built from what this returns and from nothing else: a number that is hidden is not
    masked at display, it is not there. Part 2 is exempt and shows everything.

    Parameters
    ----------
    figures
        The tidy table of all figures, judged.
    part
        1 (public) or 2 (exempt).
    suite, rules
        The register and the disclosure rules.

    Returns
    -------
    pandas.DataFrame
        Columns ``COLUMNS``; ``marker`` is ``c`` (suppressed), ``x`` (not available), ``z`` (no cases)
        or empty (shown). A suppressed row carries no amount, and nothing that hangs on one.

    Raises
    ------
    ValueError
        For any other part: what is not known to be exempt is never shown.
    """
    if part not in (1, 2):
        raise ValueError(f"there is no part {part}")
    released = figures.assign(marker=_gaps(figures))
    if part == 1:
        _hide(released, withheld(figures, suite, rules), rules)
    for marker in (SUPPRESSED, NOT_AVAILABLE, NO_CASES):
        released.loc[released["marker"].eq(marker), "text"] = f"[{marker}]"
    return released[COLUMNS].reset_index(drop=True)


def _hide(released: pd.DataFrame, hidden: pd.Series, rules: DisclosureRules) -> None:
    """Empty what is withheld; of the latest status no more than was decided to be public."""
    latest = released["month"].eq(released["month"].max())
    headline = released["breakdown"].eq(ALL)
    public = [key for key, decision in rules.whole_indicators.items() if decision.status_public]
    told = hidden & latest & headline & released["indicator"].isin(public)
    below = told & released["rating"].isin(EXCEPTIONS)
    released.loc[hidden, "marker"] = SUPPRESSED
    released.loc[hidden, _AMOUNTS] = np.nan
    released.loc[hidden, _TEXTS] = f"[{SUPPRESSED}]"
    released.loc[hidden, "status"] = "suppressed"
    released.loc[hidden, "rating"] = ""
    released.loc[below, "rating"] = BELOW


def withheld(figures: pd.DataFrame, suite: Suite, rules: DisclosureRules) -> pd.Series:
    """Say which figures Part 1 withholds.

    A small count hides its whole figure, numerator, denominator and percentage together, since any
    two give back the third. A breakdown with one small cell is withheld as a whole for the month,
    since the total and the other cells would give the cell back.
    """
    people = figures["indicator"].map({key: entry.counts_people for key, entry in suite.indicators.items()})
    small = _small(figures, rules) & people
    whole = figures["indicator"].isin(list(rules.whole_indicators))
    cells = figures["breakdown"].ne(ALL)
    by = [figures["indicator"], figures["month"], figures["breakdown"]]
    broken = (small & cells).groupby(by).transform("any")
    headline = (small & ~cells).groupby([figures["indicator"], figures["month"]]).transform("any")
    return whole | broken | headline


def _small(figures: pd.DataFrame, rules: DisclosureRules) -> pd.Series:
    """Find counts of people, or remainders, from 1 (or 0) to the largest hidden count.

    A percentage or rate given without its parts may stand for a handful of people: it counts as small.
    """
    lowest = 0 if rules.hide_zeros else 1
    small = figures["numerator"].between(lowest, rules.largest_hidden_count)
    small |= figures["numerator"].isna() & figures["value"].notna()  # nobody can say how many that is
    shares = figures["unit"].isin(_PEOPLE_OVER_PEOPLE)
    small |= shares & figures["denominator"].between(1, rules.largest_hidden_count)
    if rules.hide_complements:
        rest = figures["denominator"] - figures["numerator"]
        small |= shares & rest.between(lowest, rules.largest_hidden_count)
    return small


def _gaps(figures: pd.DataFrame) -> pd.Series:
    """Mark the figures that are not there to be shown."""
    marker = pd.Series(SHOWN, index=figures.index, dtype="str")
    marker[figures["value"].isna()] = NOT_AVAILABLE
    marker[figures["status"].eq("no cases")] = NO_CASES
    return marker
