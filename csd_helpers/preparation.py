"""What a period's preparation made, used again while nothing it was made from has changed."""

import hashlib
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

from csd_helpers.ingredients import extract_digest, parameters_digest, suite_files
from csd_helpers.ledger import LEDGER
from csd_helpers.manifest import code_digest, digest, folder_digest, versions
from csd_helpers.notes import note_hashes, notes_for_pages
from csd_helpers.parameters import load_period
from csd_helpers.period import Period
from csd_helpers.plan import Choice, Plan, all_jobs, check_choice, make_plan
from csd_helpers.prepared import Prepared, release_folders
from csd_helpers.staging import failed_folder
from csd_helpers.working import WORKING
from csd_helpers.written import files

PREPARED = "prepared.json"


def prepare_once(period: Period, root: Path, working: Path) -> Prepared:
    """Prepare a period, or take what an earlier run prepared from the very same inputs.

    Reading, counting and protecting take longest of all; a run that finds nothing changed does
    without. What is taken has the hashes it was left with, or all of it is made again.

    Parameters
    ----------
    root, working
        As of `csd_helpers.pipeline.prepare`, which makes what is not there.
    """
    key = preparation_key(period, root)
    output = root / "outputs" / str(period)
    for earlier in (output, failed_folder(output)):
        kept = _taken(key, earlier / WORKING, working) if key else None
        if kept is not None:
            return kept
    from csd_helpers.pipeline import prepare  # noqa: PLC0415  # what is taken needs none of its imports

    made = prepare(period, root, working)
    if key and key == preparation_key(period, root):  # nothing was changed while it was being read
        hashes = {path.relative_to(working).as_posix(): digest(path) for path in files(working)}
        facts = {"pages": made.pages, "parameters": made.parameters, "inputs": made.inputs}
        record = {"key": key, **facts, "files": hashes}
        text = json.dumps({"sha256": _sha(record), "record": record}, indent=1)
        (working / PREPARED).write_text(text, encoding="utf-8")
    return made


def plan_only(period: Period, root: Path, choice: Choice) -> Plan:
    """Return what a run would do, without doing it: figures are counted if they must be, and dropped."""
    check_choice(choice, root)
    with tempfile.TemporaryDirectory(prefix="csd-") as scratch:
        prepared = prepare_once(period, root, Path(scratch))
        jobs = all_jobs(prepared, period, root, choice)
        return make_plan(jobs, prepared, root / "outputs" / str(period), choice)


def preparation_key(period: Period, root: Path) -> str:
    """Return the hash of everything a preparation depends on; empty if the extract cannot be hashed.

    A database on a server can only be compared by reading it.
    """
    extract = extract_digest(load_period(root, period).extract, root)
    if not extract:
        return ""
    parts = [str(period), extract, code_digest(), versions(), parameters_digest(period, root)]
    parts += [digest(path) for path in suite_files(period, root)]
    parts += [folder_digest(root / LEDGER.parent), note_hashes(notes_for_pages(period, root))]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _taken(key: str, earlier: Path, working: Path) -> Prepared | None:
    """Copy what was prepared with a key; return ``None`` if it is not there as it was left."""
    try:
        whole = json.loads((earlier / PREPARED).read_text(encoding="utf-8"))
        kept = whole["record"]
        if kept["key"] != key or whole["sha256"] != _sha(kept):
            return None
        if any(digest(earlier / name) != sha for name, sha in kept["files"].items()):
            return None
        pages = {int(part): own for part, own in kept["pages"].items()}
        taken = Prepared(release_folders(working), pages, kept["parameters"], kept["inputs"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    for name in [*kept["files"], PREPARED]:
        (working / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(earlier / name, working / name)
    return taken


def _sha(record: dict[str, Any]) -> str:
    """Return the hash a record is kept with: what it says of a page goes onto the page."""
    return hashlib.sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()
