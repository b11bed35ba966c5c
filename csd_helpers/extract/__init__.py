"""Intake: an extract's tables, read and checked, with every problem at once."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from csd_helpers.extract.cells import check_cells, read_cells
from csd_helpers.extract.limits import carry_limits
from csd_helpers.extract.problems import FILE, ROW, Problem, problem_table, require_sound
from csd_helpers.extract.sources import raw_tables
from csd_helpers.extract.tables import TABLES


@dataclass(frozen=True)
class Extract:
    """The tables of an extract, what is wrong with them, and the files they came from.

    ``places`` says of every row of a table which line of which file it is.
    """

    tables: dict[str, pd.DataFrame]
    problems: list[Problem] = field(default_factory=list)
    sources: dict[str, list[Path]] = field(default_factory=dict)
    places: dict[str, pd.DataFrame] = field(default_factory=dict)

    def require_sound(self) -> None:
        """Raise a ``CsdError`` that names every blocking problem, if there is one."""
        require_sound(self.problems)

    def file_of(self, table: str) -> str:
        """Name the file or sheet a table stands in; the file it would be where it is not there."""
        if table not in self.places:
            return f"{table}.csv"
        return ", ".join(sorted(self.places[table][FILE].unique())) or table


def read_extract(source: str | Path, root: Path | None = None) -> Extract:
    """Read the tables of a source and check them.

    Everything wrong is found before anything is counted, so that it can be put right in one go.

    Parameters
    ----------
    source
        A folder (tables under their standard names as CSV or Parquet, SSDA903 files as submitted,
        censuses and workbooks beside them), an Excel workbook, a census in XML, or the URL of a
        database.
    root
        What a relative path starts from; the present folder if not given.

    Raises
    ------
    CsdError
        If the source is not there, holds no table, or cannot be read.
    """
    problems: list[Problem] = []
    raw, sources = raw_tables(source, root or Path(), problems)
    return check_tables(raw, sources, problems)


def check_tables(
    raw: dict[str, list[pd.DataFrame]], sources: dict[str, list[Path]], problems: list[Problem]
) -> Extract:
    """Turn raw tables, in one or several pieces each, into an extract; every reader ends here.

    Parameters
    ----------
    raw
        Pieces of each table, oldest first: text or typed cells with ``_file`` and ``_row``.
    """
    tables, places = {}, {}
    for name, pieces in raw.items():
        read = [read_cells(piece, name, problems) for piece in pieces]
        for piece in read:
            check_cells(piece.reset_index(drop=True), name, problems)
        table = _joined(read, name, problems)
        places[name] = table[[FILE, ROW]]
        tables[name] = carry_limits(table.drop(columns=[FILE, ROW]), pieces)
    return Extract(tables, problems, sources, places)


def _joined(pieces: list[pd.DataFrame], name: str, problems: list[Problem]) -> pd.DataFrame:
    """Put pieces together; where yearly returns overlap the latest row wins."""
    table = pd.concat(pieces, ignore_index=True)
    key = [column for column in TABLES[name].key or TABLES[name].event if column in table]
    if len(pieces) == 1 or not key:
        return table
    year = pd.Series(np.repeat(range(len(pieces)), [len(piece) for piece in pieces]))
    last = year.groupby([table[column] for column in key], dropna=False).transform("max")
    latest = table[year.eq(last)].reset_index(drop=True)
    dropped = len(table) - len(latest)
    if dropped and not _twice(name, problems):
        message = f"{dropped:,} rows stand in more than one file; the latest file's row was taken"
        problems.append(Problem("note", name, message, rule="years_overlap"))
    return latest


def _twice(name: str, problems: list[Problem]) -> bool:
    """Say whether a table is known to stand in two sources: then no more is told of the rows they share."""
    return any((problem.table, problem.rule) == (name, "source_twice") for problem in problems)


__all__ = ["Extract", "Problem", "check_tables", "problem_table", "read_extract"]
