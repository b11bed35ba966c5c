"""Adoption: children who left care to a family of their own."""

import numpy as np
import pandas as pd

from csd_helpers.measures.cases import OPEN, Tables, Window, make_cases, measure
from csd_helpers.measures.dates import month_of, year_end_month
from csd_helpers.measures.spells import SHORT_BREAKS

_ADOPTED = ("E11", "E12")  # unopposed; consent dispensed with
_CONTINUES = "X1"


@measure("cla_episodes")
def looked_after_adopted(tables: Tables, window: Window) -> pd.DataFrame:
    """Find children who ceased to be looked after through adoption since April.

    Counted: the last time each child ceased in the year to date, if the reason was adoption (E11,
    E12). Source: LAIT, SSDA903 guide 2020-21.
    """
    rows = tables["cla_episodes"]
    ceased = rows[rows["DEC"].notna() & rows["REC"].ne(_CONTINUES) & ~rows["LS"].isin(SHORT_BREAKS)]
    ceased = ceased.sort_values(["CHILD", "DEC"], kind="stable", ignore_index=True)
    month = month_of(ceased["DEC"])
    again = month.shift(-1).where(ceased["CHILD"].eq(ceased["CHILD"].shift(-1)), OPEN)
    adopted = ceased["REC"].isin(_ADOPTED)
    last = np.minimum(year_end_month(month), again - 1)
    return make_cases(ceased.loc[adopted, ["CHILD", "DEC", "REC"]], month[adopted], last[adopted])
