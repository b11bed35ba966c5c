"""The tables of an extract: their columns, codes and keys, under their statutory names."""

from dataclasses import dataclass
from functools import cache
from typing import Literal

import pandera.pandas as pa

Kind = Literal["id", "text", "date", "number", "flag", "code"]


@dataclass(frozen=True)
class Column:
    """A column: what it holds, whether the table needs it, whether a cell may be blank."""

    kind: Kind
    needed: bool = True
    blank: bool = False
    codes: tuple[str, ...] = ()

    @property
    def expected(self) -> str:
        """What a cell should hold, in words."""
        if self.codes:
            return "one of " + ", ".join(self.codes)
        words = {"date": "a date such as 31/10/2020", "number": "a number, 0 or more", "flag": "0 or 1"}
        return words.get(self.kind, "a value")


@dataclass(frozen=True)
class Table:
    """A table: its columns, and those that together name a row."""

    columns: dict[str, Column]
    key: tuple[str, ...] = ()
    #: What names the same event in the returns of two years, where rows of one return have no key.
    event: tuple[str, ...] = ()
    #: A row given twice says nothing wrong: it is counted once.
    repeats_harmless: bool = False


def _id() -> Column:
    return Column("id")


def _date(blank: bool = False, needed: bool = True) -> Column:
    return Column("date", needed, blank)


def _code(codes: str, blank: bool = False, needed: bool = True) -> Column:
    return Column("code", needed, blank, tuple(codes.split()))


def _text(needed: bool = False) -> Column:
    return Column("text", needed, blank=True)


def _number(blank: bool = False, needed: bool = True) -> Column:
    return Column("number", needed, blank)


def _flag(needed: bool = False) -> Column:
    return Column("flag", needed, blank=True, codes=("0", "1"))


_RNE = "S L P T B U"
_LS = "C1 C2 D1 E1 V2 V3 V4 L1 L2 L3 J1 J2 J3"
_NEED = "N1 N2 N3 N4 N5 N6 N7 N8 N9 N0"
# Places and reasons: SSDA903 guide 2020-21.
_PLACE = "U1 U2 U3 U4 U5 U6 A3 A4 A5 A6 P1 P2 P3 H5 K1 K2 R1 R2 R3 R5 S1 Z1 T0 T1 T2 T3 T4"
_REC = "X1 E11 E12 E2 E3 E4A E4B E13 E41 E45 E46 E47 E48 E5 E6 E7 E9 E14 E15 E16 E17 E8"
_TOUCH = "YES NO DIED REFU NREQ RHOM"
_ACTIV = "F1 P1 F2 P2 F3 P3 F4 P4 F5 P5 G4 G5 G6 0"
_ABUSE = "NEG PHY SAB EMO MUL"
_SOURCE = "1A 1B 1C 1D 2A 2B 3A 3B 3C 3D 3E 3F 4 5A 5B 5C 6 7 8 9 10"

