"""Where an extract comes from, and which reader that takes: the one place that chooses."""

from pathlib import Path

import pandas as pd

from csd_helpers.errors import CsdError
from csd_helpers.extract.cin_census import read_cin_census
from csd_helpers.extract.folder import Stray, find_tables, no_table, twice, unread
from csd_helpers.extract.limits import limits_of
from csd_helpers.extract.problems import FILE, ROW, Problem
from csd_helpers.extract.table_file import read_file
from csd_helpers.extract.workforce_census import read_workforce_census
from csd_helpers.extract.xml_return import collection
from csd_helpers.leftovers import EXCEL_LOCK, listed

_CENSUSES = {"CIN": read_cin_census, "CSWW": read_workforce_census}
_YEARLY = "CIN"  # the collection whose years may stand side by side: each says what it is whole for
_TABLES = (".csv", ".parquet")
_RETURNS = (".xml", ".xlsx")
_OTHER_SHEETS = (".xls", ".xlsb", ".xlsm", ".ods")  # not read, and not passed over in silence
_PEOPLE = "children"  # every return says who its children are; each is taken once, and none is counted
Tables = dict[str, pd.DataFrame]
Pieces = dict[str, list[pd.DataFrame]]
Sources = dict[str, list[Path]]


def raw_tables(source: str | Path, root: Path, problems: list[Problem]) -> tuple[Pieces, Sources]:
    """Read the tables of a source as they stand, whatever kind of source it is.

    Parameters
    ----------
    source
        A folder (CSV, Parquet, SSDA903 files, and censuses or workbooks beside them), an ``.xlsx``
        workbook, an ``.xml`` census, or the URL of a database; a schema follows as
        ``?schema=name``.
    root
        What a relative path starts from.
    problems
        Found problems are added here, and notes of what the source cannot tell.

    Returns
    -------
    tuple
        Pieces of each table, oldest first, with ``_file`` and ``_row``; and the files of each table.

    Raises
    ------
    CsdError
        If the source is not there, is of no known kind, or cannot be read.
    """
    if "://" in str(source):
        return _from_database(str(source), root, problems)
    path = root / source
    if path.name.startswith(EXCEL_LOCK):
        raise _lock_file(path)
    if path.is_file() and path.suffix.lower() not in _RETURNS:
        raise _one_file(path)
    if path.suffix.lower() not in _RETURNS or path.is_dir():
        return _from_folder(path, problems)
    return _from_return(path, problems)


def _lock_file(path: Path) -> CsdError:
    """Return the error that the extract is what Excel keeps beside a workbook that is open."""
    name = path.name.removeprefix(EXCEL_LOCK)
    what = "this is no extract but the file by which Excel locks a workbook that is open"
    return CsdError(what, str(path), f"the workbook itself, {name}", f"write {name} in the period's file")


def _one_file(path: Path) -> CsdError:
    """Return the error that says what to do with a single file that is no extract by itself."""
    ending = path.suffix.lower()
    fixes = dict.fromkeys(_TABLES, "name the folder that it is in")
    fixes |= dict.fromkeys(_OTHER_SHEETS, "save it again as an Excel workbook (.xlsx)")
    expected = "a folder of CSV or Parquet files, an .xlsx workbook, an .xml census, or a database's address"
    fix = fixes.get(ending, "check 'extract' in the period's file")
    return CsdError(f"a single {ending or 'unknown'} file is no extract", str(path), expected, fix)


def _from_return(path: Path, problems: list[Problem]) -> tuple[Pieces, Sources]:
    """Read a census or a workbook that is the whole extract."""
    strays: list[Stray] = []
    tables = _return_tables(path, problems, strays)
    if not tables:
        expected = "a children in need or workforce census, a sheet for each table, or Annex A"
        raise no_table(path, strays, expected)
    problems += [unread(stray, tables) for stray in strays]
    return {name: [table] for name, table in tables.items()}, {name: [path] for name in tables}


def _from_folder(folder: Path, problems: list[Problem]) -> tuple[Pieces, Sources]:
    """Read a folder's tables, then the censuses and workbooks beside them."""
    sources, strays = find_tables(folder, problems)
    pieces = {name: [read_file(path) for path in paths] for name, paths in sources.items()}
    files = list(listed(folder))
    returns = [path for path in files if path.suffix.lower() in _RETURNS]
    years = {path for path in returns if path.suffix.lower() == ".xml" and collection(path) == _YEARLY}
    strays += [Stray(path.name) for path in files if path.suffix.lower() in _OTHER_SHEETS]
    for path in returns:
        for name, table in _return_tables(path, problems, strays).items():
            if name in pieces and name != _PEOPLE and not {*sources[name], path} <= years:
                problems.append(twice(name, path, sources[name][0]))
            pieces.setdefault(name, []).append(table)
            sources.setdefault(name, []).append(path)
    for own in pieces.values():
        own.sort(key=lambda piece: limits_of(piece)["until"])  # of censuses the latest comes last
    if not pieces:
        raise no_table(folder, strays, "files named after their tables, such as cla_episodes.csv")
    problems += [unread(stray, pieces) for stray in strays]
    return pieces, sources


def _return_tables(path: Path, problems: list[Problem], strays: list[Stray]) -> Tables:
    """Read a census or a workbook; where it is neither, it is a stray."""
    sheets: dict[str, str] = {}
    if path.suffix.lower() == ".xlsx":
        from csd_helpers.extract.workbook import workbook_tables  # noqa: PLC0415  # openpyxl, for workbooks only

        tables, limits, sheets, meant = workbook_tables(path)
        strays += meant
        if path.with_name(f"{EXCEL_LOCK}{path.name}").exists():
            what = "is open in Excel: what has not been saved there is not read"
            problems.append(Problem("note", "", what, file=path.name, rule="workbook_open"))
    else:
        read = _CENSUSES.get(collection(path))
        tables = read(path) if read else {}
        limits = {name: why for name, table in tables.items() if (why := limits_of(table)["why"])}
    if not tables:
        strays.append(Stray(path.name))
    _note(limits, path.name, problems)
    return _placed(tables, path.name, sheets)


def _from_database(url: str, root: Path, problems: list[Problem]) -> tuple[Pieces, Sources]:
    """Read a database; a SQLite file is a source like any other, a server's tables have no file."""
    from csd_helpers.extract.address import read_address  # noqa: PLC0415  # SQLAlchemy, for databases only
    from csd_helpers.extract.database import database_tables  # noqa: PLC0415

    address, file = read_address(url), None
    schema = str(address.query.get("schema", "")) or None
    address = address.difference_update_query(["schema"])
    if address.get_backend_name() == "sqlite" and address.database:
        file = root / address.database
        address = address.set(database=str(file))
    tables, limits = database_tables(address.render_as_string(hide_password=False), schema)
    _note(limits, "", problems)
    pieces = {name: [table] for name, table in _placed(tables, "", {}).items()}
    return pieces, {name: [file] for name in tables} if file else {}


def _placed(tables: Tables, file: str, sheets: dict[str, str]) -> Tables:
    """Put beside every row where it stands in its source."""
    places = {name: f"{file}, sheet {sheets[name]}" if name in sheets else file or name for name in tables}
    return {
        name: table.assign(**{FILE: places[name], ROW: table.index}).reset_index(drop=True)
        for name, table in tables.items()
    }


def _note(limits: dict[str, str], file: str, problems: list[Problem]) -> None:
    problems.extend(
        Problem("note", name, why, file=file, rule="source_limit") for name, why in limits.items()
    )
