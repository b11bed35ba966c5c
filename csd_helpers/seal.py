"""Whether a month's pack is what a run would make, seen from hashes alone before anything heavy is imported.

After a run ``outputs/.2020-10.seal`` holds the hash of everything the pack was made from and of the
whole pack, what people wrote in it included. While both are the same, a run would change nothing.
Whatever differs, is missing or cannot be read leads to a run, which looks closer.
"""

import hashlib
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from csd_helpers.errors import CsdError
from csd_helpers.ingredients import parameters_digest, suite_files
from csd_helpers.manifest import code_digest, digest, folder_digest, read_manifest, versions
from csd_helpers.period import Period
from csd_helpers.root import common

_PUBLISHED = "outputs/published"


def unchanged_pages(period: Period, root: Path) -> int:
    """Return how many pages the pack has if a run would change nothing; 0 if it may."""
    path = _seal_path(period, root)
    try:
        sealed = json.loads(path.read_text(encoding="utf-8"))
        now = _made_from(period, root, sealed["paths"]), folder_digest(_pack(period, root))
        same = now == (sealed["made_from"], sealed["pack"])
        return int(sealed["pages"]) if same and not _has_remains(period, root) else 0
    except (OSError, ValueError, KeyError, TypeError):
        return 0


def circumstances(period: Period, root: Path) -> str:
    """Return the hash of what a run is made from, annotations included; empty if it cannot be told."""
    return _circumstances(period, root)[0]


def seal(period: Period, root: Path, before: str) -> None:
    """Seal a pack that was just made, unless something was changed while it was being made.

    Parameters
    ----------
    before
        The `circumstances` when the run began.
    """
    pack = _pack(period, root)
    state = folder_digest(pack)
    manifest = read_manifest(pack)
    as_left = all(
        (pack / name).is_file() and digest(pack / name) == sha for name, sha in manifest.files.items()
    )
    now, facts = _circumstances(period, root)
    if not before or not as_left or now != before:
        _seal_path(period, root).unlink(missing_ok=True)
        return
    sealed = {**facts, "pack": state, "pages": len(manifest.pages)}
    _seal_path(period, root).write_text(json.dumps(sealed, indent=1), encoding="utf-8")


def _circumstances(period: Period, root: Path) -> tuple[str, dict[str, Any]]:
    """Return `circumstances`, and the part of them that a seal holds.

    Annotations live in the pack itself, which a run writes anew: they are compared by their texts.
    """
    from csd_helpers.notes import notes_of  # noqa: PLC0415  # nbformat is slow to import

    has_notebooks = (_pack(period, root) / "working" / "notebooks").is_dir()
    try:
        found = notes_of(period, root) if has_notebooks else []
        paths = _paths(period, root)
        made_from = _made_from(period, root, paths)
    except (CsdError, OSError):
        return "", {}
    notes = [repr((note.notebook, note.after, note.tags, note.text, note.kind)) for note in found]
    now = hashlib.sha256("\n".join([made_from, *notes]).encode()).hexdigest()
    return now, {"paths": paths, "made_from": made_from}


def _made_from(period: Period, root: Path, paths: Iterable[str]) -> str:
    """Hash the code, the versions, the notebooks, what people edit for the month, and what that names."""
    parts = [str(period), code_digest(), versions(), parameters_digest(period, root)]
    parts += [folder_digest(common(root) / "notebooks"), folder_digest(root / _PUBLISHED)]
    for path in (root / name for name in paths):
        parts.append(folder_digest(path) if path.is_dir() else digest(path))
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _paths(period: Period, root: Path) -> list[str]:
    """Return the extract and the files that the period's settings name; a server's tables have no hash.

    They are named from the root, as they were when the pack was made.
    """
    from csd_helpers.parameters import load_period  # noqa: PLC0415  # pandas and pydantic are slow to import

    settings = load_period(root, period)
    extract = settings.extract.removeprefix("sqlite:///")
    if "://" in extract:
        raise CsdError("a database on a server can only be compared by reading it")
    reports = [report.file for report in settings.reports_by_exception if report.file]
    editions = [os.path.relpath(path, root) for path in suite_files(period, root)]
    return [extract, *reports, *editions]


def _has_remains(period: Period, root: Path) -> bool:
    """Return whether a run was broken off, or the pages of all months are not there."""
    outputs = root / "outputs"
    known = {f".{period}.lock", _seal_path(period, root).name}
    beside = {path.name for path in [*outputs.glob(f".{period}.*"), *outputs.glob(f"{period}.failed")]}
    lists = all((outputs / f"part{part}.html").is_file() for part in (1, 2))
    return bool(beside - known) or not lists


def _pack(period: Period, root: Path) -> Path:
    return root / "outputs" / str(period)


def _seal_path(period: Period, root: Path) -> Path:
    return root / "outputs" / f".{period}.seal"
