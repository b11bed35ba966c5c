"""The ledger: every edition ever published or withdrawn, each line vouching for the one before.

``outputs/published/ledger`` holds ``ledger.jsonl``, a line of JSON for each act, and for each
publication a Parquet file of its released figures. A line holds the hash of its figures, of its
pack's manifest and of the line before, and its own; so no byte can be changed unnoticed. Lines are
added, never changed or removed.
"""

import hashlib
import json
import os
import stat
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from csd_helpers.errors import CsdError
from csd_helpers.period import Period

LEDGER = Path("outputs") / "published" / "ledger"
INDEX = "ledger.jsonl"
START = "0" * 64  # what the first line says of the line before it


@dataclass(frozen=True)
class Entry:
    """A line of the ledger.

    Parameters
    ----------
    number
        Counted from 1.
    act
        What was done to the period's edition.
    of
        Number of the edition withdrawn; 0 for a publication.
    suite
        Edition of the suite the figures are told by.
    figures, figures_sha256
        Name and hash of the released figures of both parts; empty for a withdrawal.
    manifest_sha256
        Hash of the published pack's ``manifest.json``.
    by, reason
        Who did it, and why an edition was withdrawn or published although it was not ready.
    overridden
        What was still to be put right when it was published.
    when
        Day and time, in universal time.
    previous
        Hash of the line before.
    """

    number: int
    act: Literal["published", "withdrawn"]
    period: str
    of: int = 0
    suite: str = ""
    figures: str = ""
    figures_sha256: str = ""
    manifest_sha256: str = ""
    by: str = ""
    reason: str = ""
    overridden: list[str] = field(default_factory=list)
    when: str = ""
    previous: str = START

    def line(self) -> str:
        """Return the entry as its line, with its own hash at the end."""
        content = asdict(self)
        return _json(content | {"sha256": hashlib.sha256(_json(content).encode()).hexdigest()})

    @property
    def name(self) -> str:
        """What files of the entry are named after, ``0001-2020-10``."""
        return f"{self.number:04d}-{self.period}"


def read_ledger(root: Path) -> list[Entry]:
    """Read the ledger's lines, oldest first; none if nothing has been published.

    Raises
    ------
    CsdError
        Naming the first line that is not as it was written. Nothing is read past it: a memory that
        has been tampered with protects nobody.
    """
    path = root / LEDGER / INDEX
    if not path.exists():
        return []
    entries: list[Entry] = []
    for number, line in enumerate(path.read_bytes().split(b"\n")[:-1], 1):
        entry = _parsed(line)
        previous = _sha(entries[-1].line()) if entries else START
        if entry is None or (entry.number, entry.previous) != (number, previous):
            raise _broken(path, number)
        entries.append(entry)
    if not path.read_bytes().endswith(b"\n"):
        raise _broken(path, len(entries) + 1)
    return entries


def add_entry(root: Path, entry: Entry) -> None:
    """Add a line to the ledger; the caller holds the lock.

    The index is written anew beside the old one and takes its place in one step, so that it never
    ends in half a line.
    """
    entries = read_ledger(root)
    path = root / LEDGER / INDEX
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_suffix(".writing")
    lines = [*entries, entry]
    with scratch.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{one.line()}\n" for one in lines)
        file.flush()
        os.fsync(file.fileno())
    scratch.replace(path)


def next_entry(root: Path, act: Literal["published", "withdrawn"], period: Period, **facts: Any) -> Entry:
    """Return the entry that would be the ledger's next line."""
    entries = read_ledger(root)
    previous = _sha(entries[-1].line()) if entries else START
    return Entry(len(entries) + 1, act, str(period), previous=previous, **facts)


