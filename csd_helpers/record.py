"""The record of a run beside its pack, good or not: for a scheduler, and for whoever looks when it fails."""

import errno
import json
import os
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from csd_helpers.errors import CsdError
from csd_helpers.job import NotebookResult
from csd_helpers.root import is_council
from csd_helpers.run_page import run_page

_FAILED, _INTERRUPTED = 1, 130  # exit codes of a run that failed, and of one stopped with Ctrl-C


def record_path(root: Path, period: str) -> Path:
    """Return where the record of the last run of a period is."""
    return root / "outputs" / f"{period}.run.json"


def page_path(root: Path, period: str) -> Path:
    """Return where the same is told on a page."""
    return root / "outputs" / f"{period}.run.html"


def write_start(root: Path, period: str, start: datetime) -> None:
    """Write that a run has begun: a run that is killed leaves no other word."""
    _write(root, period, start, {"state": "running", "process": os.getpid()})


def write_record(
    root: Path,
    period: str,
    start: datetime,
    made: list[NotebookResult],
    kept: int,
    changed: dict[str, str] | None = None,
) -> None:
    """Write what a complete run did, and what had changed since the run before."""
    facts = {"state": "complete", "exit_code": 0, "unchanged": kept, "changed": changed or {}}
    _write(root, period, start, facts | {"notebooks": _notebooks(made)})


def write_failure(root: Path, period: str, start: datetime, error: BaseException) -> None:
    """Write why a run failed and what to do; the pack there is, if any, is the last good one."""
    default = _INTERRUPTED if isinstance(error, KeyboardInterrupt) else _FAILED
    code = getattr(error, "exit_code", default)
    known = isinstance(error, CsdError | OSError | KeyboardInterrupt)
    cause = str(error) or type(error).__name__
    trace = "" if known else "".join(traceback.format_exception(error))
    facts = {"state": "failed", "exit_code": code, "cause": cause, "to_do": to_do(error), "traceback": trace}
    facts["changed"] = getattr(error, "changed", {})
    _write(root, period, start, facts | {"notebooks": _notebooks(getattr(error, "results", []))})


def to_do(error: BaseException) -> str:
    """Say what to do about a failed run.

    Examples
    --------
    >>> to_do(OSError(28, "No space left on device"))
    'free some space on the disk, and run again'
    """
    if isinstance(error, CsdError):
        notebooks = "look at the notebooks named below, put right what they say, and run again"
        other = error.fix or "put right what it names, and run again"
        return notebooks if getattr(error, "results", []) else other
    if isinstance(error, OSError):
        full = "free some space on the disk, and run again"
        other = "see that the file or folder it names can be used, and run again"
        return full if error.errno == errno.ENOSPC else other
    if isinstance(error, KeyboardInterrupt):
        return "it was stopped: run again"
    if isinstance(error, MemoryError):
        return "run again with fewer at a time: --jobs 1"
    return "a fault of the workbook: show this page to whoever maintains it, if they may see exempt figures"


def _notebooks(results: list[NotebookResult]) -> list[dict[str, Any]]:
    return [
        {
            "name": result.job.name,
            "state": "failed" if result.error else "made",
            "seconds": round(result.seconds, 3),
            "processor_seconds": round(result.processor_seconds, 3),
            "peak_mb": result.peak_mb,
            "slowest_cells": result.slowest,
            "cell": result.cell,
            "error": result.error,
            "traceback": result.traceback,
        }
        for result in results
    ]


def _write(root: Path, period: str, start: datetime, facts: dict[str, Any]) -> None:
    """Write the record and its page, each in one step; the record first, for it is what programs read."""
    seconds = round((datetime.now(UTC) - start).total_seconds(), 3)
    started = start.isoformat(timespec="seconds")
    whose = {"council": root.name} if is_council(root) else {}
    record = {"period": period, **whose, "started": started, "seconds": seconds, **facts}
    text = {
        record_path(root, period): json.dumps(record, indent=1),
        page_path(root, period): run_page(record),
    }
    for path, content in text.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        scratch = path.with_suffix(".writing")
        scratch.write_text(content, encoding="utf-8", newline="\n")
        scratch.replace(path)
