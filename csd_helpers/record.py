"""The record of a run beside its pack, good or not: for a scheduler, and for whoever looks when it fails."""

import json
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from csd_helpers.errors import CsdError
from csd_helpers.job import NotebookResult


def record_path(root: Path, period: str) -> Path:
    """Return where the record of the last run of a period is."""
    return root / "outputs" / f"{period}.run.json"


def write_record(root: Path, period: str, start: datetime, made: list[NotebookResult], kept: int) -> None:
    """Write what a complete run did."""
    notebooks = [
        {"name": result.job.name, "seconds": round(result.seconds, 3), "peak_mb": result.peak_mb}
        | {"slowest_cells": result.slowest}
        for result in made
    ]
    _write(root, period, start, {"state": "complete", "unchanged": kept, "notebooks": notebooks})


def write_failure(root: Path, period: str, start: datetime, error: BaseException) -> None:
    """Write why a run failed; the pack there is, if any, is the last good one."""
    code = error.exit_code if isinstance(error, CsdError) else 1
    known = isinstance(error, CsdError | OSError | KeyboardInterrupt)
    cause = str(error) or type(error).__name__
    trace = "" if known else "".join(traceback.format_exception(error))
    _write(root, period, start, {"state": "failed", "cause": cause, "exit_code": code, "traceback": trace})


def _write(root: Path, period: str, start: datetime, facts: dict[str, Any]) -> None:
    seconds = round((datetime.now(UTC) - start).total_seconds(), 3)
    started = start.isoformat(timespec="seconds")
    record = {"period": period, "started": started, "seconds": seconds, **facts}
    path = record_path(root, period)
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_suffix(".writing")
    scratch.write_text(json.dumps(record, indent=1), encoding="utf-8")
    scratch.replace(path)
