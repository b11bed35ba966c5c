"""The children of the demonstration council: one row for everyone any other table is about."""

import numpy as np
import pandas as pd

from csd_helpers.demo.days import Counts, Days
from csd_helpers.demo.looked_after import Children

_ETHNIC = np.array(["WBRI", "WOTH", "BAFR", "MWBC", "AIND", "AOTH", "BCRB", "NOBT"])
_ETHNIC_SHARES = [0.58, 0.12, 0.08, 0.07, 0.04, 0.04, 0.04, 0.03]
_UNTIL_ADULT = 18 * 365 - 30  # days: nobody in these tables comes of age while a case is open


def children_table(
    events: pd.DataFrame, looked_after: Children, leavers: pd.DataFrame, rng: np.random.Generator
) -> pd.DataFrame:
    """Return everyone with an event: born before the first one, and no adult at the last.

    Parameters
    ----------
    events
        ``child`` and ``day`` of everything that happened to a child; numbers below those of
        ``looked_after`` are theirs.
    leavers
        Care leavers, with CHILD and DOB.
    """
    spans = events.groupby("child")["day"].agg(["min", "max"])
    number = spans.index.to_numpy()
    first, last = (spans[name].to_numpy().astype("datetime64[D]") for name in ("min", "max"))
    born = np.maximum(first - _ages(len(number), rng), last - _UNTIL_ADULT)
    inside = number < len(looked_after.ids)
    born[inside] = looked_after.born[number[inside]]
    table = pd.DataFrame({"child": number, "LAchildID": names(number, looked_after), "PersonBirthDate": born})
    older = pd.DataFrame({"LAchildID": leavers["CHILD"], "PersonBirthDate": pd.to_datetime(leavers["DOB"])})
    table = pd.concat([table, older.drop_duplicates("LAchildID")], ignore_index=True)
    table["GenderCurrent"] = rng.choice([1, 2], len(table), p=[0.53, 0.47])
    return table.assign(Ethnicity=rng.choice(_ETHNIC, len(table), p=_ETHNIC_SHARES))


def names(number: Counts, looked_after: Children) -> "np.ndarray":
    """Return the identifiers of children by their number."""
    known = len(looked_after.ids)
    other = np.array([f"DEMO{200_000 + (child - known) * 7919 % 600_011}" for child in number])
    return np.where(number < known, looked_after.ids[np.minimum(number, known - 1)], other)


def _ages(count: int, rng: np.random.Generator) -> Days:
    """Draw ages in days, up to 17 years: newborns are many."""
    drawn = np.where(
        rng.random(count) < 0.1, rng.uniform(0, 365, count), rng.triangular(200, 2200, 6200, count)
    )
    return drawn.astype(int)
