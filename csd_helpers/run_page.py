"""How the last run of a month went, on a page: for the person who looks only when it fails."""

import html
import re
from datetime import datetime
from typing import Any

from csd_helpers.job import slowest_words
from csd_helpers.period import Period, long_date
from csd_helpers.tables import table
from csd_helpers.working_page import working_page

MARKING = "Exempt: may hold figures that Part 1 withholds - working file, not for publication"
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")  # a traceback's colours on a terminal


def run_page(record: dict[str, Any]) -> str:
    """Return the page of a run's record (see `csd_helpers.record`).

    It says first what happened, then why and what to do, then how long what took.
    """
    month = Period.parse(record["period"]).label
    content = [_verdict(record, month), _cause(record), _notebooks(record), _changed(record)]
    content += [_tracebacks(record)]
    title = (
        f"The last run of {month}: {record['council']}" if "council" in record else f"The last run of {month}"
    )
    return working_page(title, MARKING, "\n".join(filter(None, content)))


def _verdict(record: dict[str, Any], month: str) -> str:
    made = [entry for entry in record.get("notebooks", []) if entry["state"] == "made"]
    said = {
        "running": "The run has begun. If it is no longer at work, it was killed, and the last good pack is "
        "as it was: run again, and it goes on from where it was.",
        "complete": f"The run went well: {len(made)} pages were made, {record.get('unchanged', 0)} kept.",
        "failed": f"The run failed. The pack of {month}, if there was one, is as it was before.",
    }[record["state"]]
    start = datetime.fromisoformat(record["started"])
    began = f"It began on {long_date(start.date())} at {start:%H:%M} (UTC)"
    took = f"{began} and took {record['seconds']:.1f} seconds."
    if record["state"] == "running":
        took = f"{began} as process {record['process']}."
    return f"<p><strong>{html.escape(said)}</strong></p><p>{html.escape(took)}</p>"


def _cause(record: dict[str, Any]) -> str:
    if record["state"] != "failed":
        return ""
    lines = "<br>".join(html.escape(line.strip()) for line in record["cause"].splitlines())
    facts = {"Cause": lines, "What to do": html.escape(record["to_do"])}
    facts["Exit code"] = str(record["exit_code"])
    told = "".join(f"<dt>{name}</dt><dd>{text}</dd>" for name, text in facts.items())
    return f"<section><h2>What went wrong</h2><dl>{told}</dl></section>"


def _notebooks(record: dict[str, Any]) -> str:
    entries = sorted(record.get("notebooks", []), key=lambda entry: entry["state"] != "failed")
    if not entries:
        return ""
    rows = [
        (
            entry["name"],
            entry["state"],
            f"{entry['cell']}: {entry['error']}".removeprefix(": ") if entry["error"] else "",
            f"{entry['seconds']:.1f}",
            entry["peak_mb"] or "not known",
            slowest_words(entry["slowest_cells"]),
        )
        for entry in entries
    ]
    header = ["Notebook", "State", "What went wrong", "Seconds", "Memory, MB", "Slowest cells"]
    shown = table("Each notebook of the run", header, rows, numeric=(3, 4))
    return f"<section><h2>Notebooks</h2>{shown}</section>"


def _changed(record: dict[str, Any]) -> str:
    changed = record.get("changed", {})
    if not changed:
        return ""
    shown = table("Changed since the pack before", ["What", "How"], list(changed.items()))
    return f"<section><h2>What had changed since the pack before</h2>{shown}</section>"


def _tracebacks(record: dict[str, Any]) -> str:
    """Tell what a programmer needs, last."""
    own = [(entry["name"], entry["traceback"]) for entry in record.get("notebooks", []) if entry["traceback"]]
    told = [("the run", record["traceback"])] if record.get("traceback") else []
    parts = [
        f"<h3>{html.escape(name)}</h3><pre>{html.escape(_COLOURS.sub('', text))}</pre>"
        for name, text in told + own
    ]
    return f"<section><h2>For whoever maintains the workbook</h2>{''.join(parts)}</section>" if parts else ""
