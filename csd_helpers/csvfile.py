"""What a CSV file must look like: text, commas between the cells, and no row wider than its heading."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd

from csd_helpers.errors import CsdError

QUOTES = "put a value with a comma in it between quotes"
_OTHERS = {";": "';'", "\t": "tabs", "|": "'|'"}  # what Excel and databases write instead of a comma
_SAVE = "save it as CSV UTF-8 with commas, or as a workbook (.xlsx)"
_BEGINNING = 8  # bytes by which a file is known that is no text
OLD_EXCEL, OLD_EXCEL_TOLD = b"\xd0\xcf\x11\xe0", "it is a workbook of an old Excel, or one with a password"
_NO_TEXT = {  # how it begins: what it is, what to do
    b"\xff\xfe": ("its text is in UTF-16", _SAVE),
    b"\xfe\xff": ("its text is in UTF-16", _SAVE),
    b"PK\x03\x04": ("it is a workbook or another zip file", "if it is a workbook, give it the ending .xlsx"),
    OLD_EXCEL: (OLD_EXCEL_TOLD, _SAVE),
    b"PAR1": ("it is a Parquet file", "give it the ending .parquet"),
}


def beginning(path: Path, expected: str) -> bytes:
    """Return the first bytes of a file, once it is seen to be one that can be opened.

    Raises
    ------
    CsdError
        If it is a folder, or the system does not let it be read.
    """
    if path.is_dir():
        raise unreadable("it is a folder", path, expected, "put the file itself there, under this name")
    try:
        with path.open("rb") as file:
            return file.read(_BEGINNING)
    except FileNotFoundError:
        raise unreadable(
            "it is not there and cannot be opened", path, expected, "check its name and folder"
        ) from None
    except PermissionError:
        fix = "close it in Excel or the program that has it open, or ask for the right to read it"
        raise unreadable("the system does not allow it", path, expected, fix) from None
    except OSError:
        fix = "check that its drive is connected, or copy it again"
        raise unreadable("it cannot be opened", path, expected, fix) from None


def require_text(path: Path) -> None:
    """Refuse a file that is no text whatever its name says, or text that is told from no other by its cells.

    Raises
    ------
    CsdError
        If it is a workbook, a Parquet file, in UTF-16, or cannot be opened.
    """
    expected = "a CSV file in UTF-8 with commas between the cells"
    start = beginning(path, expected)
    what, fix = next((told for sign, told in _NO_TEXT.items() if start.startswith(sign)), ("", ""))
    if not what and b"\0" in start:
        what, fix = "its text is in UTF-16, or it is no text", _SAVE
    if what:
        raise unreadable(what, path, expected, fix)


def read_table(path: Path, where: str) -> pd.DataFrame:
    """Read a table that people edit as text; the index is the line of the file.

    Lines that begin with # are comments.

    Raises
    ------
    CsdError
        If it is no text in UTF-8, or a row has more cells than the heading.
    """
    require_text(path)
    try:
        rows = _rows(path.read_text(encoding="utf-8-sig"))
    except (UnicodeDecodeError, csv.Error):
        raise unreadable("it is not CSV in UTF-8", path, "commas between the cells", _SAVE) from None
    (_, heading), *body = rows or [(0, [])]
    require_commas(heading, where)
    width = len(heading)
    for line, row in body:
        if len(row) > width:
            what = f"the row has {len(row)} cells where the heading has {width}"
            raise CsdError(what, f"{where}, line {line}", "a cell for each heading", QUOTES)
    cells = [row + [""] * (width - len(row)) for _, row in body]
    return pd.DataFrame(cells, index=[line for line, _ in body], columns=heading, dtype="str")


def _rows(text: str) -> list[tuple[int, list[str]]]:
    """Return the lines and cells of all rows with something in them."""
    lines = ("" if line.startswith("#") else line for line in text.splitlines(keepends=True))
    reader = csv.reader(lines)
    return [(reader.line_num, row) for row in reader if any(row)]


def unreadable(reason: str, path: Path, expected: str, fix: str) -> CsdError:
    """Return the error that a file cannot be read, with why and what to do."""
    return CsdError(f"the file cannot be read: {reason}", str(path), expected, fix)


def require_commas(heading: Sequence[str], where: str) -> None:
    """Refuse a file whose first row shows that its cells are not separated by commas alone.

    Raises
    ------
    CsdError
        If other signs separate the cells, or the first row is Excel's ``sep=``.
    """
    line = ",".join(heading)
    signs = [name for sign, name in _OTHERS.items() if sign in line and len(heading) == 1]
    if line.lower().startswith("sep="):
        what = f"the first row is '{line}', which only Excel reads"
    elif signs:
        what = f"the cells are separated by {signs[0]}"
    else:
        return
    expected = "commas between the cells, and the headings in the first row"
    raise CsdError(what, where, expected, _SAVE)


def width_of(heading: Sequence[str]) -> int:
    """Return how many columns a heading names: what is empty at its end is none."""
    return _filled(heading)


def surplus(row: Sequence[str], width: int) -> str:
    """Say that a row has more cells than the heading; empty if there is nothing in those.

    Examples
    --------
    >>> surplus(["A", "1", "", ""], 2), surplus(["A", "Smith", " Jo"], 2)
    ('', 'has 3 cells where the heading has 2')
    """
    if len(row) <= width or (filled := _filled(row)) <= width:
        return ""
    return f"has {filled} cells where the heading has {width}"


def _filled(row: Iterable[str]) -> int:
    """Return how many cells a row has, up to the last with something in it."""
    return max((number for number, cell in enumerate(row, 1) if cell.strip()), default=0)