def write_figures(root: Path, name: str, parts: dict[int, pd.DataFrame]) -> tuple[str, str]:
    """Write an edition's released figures, both parts in one file; return its name and hash.

    They count as published once a line of the ledger names them.
    """
    path = root / LEDGER / f"{name}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_suffix(".writing")
    table = pd.concat([figures.assign(part=part) for part, figures in parts.items()], ignore_index=True)
    table.to_parquet(scratch, index=False)
    with scratch.open("rb+") as file:
        os.fsync(file.fileno())
    scratch.replace(path)
    make_read_only(path)
    return path.name, file_sha(path)


def read_figures(root: Path, entry: Entry) -> dict[int, pd.DataFrame]:
    """Return an edition's released figures by part.

    Raises
    ------
    CsdError
        If the file is gone or not as it was written: without its memory nothing is safe.
    """
    path = root / LEDGER / entry.figures
    if not path.is_file() or file_sha(path) != entry.figures_sha256:
        raise CsdError(
            "the ledger's figures are not as they were published",
            str(path),
            "the file as `csd publish` wrote it",
            "restore outputs/published from a backup",
            exit_code=1,
        )
    table = pd.read_parquet(path)
    return {part: table[table["part"].eq(part)].reset_index(drop=True) for part in (1, 2)}


def faults(root: Path) -> list[str]:
    """Say what in the ledger is not as it was written, a sentence for each fault."""
    try:
        entries = read_ledger(root)
    except CsdError as error:
        return [f"{error.where}: {error.what}"]
    wrong = [
        f"{LEDGER.as_posix()}/{entry.figures}: the figures of {entry.period} are not as they were published"
        for entry in entries
        if entry.figures and not _is_intact(root / LEDGER / entry.figures, entry.figures_sha256)
    ]
    known = {entry.figures for entry in entries}
    strange = [path for path in sorted((root / LEDGER).glob("*.parquet")) if path.name not in known]
    return wrong + [
        f"{LEDGER.as_posix()}/{path.name}: no line of the ledger names it: a publication that was broken "
        "off, or a line that was removed"
        for path in strange
    ]


def editions(entries: list[Entry]) -> list[Entry]:
    """Return every publication, oldest first, withdrawn ones too."""
    return [entry for entry in entries if entry.act == "published"]


def withdrawn(entries: list[Entry]) -> set[int]:
    """Return the numbers of the editions that have been withdrawn."""
    return {entry.of for entry in entries if entry.act == "withdrawn"}


def current(entries: list[Entry], period: Period) -> Entry | None:
    """Return a period's edition that is published and not withdrawn."""
    gone = withdrawn(entries)
    own = [e for e in editions(entries) if e.period == str(period) and e.number not in gone]
    return own[-1] if own else None


def acts_before(entries: list[Entry], period: Period) -> list[Entry]:
    """Return the acts before the publication of a period's own edition, in the order of the ledger.

    If the period has none yet, that is all of them, those of later months and its own withdrawn
    editions too: whatever has been public may have been kept by a reader.
    """
    own = current(entries, period)
    return [entry for entry in entries if own is None or entry.number < own.number]


def make_read_only(path: Path) -> None:
    """Take away the right to write a file, from everybody."""
    path.chmod(path.stat().st_mode & ~(stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH))


def file_sha(path: Path) -> str:
    """Return a file's SHA-256."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _is_intact(path: Path, sha: str) -> bool:
    return path.is_file() and file_sha(path) == sha


def _parsed(line: bytes) -> Entry | None:
    """Return the entry a line was written from; None unless writing it again gives the same bytes."""
    try:
        content = json.loads(line)
        content.pop("sha256")
        entry = Entry(**content)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    return entry if entry.line().encode() == line else None


def _json(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False)


def _sha(line: str) -> str:
    return hashlib.sha256(line.encode()).hexdigest()


def _broken(path: Path, number: int) -> CsdError:
    return CsdError(
        f"line {number} of the ledger is not as it was written",
        f"{path}, line {number}",
        "lines as `csd publish` wrote them, none changed, added or left out by hand",
        "restore outputs/published from a backup",
        exit_code=1,
    )
