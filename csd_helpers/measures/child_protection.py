"""Child protection: enquiries, conferences, plans, visits and reviews. Source: DfE CIN census guide, LAIT."""

import pandas as pd

from csd_helpers.measures import labels
from csd_helpers.measures.ages import by_age
from csd_helpers.measures.cases import (
    OPEN,
    Tables,
    Window,
    covered_cases,
    make_cases,
    measure,
    once_each,
    share_cases,
)
from csd_helpers.measures.dates import (
    add_months,
    add_working_days,
    month_of,
    months_back,
    working_days,
    year_end_month,
)
from csd_helpers.measures.spells import last_month, look_up

_CONFERENCE_DAYS = 15  # working days; LAIT CP_conf_15days
_VISIT_DAYS = 10  # working days; local standard
_TWO_YEARS = pd.Timedelta(days=729)  # more than 729 days, both ends counted
_PLAN = ["LAchildID", "CPPstartDate"]


@measure("section47")
def section_47_enquiries(tables: Tables, window: Window) -> pd.DataFrame:
    """Find the section 47 enquiries started since April, each occasion. Source: LAIT ``Section_47``."""
    rows = tables["section47"]
    started = rows[rows["S47ActualStartDate"].notna()]
    month = month_of(started["S47ActualStartDate"])
    return make_cases(started, month, year_end_month(month))


@measure("section47")
def conferences_15_days(tables: Tables, window: Window) -> pd.DataFrame:
    """Find initial conferences held within 15 working days of the section 47 enquiry.

    Numerator: within 15 working days of the enquiry's start, and not before it. Denominator: all
    initial conferences since April; those of children who moved in, without an enquiry here, too.
    Source: LAIT ``CP_conf_15days``.
    """
    held = _conferences(tables)
    days = working_days(held["S47ActualStartDate"], held["DateOfInitialCPC"])
    in_time = days.le(_CONFERENCE_DAYS) & held["DateOfInitialCPC"].ge(held["S47ActualStartDate"])
    month = month_of(held["DateOfInitialCPC"])
    in_time = in_time.fillna(False).astype(int)
    return make_cases(held.assign(working_days=days), month, year_end_month(month), numerator=in_time)


@measure("cp_plans")
def child_protection_plans(tables: Tables, window: Window) -> pd.DataFrame:
    """Find children on a plan at month end; a plan that ended on the day counts as ended.

    A child not born yet counts as under 1. Source: LAIT ``CPP_rate``.
    """
    rows = tables["cp_plans"].sort_values(_PLAN)
    if "LatestCategoryOfAbuse" in rows:
        rows["category"] = labels.label(rows["LatestCategoryOfAbuse"], labels.ABUSE, labels.UNKNOWN_ABUSE)
    cases = once_each(_open_plans(rows), "LAchildID")
    if "children" not in tables:
        return cases
    births = tables["children"].drop_duplicates("LAchildID").set_index("LAchildID")["PersonBirthDate"]
    return by_age(cases, look_up(cases["LAchildID"], births))


@measure("cp_plans")
def child_protection_plans_started(tables: Tables, window: Window) -> pd.DataFrame:
    """Find the plans started since April. Source: DfE CIN census."""
    month = month_of(tables["cp_plans"]["CPPstartDate"])
    return make_cases(tables["cp_plans"], month, year_end_month(month))


@measure("cp_plans")
def second_child_protection_plan(tables: Tables, window: Window) -> pd.DataFrame:
    """Find plans of children who had one of this council before, however long ago.

    Numerator: one or more previous plans. Denominator: plans started since April. Source: LAIT
    ``PrevRegCPR``.
    """
    month = month_of(tables["cp_plans"]["CPPstartDate"])
    again = tables["cp_plans"]["NumberOfPreviousCPP"].gt(0).astype(int)
    return make_cases(tables["cp_plans"], month, year_end_month(month), numerator=again)


@measure("cp_plans")
def child_protection_two_years(tables: Tables, window: Window) -> pd.DataFrame:
    """Find plans open at month end for more than 729 days, both ends counted.

    Denominator: plans open at month end. Source: LAIT ``CPPlans2yrsActive``, proved on published data.
    """
    rows = tables["cp_plans"]
    first, last = month_of(rows["CPPstartDate"]), last_month(rows["CPPendDate"])
    return share_cases(rows, first, last, month_of(rows["CPPstartDate"] + _TWO_YEARS), OPEN)


