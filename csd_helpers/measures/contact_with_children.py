"""Visits to children looked after, and their health assessments."""

import numpy as np
import pandas as pd

from csd_helpers.measures.cases import Tables, Window, covered_cases, make_cases, measure
from csd_helpers.measures.dates import birthday, month_of, months_back
from csd_helpers.measures.spells import last_month, look_up, stays_in_care

_VISIT_DAYS = pd.Timedelta(days=42)  # six weeks: Care Planning Regulations 2010, reg. 28, and local standard
_DAY = pd.Timedelta(days=1)
_YOUNG = 5  # years: health is assessed twice a year below this age


@measure("cla_episodes", "visits")
def looked_after_visits(tables: Tables, window: Window) -> pd.DataFrame:
    """Find children looked after at month end who were visited within six weeks.

    A child who came within six weeks is in time without a visit. Local standard.
    """
    stays = _stays(tables)
    visits = tables["visits"].rename(columns={"LAchildID": "CHILD"})
    seen = visits.loc[visits["visit_type"].eq("CLA"), ["CHILD", "visit_date"]]
    came = stays[["CHILD", "came"]].rename(columns={"came": "visit_date"})
    hits = pd.concat([seen, came], ignore_index=True)
    hits["first"] = month_of(hits["visit_date"])
    hits["last"] = last_month(hits["visit_date"] + _VISIT_DAYS + _DAY)
    return covered_cases(stays, hits, "CHILD")


@measure("cla_episodes", "cla_header", "health")
def health_assessments(tables: Tables, window: Window) -> pd.DataFrame:
    """Find children looked after at month end with a health assessment in the last 12 months.

    Six months for a child under 5. Denominator: all children looked after (local definition; DfE
    counts those looked after for 12 months).
    """
    done = tables["health"][["CHILD", "assessment_date"]]
    born = tables["cla_header"].drop_duplicates("CHILD", keep="last").set_index("CHILD")["DOB"]
    fifth = birthday(look_up(done["CHILD"], born), _YOUNG)
    month = month_of(done["assessment_date"])
    young_until = np.minimum(
        months_back(done["assessment_date"], 6) - 1, last_month(fifth).where(fifth.notna(), -1)
    )
    from_fifth = np.maximum(month, month_of(fifth))
    young = done.assign(first=month, last=young_until)
    older = done.assign(first=from_fifth, last=months_back(done["assessment_date"], 12) - 1)
    hits = pd.concat([young, older], ignore_index=True)
    return covered_cases(_stays(tables), hits[hits["first"].le(hits["last"])], "CHILD")


def _stays(tables: Tables) -> pd.DataFrame:
    stays = stays_in_care(tables)
    return make_cases(stays[["CHILD", "came", "left"]], stays["first"], stays["last"])
