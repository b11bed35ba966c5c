"""Reports by exception on the summary page: what management tells besides the suite's indicators."""

from html import escape
from typing import Any

from csd_helpers.tables import Html

_VERDICT = {"good": "Good news", "bad": "Below expectation"}


def exception_reports(pack: dict[str, Any]) -> Html:
    """Print the part's reports by exception; nothing where there are none."""
    told = "".join(_report(entry) for entry in pack.get("reports_by_exception", []))
    if not told:
        return Html("")
    heading = '<h2 id="reports-by-exception">Reports by exception</h2>'
    note = '<p class="note">On matters outside the suite of indicators, as agreed with the committee.</p>'
    opening = '<section aria-labelledby="reports-by-exception">'
    return Html(f'{opening}{heading}{note}<div class="cols">{told}</div></section>')


def _report(entry: dict[str, str]) -> str:
    heading = f"<h3>{escape(entry['title'])}: {_VERDICT[entry['verdict']].lower()}</h3>"
    figure = f"<p><strong>{escape(entry['figure'])}</strong></p>" if entry["figure"] else ""
    by = escape(f"{entry['author']}, {entry['date']}")
    return f'<div class="comment">{heading}{figure}{entry["html"]}<p class="note">{by}</p></div>'
