"""An extract as a folder of files: CSV or Parquet tables, and SSDA903 returns as submitted."""

import csv
import os
import re
from pathlib import Path
from typing import Any

import pandas as pd

from csd_helpers.csvfile import QUOTES, require_commas, surplus, width_of
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
            own = found.setdefault(name, [])
            problems += [twice(name, path, other) for other in own if _year(other) == _year(path)]
            own.append(path)
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


def twice(table: str, file: Path, other: Path) -> Problem:
    """Return the problem that a file holds a table which another holds already."""
    message = f"its {table} stand in {other.name} already and would count twice"
    return Problem("blocking", table, message, "one source for a table", file=file.name, rule="source_twice")


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
    except (ValueError, OSError, csv.Error) as error:  # pandas' and pyarrow's parsing errors are ValueErrors
        raise CsdError(f"the file cannot be read: {error}", str(path), "a CSV or Parquet table") from None
    raw.columns = raw.columns.str.strip()
    return raw.assign(**{FILE: path.name, ROW: range(2, len(raw) + 2)})


def _read_csv(path: Path) -> pd.DataFrame:
    """Read text cells; Excel on Windows writes its own encoding unless told otherwise."""
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            width = _checked_width(path, encoding)
        except UnicodeDecodeError:
            continue
        # Empty cells beyond the heading are left out: pandas would take the first column for an index.
        columns: dict[str, Any] = {"index_col": False, "usecols": range(width)}
        text = {"dtype": "str", "keep_default_na": False, "na_filter": False, "encoding": encoding}
        return pd.read_csv(path, **text, **columns)
    raise ValueError("the text is neither UTF-8 nor Windows-1252")


def _checked_width(path: Path, encoding: str) -> int:
    """Return how many columns a file has, once all its rows are seen to fit into them.

    Raises
    ------
    CsdError
        If other signs than commas separate the cells, or a row has more cells than the heading.
    """
    with path.open(encoding=encoding, newline="") as text:
        rows = csv.reader(text)
        last = heading = next(filter(None, rows), [])
        require_commas(heading, str(path))
        width, first = width_of(heading), rows.line_num + 1
        for number, row in enumerate(rows, first):
            if len(row) > width and (what := surplus(row, width)):
                raise CsdError(f"row {number} {what}", str(path), "a cell for each heading", QUOTES)
            last = row
    if len(last) < len(heading) and not _is_ended(path):  # pandas would fill it up in silence
        raise ValueError("it ends in the middle of a row, as a file does that was not copied whole")
    return width


def _is_ended(path: Path) -> bool:
    """Return whether the last row has a line end."""
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read() in (b"\n", b"\r")


def _year(path: Path) -> int:
    """Return the year a return is for, so that the latest comes last."""
    found = re.search(r"(?<!\d)(19|20)\d{2}(?!\d)", path.stem.lower().replace("ssda903", ""))
    return int(found[0]) if found else 0
