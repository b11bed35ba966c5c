"""The lists of Ofsted's Annex A: how they are recognised, and what they cannot tell."""

import re
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from csd_helpers.errors import CsdError

_HEAD = 20  # rows in which the headings are looked for
#: Who a row is about; the last list, of adopters, is about no child.
PERSON = {"child": "child id", "born": "date birth", "gender": "gender|sex", "ethnicity": "ethnicity"}


@dataclass(frozen=True)
class AnnexList:
    """A list: the words its headings must have, by the name of the column each becomes."""

    fields: dict[str, str]
    needed: tuple[str, ...]


#: Headings are matched by words: a heading that has all of a field's words and fewest others is its own.
LISTS: dict[int, AnnexList] = {
    1: AnnexList({"contact_date": "date contact", "source": "contact source"}, ("contact_date",)),
    2: AnnexList(
        {"start_date": "assessment start date", "end_date": "assessment completion date",
         "organisation": "organisation completing"}, ("start_date", "organisation")),
    3: AnnexList(
        {"CINreferralDate": "date referral", "ReferralSource": "referral source",
         "ReferralNFA": "referral nfa|referral no further action"}, ("CINreferralDate",)),
    4: AnnexList(
        {"AssessmentActualStartDate": "assessment start date",
         "AssessmentAuthorisationDate": "assessment date authoris"}, ("AssessmentAuthorisationDate",)),
    5: AnnexList(
        {"S47ActualStartDate": "section 47 start date", "DateOfInitialCPC": "date initial conference",
         "ICPCnotRequired": "initial conference unnecessary"}, ("S47ActualStartDate",)),
    6: AnnexList({"start": "cin start date", "need": "primary need"}, ("start",)),
    7: AnnexList(
        {"CPPstartDate": "plan start date", "CPPendDate": "plan end date",
         "InitialCategoryOfAbuse": "initial category", "LatestCategoryOfAbuse": "latest category",
         "NumberOfPreviousCPP": "number previous plan", "visit_date": "date last statutory visit"},
        ("CPPstartDate", "InitialCategoryOfAbuse")),
    8: AnnexList(
        {"DECOM": "date started looked after", "CIN": "category need", "LS": "legal status",
         "PLACE": "placement type", "PLACE_PROVIDER": "placement provider",
         "DEC": "date ceased looked after", "REC": "reason ceased", "PL_POST": "placement postcode",
         "URN": "urn", "visit_date": "date last social work visit",
         "assessment_date": "last health assessment", "dental_date": "last dental"}, ("DECOM", "PLACE")),
    9: AnnexList(
        {"in_touch": "in touch", "accommodation": "type accommodation", "suitable": "suitability",
         "activity": "activity status"}, ("activity",)),
    10: AnnexList(
        {"DATE_INT": "date decision should placed adoption", "DATE_MATCH": "date matching",
         "DATE_PLACED": "date placed adoption"}, ("DATE_MATCH", "DATE_PLACED")),
    11: AnnexList({"adopter": "individual adopter identifier"}, ("adopter",)),
}  # fmt: skip

SIX_MONTHS = "Annex A holds six months of events, and this extract's begin in {month}"
LATEST = "Annex A holds the latest of each child only, as on the day of the extract in {month}"
OPEN = "list 3 does not say when a child stopped being in need"
STAY = "list 8 has one row per child, not every placement"
TODAY = "list 9 holds today's status, not the status at the birthday"

#: What Annex A cannot tell, by table: those it lacks, and those it has in part.
ANNEX_A_LIMITS: dict[str, str] = {
    "contacts": "six months of contacts, without outcomes",
    "early_help": "six months of assessments",
    "cin_details": f"six months of referrals; {OPEN}, so children in need are not computable",
    "assessments": "those in progress or completed in six months",
    "section47": "six months of enquiries",
    "cp_plans": "plans open or ended in six months; of two plans of a child only the latest",
    "cp_reviews": "list 7 has the latest review only",
    "cla_episodes": f"{STAY}: the present stay in care under its latest placement and legal status",
    "cla_reviews": "list 8 has the latest review only",
    "visits": "lists 7 and 8 have the latest visit only",
    "health": "list 8 has the latest assessment only",
    "uasc": "list 8 says who was seeking asylum within 12 months, not until when",
    "missing": "list 8 counts episodes and does not date them",
    "care_leavers": TODAY,
    "ehcp": "Annex A has no education, health and care plans",
    "workers": "Annex A names workers but not what they work",
    "caseholding": "Annex A names the allocated worker, not since when",
    "vacancies": "Annex A has no vacancies",
}


def find_lists(sheets: dict[str, pd.DataFrame], path: Path) -> dict[int, pd.DataFrame]:
    """Return each list's cells under the names of its fields; none if no sheet is a list.

    A sheet is a list by its name (``List 8``) or by its headings, which may stand below other rows
    and need not be worded just as the template has them.

    Raises
    ------
    CsdError
        If two sheets are the same list, or a sheet named after a list lacks its headings.
    """
    found: dict[int, pd.DataFrame] = {}
    for title, sheet in sheets.items():
        named = re.fullmatch(r"list[ _]?(\d+)\b.*", title.strip().lower())
        wanted = [int(named[1])] if named and int(named[1]) in LISTS else list(LISTS)
        number, at, columns = max((_match(sheet, each) for each in wanted), key=lambda match: len(match[2]))
        place = f"{path}, sheet {title}"
        if named and not columns:
            needed = "; ".join(_wanted(number)[field] for field in _needed(number))
            raise CsdError("the list lacks a heading", place, f"headings with the words: {needed}")
        if number in found and columns:
            raise CsdError(f"list {number} is given twice", place, "one sheet for each list")
        if columns:
            rows = sheet.loc[sheet.index > at, list(columns.values())]
            found[number] = rows.set_axis(list(columns), axis=1)
    return found


def _wanted(number: int) -> dict[str, str]:
    return LISTS[number].fields | ({} if number == max(LISTS) else PERSON)


def _needed(number: int) -> tuple[str, ...]:
    return (*LISTS[number].needed, *(() if number == max(LISTS) else ("child",)))


def _match(sheet: pd.DataFrame, number: int) -> tuple[int, int, dict[str, int]]:
    """Return a list's number, the row of its headings and the column of each field; none if it is not it."""
    for at, cells in zip(sheet.index[:_HEAD], sheet.to_numpy()[:_HEAD], strict=True):
        headings = [re.findall(r"[a-z0-9]+", str(cell).lower()) for cell in cells]
        found = {field: _heading(headings, words) for field, words in _wanted(number).items()}
        columns = {field: column for field, column in found.items() if column is not None}
        if all(field in columns for field in _needed(number)):
            return number, int(at), columns
    return number, 0, {}


def _heading(headings: list[list[str]], wanted: str) -> int | None:
    """Return the column whose heading has all of some words, or their beginnings, and fewest others."""
    alternatives = [words.split() for words in wanted.split("|")]
    having = [
        (len(heading), column)
        for column, heading in enumerate(headings)
        for words in alternatives
        if all(any(own.startswith(word) for own in heading) for word in words)
    ]
    return min(having)[1] if having else None
