"""What stands between a month and its publication, on a page and on the screen."""

from html import escape
from itertools import groupby

from csd_helpers.findings import SEVERITIES
from csd_helpers.layout import hanging
from csd_helpers.matter import Matter
from csd_helpers.tables import Html, table
from csd_helpers.working_page import working_page

CHECK_PAGE = "check.html"
MARKING = "Exempt: holds figures that Part 1 withholds - working file, not for publication"
_TITLES = {
    "extract": "Extract",
    "figures": "Figures",
    "commentary": "Commentary",
    "revisions": "Revised figures",
    "pack": "Pack",
    "pages": "Pages",
    "disclosure": "Disclosure control",
}


def verdict(month: str, matters: list[Matter]) -> str:
    """Say in one line whether a month is ready.

    Examples
    --------
    >>> verdict("October 2020", [])
    'October 2020 is ready to be published: 0 blocking, 0 warnings, 0 notes'
    """
    found = [matter.severity for matter in matters]
    counts = {severity: found.count(severity) for severity in SEVERITIES}
    state = "is not ready to be published" if counts["blocking"] else "is ready to be published"
    told = f"{counts['warning']} warning{_s(counts['warning'])}, {counts['note']} note{_s(counts['note'])}"
    return f"{month} {state}: {counts['blocking']} blocking, {told}"


def readiness_page(month: str, council: str, matters: list[Matter]) -> str:
    """Return the page: a verdict, then a table for each check, with what puts each matter right."""
    title = f"Is {month} ready? {council}"
    return working_page(title, MARKING, readiness_content(month, matters))


def readiness_content(month: str, matters: list[Matter]) -> str:
    """Return what the page says below its title."""
    sections = [
        f"<section><h2>{escape(_title(check))}</h2>{_table(check, list(own))}</section>"
        for check, own in groupby(matters, key=lambda matter: matter.check)
    ]
    said = f"<p><strong>{escape(verdict(month, matters))}.</strong></p>"
    return "\n".join([said, *sections])


def readiness_text(month: str, check: str, matters: list[Matter]) -> str:
    """Return the same for the screen: rows of the extract are left to the command that lists them."""
    lines = [verdict(month, matters)]
    for group, own in groupby(matters, key=lambda matter: matter.check):
        lines += ["", _title(group)]
        for matter in own:
            lines += hanging(matter.severity, matter.what)
            if group != "extract" and matter.severity != "note":
                lines += [*hanging("", matter.where), *hanging("", f"to fix: {matter.fix}")]
        if group == "extract":
            lines += hanging("", f"to fix: {check} --extract lists the rows and what to do")
    return "\n".join(lines)


def _title(check: str) -> str:
    return _TITLES.get(check, check.capitalize())


def _s(number: int) -> str:
    return "" if number == 1 else "s"


def _table(check: str, matters: list[Matter]) -> str:
    rows = [(matter.what, _tag(matter.severity), matter.where, matter.fix) for matter in matters]
    caption = f"{_title(check)}: what was found and what puts it right"
    return table(caption, ["What", "Severity", "Where", "To fix"], rows)


def _tag(severity: str) -> Html:
    return Html(f'<span class="severity {severity}">{severity}</span>')
