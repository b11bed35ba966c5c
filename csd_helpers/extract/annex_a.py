"""Ofsted's Annex A, asked for at an inspection, turned into tables as far as it reaches."""

from pathlib import Path

import pandas as pd

from csd_helpers.errors import CsdError
from csd_helpers.extract.annex_a_lists import LATEST, LISTS, OPEN, PERSON, SIX_MONTHS, STAY, TODAY, find_lists
from csd_helpers.extract.annex_a_values import code, flag, home, touch
from csd_helpers.extract.cells import read_dates
from csd_helpers.extract.limits import limit
from csd_helpers.period import Period

Tables = dict[str, pd.DataFrame]
_WINDOW = pd.DateOffset(months=6)
_EVENTS = {1: "contacts", 2: "early_help", 3: "cin_details", 4: "assessments", 5: "section47", 7: "cp_plans"}
_VISITS = {7: "CP", 8: "CLA"}
_FLAGS = ("ReferralNFA", "ICPCnotRequired")
_ADOPTERS = max(LISTS)
_LATEST_ONLY = ("cla_episodes", "visits", "health", "care_leavers")
_NOT_FOR = {
    "cin_details": {"children_in_need": OPEN},
    "cla_episodes": {"three_placements": STAY, "long_term_stability": STAY},
    "care_leavers": dict.fromkeys(
        ("care_leavers_ete", "care_leavers_accommodation", "care_leavers_in_touch"), TODAY
    ),
}
#: A date in each of these is the date of something that has happened: the latest is the extract's own.
_HAPPENED = {
    "contacts": "contact_date",
    "early_help": "start_date",
    "cin_details": "CINreferralDate",
    "assessments": "AssessmentAuthorisationDate",
    "section47": "S47ActualStartDate",
    "visits": "visit_date",
}


def annex_a_tables(sheets: Tables, path: Path) -> Tables:
    """Return the tables that the lists of Annex A support; none if no sheet is a list.

    Annex A is a degraded source: events of six months, and in lists 6 to 8 one row per child. What
    it cannot tell is left out or marked, so that an indicator is not computable rather than wrong.

    Parameters
    ----------
    sheets
        Cells of every sheet as text; the index is the row.

    Raises
    ------
    CsdError
        If two sheets are the same list, a sheet named after a list lacks its headings, or nothing
        says when the extract was made.
    """
    lists = find_lists(sheets, path)
    if not lists:
        return {}
    tables = {"children": _children(lists)}
    for number, name in _EVENTS.items():
        if number in lists:
            tables[name] = _events(lists[number], number)
    if visits := [_visits(lists[number], kind) for number, kind in _VISITS.items() if number in lists]:
        tables["visits"] = pd.concat(visits)
    if 8 in lists:
        tables |= _looked_after(lists[8])
    if 9 in lists:
        tables["care_leavers"] = _care_leavers(lists[9])
    if 10 in lists:
        tables["adoption"] = _person(lists[10]).join(_own(lists[10], 10))
    return _limited(tables, path)


def _own(rows: pd.DataFrame, number: int) -> pd.DataFrame:
    """Return a list's own fields, codes and yes or no freed of the template's wrapping."""
    fields = [field for field in LISTS[number].fields if field in rows]
    return pd.DataFrame({field: rows[field].map(flag if field in _FLAGS else code) for field in fields})


def _children(lists: dict[int, pd.DataFrame]) -> pd.DataFrame:
    """Return each child once, as the first list that names it has it."""
    people = [rows.reindex(columns=list(PERSON)) for number, rows in lists.items() if number != _ADOPTERS]
    everyone = pd.concat(people).drop_duplicates("child").fillna("")
    everyone["gender"], everyone["ethnicity"] = everyone["gender"].map(code), everyone["ethnicity"].map(code)
    return everyone.set_axis(["LAchildID", "PersonBirthDate", "GenderCurrent", "Ethnicity"], axis=1)


def _person(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.reindex(columns=["child", "born"]).set_axis(["CHILD", "DOB"], axis=1).fillna("")


def _events(rows: pd.DataFrame, number: int) -> pd.DataFrame:
    """Return a list of events; what another table takes from the list is left out."""
    table = _own(rows, number).drop(columns=["organisation", "visit_date"], errors="ignore")
    if number == 3:
        table["CINclosureDate"] = ""  # not in the list: see what it is not for
    return pd.concat([rows["child"].rename("LAchildID"), table], axis=1)


def _visits(rows: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Return the latest visit of each child."""
    dates = rows["visit_date"] if "visit_date" in rows else rows["child"].where(False, "")
    visits = pd.DataFrame({"LAchildID": rows["child"], "visit_type": kind, "visit_date": dates})
    return visits[visits["visit_date"].ne("")]


def _looked_after(rows: pd.DataFrame) -> Tables:
    """Return the children looked after: who, their present stay, their latest health assessment."""
    own = _own(rows, 8)
    stay = own.drop(columns=["visit_date", "assessment_date", "dental_date"], errors="ignore")
    # The row is a stay, from when the child came into care: the reason for a stay's start is S.
    stay = stay.assign(RNE="S", REASON_PLACE_CHANGE="", HOME_POST="")
    who = rows.reindex(columns=["gender", "ethnicity"]).fillna("").set_axis(["SEX", "ETHNIC"], axis=1)
    tables = {
        "cla_episodes": pd.concat([rows["child"].rename("CHILD"), stay], axis=1),
        "cla_header": _person(rows).join(who.map(code)).drop_duplicates("CHILD"),
    }
    if "assessment_date" in own:
        health = own[[field for field in ("assessment_date", "dental_date") if field in own]]
        health = pd.concat([rows["child"].rename("CHILD"), health], axis=1)
        tables["health"] = health[health["assessment_date"].ne("")]
    return tables


def _care_leavers(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the caseload of care leavers as it is today; no row is of a birthday from 19 to 21."""
    people = _person(rows)
    adult = read_dates(people["DOB"]) + pd.DateOffset(years=18)
    given = rows.reindex(columns=["in_touch", "accommodation", "suitable", "activity"]).fillna("")
    homes = [home(*pair) for pair in zip(given["accommodation"], given["suitable"], strict=True)]
    return people.assign(
        birthday_date=adult.dt.strftime("%Y-%m-%d").fillna(""), IN_TOUCH="", ACTIV="", ACCOM="",
        current_ACTIV=given["activity"].map(code), current_ACCOM=homes,
        current_IN_TOUCH=given["in_touch"].map(touch),
    )  # fmt: skip


def _limited(tables: Tables, path: Path) -> Tables:
    """Mark how far back each table is whole, and what it is not for."""
    dates = [read_dates(tables[name][field]).max() for name, field in _HAPPENED.items() if name in tables]
    known = [day for day in dates if pd.notna(day)]
    if not known:
        raise CsdError("nothing in Annex A says when it was made", str(path), "the dates of lists 1 to 5")
    first = max(known) - _WINDOW
    # Only whole months are counted: a window that begins on the 2nd makes its first month a part of one.
    whole = Period.of(first.date()) + (0 if first.day == 1 else 1)
    today = Period.of(max(known).date())
    for name, table in tables.items():
        if name in _EVENTS.values():
            limit(table, whole.ordinal, SIX_MONTHS.format(month=whole.label), _NOT_FOR.get(name))
        elif name in _LATEST_ONLY:
            limit(table, today.ordinal, LATEST.format(month=today.label), _NOT_FOR.get(name))
    return tables
