"""Intake: an extract's tables, read and checked, with every problem at once."""

from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from csd_helpers.extract.cells import FILE, ROW, check_cells, read_cells
from csd_helpers.extract.folder import find_tables, read_file
from csd_helpers.extract.problems import Problem, problem_table, require_sound
from csd_helpers.extract.tables import TABLES


@dataclass(frozen=True)
class Extract:
    """The tables of an extract, what is wrong with them, and the files they came from."""

    tables: dict[str, pd.DataFrame]
    problems: list[Problem] = field(default_factory=list)
    sources: dict[str, list[Path]] = field(default_factory=dict)

    def require_sound(self) -> None:
        """Raise a ``CsdError`` that names every blocking problem, if there is one."""
        require_sound(self.problems)


def read_extract(folder: Path) -> Extract:
    """Read a folder of tables and check them.

    Everything wrong is found before anything is counted, so that it can be put right in one go.

    Parameters
    ----------
    folder
        Tables under their standard names (``cla_episodes.csv``, ``care_leavers.parquet``) and SSDA903
        files as submitted, any number of years.

    Raises
    ------
    CsdError
        If the folder is not there, holds no table, or a file cannot be opened.
    """
    problems: list[Problem] = []
    sources = find_tables(folder, problems)
    raw = {name: [read_file(path) for path in paths] for name, paths in sources.items()}
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
    tables = {}
    for name, pieces in raw.items():
        read = [read_cells(piece, name, problems) for piece in pieces]
        for piece in read:
            check_cells(piece.reset_index(drop=True), name, problems)
        tables[name] = _joined(read, name, problems).drop(columns=[FILE, ROW])
    return Extract(tables, problems, sources)


def _joined(pieces: list[pd.DataFrame], name: str, problems: list[Problem]) -> pd.DataFrame:
    """Put pieces together; where yearly returns overlap the latest row wins."""
    table = pd.concat(pieces, ignore_index=True)
    key = [column for column in TABLES[name].key if column in table]
    if len(pieces) == 1 or not key:
        return table
    latest = table.drop_duplicates(key, keep="last", ignore_index=True)
    dropped = len(table) - len(latest)
    if dropped:
        message = f"{dropped:,} rows stand in more than one file; the latest file's row was taken"
        problems.append(Problem("note", name, message))
    return latest


__all__ = ["Extract", "Problem", "check_tables", "problem_table", "read_extract"]
