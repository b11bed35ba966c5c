"""The front door: early help, contacts, referrals, assessments, children in need (DfE CIN census guide)."""

import pandas as pd

from csd_helpers.extract.limits import limits_of
from csd_helpers.measures import labels
from csd_helpers.measures.cases import Tables, Window, exclude, make_cases, measure, once_each
from csd_helpers.measures.dates import (
    add_months,
    add_working_days,
    month_of,
    working_days,
    year_end_month,
)
from csd_helpers.measures.spells import last_month

_ASSESSMENT_DAYS = 45  # working days; DfE LAIT Continue_Assess_Comp
_APRIL = 3
#: What episodes of need are put in order by; two that are equal in all of it are one as good as the other.
_EPISODE = ["LAchildID", "CINreferralDate", "CINclosureDate", "PrimaryNeedCode"]


@measure("early_help")
def early_help_assessments(tables: Tables, window: Window) -> pd.DataFrame:
    """Find the early help assessments started since April. Source: Ofsted Annex A, list 2."""
    return _since_april(tables["early_help"], "start_date")


@measure("contacts")
def contacts(tables: Tables, window: Window) -> pd.DataFrame:
    """Find the contacts received since April, one for each child each time. Source: Annex A, list 1."""
    return _since_april(tables["contacts"], "contact_date")


@measure("cin_details")
def referrals(tables: Tables, window: Window) -> pd.DataFrame:
    """Find the referrals received since April, each occasion. Source: LAIT ``CPP_Total_Rateper10000``."""
    rows = tables["cin_details"]
    if "ReferralSource" in rows:
        rows = rows.assign(
            source=labels.label(rows["ReferralSource"], labels.REFERRAL_SOURCE, labels.UNKNOWN_SOURCE)
        )
    return _since_april(rows, "CINreferralDate")


@measure("cin_details")
def re_referrals(tables: Tables, window: Window) -> pd.DataFrame:
    """Find referrals of a child who had been referred in the 12 months before.

    Numerator: an earlier referral from 12 months before, to the day, until the day before.
    Denominator: referrals since April. Left out: a second referral of the child on the same day.
    Referrals without further action count on both sides. Source: LAIT ``ReReferral``.
    """
    rows = tables["cin_details"].sort_values(
        ["LAchildID", "CINreferralDate"], kind="stable", ignore_index=True
    )
    same_day = rows.duplicated(["LAchildID", "CINreferralDate"])
    known = rows[~same_day]
    earlier = known.groupby("LAchildID")["CINreferralDate"].shift().reindex(rows.index)
    rows["earlier_referral"] = earlier
    again = earlier.ge(add_months(rows["CINreferralDate"], -12))
    month = month_of(rows["CINreferralDate"])
    shown = rows[["LAchildID", "CINreferralDate", "earlier_referral"]].assign(repeat=same_day)
    cases = make_cases(shown, month, year_end_month(month), numerator=again.astype(int))
    cases = exclude(cases, cases["repeat"], "second referral on the same day").drop(columns="repeat")
    # The first month on record is taken as whole: nothing tells a quiet first day from a missing one.
    whole = limits_of(tables["cin_details"])["since"]
    reach = max(int(month.min()), whole) + 12 if len(rows) else 0
    cases.attrs.update(
        since=reach + (_APRIL - reach) % 12,
        why="the referrals do not reach back 12 months before the financial year",
    )
    return cases


@measure("assessments")
def assessments_45_days(tables: Tables, window: Window) -> pd.DataFrame:
    """Find assessments completed within 45 working days of their start.

    Numerator: authorised within 45 working days. Denominator: assessments authorised since April,
    by the date of completion. Source: LAIT ``Continue_Assess_Comp``.
    """
    rows = tables["assessments"]
    done = rows[rows["AssessmentAuthorisationDate"].notna()].copy()
    done["working_days"] = working_days(
        done["AssessmentActualStartDate"], done["AssessmentAuthorisationDate"]
    )
    month = month_of(done["AssessmentAuthorisationDate"])
    in_time = done["working_days"].le(_ASSESSMENT_DAYS).astype(int)
    return make_cases(done, month, year_end_month(month), numerator=in_time)


@measure("assessments")
def assessments_open_past_45_days(tables: Tables, window: Window) -> pd.DataFrame:
    """Find assessments open at month end for more than 45 working days.

    The companion that warns early: the measure of completed assessments cannot see them.
    """
    rows = tables["assessments"]
    overdue = add_working_days(rows["AssessmentActualStartDate"], _ASSESSMENT_DAYS + 1)
    return make_cases(rows, month_of(overdue), last_month(rows["AssessmentAuthorisationDate"]))


@measure("cin_details")
def children_in_need(tables: Tables, window: Window) -> pd.DataFrame:
    """Find children with an open episode of need at month end, each once.

    A child with several counts by the need of the one that began first. Left out: referrals closed
    with no further action. Source: DfE CIN census.
    """
    rows = tables["cin_details"]
    if "ReferralNFA" in rows:
        rows = rows[~rows["ReferralNFA"].eq("1")]
    known = [name for name in _EPISODE if name in rows]
    rows = rows.sort_values(known, kind="stable", ignore_index=True)
    if "PrimaryNeedCode" in rows:
        rows["primary_need"] = labels.label(rows["PrimaryNeedCode"], labels.PRIMARY_NEED, labels.UNKNOWN_NEED)
    cases = make_cases(rows, month_of(rows["CINreferralDate"]), last_month(rows["CINclosureDate"]))
    return once_each(cases, "LAchildID")


def _since_april(rows: pd.DataFrame, date: str) -> pd.DataFrame:
    """Return events that count from their month to March."""
    month = month_of(rows[date])
    return make_cases(rows, month, year_end_month(month))
