"""An extract as a folder of files: CSV or Parquet tables, and SSDA903 returns as submitted."""

import csv
import os
import re
from collections import deque
from pathlib import Path

import pandas as pd

from csd_helpers.errors import CsdError
from csd_helpers.extract.problems import FILE, ROW, Problem
from csd_helpers.extract.tables import SSDA903, SSDA903_UNUSED, TABLES

_ENDINGS = (".csv", ".parquet")


def find_tables(folder: Path, problems: list[Problem]) -> dict[str, list[Path]]:
    """Return the files of each table, oldest return first.

    Raises
    ------
    CsdError
        If the folder does not exist or holds no table.
    """
    if not folder.is_dir():
        raise CsdError(
            "the extract is not there",
            str(folder),
            "a folder of tables",
            "check 'extract' in the period's file",
        )
    found: dict[str, list[Path]] = {}
    for path in sorted(folder.iterdir(), key=lambda path: (_year(path), path.name)):
        if path.suffix.lower() not in _ENDINGS:
            continue
        name = table_of(path.stem)
        if name in TABLES:
            found.setdefault(name, []).append(path)
        elif name != "unused":
            problems.append(unread(path.name))
    if not found:
        raise CsdError(
            "the extract holds no table", str(folder), "CSV or Parquet files such as cla_episodes.csv"
        )
    return found


def unread(file: str) -> Problem:
    """Return the note that a file was left aside."""
    message = "is no table of the workbook and was not read"
    return Problem("note", "", message, file=file, rule="file_unread")


def table_of(stem: str) -> str:
    """Return the table a file holds by its name: its own, or that of an SSDA903 file.

    Examples
    --------
    >>> table_of("2020-episodes"), table_of("SSDA903_2020_episodes"), table_of("2020-oc2")
    ('cla_episodes', 'cla_episodes', 'unused')
    """
    if stem in TABLES:
        return stem
    kind = re.sub(r"ssda903|(?<!\d)\d{4}(?!\d)", "", stem.lower()).strip("_- ").replace("-", "_")
    return "unused" if kind in SSDA903_UNUSED else SSDA903.get(kind, "")


def read_file(path: Path) -> pd.DataFrame:
    """Read a file's cells as text (CSV) or as they are typed (Parquet), with file and row beside them.

    Raises
    ------
    CsdError
        If the file is not what its ending says.
    """
    try:
        raw = pd.read_parquet(path) if path.suffix.lower() == ".parquet" else _read_csv(path)
    except (ValueError, OSError) as error:  # pandas' and pyarrow's parsing errors are ValueErrors
        raise CsdError(f"the file cannot be read: {error}", str(path), "a CSV or Parquet table") from None
    raw.columns = raw.columns.str.strip()
    return raw.assign(**{FILE: path.name, ROW: range(2, len(raw) + 2)})


def _read_csv(path: Path) -> pd.DataFrame:
    """Read text cells; Excel on Windows writes its own encoding unless told otherwise."""
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            raw = pd.read_csv(path, dtype="str", keep_default_na=False, na_filter=False, encoding=encoding)
        except UnicodeDecodeError:
            continue
        if _is_cut_off(path, encoding, len(raw.columns)):
            raise ValueError("it ends in the middle of a row, as a file does that was not copied whole")
        return raw
    raise ValueError("the text is neither UTF-8 nor Windows-1252")


def _is_cut_off(path: Path, encoding: str, columns: int) -> bool:
    """Return whether the last row has no end and too few cells: pandas would fill them up in silence."""
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        if file.read() in (b"\n", b"\r"):
            return False
    with path.open(encoding=encoding, newline="") as text:
        last = deque(csv.reader(text), maxlen=1)
    return len(last[0]) < columns


def _year(path: Path) -> int:
    """Return the year a return is for, so that the latest comes last."""
    found = re.search(r"(?<!\d)(19|20)\d{2}(?!\d)", path.stem.lower().replace("ssda903", ""))
    return int(found[0]) if found else 0
