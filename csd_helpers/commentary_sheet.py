"""Commentary in a spreadsheet: the sheet managers fill in, and what they wrote taken into files."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils.exceptions import InvalidFileException

from csd_helpers.commentary import Commentary, commentary_folder
from csd_helpers.commentary_templates import commentary_text, facts_about
from csd_helpers.csvfile import beginning, require_commas, require_text, surplus, unreadable, width_of
from csd_helpers.desk import Desk
from csd_helpers.errors import CsdError
from csd_helpers.root import common

COLUMNS = ("indicator", "figure", "part", "author", "date", "text")
_BEYOND = "beyond the heading"  # of a row: that it has more cells, if so
_NEEDED = ("indicator", "part", "author", "date", "text")
_WIDTHS = {"A": 34, "B": 12, "C": 8, "D": 30, "E": 12, "F": 80, "G": 60}
_SHEET = "an .xlsx or .csv file"
_DAYS = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d %B %Y")


@dataclass(frozen=True)
class _Row:
    """A row of a sheet with words in it, checked."""

    number: int
    key: str
    header: dict[str, Any]
    text: str


def write_sheet(desk: Desk, path: Path) -> int:
    """Write the sheet managers fill in, a row for each exception without commentary; return how many.

    Raises
    ------
    CsdError
        If the file is there already: somebody may have written in it.
    """
    if path.exists():
        raise CsdError("the file is there already", str(path), "a new name", "give another name")
    book = Workbook()
    sheet = book.active
    sheet.title = "Commentary"
    sheet.append([*COLUMNS, "about"])
    asked = [entry for entry in desk.exceptions if entry["key"] not in desk.edition.commentary]
    for entry in asked:
        part = "2" if entry["key"] in desk.hidden else "both"
        about = "\n".join(facts_about(entry))
        sheet.append([entry["key"], entry["text"], part, entry["owner"], None, None, about])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            cell.alignment, cell.data_type = Alignment(wrap_text=True, vertical="top"), "s"
    for column, width in _WIDTHS.items():
        sheet.column_dimensions[column].width = width
    book.save(path)
    return len(asked)


def import_sheet(desk: Desk, path: Path, replace: bool = False) -> list[Path]:
    """Take the words of a spreadsheet into files of commentary, and return those that were written.

    All rows are checked before a file is written. Words that are there already stay, unless they are
    to be replaced; then they are kept beside, as ``<name>.md.kept-1``.

    Raises
    ------
    CsdError
        Naming every row that is wrong, and what to do about it.
    """
    problems: list[str] = []
    targets: dict[Path, _Row] = {}
    for number, cells in _rows(path):
        try:
            row = _checked(desk, number, cells)
            target = _target(desk, row, replace)
            if target in targets:
                raise ValueError(f"row {targets[target].number} has words on the same indicator and part")
            targets[target] = row
        except ValueError as problem:
            problems.append(f"  row {number}: {problem}")
    if problems:
        heading = f"{path.name}: {len(problems)} row{'s' if len(problems) > 1 else ''} cannot be taken in"
        raise CsdError("\n".join([heading, *problems]), str(path), fix="correct them; nothing was written")
    return [target for target, row in targets.items() if _write(target, row, desk)]


def _rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the rows that have words, by the names of their columns."""
    is_csv = path.suffix.lower() == ".csv"
    lines = _csv_lines(path) if is_csv else _workbook_lines(path)
    header = [str(cell or "").strip().lower() for cell in (lines[0] if lines else [])]
    _require_columns(header, path)
    for number, line in enumerate(lines[1:], 2):
        cells = dict(zip(header, line, strict=False))
        cells[_BEYOND] = surplus(line, width_of(header)) if is_csv else ""  # a workbook's cells hold commas
        if _text(cells.get("text")) or cells[_BEYOND]:
            yield number, cells


def _require_columns(header: list[str], path: Path) -> None:
    """Refuse a sheet that lacks a column, or has one twice: it would not be known which counts."""
    expected = f"a first row: {', '.join(_NEEDED)}"
    for name in _NEEDED:
        if name not in header:
            fix = "write the headings in the first row"
            raise CsdError(f"the sheet has no column '{name}'", str(path), expected, fix)
    for name in COLUMNS:
        if header.count(name) > 1:
            what, fix = f"the sheet has {header.count(name)} columns '{name}'", "leave one of them"
            raise CsdError(what, str(path), expected, fix)


