"""The pages that list every month there is a pack of, and every month published: one for each part."""

import json
import os
import re
from pathlib import Path
from typing import Any

import nbformat.v4 as nb

from csd_helpers.errors import CsdError
from csd_helpers.execution import exporter
from csd_helpers.frozen import PUBLISHED
from csd_helpers.ledger import current, editions, read_ledger
from csd_helpers.marking import PLAIN, marking
from csd_helpers.months import anchor
from csd_helpers.page.cells import TAG
from csd_helpers.period import Period
from csd_helpers.tables import Html, table

_PERIOD = re.compile(r"\d{4}-\d{2}")
_OUTPUTS = Path("outputs")
_PAGES = {"index.html": "Summary", "report.html": "Committee report"}


def write_all_months(root: Path) -> None:
    """Write ``outputs/part1.html`` and ``outputs/part2.html``: every month, newest first.

    The same two stand in ``outputs/published`` and list what was published. Each links to its own part
    alone: every page of a pack leads here for other months. They are made anew after each run and each
    publication.
    """
    try:
        for folder in (_OUTPUTS, PUBLISHED):
            if (root / folder).is_dir():
                for part in (1, 2):
                    _replace(root / folder / f"part{part}.html", page_of_months(root, part, folder))
    except OSError as error:
        problem = f"the list of all months could not be written: {error}"
        raise CsdError(problem, str(root / "outputs")) from None


def page_of_months(root: Path, part: int, folder: Path = _OUTPUTS) -> str:
    """Return the page that lists a part's packs in a folder of the project."""
    there, shown = (root / folder).glob("*-*"), f"part{part}"
    packs = sorted((p for p in there if _PERIOD.fullmatch(p.name) and (p / shown).is_dir()), reverse=True)
    told = _settings(packs)
    council = str(told.get("council", ""))
    page = {
        "org": f"{council}: children’s services performance"
        if council
        else "Children’s services performance",
        "title": f"Children’s services performance: all months (Part {part})",
        "part": part,
        "marking": marking(part, str(told["exempt_paragraph"]))
        if "exempt_paragraph" in told
        else PLAIN[part],
        "nav": [],
        "footer": "A month that is not listed has not been made, or is not kept here.",
        "downloads": [],
    }
    output = nb.new_output("display_data", {"text/html": _content(packs, part, root)})
    cell = nb.new_code_cell(outputs=[output], metadata={"tags": [TAG]})
    html, _ = exporter("csd").from_notebook_node(nb.new_notebook(cells=[cell]), resources={"page": page})
    return str(html)


def _content(packs: list[Path], part: int, root: Path) -> str:
    heading = "<h1>Children’s services performance: all months</h1>"
    entries = read_ledger(root)
    periods = {entry.period for entry in editions(entries)}
    published = {period for period in periods if current(entries, Period.parse(period))}
    rows = [_row(pack, part, pack.name in published) for pack in packs]
    if not rows:
        return f"{heading}<p>There is no pack yet.</p>"
    return heading + table("Months, newest first", ["Month", *_PAGES.values(), "Published"], rows)


def _row(pack: Path, part: int, published: bool) -> list[object]:
    month = Period.parse(pack.name).label
    links: list[object] = []
    for name, text in _PAGES.items():
        page = pack / f"part{part}" / name
        link = Html(f'<a href="{pack.name}/part{part}/{name}">{text}, {month}</a>')
        links.append(link if page.is_file() else "none")
    place = Html(f'<span id="{anchor(Period.parse(pack.name))}">{month}</span>')
    return [place, *links, "Yes" if published else "No"]


def _settings(packs: list[Path]) -> dict[str, Any]:
    """Return the settings of the newest pack whose manifest has them."""
    for pack in packs:
        try:
            told = json.loads((pack / "manifest.json").read_text(encoding="utf-8"))["parameters"]
            if "council" in told:
                return dict(told)
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return {}


def _replace(path: Path, text: str) -> None:
    """Write a page in one step: whoever reads it sees the old one or the new one."""
    scratch = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        scratch.write_text(text, encoding="utf-8", newline="\n")
        scratch.replace(path)
    finally:
        scratch.unlink(missing_ok=True)
