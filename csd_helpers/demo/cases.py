"""Who in the demonstration council holds which case: the teams a child passes through."""

import numpy as np
import pandas as pd

from csd_helpers.demo.days import END, NEVER, Days
from csd_helpers.demo.looked_after import Children

_DISABILITY = "N2"


def held_cases(cases: pd.DataFrame, looked_after: Children, leavers: pd.DataFrame) -> pd.DataFrame:
    """Return the cases each team holds: child (an identifier), team, start and stop.

    A case begins in referral and assessment; it goes to another team when the assessment is
    finished, when the child comes into care, and when the young person has left it.
    """
    own = cases[cases["kept"] & ~cases["no_action"]]
    start, stop = own["referral"], own["closure"]
    moved = own["finished"].fillna(own["referral"]).where(own["finished"].notna(), stop)
    moved = np.minimum(moved.where(moved.lt(stop - pd.Timedelta(days=7)), stop), own["came"].fillna(NEVER))
    lasting = np.where(own["need"].eq(_DISABILITY), "Disability", "Safeguarding")
    into_care = own["came"].fillna(stop)
    stages = [
        _stage(own["name"], "Referral and assessment", start, moved),
        _stage(own["name"], lasting, moved, into_care),
        _stage(own["name"], "Looked after", into_care, stop),
        _leaving_care(leavers),
    ]
    rows = pd.concat(stages, ignore_index=True)
    return rows[rows["start"].lt(rows["stop"]) & rows["start"].le(END)]


def _stage(child: pd.Series, team: "str | np.ndarray", start: Days, stop: Days) -> pd.DataFrame:
    return pd.DataFrame({"child": child, "team": team, "start": start, "stop": stop})


def _leaving_care(leavers: pd.DataFrame) -> pd.DataFrame:
    """Hold young people from the 19th birthday on; those of today's caseload are held still."""
    first = leavers.drop_duplicates("CHILD")
    start = pd.to_datetime(first["birthday_date"]).reset_index(drop=True)
    today = leavers.loc[leavers["current_ACTIV"].ne(""), "CHILD"]
    stop = (start + pd.DateOffset(years=4)).clip(upper=pd.Timestamp(END))
    stop = stop.where(~first["CHILD"].reset_index(drop=True).isin(today), pd.Timestamp(NEVER))
    return _stage(first["CHILD"].reset_index(drop=True), "Leaving care", start, stop)
