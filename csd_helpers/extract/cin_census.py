"""The children in need census as submitted in XML (DfE CIN census guide)."""

from pathlib import Path

import pandas as pd
from lxml import etree

from csd_helpers.errors import CsdError
from csd_helpers.extract.limits import limit
from csd_helpers.extract.tables import TABLES
from csd_helpers.extract.xml_return import Fields, Rows, fields, flag, local_name, records
from csd_helpers.period import Period

_TABLES = ("children", "cin_details", "assessments", "section47", "cp_plans", "cp_reviews")
_PARTS = {"Assessments": "assessments", "Section47": "section47", "ChildProtectionPlans": "cp_plans"}
_FLAGS = ("ReferralNFA", "ICPCnotRequired")
_WHOLE = ("cin_details", "assessments", "section47", "cp_plans")
_YEAR = 11  # the census year ends with the reference date's month


def read_cin_census(path: Path) -> dict[str, pd.DataFrame]:
    """Read a children in need census into the tables it holds.

    The file is read child by child and each child is freed, so that memory grows with the tables,
    not with the XML.

    Parameters
    ----------
    path
        A census of one year, as submitted. Yes and no may be written true, false, 1 or 0.

    Returns
    -------
    dict
        children, cin_details, assessments, section47, cp_plans and cp_reviews: text under the
        statutory names, blank where nothing is given; the index is the line of the file. Tables of
        events are limited to the census year, which runs to the reference date: of earlier events
        the census holds only those of children still in need.

    Raises
    ------
    CsdError
        If the file is not well-formed XML or holds no child.
    """
    rows = {name: Rows(list(TABLES[name].columns)) for name in _TABLES}
    reference, found = "", False
    for element in records(path, "ReferenceDate", "Child"):
        if local_name(element) == "ReferenceDate":
            reference = reference or (element.text or "").strip()
        else:
            _add_child(element, rows)
            found = True
    if not found:
        raise CsdError("the census holds no child", str(path), "a children in need census with <Child>")
    return _limited({name: part.table() for name, part in rows.items()}, reference)


def _limited(tables: dict[str, pd.DataFrame], reference: str) -> dict[str, pd.DataFrame]:
    """Say from which month the census is whole; a census that does not say its date tells nothing of it."""
    try:
        end = Period.parse(reference[:7])
    except CsdError:
        return tables
    start = Period(end.ordinal - _YEAR)
    why = f"the census starts in {start.label}: earlier events are not all in it"
    for name in _WHOLE:
        limit(tables[name], start.ordinal, why, until=end.ordinal, ended=f"the census ends in {end.label}")
    return tables


def _add_child(element: etree._Element, rows: dict[str, Rows]) -> None:
    """Add everything the census says of one child."""
    child: Fields = {}
    for part in element.iterfind("{*}ChildIdentifiers"):
        child |= fields(part)
    for part in element.iterfind("{*}ChildCharacteristics"):
        child |= fields(part)
        child["Disability"] = " ".join(code.text or "" for code in part.iterfind(".//{*}Disability"))
    rows["children"].add(child, element.sourceline or 0)
    for details in element.iterfind("{*}CINdetails"):
        _add_episode(details, child.get("LAchildID", ""), rows)


def _add_episode(details: etree._Element, child: str, rows: dict[str, Rows]) -> None:
    """Add an episode of need with its assessments, enquiries and plans."""
    rows["cin_details"].add(_own(details, child), details.sourceline or 0)
    for part in details:
        name = _PARTS.get(local_name(part))
        if name is None:
            continue
        row = _own(part, child)
        rows[name].add(row, part.sourceline or 0)
        for review in part.iterfind("{*}Reviews/{*}CPPreviewDate"):
            held = {"LAchildID": child, "CPPstartDate": row.get("CPPstartDate", "")}
            held["CPPreviewDate"] = (review.text or "").strip()
            rows["cp_reviews"].add(held, review.sourceline or 0)


def _own(element: etree._Element, child: str) -> Fields:
    """Return an element's fields under the child they belong to, yes and no as 1 and 0."""
    row = fields(element) | {"LAchildID": child}
    return row | {name: flag(row[name]) for name in _FLAGS if name in row}
