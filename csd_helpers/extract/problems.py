"""What is wrong with an extract, said all at once."""

from dataclasses import dataclass, replace
from typing import Literal

import pandas as pd

from csd_helpers.errors import CsdError
from csd_helpers.extract.tables import TABLES

Severity = Literal["blocking", "warning", "note"]
FILE, ROW = "_file", "_row"  # where a row came from
_SHOWN = 30


@dataclass(frozen=True)
class Problem:
    """One thing wrong, and where.

    Parameters
    ----------
    severity
        blocking: no figure can be trusted until it is put right; warning: the row counts as it is;
        note: good to know.
    table, file, row, field, value
        Where it is; ``row`` is the line of the file, the heading being line 1 (0 for a whole table).
    message, expected
        What is wrong and what was expected.
    rule
        The rule it breaks: a key of `csd_helpers.extract.catalogue.RULES`, which says what to do.
    identifier
        Whose row it is: the child, the worker, the indicator; blank for a whole table.
    """

    severity: Severity
    table: str
    message: str
    expected: str = ""
    file: str = ""
    row: int = 0
    field: str = ""
    value: str = ""
    rule: str = ""
    identifier: str = ""

    def __str__(self) -> str:
        """Say it in one line."""
        place = self.file or self.table
        place += f", row {self.row}" if self.row else ""
        place += f", {self.field}" if self.field else ""
        given = f" '{self.value}'" if self.value else ""
        expected = f" (expected {self.expected})" if self.expected else ""
        return f"{place}: {self.message}{given}{expected}"


def require_sound(problems: list[Problem]) -> None:
    """Stop if a problem is blocking, naming every one.

    Raises
    ------
    CsdError
        With every blocking problem, exit code 2.
    """
    blocking = [problem for problem in problems if problem.severity == "blocking"]
    if not blocking:
        return
    lines = [f"  {problem}" for problem in blocking[:_SHOWN]]
    if len(blocking) > _SHOWN:
        lines.append(f"  ... and {len(blocking) - _SHOWN} more")
    noun = "problem stops" if len(blocking) == 1 else "problems stop"
    raise CsdError(
        "\n".join([f"the extract cannot be used: {len(blocking)} {noun} it", *lines]),
        fix="put the rows right at their source and run the command again; the last pack is as it was",
    )


def problems_at(
    rows: pd.DataFrame, places: pd.DataFrame, what: Problem, field: str, values: pd.Series | None = None
) -> list[Problem]:
    """Return one problem for each of some rows.

    Parameters
    ----------
    rows
        The rows of a table that have it.
    places
        File and line of every row of the table (``_file``, ``_row``), with the table's index.
    what
        What all of them have in common: severity, table, message, expected, rule.
    field, values
        The column it is about, and what to show of it; the column's cells if not given.
    """
    if rows.empty:
        return []
    own = places.loc[rows.index]
    cells = rows[field] if values is None else values
    name = next(iter(TABLES[what.table].columns))  # a table's first column says whose row it is
    whose = rows[name] if name in rows else pd.Series(pd.NA, index=rows.index)
    return [
        replace(what, file=file, row=int(row), field=field, value=plain(cell), identifier=plain(who))
        for file, row, cell, who in zip(own[FILE], own[ROW], cells, whose, strict=True)
    ]


def plain(value: object) -> str:
    """Print a cell as a person would type it."""
    if isinstance(value, pd.Timestamp):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if pd.isna(value) else str(value)


def problem_table(problems: list[Problem]) -> pd.DataFrame:
    """Return problems as a table, the blocking ones first."""
    order = ["blocking", "warning", "note"]
    rows = sorted(problems, key=lambda problem: (order.index(problem.severity), problem.table, problem.row))
    return pd.DataFrame([vars(problem) for problem in rows], columns=list(Problem.__dataclass_fields__))
