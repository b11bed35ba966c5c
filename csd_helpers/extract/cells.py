"""Cells as they were typed, turned into dates, numbers and codes; what cannot be is reported."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
from pandera.errors import SchemaErrors

from csd_helpers.extract.problems import FILE, ROW, Problem, Severity, plain, problems_at
from csd_helpers.extract.tables import IN_ORDER, TABLES, Column, schema

_AS_TEXT = "'"  # how a spreadsheet is told that a cell is text: no part of the value
_COUNTED_BY = ("id", "date", "number")  # a row without one of these cannot be counted


def read_cells(raw: pd.DataFrame, name: str, problems: list[Problem]) -> pd.DataFrame:
    """Return a table with its cells read, and note every cell that cannot be.

    Parameters
    ----------
    raw
        Text cells under the table's column names, with ``_file`` and ``_row``; or typed columns (Parquet).
    name
        The table's canonical name.
    problems
        Found problems are added here.
    """
    columns = TABLES[name].columns
    problems.extend(_headings(raw, name))
    raw = raw.loc[:, ~raw.columns.duplicated()]
    known = [field for field in columns if field in raw]
    table = raw[[*known, FILE, ROW]].copy()
    for field in known:
        table[field] = _read(raw[field], columns[field], raw, name, problems)
    return table


def _headings(raw: pd.DataFrame, name: str) -> Iterator[Problem]:
    """Find columns of a table that are missing, or there twice: nobody knows which of the two counts."""
    files = ", ".join(sorted(raw[FILE].unique()))
    for field, column in TABLES[name].columns.items():
        times = list(raw.columns).count(field)
        if column.needed and not times:
            lacking = Problem("blocking", name, "a column is missing", "this column", files, 0, field)
            yield replace(lacking, rule="column_missing")
        elif times > 1:
            what = f"{times} columns have this heading"
            repeated = Problem("blocking", name, what, "one column of the name", files, 0, field)
            yield replace(repeated, rule="column_repeated")


def check_cells(table: pd.DataFrame, name: str, problems: list[Problem]) -> None:
    """Check a whole table against its schema, its key and the order of its dates."""
    try:
        schema(name).validate(table, lazy=True)
    except SchemaErrors as found:
        unread = {_cell(problem) for problem in problems if problem.rule == "cell_unread"}
        failures = _from_pandera(found.failure_cases, table, name)
        problems.extend(each for each in failures if _cell(each) not in unread)
    key = [field for field in TABLES[name].key if field in table]
    if key:
        problems.extend(_repeated(table, name, key))
    start, end = IN_ORDER.get(name, ("", ""))
    if start in table and end in table:
        early = table[table[end].lt(table[start])]
        expected = f"a date not before {start}"
        what = Problem("warning", name, "ended before it started", expected, rule="date_order")
        problems.extend(problems_at(early, table, what, end))


def _read(
    cells: pd.Series, column: Column, raw: pd.DataFrame, name: str, problems: list[Problem]
) -> pd.Series:
    """Read one column; cells that are neither blank nor readable become missing, and a problem."""
    if not pd.api.types.is_string_dtype(cells):
        try:
            return _typed(cells, column)
        except (TypeError, ValueError):  # true and false, lists, moments: read as they are written
            cells = cells.astype("str").where(cells.notna())
    text = cells.str.strip().str.removeprefix(_AS_TEXT).str.strip()
    text = text.mask(text.eq(""))
    if column.kind == "date":
        read = read_dates(text)
    elif column.kind == "number":
        read = pd.to_numeric(text, errors="coerce")
    else:
        return text.str.upper() if column.kind == "code" and column.codes[0].isupper() else text
    unread = text.notna() & read.isna()
    if unread.any():
        rows = raw.assign(**{str(cells.name): text})[unread]
        what = Problem("blocking", name, "cannot be read:", column.expected, rule="cell_unread")
        problems.extend(problems_at(rows, raw, what, str(cells.name)))
    return read


def _typed(cells: pd.Series, column: Column) -> pd.Series:
    """Bring a typed column to the type the measures use."""
    if column.kind == "date":
        return pd.to_datetime(cells).astype("datetime64[s]")
    if column.kind in ("number",):
        return pd.to_numeric(cells)
    return cells.astype("str").str.removesuffix(".0").where(cells.notna())


def read_dates(text: pd.Series) -> pd.Series:
    """Read dates written 31/10/2020 or 2020-10-31, each distinct text once.

    Examples
    --------
    >>> read_dates(pd.Series(["31/10/2020", "2020-10-31", "31/02/2020"])).dt.strftime("%d %b").tolist()
    ['31 Oct', '31 Oct', nan]
    """
    codes, distinct = pd.factorize(text)
    words = pd.Series(distinct, dtype="str").str.removesuffix(" 00:00:00")
    days = pd.to_datetime(words, format="%Y-%m-%d", errors="coerce")
    others = words[days.isna()]
    days = days.fillna(pd.to_datetime(others, format="%d/%m/%Y", errors="coerce"))
    values = np.append(days.to_numpy().astype("datetime64[s]"), np.datetime64("NaT"))
    return pd.Series(values[codes], index=text.index, name=text.name)


def _from_pandera(failures: pd.DataFrame, table: pd.DataFrame, name: str) -> list[Problem]:
    """Turn pandera's failure cases into problems with file and row."""
    problems = []
    cells = failures[failures["index"].notna() & failures["column"].notna()]
    for (field, check), rows in cells.groupby(["column", "check"], sort=False):
        own = table.loc[rows["index"].astype(int)]
        column = TABLES[name].columns[str(field)]
        severity: Severity = "blocking"
        if check == "not_nullable":
            severity = "blocking" if column.kind in _COUNTED_BY else "warning"
            rule, message = "cell_blank", "is blank"
        elif column.codes:
            severity, rule, message = "warning", "code_unknown", "is not a known code:"
        else:
            rule, message = "below_zero", "is below zero:"
        what = Problem(severity, name, message, column.expected, rule=rule)
        problems += problems_at(own, table, what, str(field))
    return problems


def _cell(problem: Problem) -> tuple[str, str, int, str]:
    """Return which cell a problem is about: one that cannot be read is not blank as well."""
    return problem.table, problem.file, problem.row, problem.field


def _repeated(table: pd.DataFrame, name: str, key: list[str]) -> list[Problem]:
    again = table[table.duplicated(key, keep="first")]
    severity: Severity = "warning" if TABLES[name].repeats_harmless else "blocking"
    expected = "one row for each " + " and ".join(key)
    what = Problem(severity, name, "is given more than once:", expected, rule="key_repeated")
    keys = [" ".join(map(plain, cells)) for cells in zip(*(again[field] for field in key), strict=True)]
    found = problems_at(again, table, what, key[0], pd.Series(keys, dtype="str"))
    return [replace(problem, field=" + ".join(key)) for problem in found]
