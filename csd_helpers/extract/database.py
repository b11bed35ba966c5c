"""An extract in a database: tables under their standard names, or the Standard Safeguarding Dataset."""

import math
import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pandas as pd
from sqlalchemy import URL, Connection, Select, column, create_engine, inspect, select, table
from sqlalchemy.exc import SQLAlchemyError

from csd_helpers.errors import CsdError
from csd_helpers.extract.address import read_address, shown, without_secrets
from csd_helpers.extract.ssd import OLDER_NAMES, SSD_LIMITS, SSD_TABLES
from csd_helpers.extract.ssd_tables import from_ssd
from csd_helpers.extract.tables import TABLES

_PIECE = 50_000  # rows fetched at a time
_DRIVERS = "pip install 'psycopg[binary]' (PostgreSQL), pyodbc (SQL Server) or oracledb (Oracle)"
_ISO_DATE = len("2020-10-31")
# SQLite has no type for dates: a timestamp in it is text, with a time that is dropped as elsewhere.
_TIME = re.compile(r"(?<=^\d{4}-\d{2}-\d{2})[ T]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$")
Tables = dict[str, pd.DataFrame]
Columns = dict[str, str]  # canonical name -> name in the database


def read_database(url: str, schema: str | None = None) -> dict[str, pd.DataFrame]:
    """Read an extract from a database, through SQLAlchemy and by reading only.

    Tables are taken under their standard names (``cin_details``), otherwise under those of the
    Standard Safeguarding Dataset (``ssd_cin_episodes``), views included. Names are compared without
    regard to capitals, since PostgreSQL and Oracle fold them. Every database SQLAlchemy knows is
    read by the same code: SQLite (``sqlite:///extract.db``), PostgreSQL
    (``postgresql+psycopg://reader@server/council``), SQL Server
    (``mssql+pyodbc://server/council?driver=ODBC+Driver+18+for+SQL+Server``), Oracle
    (``oracle+oracledb://reader@server/?service_name=council``). A password belongs in the
    database's own store (``.pgpass``, Windows sign-in), not in a period's file.

    Parameters
    ----------
    url
        SQLAlchemy's URL of the database.
    schema
        Where the tables are, if not in the reader's own schema.

    Returns
    -------
    dict
        Tables as text, dates ISO, blank where the database has NULL; the index counts rows from 1.
        Rows of a file stand as it has them, those of a server are sorted.

    Raises
    ------
    CsdError
        For everything that goes wrong: the URL, the driver, the connection, no table. Messages
        never hold a password.
    """
    return database_tables(url, schema)[0]


def database_tables(url: str, schema: str | None = None) -> tuple[Tables, dict[str, str]]:
    """Read an extract from a database, with what its tables cannot tell; see `read_database`."""
    address = _address(url)
    try:
        own, parts = _fetch(address, schema)
    except ModuleNotFoundError as error:
        raise CsdError(f"the driver '{error.name}' is not installed", shown(address), fix=_DRIVERS) from None
    except ImportError as error:  # a driver without the database's own library beneath it
        what = f"the driver cannot be loaded: {_reason(error, address)}"
        raise CsdError(what, shown(address), fix="install the database's client library") from None
    except (SQLAlchemyError, UnicodeError, OSError, ValueError, TypeError) as error:
        raise CsdError(
            f"the database cannot be read: {_reason(error, address)}", shown(address),
            "a database that can be reached and read", "check 'extract' in the period's file",
        ) from None  # fmt: skip
    tables = from_ssd(parts) | own
    if not tables:
        where = shown(address) + (f", schema {schema}" if schema else "")
        expected = "tables named as the workbook's (cin_details) or as the SSD's (ssd_cin_episodes)"
        raise CsdError("the database holds no table of the workbook", where, expected)
    limits = {name: why for name, why in SSD_LIMITS.items() if parts and name not in own}
    return tables, limits


