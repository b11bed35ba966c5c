"""Care leavers: occupied, housed and in touch around their birthdays. Source: SSDA903 OC3, LAIT."""

import pandas as pd

from csd_helpers.measures import labels
from csd_helpers.measures.cases import NotComputable, Tables, Window, exclude, make_cases, measure
from csd_helpers.measures.dates import age_on, month_of, year_end_month
from csd_helpers.measures.shared import made_once

_NOT_COUNTED = {"DIED": "died", "RHOM": "returned home for six months or more"}
_AGES = (19, 20, 21)
_PLACES_LEFT_OUT = {"G": "abroad", "H": "deported", "R": "residence not known"}
_NOT_OCCUPIED = ("G4", "G5", "G6")


@measure("care_leavers")
def care_leavers_ete(tables: Tables, window: Window) -> pd.DataFrame:
    """Find care leavers in education, training or employment at their birthday.

    Numerator: activity F or P. Denominator: former relevant young people with a 19th, 20th or 21st
    birthday in the year to date, once a year each; those not in touch stay in. Left out: died,
    returned home. Source: LAIT ``CareLeaverEET``, ``NoCareLeavers``.
    """
    cohort = _cohort(tables)
    occupied = cohort["ACTIV"].str.startswith(("F", "P"), na=False)
    return cohort.assign(numerator=occupied.astype(int))


@measure("care_leavers")
def care_leavers_accommodation(tables: Tables, window: Window) -> pd.DataFrame:
    """Find care leavers in suitable accommodation at their birthday.

    Numerator: accommodation code ending in 1. Denominator: as for activity, without those abroad,
    deported or of unknown residence; those not in touch stay in. Source: LAIT ``CareLeaverAcc``.
    """
    cohort = _cohort(tables)
    for code, reason in _PLACES_LEFT_OUT.items():
        cohort = exclude(cohort, cohort["ACCOM"].str.startswith(code, na=False), reason)
    return cohort.assign(numerator=cohort["ACCOM"].str.endswith("1", na=False).astype(int))


@measure("care_leavers")
def care_leavers_in_touch(tables: Tables, window: Window) -> pd.DataFrame:
    """Find care leavers the council is in touch with at their birthday.

    Numerator: in touch YES. Denominator: as for activity. Source: SSDA903 OC3.
    """
    cohort = _cohort(tables)
    return cohort.assign(numerator=cohort["IN_TOUCH"].eq("YES").astype(int))


@measure("care_leavers")
def care_leavers_caseload_nete(tables: Tables, window: Window) -> pd.DataFrame:
    """Find who of the whole open caseload is not in education, training or employment today.

    Another base than the indicator's: every open care leaver of any age, by today's activity (G4 to
    G6). Only the latest month can be told, since the table holds today's state and no earlier one.
    """
    table = tables["care_leavers"]
    if "current_ACTIV" not in table:
        raise NotComputable("the table care_leavers has no column current_ACTIV")
    today = table[table["current_ACTIV"].notna()].sort_values(["CHILD", "birthday_date"])
    today = today.drop_duplicates("CHILD", keep="last")
    idle = today["current_ACTIV"].isin(_NOT_OCCUPIED).astype(int)
    shown = today[["CHILD", "DOB", "current_ACTIV"]]
    cases = make_cases(shown, pd.Series(window.last, index=today.index), window.last, numerator=idle)
    cases.attrs.update(since=window.last, why="only today's activity of the caseload is held")
    return cases


@made_once
def _cohort(tables: Tables) -> pd.DataFrame:
    """Return each person's birthday of a financial year, from its month to March."""
    rows = tables["care_leavers"].sort_values(["CHILD", "birthday_date"], kind="stable")
    month = month_of(rows["birthday_date"])
    rows = rows.assign(activity=labels.label(rows["ACTIV"], labels.ACTIVITY, labels.UNKNOWN_ACTIVITY))
    shown = ["CHILD", "DOB", "birthday_date", "IN_TOUCH", "ACTIV", "ACCOM", "activity"]
    cases = make_cases(rows[shown], month, year_end_month(month))
    repeated = cases.duplicated(["CHILD", "last"])
    other_age = ~age_on(cases["DOB"], cases["birthday_date"]).isin(_AGES)
    cases = exclude(cases, other_age, "not a 19th, 20th or 21st birthday")
    cases = exclude(cases, repeated, "second birthday in the financial year")
    for code, reason in _NOT_COUNTED.items():
        cases = exclude(cases, cases["IN_TOUCH"].eq(code), reason)
    return cases
