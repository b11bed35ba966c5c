"""Commentary to be written: a file for each exception that has none, with what its author needs to know."""

from pathlib import Path
from typing import Any

import yaml

from csd_helpers.commentary import FENCE, HELP, commentary_folder, load_commentary
from csd_helpers.desk import Desk
from csd_helpers.facts import moved, outturn


def write_missing(desk: Desk) -> list[Path]:
    """Write the files of commentary that are missing, and return them.

    What is in them is help: until somebody writes words of their own a file is no commentary. A file
    that is there already is left as it is.
    """
    folder = commentary_folder(desk.root, desk.period)
    earlier = load_commentary(desk.root, desk.period - 1, desk.edition.suite)
    written = []
    for entry in desk.exceptions:
        key = entry["key"]
        if desk.edition.commentary.get(key) or any(folder.glob(f"{key}.*md")):
            continue
        folder.mkdir(parents=True, exist_ok=True)
        before = "\n\n".join(words.text for words in earlier.get(key, []))
        path = folder / f"{key}.md"
        path.write_text(_template(entry, _part(desk, key), before), encoding="utf-8", newline="\n")
        written.append(path)
    return written


def commentary_text(header: dict[str, Any], body: str) -> str:
    """Return a file of commentary: its header between two fences, then the words."""
    head = yaml.safe_dump(header, sort_keys=False, allow_unicode=True, width=1000).replace(": null", ":")
    return f"{FENCE}\n{head}{FENCE}\n\n{body}\n"


def _part(desk: Desk, key: str) -> str:
    """Return which part the words are for: those on a figure Part 1 withholds are for Part 2."""
    return "2" if key in desk.hidden else "both"


def _template(entry: dict[str, Any], part: str, before: str) -> str:
    header = {"author": entry["owner"], "date": None, "written_about": entry["text"], "part": part}
    lines = [
        "Write below these lines: what happened, what is being done, when it will be better.",
        "Set the date. Lines like this one are never published; delete them or leave them.",
        *facts_about(entry),
        *([f"Last month: {line}" for line in before.splitlines() if line.strip()]),
    ]
    return commentary_text(header, "\n".join(HELP.format(line.replace("-->", "- ->")) for line in lines))


def facts_about(entry: dict[str, Any]) -> list[str]:
    """Return what somebody who comments on an indicator needs to know of it, line by line."""
    moves, trend = entry["movement"], entry["trend"]
    since = [f"since {move['period']} ({move['was']}): {moved(move)}" for move in moves.values()]
    lines = [
        f"{entry['number']} {entry['title']}: {outturn(entry)}, {entry['rating']} {entry['since_text']}",
        f"Data to {entry['as_at']}",
        f"Target: {entry['target_text']}; {entry['distance_text']}",
        f"Good is {entry['good_is']}; {'; '.join(since)}",
        f"{trend['variation']} {trend['signal']} {trend['chance']}".strip(),
    ]
    return [line for line in lines if line]