TABLES: dict[str, Table] = {
    "children": Table(
        {"LAchildID": _id(), "PersonBirthDate": _date(blank=True), "GenderCurrent": _text(),
         "Ethnicity": _text(),
         "Disability": _text()},
        ("LAchildID",),
    ),
    "contacts": Table({"LAchildID": _id(), "contact_date": _date(), "source": _text(), "outcome": _text()}),
    "early_help": Table({"LAchildID": _id(), "start_date": _date(), "end_date": _date(blank=True)}),
    "cin_details": Table(
        {"LAchildID": _id(), "CINreferralDate": _date(), "ReferralSource": _code(_SOURCE, True, False),
         "PrimaryNeedCode": _code(_NEED, True, False), "CINclosureDate": _date(blank=True),
         "ReasonForClosure": _text(), "DateOfInitialCPC": _date(True, False), "ReferralNFA": _flag()},
        event=("LAchildID", "CINreferralDate"),
    ),
    "assessments": Table(
        {"LAchildID": _id(), "AssessmentActualStartDate": _date(),
         "AssessmentAuthorisationDate": _date(blank=True)},
        event=("LAchildID", "AssessmentActualStartDate"),
    ),
    "section47": Table(
        {"LAchildID": _id(), "S47ActualStartDate": _date(blank=True), "DateOfInitialCPC": _date(blank=True),
         "ICPCnotRequired": _flag()},
        event=("LAchildID", "S47ActualStartDate"),
    ),
    "cp_plans": Table(
        {"LAchildID": _id(), "CPPstartDate": _date(), "CPPendDate": _date(blank=True),
         "InitialCategoryOfAbuse": _code(_ABUSE, True, False),
         "LatestCategoryOfAbuse": _code(_ABUSE, True, False),
         "NumberOfPreviousCPP": _number()},
        ("LAchildID", "CPPstartDate"),
    ),
    "cp_reviews": Table(
        {"LAchildID": _id(), "CPPstartDate": _date(), "CPPreviewDate": _date()},
        key=("LAchildID", "CPPstartDate", "CPPreviewDate"),
        repeats_harmless=True,
    ),
    "visits": Table(
        {"LAchildID": _id(), "visit_type": _code("CP CLA CIN"), "visit_date": _date(), "seen": _flag()}
    ),
    "cla_header": Table(
        {"CHILD": _id(), "SEX": _text(), "DOB": _date(), "ETHNIC": _text(), "UPN": _text(), "MOTHER": _text(),
         "MC_DOB": _text()},
        ("CHILD",),
    ),
    "cla_episodes": Table(
        {"CHILD": _id(), "DECOM": _date(), "RNE": _code(_RNE), "LS": _code(_LS), "CIN": _code(_NEED, True),
         "PLACE": _code(_PLACE), "PLACE_PROVIDER": _code("PR0 PR1 PR2 PR3 PR4 PR5", True),
         "DEC": _date(blank=True), "REC": _code(_REC, True), "REASON_PLACE_CHANGE": _text(),
         "HOME_POST": _text(),
         "PL_POST": _text(True), "URN": _text(True), "PL_DISTANCE": _number(True, False)},
        ("CHILD", "DECOM"),
    ),
    "cla_reviews": Table(
        {"CHILD": _id(), "DOB": _date(True, False), "REVIEW": _date(),
         "REVIEW_CODE": _code("PN0 PN1 PN2 PN3 PN4 PN5 PN6 PN7", True)},
        ("CHILD", "REVIEW"),
        repeats_harmless=True,
    ),
    "uasc": Table({"CHILD": _id(), "SEX": _text(), "DOB": _date(), "DUC": _date(blank=True)}, ("CHILD",)),
    "adoption": Table(
        {"CHILD": _id(), "DOB": _date(), "DATE_INT": _date(True, False), "DATE_MATCH": _date(True, False),
         "DATE_PLACED": _date(True, False)},
        ("CHILD",),
    ),
    "health": Table({"CHILD": _id(), "assessment_date": _date(), "dental_date": _date(True, False)}),
    "care_leavers": Table(
        {"CHILD": _id(), "DOB": _date(), "birthday_date": _date(), "IN_TOUCH": _code(_TOUCH, True),
         "ACTIV": _code(_ACTIV, True), "ACCOM": _text(True), "current_ACTIV": _code(_ACTIV, True, False),
         "current_ACCOM": _text(), "current_IN_TOUCH": _code(_TOUCH, True, False)},
        ("CHILD", "birthday_date"),
    ),
    "missing": Table(
        {"CHILD": _id(), "DOB": _date(), "MISSING": _code("M A"), "MIS_START": _date(),
         "MIS_END": _date(blank=True)}
    ),
    "ehcp": Table(
        {"child_id": _id(), "request_date": _date(), "issue_date": _date(blank=True), "exception": _flag(),
         "exception_reason": _text()},
    ),
    "workers": Table(
        {"worker_id": _id(), "team": _text(True), "agency": _flag(True), "FTE": _number(),
         "start_date": _date(),
         "end_date": _date(blank=True)},
        ("worker_id", "start_date"),
    ),
    "caseholding": Table(
        {"worker_id": _id(), "LAchildID": _id(), "start_date": _date(), "end_date": _date(blank=True)}
    ),
    "vacancies": Table(
        {"team": _text(True), "FTE": _number(), "start_date": _date(), "end_date": _date(blank=True)}
    ),
    "population": Table(
        {"year": _number(), "population_0_17": _number(), "population_10_17": _number(True, False)}, ("year",)
    ),
    "returns": Table(
        {"indicator": _id(), "period": _id(), "numerator": _number(True), "denominator": _number(True),
         "value": _number(True), "as_at": _date(), "status": _code("final provisional"),
         "source": _text(True),
         "breakdown": _text(), "category": _text()},
        ("indicator", "period", "breakdown", "category"),
    ),
}  # fmt: skip

#: What the files of an SSDA903 return become; the other files of a return are kept out of the way.
SSDA903: dict[str, str] = {
    "header": "cla_header",
    "episodes": "cla_episodes",
    "reviews": "cla_reviews",
    "uasc": "uasc",
    "missing": "missing",
}
SSDA903_UNUSED = ("oc2", "oc3", "ad1", "previous_permanence", "prevperm", "placed_adoption")

#: Columns that name a child or a worker, by the names of the returns; one naming runs through all tables.
IDENTIFIERS = ("LAchildID", "CHILD", "child_id", "worker_id")

#: Pairs of dates in order: an end never comes before its start.
IN_ORDER: dict[str, tuple[str, str]] = {
    "early_help": ("start_date", "end_date"),
    "cin_details": ("CINreferralDate", "CINclosureDate"),
    "assessments": ("AssessmentActualStartDate", "AssessmentAuthorisationDate"),
    "cp_plans": ("CPPstartDate", "CPPendDate"),
    "cla_episodes": ("DECOM", "DEC"),
    "missing": ("MIS_START", "MIS_END"),
    "ehcp": ("request_date", "issue_date"),
    "workers": ("start_date", "end_date"),
    "caseholding": ("start_date", "end_date"),
    "vacancies": ("start_date", "end_date"),
}


@cache
def schema(name: str) -> pa.DataFrameSchema:
    """Return the pandera schema of a table whose cells have been read.

    Codes, blanks and limits are checked by the library, all cells of a table at once.
    """
    columns = {
        field: pa.Column(nullable=column.blank, required=column.needed, checks=_checks(column))
        for field, column in TABLES[name].columns.items()
    }
    return pa.DataFrameSchema(columns)


def _checks(column: Column) -> list[pa.Check]:
    if column.codes:
        return [pa.Check.isin(column.codes)]
    return [pa.Check.ge(0)] if column.kind == "number" else []
