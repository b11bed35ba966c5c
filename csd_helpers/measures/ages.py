"""Ages: cases divided where a child passes from one age band to the next."""

import numpy as np
import pandas as pd

from csd_helpers.measures import labels
from csd_helpers.measures.cases import OPEN
from csd_helpers.measures.dates import birthday, month_of
from csd_helpers.measures.spells import last_month

_GROWN = 18


def by_age(cases: pd.DataFrame, born: pd.Series) -> pd.DataFrame:
    """Split each run of months where the child's age passes from one band to the next.

    The age is that on the last day of the month. A child not born yet stands in the first band; one
    whose date of birth is not known is ``Not known``: the bands add to all.

    Parameters
    ----------
    cases
        Cases with the months in which they count.
    born
        The date of birth of each case's child, in the same order; missing where not known.

    Returns
    -------
    pandas.DataFrame
        The same cases, in as many rows as bands they pass through, with ``age_band``.
    """
    pieces = []
    for start, end, label in labels.AGE_BANDS:
        first = month_of(birthday(born, start)).where(born.notna() & (start > 0), 0)
        last = last_month(birthday(born, end)).where(born.notna() & (end < _GROWN), OPEN)
        first, last = np.maximum(cases["first"], first), np.minimum(cases["last"], last)
        own = born.notna() & first.le(last)
        pieces.append(cases[own].assign(first=first[own], last=last[own], age_band=label))
    unknown = cases[born.isna()].assign(age_band="Not known")
    return pd.concat([*pieces, unknown], ignore_index=True)
