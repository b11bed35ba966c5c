"""The working folder of a pack: what runs wrote, and what people wrote, which no run may lose."""

import os
import shutil
from pathlib import Path

from csd_helpers.manifest import digest
from csd_helpers.period import Period
from csd_helpers.written import files, is_plain, write_list, written

WORKING = "working"
_MONTH = "[0-9][0-9][0-9][0-9]-[01][0-9]"


def record(working: Path) -> None:
    """Remember the files of a working folder as written by a run."""
    hashes = {path.relative_to(working).as_posix(): digest(path) for path in files(working)}
    write_list(working, hashes)


def remember(working: Path, names: list[str]) -> None:
    """Remember that some files of a working folder were written by a command, not by a person."""
    write_list(working, written(working) | {name: digest(working / name) for name in names})


def of_earlier_months(period: Period, root: Path, name: str) -> dict[str, Path]:
    """Return a file of the working folder as the runs of earlier months left it, by month, oldest first."""
    found = {path.parts[-3]: path for path in (root / "outputs").glob(f"{_MONTH}/{WORKING}/{name}")}
    return {month: found[month] for month in sorted(found) if month < str(period)}


def carry_over(old: Path, new: Path) -> None:
    """Link what the new working folder lacks, and keep what a person changed beside it.

    Parameters
    ----------
    old
        Working folder of the pack that is replaced; it stays as it is.
    new
        Working folder of the new pack. A file the run wrote takes the place of the one an earlier
        run wrote; a file somebody changed since is kept as ``<name>.kept-1<suffix>``. A working
        notebook is merged instead: its annotations move into the new one.
    """
    old_hashes, new_hashes = written(old), written(new)
    names = [source.relative_to(old).as_posix() for source in files(old)]
    missing = [name for name in names if not (new / name).exists()]
    for name in missing:
        _link(old / name, new / name)
        if name in old_hashes:
            new_hashes[name] = old_hashes[name]
    for name in sorted(set(names) - set(missing)):
        if is_plain(old, name, old_hashes):
            continue
        untouched = digest(old / name) == old_hashes.get(name)
        if not _merged(old / name, new / name, new_hashes, name) and not untouched:
            _keep_beside(old / name, new / name)
    write_list(new, new_hashes)


def _merged(old: Path, new: Path, hashes: dict[str, str], name: str) -> bool:
    """Merge a working notebook's annotations into the new one; tell whether nothing is left to be kept."""
    if digest(old) == digest(new):
        return True
    if new.suffix != ".ipynb":
        return False
    from csd_helpers.notes import merge_files  # noqa: PLC0415  # nbformat is slow to import

    untouched = hashes.get(name) == digest(new)
    if not merge_files(new, old, prefer_old=untouched):
        return False
    if untouched:
        hashes[name] = digest(new)
    return True


def _keep_beside(source: Path, target: Path) -> None:
    """Keep a person's version under the first free name, unless it is kept already."""
    number = 1
    while True:
        free = target.with_name(f"{target.stem}.kept-{number}{target.suffix}")
        if not free.exists():
            _link(source, free)
            return
        if digest(free) == digest(source):
            return
        number += 1


def _link(source: Path, target: Path) -> None:
    """Let both folders have the file; a later save in either place is seen in both."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:  # file systems without links
        shutil.copy2(source, target)
