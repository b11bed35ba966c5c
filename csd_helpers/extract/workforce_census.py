"""The children's social work workforce census as submitted in XML (DfE CSWW guide)."""

from pathlib import Path

import pandas as pd

from csd_helpers.errors import CsdError
from csd_helpers.extract.limits import limit
from csd_helpers.extract.tables import TABLES
from csd_helpers.extract.xml_return import Fields, Rows, fields, flag, local_name, records
from csd_helpers.period import Period

#: Role within the organisation, item OrgRole of the CSWW guide.
ROLES = {
    "1": "Senior manager",
    "2": "Middle manager",
    "3": "First line manager",
    "4": "Senior practitioner",
    "5": "Case holder",
    "6": "Qualified without cases",
}
_TABLES = ("workers", "vacancies")


def read_workforce_census(path: Path) -> dict[str, pd.DataFrame]:
    """Read a social work workforce census into workers and vacancies.

    The census counts posts on one day, 30 September: it tells of that month and of no earlier one.
    It names no team, so the role stands in its place, and no child, so there is no caseholding.

    Returns
    -------
    dict
        workers (worker_id, team, agency, FTE, start_date, end_date) and vacancies (the council's
        total, from the reference date): text, blank where nothing is given; the index is the line
        of the file.

    Raises
    ------
    CsdError
        If the file is not well-formed XML or holds no worker.
    """
    rows = {name: Rows(list(TABLES[name].columns)) for name in _TABLES}
    reference, found = "", False
    for element in records(path, "ReferenceDate", "LALevelVacancies", "CSWWWorker"):
        kind, line = local_name(element), element.sourceline or 0
        if kind == "ReferenceDate":
            reference = reference or (element.text or "").strip()
        elif kind == "CSWWWorker":
            rows["workers"].add(_worker(fields(element)), line)
            found = True
        elif vacant := fields(element).get("NumberOfVacancies", ""):
            rows["vacancies"].add({"FTE": vacant, "start_date": reference}, line)
    if not found:
        raise CsdError("the census holds no worker", str(path), "a workforce census with <CSWWWorker>")
    return _limited({name: part.table() for name, part in rows.items()}, reference)


def _worker(given: Fields) -> Fields:
    """Return a worker under the names of the table."""
    role = given.get("OrgRole", "")
    return {
        "worker_id": given.get("SWENo", ""),
        "team": ROLES.get(role, role),
        "agency": flag(given.get("AgencyWorker", "")),
        "FTE": given.get("FTE", ""),
        "start_date": given.get("RoleStartDate", ""),
        "end_date": given.get("RoleEndDate", ""),
    }


def _limited(tables: dict[str, pd.DataFrame], reference: str) -> dict[str, pd.DataFrame]:
    """Say that the census tells of the month of its reference date and no other."""
    try:
        day = Period.parse(reference[:7])
    except CsdError:
        return tables
    why = f"the workforce census counts posts in {day.label}, not before and not after"
    return {name: limit(table, day.ordinal, why, None, day.ordinal, why) for name, table in tables.items()}
