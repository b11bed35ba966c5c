"""Dates that cannot be: events after the report, and events before the child's birth."""

from datetime import date

import pandas as pd

from csd_helpers.extract.problems import Problem, problems_at

Tables = dict[str, pd.DataFrame]

#: Dates of what has happened. The end of a post, or of a young person's asylum status, may be known
#: beforehand.
HAPPENED: dict[str, tuple[str, ...]] = {
    "children": ("PersonBirthDate",),
    "contacts": ("contact_date",),
    "early_help": ("start_date", "end_date"),
    "cin_details": ("CINreferralDate", "CINclosureDate"),
    "assessments": ("AssessmentActualStartDate", "AssessmentAuthorisationDate"),
    "section47": ("S47ActualStartDate", "DateOfInitialCPC"),
    "cp_plans": ("CPPstartDate", "CPPendDate"),
    "cp_reviews": ("CPPreviewDate",),
    "visits": ("visit_date",),
    "cla_header": ("DOB",),
    "cla_episodes": ("DECOM", "DEC"),
    "cla_reviews": ("REVIEW",),
    "adoption": ("DATE_INT", "DATE_MATCH", "DATE_PLACED"),
    "health": ("assessment_date", "dental_date"),
    "missing": ("MIS_START", "MIS_END"),
    "ehcp": ("request_date", "issue_date"),
    "caseholding": ("start_date",),
}

_UNBORN = 300  # days: a pregnancy, and a fortnight of doubt about its date
#: First date of a record of a child, and how many days it may come before birth.
AFTER_BIRTH: dict[str, tuple[str, int]] = {
    "contacts": ("contact_date", _UNBORN),
    "early_help": ("start_date", _UNBORN),
    "cin_details": ("CINreferralDate", _UNBORN),
    "assessments": ("AssessmentActualStartDate", _UNBORN),
    "section47": ("S47ActualStartDate", _UNBORN),
    "cp_plans": ("CPPstartDate", _UNBORN),
    "visits": ("visit_date", _UNBORN),
    "cla_episodes": ("DECOM", 0),
    "cla_reviews": ("REVIEW", 0),
    "health": ("assessment_date", 0),
    "missing": ("MIS_START", 0),
}
_CHILD = ("LAchildID", "CHILD")  # one identifier, by the names of two returns


def in_the_future(tables: Tables, places: Tables, known: date) -> list[Problem]:
    """Find events dated after the report: an extract taken late holds later months, never later days."""
    found, last = [], pd.Timestamp(known)
    expected = f"a date up to {last:%d/%m/%Y}, the date of the report"
    for name, fields in HAPPENED.items():
        what = Problem("warning", name, "lies in the future:", expected, rule="date_future")
        for field in fields:
            if name in tables and field in tables[name]:
                table = tables[name]
                found += problems_at(table[table[field].gt(last)], places[name], what, field)
    return found


def before_birth(tables: Tables, places: Tables) -> list[Problem]:
    """Find records that begin before the child was born, or could be known of."""
    found, births = [], _births(tables)
    for name, (field, days) in AFTER_BIRTH.items():
        table = tables.get(name, pd.DataFrame())
        if field not in table or not _child(table):
            continue
        looked_up = births.reindex(table[_child(table)]).set_axis(table.index)
        born = table.get("DOB", looked_up).fillna(looked_up)
        early = table[table[field].lt(born - pd.Timedelta(days=days))]
        expected = "a date on or after birth" if not days else f"a date at most {days} days before birth"
        what = Problem("warning", name, "lies before birth:", expected, rule="date_before_birth")
        found += problems_at(early, places[name], what, field)
    return found


def _births(tables: Tables) -> pd.Series:
    """Return every child's date of birth; the first one given where tables disagree."""
    columns = {"children": "PersonBirthDate", "cla_header": "DOB"}
    parts = [
        tables[name].set_index(_child(tables[name]))[field]
        for name, field in columns.items()
        if name in tables and field in tables[name] and _child(tables[name])
    ]
    births = pd.concat([part.dropna() for part in parts]) if parts else pd.Series(dtype="datetime64[s]")
    return births[~births.index.duplicated()]


def _child(table: pd.DataFrame) -> str:
    return next((name for name in _CHILD if name in table), "")
