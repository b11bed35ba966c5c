"""Education, health and care plans. Source: DfE SEN2; SEND Regulations 2014, regulation 13."""

import pandas as pd

from csd_helpers.measures.cases import NotComputable, Tables, Window, exclude, make_cases, measure
from csd_helpers.measures.dates import month_of, year_end_month
from csd_helpers.measures.labels import EXCEPTION, UNKNOWN_EXCEPTION, label
from csd_helpers.measures.spells import last_month

_TWENTY_WEEKS = pd.Timedelta(days=140)
_DAY = pd.Timedelta(days=1)


@measure("ehcp")
def ehc_plans_20_weeks(tables: Tables, window: Window) -> pd.DataFrame:
    """Find plans issued within 20 weeks of the request, without those the law excepts.

    Numerator: issued within 140 days. Denominator: plans issued since April, by date of issue. Left
    out: plans with an exception. Source: LAIT ``SEN_EHC_Excpt_20wks``.
    """
    cases = _issued(tables)
    if "exception" in cases:
        cases = exclude(cases, cases["exception"].eq("1"), "an exception of the regulations applies")
    return cases


@measure("ehcp")
def ehc_plans_20_weeks_all(tables: Tables, window: Window) -> pd.DataFrame:
    """Find the same with exceptions: all plans issued since April. Source: LAIT ``SEN_EHC_All_20wks``.

    Breakdown ``exception``: whether an exception of the regulations applies.
    """
    cases = _issued(tables)
    if "exception" in cases:
        cases = cases.assign(exception=label(cases["exception"], EXCEPTION, UNKNOWN_EXCEPTION))
    return cases


def _issued(tables: Tables) -> pd.DataFrame:
    """Find all plans issued since April; of them, those in time."""
    issued = tables["ehcp"][tables["ehcp"]["issue_date"].notna()]
    month = month_of(issued["issue_date"])
    in_time = (issued["issue_date"] - issued["request_date"]).le(_TWENTY_WEEKS).astype(int)
    return make_cases(issued, month, year_end_month(month), numerator=in_time)


@measure("ehcp")
def ehc_plans_20_weeks_excepted(tables: Tables, window: Window) -> pd.DataFrame:
    """Find the plans issued since April to which an exception of the regulations applies.

    Numerator: issued within 140 days all the same. With the plans without an exception they are all
    plans issued. Source: SEND Regulations 2014, regulation 13(3).

    Raises
    ------
    NotComputable
        If the extract does not say which plans are excepted.
    """
    cases = _issued(tables)
    if "exception" not in cases:
        raise NotComputable("the extract does not say which plans are excepted")
    return cases[cases["exception"].eq("1")].reset_index(drop=True)


@measure("ehcp")
def ehc_plans_open_past_20_weeks(tables: Tables, window: Window) -> pd.DataFrame:
    """Find requests still without a plan at month end after 20 weeks: the issued ones do not show them."""
    rows = tables["ehcp"]
    overdue = rows["request_date"] + _TWENTY_WEEKS + _DAY
    return make_cases(rows, month_of(overdue), last_month(rows["issue_date"]))
