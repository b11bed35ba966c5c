"""One file of a table, CSV or Parquet: its cells as they stand, or one clean message."""

import csv
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from pyarrow import ArrowException

from csd_helpers.csvfile import QUOTES, beginning, require_commas, require_text, surplus, unreadable, width_of
from csd_helpers.errors import CsdError
from csd_helpers.extract.problems import FILE, ROW

_CSV, _PARQUET = "a table in CSV, its headings in the first row", "a table in Parquet"
_AGAIN = "take the extract again; if it is not needed, take the file out of the extract's folder"
Numbered = Iterator[tuple[int, list[str]]]


class _Shape(NamedTuple):
    """Where a CSV file has its headings, which they are, and which of its rows are blank lines."""

    row: int
    headings: list[str]
    blank: list[int]
    last: int


def read_file(path: Path) -> pd.DataFrame:
    """Read a file's cells as text (CSV) or as they are typed (Parquet), with file and row beside them.

    Rows at its end that hold nothing are left out: Excel saves them where a cell once was.

    Raises
    ------
    CsdError
        If the file is not what its ending says.
    """
    raw = _read_parquet(path) if path.suffix.lower() == ".parquet" else _read_csv(path)
    raw = raw.iloc[: _end(raw)]
    return raw.assign(**{FILE: path.name, ROW: raw.index}).reset_index(drop=True)


def _read_parquet(path: Path) -> pd.DataFrame:
    beginning(path, _PARQUET)
    try:
        raw = pd.read_parquet(path)
    except (ValueError, OSError, ArrowException):
        fix = "write or copy it again; if it is text, give it the ending .csv"
        raise unreadable("it is no Parquet file, or was not copied whole", path, _PARQUET, fix) from None
    raw.columns = pd.Index([str(name).strip() for name in raw.columns])
    return raw.set_axis(range(2, len(raw) + 2))


def _read_csv(path: Path) -> pd.DataFrame:
    """Read text cells; Excel on Windows writes its own encoding unless told otherwise."""
    require_text(path)
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            shape = _shape(path, encoding)
        except UnicodeDecodeError:
            continue
        return _cells(path, encoding, shape)
    fix = "save it as CSV UTF-8 with commas, or as a workbook (.xlsx)"
    raise unreadable("its text is neither in UTF-8 nor in Windows-1252", path, _CSV, fix)


def _cells(path: Path, encoding: str, shape: _Shape) -> pd.DataFrame:
    """Return the cells below the headings; the index is the row of the file, blank lines counted."""
    # Empty cells beyond the heading are left out: pandas would take the first column for an index.
    columns: dict[str, Any] = {"index_col": False, "usecols": range(len(shape.headings))}
    rows: dict[str, Any] = {"header": shape.row - 1, "skip_blank_lines": False}
    text = {"dtype": "str", "keep_default_na": False, "na_filter": False, "encoding": encoding}
    try:
        raw = pd.read_csv(path, **text, **columns, **rows)
    except ValueError:  # pandas' parsing errors are; the rows themselves have been seen to fit
        raise _unclosed(path, shape.last) from None
    raw.columns = pd.Index(shape.headings)  # as they stand: pandas would give a repeated one another name
    raw.index = pd.RangeIndex(shape.row + 1, shape.row + 1 + len(raw))
    return raw.drop(index=shape.blank)


def _shape(path: Path, encoding: str) -> _Shape:
    """Return where a file has its headings, once all its rows are seen to fit below them.

    Raises
    ------
    CsdError
        If there are no headings, other signs than commas separate the cells, or a row has more cells
        than the heading.
    """
    with path.open(encoding=encoding, newline="") as text:
        rows = _numbered(path, text)
        row, heading = next(((number, cells) for number, cells in rows if not _is_blank(cells)), (0, []))
        require_commas(heading, str(path))
        width = width_of(heading)
        if not width:
            raise unreadable("it is empty", path, _CSV, _AGAIN)
        number, last, blank = row, heading, []
        for number, last in rows:
            if len(last) > width and (what := surplus(last, width)):
                raise CsdError(f"row {number} {what}", str(path), "a cell for each heading", QUOTES)
            if len(last) < 2 and _is_blank(last):
                blank.append(number)
    if len(last) < len(heading) and not _is_ended(path):  # pandas would fill it up in silence
        what = "it ends in the middle of a row, as a file does that was not copied whole"
        raise unreadable(what, path, "a whole row at its end", "copy it, or take the extract, again")
    return _Shape(row, [cell.strip() for cell in heading[:width]], blank, number)


def _numbered(path: Path, text: Iterable[str]) -> Numbered:
    """Yield rows with their numbers; a quotation mark that is never closed makes one endless cell."""
    number = 0
    try:
        for number, row in enumerate(csv.reader(text), 1):
            yield number, row
    except csv.Error:
        raise _unclosed(path, number + 1) from None


def _unclosed(path: Path, row: int) -> CsdError:
    what = f'a quotation mark (") in row {row} is not closed'
    fix = 'close it, or write it twice ("") where it belongs to the value'
    return unreadable(what, path, "quotation marks in pairs", fix)


def _is_blank(row: list[str]) -> bool:
    return not "".join(row).strip()


def _is_ended(path: Path) -> bool:
    """Return whether the last row has a line end."""
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read() in (b"\n", b"\r")


def _end(raw: pd.DataFrame) -> int:
    """Return how many rows there are up to the last with something in it."""
    empty = np.arange(len(raw))
    for position in range(raw.shape[1]):
        cells = raw.iloc[empty, position]
        nothing = cells.isna()
        if pd.api.types.is_string_dtype(cells):
            nothing |= cells.str.strip().eq("")
        empty = empty[nothing.to_numpy(dtype="bool")]
    filled = np.setdiff1d(np.arange(len(raw)), empty)
    return int(filled[-1]) + 1 if len(filled) else 0