def _address(url: str) -> URL:
    """Return the parsed URL of a database that is there as far as can be told without asking it."""
    address = read_address(url)
    file = address.database
    # SQLite would make an empty database of a name that is not there.
    if address.get_backend_name() == "sqlite" and not (file and Path(file).is_file()):
        raise CsdError("the database is not there", file or "", "a SQLite file", "check 'extract'")
    return address


def _fetch(address: URL, schema: str | None) -> tuple[Tables, Tables]:
    """Fetch the workbook's own tables, and the parts of the Standard Safeguarding Dataset."""
    engine = create_engine(address)
    try:
        with engine.connect() as connection:
            known = inspect(connection)
            names = [*known.get_table_names(schema), *known.get_view_names(schema)]
            there = {name.lower(): name for name in names}
            own = {
                name: _own(connection, there[name], schema, list(TABLES[name].columns))
                for name in TABLES if name in there
            }  # fmt: skip
            parts = {
                name: _part(connection, there[stored], schema, fields)
                for name, (stored, fields) in SSD_TABLES.items() if stored in there
            }  # fmt: skip
            return own, parts
    finally:
        engine.dispose()


def _own(connection: Connection, name: str, schema: str | None, fields: list[str]) -> pd.DataFrame:
    """Read the columns of a table that it has of those the workbook knows."""
    has = _names(connection, name, schema)
    found = {field: has[field.lower()] for field in fields if field.lower() in has}
    return _table(connection, name, schema, found)


def _part(connection: Connection, name: str, schema: str | None, fields: Columns) -> pd.DataFrame:
    """Read a table of the SSD; a column that is not in this release of it is blank."""
    has = _names(connection, name, schema)
    stored = {field: has.get(own) or has.get(OLDER_NAMES.get(own, "")) for field, own in fields.items()}
    found = {field: own for field, own in stored.items() if own}
    return _table(connection, name, schema, found).reindex(columns=list(fields)).fillna("")


def _names(connection: Connection, name: str, schema: str | None) -> Columns:
    """Return a table's columns by their names in small letters."""
    columns = inspect(connection).get_columns(name, schema)
    return {entry["name"].lower(): entry["name"] for entry in columns}


def _table(connection: Connection, name: str, schema: str | None, columns: Columns) -> pd.DataFrame:
    """Read some columns of a table as text, a piece at a time.

    A server gives rows in whatever order it likes: sorted, the same rows make the same pages. A
    file keeps them as they were put in, which is the order of a breakdown's categories.
    """
    if not columns:
        return pd.DataFrame()
    query: Select = select(*(column(own) for own in columns.values())).select_from(table(name, schema=schema))
    result = connection.execution_options(stream_results=True).execute(query)
    pieces = [_text(rows, list(columns)) for rows in result.partitions(_PIECE)]
    rows = pd.concat([_text([], list(columns)), *pieces], ignore_index=True)
    if connection.dialect.name != "sqlite":
        rows = rows.sort_values(list(columns))
    return rows.set_axis(range(1, len(rows) + 1))


def _text(rows: Iterable, columns: list[str]) -> pd.DataFrame:
    cells = [[_cell(value) for value in row] for row in rows]
    return pd.DataFrame(cells, columns=columns, dtype="str")


def _cell(value: object) -> str:
    """Return a value as the tables have it in text: dates ISO without a time, yes and no as 1 and 0."""
    if value is None:
        return ""
    if isinstance(value, str):
        return _TIME.sub("", value.strip())
    if isinstance(value, date):
        return value.isoformat()[:_ISO_DATE]
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float | Decimal):
        return _number(value)
    return str(value)


def _number(value: float | Decimal) -> str:
    """Return a whole number without a point; what is not a number is blank."""
    if math.isnan(value):
        return ""
    return str(int(value)) if math.isfinite(value) and value == int(value) else str(value)


def _reason(error: Exception, address: URL) -> str:
    """Return the first line of what the driver says, freed of anything secret."""
    said = str(getattr(error, "orig", None) or error).strip()
    text = said.splitlines()[0] if said else type(error).__name__
    return without_secrets(text, address)
