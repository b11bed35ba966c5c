"""Where an extract comes from, and which reader that takes: the one place that chooses."""

from pathlib import Path

import pandas as pd

from csd_helpers.errors import CsdError
from csd_helpers.extract.cin_census import read_cin_census
from csd_helpers.extract.folder import find_tables, read_file, twice, unread
from csd_helpers.extract.limits import limits_of
from csd_helpers.extract.problems import FILE, ROW, Problem
from csd_helpers.extract.workforce_census import read_workforce_census
from csd_helpers.extract.xml_return import collection

_CENSUSES = {"CIN": read_cin_census, "CSWW": read_workforce_census}
_YEARLY = "CIN"  # the collection whose years may stand side by side: each says what it is whole for
_TABLES = (".csv", ".parquet")
_RETURNS = (".xml", ".xlsx")
_OTHER_SHEETS = (".xls", ".xlsb", ".ods")  # not read, and not passed over in silence
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
    if path.is_file() and path.suffix.lower() not in _RETURNS:
        raise _one_file(path)
    if path.suffix.lower() not in _RETURNS or path.is_dir():
        return _from_folder(path, problems)
    tables = _return_tables(path, problems)
    if not tables:
        expected = "a children in need or workforce census, a sheet for each table, or Annex A"
        raise CsdError("the file holds no table of the workbook", str(path), expected)
    return {name: [table] for name, table in tables.items()}, {name: [path] for name in tables}


def _one_file(path: Path) -> CsdError:
    """Return the error that says what to do with a single file that is no extract by itself."""
    ending = path.suffix.lower()
    fixes = dict.fromkeys(_TABLES, "name the folder that it is in")
    fixes |= dict.fromkeys(_OTHER_SHEETS, "save it again as an Excel workbook (.xlsx)")
    expected = "a folder of CSV or Parquet files, an .xlsx workbook, an .xml census, or a database's address"
    fix = fixes.get(ending, "check 'extract' in the period's file")
    return CsdError(f"a single {ending or 'unknown'} file is no extract", str(path), expected, fix)


def _from_folder(folder: Path, problems: list[Problem]) -> tuple[Pieces, Sources]:
    """Read a folder's tables, then the censuses and workbooks beside them."""
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    returns = [path for path in files if path.suffix.lower() in _RETURNS and path.name[0] not in "~."]
    sources: Sources = {}
    if not returns or any(path.suffix.lower() in _TABLES for path in files):
        sources = find_tables(folder, problems)
    pieces = {name: [read_file(path) for path in paths] for name, paths in sources.items()}
    years = {path for path in returns if path.suffix.lower() == ".xml" and collection(path) == _YEARLY}
    problems += [unread(path.name) for path in files if path.suffix.lower() in _OTHER_SHEETS]
    for path in returns:
        tables = _return_tables(path, problems)
        if not tables:
            problems.append(unread(path.name))
        for name, table in tables.items():
            if name in pieces and name != _PEOPLE and not {*sources[name], path} <= years:
                problems.append(twice(name, path, sources[name][0]))
            pieces.setdefault(name, []).append(table)
            sources.setdefault(name, []).append(path)
    for own in pieces.values():
        own.sort(key=lambda piece: limits_of(piece)["until"])  # of censuses the latest comes last
    if not pieces:
        raise CsdError("the extract holds no table", str(folder), "files such as cla_episodes.csv")
    return pieces, sources


def _return_tables(path: Path, problems: list[Problem]) -> Tables:
    """Read a census or a workbook; none where it is neither."""
    if path.suffix.lower() == ".xlsx":
        from csd_helpers.extract.workbook import workbook_tables  # noqa: PLC0415  # openpyxl, for workbooks only

        tables, limits = workbook_tables(path)
    else:
        read = _CENSUSES.get(collection(path))
        tables = read(path) if read else {}
        limits = {name: why for name, table in tables.items() if (why := limits_of(table)["why"])}
    _note(limits, path.name, problems)
    return _placed(tables, path.name)


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
    pieces = {name: [table] for name, table in _placed(tables, "").items()}
    return pieces, {name: [file] for name in tables} if file else {}


def _placed(tables: Tables, file: str) -> Tables:
    """Put beside every row where it stands in its source."""
    return {
        name: table.assign(**{FILE: file or name, ROW: table.index}).reset_index(drop=True)
        for name, table in tables.items()
    }


def _note(limits: dict[str, str], file: str, problems: list[Problem]) -> None:
    problems.extend(
        Problem("note", name, why, file=file, rule="source_limit") for name, why in limits.items()
    )
