"""Adoption: children who left care to a family of their own."""

import numpy as np
import pandas as pd

from csd_helpers.measures.cases import OPEN, Tables, Window, make_cases, measure
from csd_helpers.measures.dates import month_of, year_end_month
from csd_helpers.measures.spells import care_episodes

_ADOPTED = ("E11", "E12")  # unopposed; consent dispensed with
_CONTINUES = "X1"


@measure("cla_episodes")
def looked_after_adopted(tables: Tables, window: Window) -> pd.DataFrame:
    """Find children who ceased to be looked after through adoption since April.

    Counted: the last time each child ceased in the year to date, if the reason was adoption (E11,
    E12). Source: LAIT, SSDA903 guide 2020-21.
    """
    table = care_episodes(tables)
    ceased = table[table["DEC"].notna() & table["REC"].ne(_CONTINUES)].reset_index(drop=True)
    month = month_of(ceased["DEC"])
    again = month.shift(-1).where(ceased["CHILD"].eq(ceased["CHILD"].shift(-1)), OPEN)
    adopted = ceased["REC"].isin(_ADOPTED)
    last = np.minimum(year_end_month(month), again - 1)
    rows = ceased.loc[adopted, ["CHILD", "came", "DEC", "REC"]]
    rows["time_in_care"] = _band((rows["DEC"] - rows["came"]).dt.days)
    return make_cases(rows, month[adopted], last[adopted])


def _band(days: pd.Series) -> pd.Series:
    """Name how long children were looked after before they were adopted."""
    bands = pd.cut(days, [-1, 364, 729, np.inf], labels=["Under 1 year", "1 to 2 years", "2 years or more"])
    return bands.astype("str").fillna("Not known")
