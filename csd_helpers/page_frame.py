"""What a page says around its notebook's content: title, marking, the ways to other pages, downloads."""

import json
from pathlib import Path
from typing import Any

from csd_helpers.downloads import LABELS
from csd_helpers.handover import Edition
from csd_helpers.job import SUMMARY, page_name
from csd_helpers.marking import marking
from csd_helpers.months import anchor
from csd_helpers.notes import Note, PageNotes
from csd_helpers.period import Period, long_date

REPORT, DISCLOSURE = "report", "disclosure"


def page_frames(
    edition: Edition, releases: dict[int, Path], notes: PageNotes
) -> dict[int, dict[str, dict[str, Any]]]:
    """Return what each page of each part says around its content, by notebook.

    Parameters
    ----------
    releases
        The parts' release folders: the run's id on a page is the hash of all its part was handed.
    notes
        The analyst's notes for each part, by notebook.
    """
    return {
        part: {
            name: _frame(edition, part, name, run_id(release), notes.get(part, {}).get(name, []))
            for name in notebooks(edition, part)
        }
        for part, release in releases.items()
    }


def notebooks(edition: Edition, part: int) -> list[str]:
    """Return the names of a part's notebooks: the account of disclosure control is exempt."""
    return [SUMMARY, *edition.suite.groups, REPORT, *([DISCLOSURE] if part == 2 else [])]


def run_id(release: Path) -> str:
    """Return the hash of all a part was handed: two pages with the same one tell the same."""
    return str(json.loads((release / "pack.json").read_text(encoding="utf-8"))["run_id"])


def _frame(edition: Edition, part: int, notebook: str, run: str, notes: list[Note]) -> dict[str, Any]:
    settings, month = edition.settings, edition.period.label
    titles = {key: group.title for key, group in edition.suite.groups.items()}
    titles |= {REPORT: "Committee report", DISCLOSURE: "Disclosure control"}
    subject = titles.get(notebook, "Children’s services performance")
    return {
        "notes": [{"after": note.after, "text": note.text} for note in notes],
        "org": f"{settings.council}: children’s services performance",
        "title": f"{subject}: {month} (Part {part})",
        "part": part,
        "marking": marking(part, settings.exempt_paragraph),
        "nav": [
            {"href": page_name(key), "text": titles.get(key, "Summary"), "current": key == notebook}
            for key in notebooks(edition, part)
        ],
        "months": other_months(edition.period, part),
        "footer": f"Figures for {month}, for the report of {long_date(settings.report_date)}. Run {run}.",
        "downloads": [{"href": name, "text": text} for name, text in LABELS.items()],
    }


def other_months(period: Period, part: int) -> list[dict[str, str]]:
    """Return links to the month before, the month after and all months of a part.

    They lead to the list of all months, which is there before a later month is and lists what can be
    opened: so a page is the same whatever other months exist.

    Examples
    --------
    >>> other_months(Period.parse("2020-10"), 1)[0]
    {'href': '../../part1.html#m2020-09', 'text': 'Previous: September 2020'}
    """
    listed = f"../../part{part}.html"
    near = [("Previous", period - 1), ("Next", period + 1)]
    links = [{"href": f"{listed}#{anchor(month)}", "text": f"{name}: {month.label}"} for name, month in near]
    return [*links, {"href": listed, "text": "All months"}]
