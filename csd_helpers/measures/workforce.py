"""Workforce: caseloads, agency workers, vacancies. Source: DfE children's social work workforce."""

import pandas as pd

from csd_helpers.measures.cases import Tables, Window, make_cases, measure, once_each, within
from csd_helpers.measures.dates import month_of
from csd_helpers.measures.spells import last_month

_REFERRAL_TEAM = "referral"  # teams of referral and assessment, by the beginning of their name
_UNKNOWN_TEAM = "Team not recorded"


@measure("workers", "caseholding")
def average_caseload(tables: Tables, window: Window) -> pd.DataFrame:
    """Find the cases held at month end and the staff who hold them.

    Numerator: cases held on the day by those in post. Denominator: full-time equivalent of those in
    post, agency included, who hold a case. Source: LAIT ``Work_Force_AvgNumCase_SW``.
    """
    return _caseload(tables["workers"], tables["caseholding"])


@measure("workers", "caseholding")
def average_caseload_safeguarding(tables: Tables, window: Window) -> pd.DataFrame:
    """Find the same for the teams of referral and assessment. Local definition on the DfE method."""
    workers = tables["workers"]
    own = workers["team"].str.lower().str.startswith(_REFERRAL_TEAM, na=False)
    return _caseload(workers[own], tables["caseholding"])


@measure("workers")
def agency_social_workers(tables: Tables, window: Window) -> pd.DataFrame:
    """Find social workers in post at month end, and which of them are agency workers.

    Numerator: full-time equivalent of agency workers. Denominator: of all in post. Source: LAIT
    ``Work_Force_Agecy_Rate``.
    """
    workers = tables["workers"]
    agency = workers["FTE"].where(workers["agency"].eq("1"), 0.0)
    return _in_post(workers, agency, workers["FTE"])


@measure("workers", "vacancies")
def social_worker_vacancies(tables: Tables, window: Window) -> pd.DataFrame:
    """Find vacant posts at month end beside those filled.

    Numerator: vacant full-time equivalent. Denominator: vacant and in post, agency workers left out
    because they fill vacancies. Source: LAIT ``Work_Force_Vac_Rate``.
    """
    workers, vacant = tables["workers"], tables["vacancies"]
    own = workers[~workers["agency"].eq("1")]
    filled = _in_post(own, 0.0, own["FTE"])
    return pd.concat([filled, _in_post(vacant, vacant["FTE"], vacant["FTE"])], ignore_index=True)


def _in_post(rows: pd.DataFrame, numerator: "pd.Series | float", denominator: pd.Series) -> pd.DataFrame:
    return make_cases(
        rows, month_of(rows["start_date"]), last_month(rows["end_date"]), numerator, denominator
    )


def _caseload(workers: pd.DataFrame, caseholding: pd.DataFrame) -> pd.DataFrame:
    """Return a case for each case held by someone in post, and one for each post in the months it holds any.

    A worker may have several posts, one after another or side by side; a case goes with the first.
    """
    staff = workers[workers["FTE"].gt(0)].sort_values(["worker_id", "start_date"])
    staff = staff.assign(team=staff["team"].fillna(_UNKNOWN_TEAM))
    posts = _in_post(staff, 0.0, staff["FTE"])
    cases = make_cases(
        caseholding, month_of(caseholding["start_date"]), last_month(caseholding["end_date"]), 1, 0
    )
    own = once_each(posts, "worker_id")[["worker_id", "team", "first", "last"]]
    held = within(cases, own, "worker_id")
    busy = within(posts, once_each(held[["worker_id", "first", "last"]], "worker_id"), "worker_id")
    return pd.concat([held, busy.assign(numerator=0)], ignore_index=True)
