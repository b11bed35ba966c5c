"""Frozen packs: an edition's pages as they were published, read-only, for as long as the folder lasts.

The names in ``outputs/published``::

    2020-10                  the edition that is published now
    2020-10.withdrawn-1      an edition withdrawn, named after its entry in the ledger
    .0003-2020-10            a pack being published; the ledger says whether it was
    .lock                    who is publishing (the system frees it when the process ends)

A publication has happened once the ledger has its line. Everything before it leaves no trace, and
everything after it is made up for by the next act of publication.
"""

import contextlib
import re
import shutil
import stat
from pathlib import Path

from csd_helpers.errors import CsdError
from csd_helpers.exchange import flush
from csd_helpers.ledger import LEDGER, Entry, editions, make_read_only, read_ledger, withdrawn
from csd_helpers.manifest import MANIFEST, digest, read_manifest

PUBLISHED = Path("outputs") / "published"
_STAGED = re.compile(r"^\.(\d{4,})-(\d{4}-\d{2})$")


def stage(root: Path, name: str, pack: Path) -> str:
    """Copy what leaves of a pack, and its manifest, read-only; return the manifest's hash.

    Raises
    ------
    CsdError
        If a file is not as the run made it.
    """
    folder = root / PUBLISHED / f".{name}"
    changed = altered(pack)
    if changed:
        raise CsdError(
            f"{changed[0]} is not as the run made it",
            str(pack / changed[0]),
            "the pages of the run, unaltered",
            "run the period again: what is to be said belongs into the commentary",
        )
    for part in ("part1", "part2"):
        shutil.copytree(pack / part, folder / part)
    shutil.copyfile(pack / MANIFEST, folder / MANIFEST)
    flush(folder)
    for path in folder.rglob("*"):
        if path.is_file():
            make_read_only(path)
    return digest(folder / MANIFEST)


def altered(pack: Path) -> list[str]:
    """Return the files of a pack's parts that are not as its manifest has them, or not in it at all."""
    known = read_manifest(pack).files
    there = {
        path.relative_to(pack).as_posix()
        for part in ("part1", "part2")
        for path in (pack / part).rglob("*")
        if path.is_file()
    }
    changed = [name for name in sorted(known) if name not in there or digest(pack / name) != known[name]]
    return [*changed, *sorted(there - set(known))]


def settle(root: Path) -> None:
    """Bring the folders in line with the ledger, after an act that may have been broken off.

    The caller holds the lock.
    """
    entries = read_ledger(root)
    gone = withdrawn(entries)
    for entry in editions(entries):
        _place(root, entry)
        if entry.number in gone:
            later = [e for e in editions(entries) if e.period == entry.period and e.number > entry.number]
            _set_aside(root, entry, later)
    for folder in sorted((root / PUBLISHED).glob(".*")):
        if _STAGED.match(folder.name):  # placed already if the ledger has it
            _remove(root / LEDGER / f"{folder.name[1:]}.parquet")
            _remove(folder)


def _place(root: Path, entry: Entry) -> None:
    """Give a staged pack its name."""
    staged = root / PUBLISHED / f".{entry.name}"
    if staged.exists():
        if digest(staged / MANIFEST) != entry.manifest_sha256:
            raise CsdError("a pack being published is another than the ledger's", str(staged))
        staged.rename(root / PUBLISHED / entry.period)


def _set_aside(root: Path, entry: Entry, later: list[Entry]) -> None:
    """Rename a withdrawn edition's folder, unless a later edition of the period stands there now."""
    aside = folder_of(root, entry, {entry.number})
    folder = folder_of(root, entry, set())
    taken = any(not (root / PUBLISHED / f".{other.name}").exists() for other in later)
    if folder.exists() and not aside.exists() and not taken:
        folder.rename(aside)


def folder_of(root: Path, entry: Entry, gone: set[int]) -> Path:
    """Return where an edition's pack is."""
    name = f"{entry.period}.withdrawn-{entry.number}" if entry.number in gone else entry.period
    return root / PUBLISHED / name


def pack_faults(root: Path) -> list[str]:
    """Say which files of published packs are not as they were published."""
    entries = read_ledger(root)
    gone, wrong = withdrawn(entries), []
    for entry in editions(entries):
        folder = folder_of(root, entry, gone)
        name = folder.relative_to(root).as_posix()
        if not (folder / MANIFEST).is_file():
            wrong.append(f"{name}: the published pack is not there")
        elif digest(folder / MANIFEST) != entry.manifest_sha256:
            wrong.append(f"{name}/{MANIFEST}: not as it was published")
        else:
            wrong += [f"{name}/{file}: not as it was published" for file in altered(folder)]
    return wrong


def _remove(path: Path) -> None:
    """Remove what was never published, read-only files too."""
    if path.is_dir():
        for file in path.rglob("*"):
            with contextlib.suppress(OSError):
                file.chmod(stat.S_IRWXU)
        shutil.rmtree(path)
    elif path.exists():
        path.chmod(stat.S_IRWXU)
        path.unlink()
