"""The pages that list every month there is a pack of, one for each part."""

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat.v4 as nb

from csd_helpers.errors import CsdError
from csd_helpers.execution import exporter
from csd_helpers.ledger import current, editions, read_ledger
from csd_helpers.page.cells import TAG
from csd_helpers.period import Period
from csd_helpers.server import ask
from csd_helpers.tables import Html, table

_PERIOD = re.compile(r"\d{4}-\d{2}")
_MARKINGS = {1: "Part 1: public", 2: "Part 2: exempt, not for publication"}
_PAGES = {"index.html": "Summary", "report.html": "Committee report"}


def write_all_months(root: Path) -> None:
    """Write ``outputs/part1.html`` and ``outputs/part2.html``: every month, newest first.

    Each lists the packs that are there and links to its own part alone. It is made anew after each run
    and each publication, by a worker that has the exporter at hand.
    """
    problem = ask(_write, root)
    if problem:
        raise CsdError(f"the list of all months could not be written: {problem}", str(root / "outputs"))


def _write(send: Callable[[str], None], root: Path) -> None:
    try:
        for part in (1, 2):
            _replace(root / "outputs" / f"part{part}.html", page_of_months(root, part))
    except (CsdError, OSError) as error:
        send(str(error))
    else:
        send("")


def page_of_months(root: Path, part: int) -> str:
    """Return the page that lists a part's packs."""
    outputs, shown = root / "outputs", f"part{part}"
    packs = sorted(
        (path for path in outputs.glob("*-*") if _PERIOD.fullmatch(path.name) and (path / shown).is_dir()),
        reverse=True,
    )
    council = _council(packs)
    page = {
        "org": f"{council}: children’s services performance"
        if council
        else "Children’s services performance",
        "title": f"Children’s services performance: all months (Part {part})",
        "part": part,
        "marking": _MARKINGS[part],
        "nav": [],
        "footer": "Newest month first.",
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
    return [month, *links, "Yes" if published else "No"]


def _council(packs: list[Path]) -> str:
    """Return the council's name from the newest manifest that has one."""
    for pack in packs:
        try:
            settings: dict[str, Any] = json.loads((pack / "manifest.json").read_text(encoding="utf-8"))
            return str(settings["parameters"]["council"])
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return ""


def _replace(path: Path, text: str) -> None:
    """Write a page in one step: whoever reads it sees the old one or the new one."""
    scratch = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        scratch.write_text(text, encoding="utf-8", newline="\n")
        scratch.replace(path)
    finally:
        scratch.unlink(missing_ok=True)