def _csv_lines(path: Path) -> list[list[Any]]:
    require_text(path)
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:  # as Excel on Windows saves "CSV"
        text = content.decode("cp1252", errors="replace")
    lines = list(csv.reader(text.splitlines(keepends=True)))
    require_commas(lines[0] if lines else [], str(path))
    return lines


def _workbook_lines(path: Path) -> list[list[Any]]:
    beginning(path, _SHEET)
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, OSError, KeyError, ValueError):
        fix = "open it in Excel and save it as Excel workbook (.xlsx), without a password"
        raise unreadable("it is no Excel workbook", path, _SHEET, fix) from None
    try:
        return [list(line) for line in book.worksheets[0].iter_rows(values_only=True)]
    finally:
        book.close()


def _checked(desk: Desk, number: int, cells: dict[str, Any]) -> _Row:
    """Check a row; the figure it was written about is the sheet's, or today's."""
    if cells[_BEYOND]:
        raise ValueError(f"{cells[_BEYOND]}: put a text with a comma in it between quotes")
    key = _key(desk, _text(cells["indicator"]))
    part = _text(cells["part"]).lower().removeprefix("part ")
    if part not in ("1", "2", "both"):
        raise ValueError(f"part is '{part}': expected 1, 2 or both")
    if not _text(cells["author"]):
        raise ValueError("author is empty: expected who wrote it")
    about = _text(cells.get("figure")) or desk.entries[key]["text"]
    text = _text(cells["text"]).replace("<!--", "").replace("-->", "")
    header = {
        "author": _text(cells["author"]),
        "date": _day(cells["date"]),
        "written_about": about,
        "part": part,
    }
    return _Row(number, key, header, text)


def _key(desk: Desk, given: str) -> str:
    """Return the key of an indicator that is named by its key or its number."""
    numbers = {str(entry.number): key for key, entry in desk.edition.suite.indicators.items()}
    key = numbers.get(re.sub(r"\.0*$", "", given), given)
    if key not in desk.edition.suite.indicators:
        raise ValueError(f"indicator '{given}' is not in the suite: expected a key or a number")
    return key


def _day(given: Any) -> date:
    if isinstance(given, datetime):
        return given.date()
    for form in _DAYS:
        try:
            return datetime.strptime(_text(given), form).date()
        except ValueError:
            continue
    raise ValueError(f"date is '{_text(given)}': expected a day such as 2020-11-10 or 10/11/2020")


def _text(value: Any) -> str:
    """Return a cell as text on lines of its own; line ends as on this system."""
    return "" if value is None else "\n".join(str(value).replace("\r", "").splitlines()).strip()


def _target(desk: Desk, row: _Row, replace: bool) -> Path:
    """Return the file a row's words go to, if no other words are in the way."""
    part, own = row.header["part"], desk.edition.commentary.get(row.key, [])
    same = [words for words in own if words.header.part == part]
    others = [words for words in own if words not in same and "both" in (part, words.header.part)]
    if others:
        raise ValueError(f"{others[0].file} is for part {others[0].header.part}: change its part first")
    if same and same[0].text != row.text and not replace:
        raise ValueError(f"{same[0].file} has other words: give --replace to keep them beside")
    if same:
        return common(desk.root) / same[0].file
    folder = commentary_folder(desk.root, desk.period)
    return folder / (f"{row.key}.part{part}.md" if own else f"{row.key}.md")


def _write(target: Path, row: _Row, desk: Desk) -> bool:
    """Write a row's words; the words that were there are kept beside. False if they are there already."""
    there = [words for words in desk.edition.commentary.get(row.key, []) if _is(words, target, desk)]
    if there and there[0].text == row.text:
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    if there:
        numbers = (number for number in range(1, 10_000))
        kept = (target.with_name(f"{target.name}.kept-{number}") for number in numbers)
        target.rename(next(path for path in kept if not path.exists()))
    scratch = target.with_name(target.name + ".writing")
    scratch.write_text(commentary_text(row.header, row.text), encoding="utf-8", newline="\n")
    scratch.replace(target)
    return True


def _is(words: Commentary, target: Path, desk: Desk) -> bool:
    return common(desk.root) / words.file == target
