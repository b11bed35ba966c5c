"""What a run has finished so far, so that the next one can go on where it was broken off."""

import json
import os
from pathlib import Path

from csd_helpers.job import NotebookJob
from csd_helpers.manifest import digest
from csd_helpers.working import WORKING

JOURNAL = "journal.jsonl"


def enter(pack: Path, job: NotebookJob, key: str) -> None:
    """Enter a finished page; when this returns, the entry has reached the disk.

    The page's hash is entered with it: a page that was lost with the power is not taken for finished.
    """
    entry = {"html": job.html, "key": key, "sha256": digest(pack / job.html)}
    path = pack / WORKING / JOURNAL
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(entry) + "\n")
        file.flush()
        os.fsync(file.fileno())


def finished(pack: Path) -> dict[str, dict[str, str]]:
    """Return the pages a journal has, by name; a line cut short by a crash ends it."""
    pages: dict[str, dict[str, str]] = {}
    try:
        for line in (pack / WORKING / JOURNAL).read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            pages[entry["html"]] = entry
    except (OSError, ValueError, KeyError):
        pass
    return pages