@measure("cp_plans", "visits")
def child_protection_visits(tables: Tables, window: Window) -> pd.DataFrame:
    """Find children on a plan at month end who were visited within 10 working days.

    A plan younger than that is in time without a visit. Local standard.
    """
    plans = _open_plans(tables["cp_plans"])
    visits = tables["visits"]
    seen = visits.loc[visits["visit_type"].eq("CP"), ["LAchildID", "visit_date"]]
    started = tables["cp_plans"][_PLAN].set_axis(["LAchildID", "visit_date"], axis=1)
    hits = pd.concat([seen, started], ignore_index=True)
    hits["first"] = month_of(hits["visit_date"])
    hits["last"] = last_month(add_working_days(hits["visit_date"], _VISIT_DAYS + 1))
    return covered_cases(plans, hits, "LAchildID")


@measure("cp_plans", "cp_reviews")
def child_protection_reviews(tables: Tables, window: Window) -> pd.DataFrame:
    """Find plans whose every review due so far was held on time.

    The first is due within three months of the start, later ones within six months of the one
    before; one due at month end itself and not held by then is late. Denominator: plans open at
    month end for three months or more. Source: LAIT ``RevCP``.
    """
    plans = tables["cp_plans"]
    late = _first_late_review(plans, tables["cp_reviews"])
    rows = plans.merge(late, on=_PLAN, how="left")
    last = last_month(rows["CPPendDate"])
    late_from = month_of(rows["late_review_due"]).where(rows["late_review_due"].notna(), OPEN)
    first = months_back(rows["CPPstartDate"], 3)
    return share_cases(rows, first, last, first, late_from - 1)


def _open_plans(plans: pd.DataFrame) -> pd.DataFrame:
    return make_cases(plans, month_of(plans["CPPstartDate"]), last_month(plans["CPPendDate"]))


def _conferences(tables: Tables) -> pd.DataFrame:
    """Return all initial conferences, after an enquiry and of children who moved in, each once.

    After several enquiries a conference follows from the last one that began before it.
    """
    columns = ["LAchildID", "S47ActualStartDate", "DateOfInitialCPC"]
    held = tables["section47"][columns]
    details = tables.get("cin_details", pd.DataFrame())
    if "DateOfInitialCPC" in details:
        held = pd.concat([held, details[["LAchildID", "DateOfInitialCPC"]]], ignore_index=True)
    held = held.dropna(subset=["DateOfInitialCPC"])
    before = held["S47ActualStartDate"].where(held["S47ActualStartDate"].le(held["DateOfInitialCPC"]))
    held = held.assign(before=before).sort_values(["before", "S47ActualStartDate"], na_position="first")
    own = ["LAchildID", "DateOfInitialCPC"]
    return held.drop_duplicates(own, keep="last", ignore_index=True).drop(columns="before")


def _first_late_review(plans: pd.DataFrame, reviews: pd.DataFrame) -> pd.DataFrame:
    """Return the due date of each plan's first review that was late or is still to come."""
    held = (
        reviews[[*_PLAN, "CPPreviewDate"]]
        .drop_duplicates()
        .sort_values([*_PLAN, "CPPreviewDate"], kind="stable")
    )
    held["due"] = held.groupby(_PLAN)["CPPreviewDate"].shift()
    first = ~held.duplicated(_PLAN)
    held["due"] = add_months(held["due"], 6).where(~first, add_months(held["CPPstartDate"], 3))
    late = held[held["CPPreviewDate"].gt(held["due"])].drop_duplicates(_PLAN)[[*_PLAN, "due"]]
    latest = plans[_PLAN].merge(held.drop_duplicates(_PLAN, keep="last"), on=_PLAN, how="left")
    coming = add_months(latest["CPPreviewDate"], 6)
    latest["next_due"] = coming.where(latest["CPPreviewDate"].notna(), add_months(latest["CPPstartDate"], 3))
    both = latest.drop(columns="due").merge(late, on=_PLAN, how="left")
    both["late_review_due"] = both["due"].where(both["due"].notna(), both["next_due"])
    return both[[*_PLAN, "late_review_due"]]
