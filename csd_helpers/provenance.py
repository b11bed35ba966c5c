"""Provenance: which tables, files and typed rows a figure comes from, and where two sources differ."""

import pandas as pd

from csd_helpers.explain import Explained
from csd_helpers.layout import wrapped
from csd_helpers.manifest import digest, table_digest
from csd_helpers.measures import MEASURES
from csd_helpers.reconciliation import side_text
from csd_helpers.root import command

_HASH = 12
_TYPED = ["numerator", "denominator", "value", "as_at", "status", "source"]


def sources(told: Explained) -> list[str]:
    """List the tables that were read, with their files, or the row that was typed in."""
    lines: list[str] = []
    if told.key not in MEASURES:
        typed = told.extract.file_of("returns")
        lines += wrapped(f"Not counted from records: its outturn is typed into {typed}.")
    elif not told.from_records:
        lines += wrapped(f"Not counted from records: {told.counted['reason']}.")
    else:
        for table in told.tables:
            lines += _files(told, table)
    return lines + _typed_in(told)


def _files(told: Explained, table: str) -> list[str]:
    if table not in told.extract.tables:
        return []
    files = told.extract.sources.get(table, [])
    rows = told.extract.tables[table]
    served = "" if files else f" from a database  SHA-256 {table_digest(rows)[:_HASH]}"
    lines = [f"  {table}: {len(rows):,} rows read{served}"]
    lines += [f"    {path.name}  SHA-256 {digest(path)[:_HASH]}" for path in files]
    own = [problem for problem in told.extract.problems if problem.table == table]
    lines += [line for note in own if note.severity == "note" for line in wrapped(f"  {note.message}")]
    warnings = sum(problem.severity == "warning" for problem in own)
    check = command(f"csd check {told.edition.period} --extract", told.root)
    doubtful = f"{warnings:,} warnings about its rows: {check}"
    return lines + [f"    {doubtful}"] * bool(warnings)


def _typed_in(told: Explained) -> list[str]:
    """Show the row of the returns as it was typed."""
    table = told.extract.tables.get("returns")
    if table is None:
        return []
    own = table[table["indicator"].eq(told.key) & table["period"].eq(str(told.edition.period))]
    own = own[own["breakdown"].isna()] if "breakdown" in own else own
    if own.empty:
        return []
    row = own.iloc[0]
    said = {name: row[name] for name in _TYPED if name in row and pd.notna(row[name])}
    words = [f"{name} {_cell(value)}" for name, value in said.items()]
    return [*_files(told, "returns"), *wrapped(f"The row typed in: {', '.join(words)}.")]


def _cell(value: object) -> str:
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    return f"{value:,.10g}" if isinstance(value, float) else str(value)


def reconciled(told: Explained) -> list[str]:
    """Put this month's two sources side by side, and count the months in which they differ."""
    table = told.reconciliation
    if table.empty:
        return []
    lines: list[str] = []
    for row in table[table["period"].eq(str(told.edition.period))].itertuples():
        both = f"{side_text(row, 'records')}; {side_text(row, 'returns')}"
        verdict = "they differ" if row.differs else "they agree"
        apart = "" if pd.isna(row.difference) else f" (records less returns: {row.difference:,.4f})"
        lines += wrapped(f"{both}: {verdict}{apart}. Published from {row.published_from}.")
    months = f"{int(table['differs'].sum())} of the {len(table)} months with both differ."
    return [*lines, *wrapped(months)]
