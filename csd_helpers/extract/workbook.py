"""An extract as an Excel workbook: a sheet for each table, or Ofsted's Annex A."""

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple
from zipfile import BadZipFile

import pandas as pd
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from csd_helpers.csvfile import OLD_EXCEL, OLD_EXCEL_TOLD, beginning, unreadable
from csd_helpers.errors import CsdError
from csd_helpers.extract.annex_a import annex_a_tables
from csd_helpers.extract.annex_a_lists import ANNEX_A_LIMITS
from csd_helpers.extract.folder import Stray, nearest, plain_name
from csd_helpers.extract.tables import TABLES

_HEAD = 20  # rows in which the headings are looked for
_EXPECTED = "a workbook saved as .xlsx"
Sheets = dict[str, pd.DataFrame]


class Book(NamedTuple):
    """A workbook's tables, what they cannot tell, the titles of their sheets, and sheets that are none."""

    tables: Sheets
    limits: dict[str, str]
    titles: dict[str, str]
    strays: list[Stray]


def read_workbook(path: Path) -> dict[str, pd.DataFrame]:
    """Read a workbook with one sheet per table, or Annex A as Ofsted's template has it.

    Values are taken as they stand in the cells: a real date becomes ISO text, a formula's value is
    the one Excel last worked out. Sheets that are no table are left alone.

    Returns
    -------
    dict
        Tables as text under their standard names, blank where a cell is empty; the index is the
        row of the sheet.

    Raises
    ------
    CsdError
        If the file is no workbook, or holds neither a table nor a list of Annex A.
    """
    tables = workbook_tables(path).tables
    if not tables:
        raise CsdError(
            "the workbook holds no table", str(path),
            "a sheet named after a table, such as cla_episodes, or the lists of Annex A",
            "name each sheet after the table that it holds",
        )  # fmt: skip
    return tables


def workbook_tables(path: Path) -> Book:
    """Read a workbook's tables, with what they cannot tell; none where it holds no table."""
    sheets = _sheets(path)
    titles = _titles(sheets, path)
    tables = {name: _named(sheets[title], name, f"{path}, sheet {title}") for name, title in titles.items()}
    lists = {} if tables else annex_a_tables(sheets, path)
    strays = [] if lists else [_stray(title, path) for title in sheets if title not in titles.values()]
    limits = ANNEX_A_LIMITS if lists else {}
    return Book(tables or lists, limits, titles, [stray for stray in strays if stray.table])


def _titles(sheets: Sheets, path: Path) -> dict[str, str]:
    """Return the title of each table's sheet."""
    titles: dict[str, str] = {}
    for title in sheets:
        name = plain_name(title)
        if name in titles:
            raise CsdError(
                f"two sheets hold the table {name}", f"{path}, sheets {titles[name]} and {title}",
                "one sheet for each table", "put their rows together, or delete or rename one of them",
            )  # fmt: skip
        if name in TABLES:
            titles[name] = title
    return titles


def _stray(title: str, path: Path) -> Stray:
    """Return a sheet that is no table, with the table whose name it nearly has."""
    name = nearest(plain_name(title), TABLES)
    return Stray(f"{path.name}, sheet {title}", name, name)


def _sheets(path: Path) -> Sheets:
    """Return the filled cells of every sheet as text; the index is the row, the columns are positions."""
    start = beginning(path, _EXPECTED)
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, BadZipFile, KeyError, ValueError, OSError):
        what, fix = "it is no Excel workbook", "open it in Excel and save it as Excel workbook (.xlsx)"
        if start.startswith(OLD_EXCEL):
            what, fix = OLD_EXCEL_TOLD, f"{fix}, without a password"
        raise unreadable(what, path, _EXPECTED, fix) from None
    try:
        return {sheet.title: _cells(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}
    finally:
        book.close()


def _cells(rows: Iterable[tuple]) -> pd.DataFrame:
    texts = {number: [cell_text(cell) for cell in row] for number, row in enumerate(rows, start=1)}
    filled = {number: row for number, row in texts.items() if any(row)}
    return pd.DataFrame.from_dict(filled, orient="index", dtype="str").fillna("")


def cell_text(cell: object) -> str:
    """Return a cell as text.

    Examples
    --------
    >>> cell_text(datetime(2020, 10, 31)), cell_text(6.0), cell_text(True), cell_text(None)
    ('2020-10-31', '6', '1', '')
    """
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(int(cell))
    if isinstance(cell, datetime | date):
        return f"{cell:%Y-%m-%d}"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).replace("\xa0", " ").strip()


def _named(sheet: pd.DataFrame, name: str, where: str) -> pd.DataFrame:
    """Return the table on the sheet of its name: below the row that has most of its headings."""
    known = {column.lower(): column for column in TABLES[name].columns}
    head = [(sum(cell.lower() in known for cell in row), at) for at, row in _first_rows(sheet)]
    matched, at = max(head, key=lambda entry: (entry[0], -entry[1]), default=(0, 0))
    if not matched:
        expected = ", ".join(TABLES[name].columns)
        fix = "write the table's headings above its rows"
        raise CsdError("the sheet has no headings of its table", where, expected, fix)
    table = sheet.loc[sheet.index > at]
    headings = sheet.loc[at]
    return table.set_axis([known.get(cell.lower(), cell) for cell in headings], axis=1)


def _first_rows(sheet: pd.DataFrame) -> list[tuple[int, list[str]]]:
    return [(int(at), row.tolist()) for at, row in sheet.head(_HEAD).iterrows()]
