"""An extract as a folder of files: CSV or Parquet tables, and SSDA903 returns as submitted."""

import re
from collections.abc import Collection, Container
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

from csd_helpers.errors import CsdError
from csd_helpers.extract.problems import Problem
from csd_helpers.extract.tables import SSDA903, SSDA903_UNUSED, TABLES
from csd_helpers.leftovers import listed

_ENDINGS = (".csv", ".parquet")
_ALIKE = 0.85  # of two names: a letter or two of difference


class Stray(NamedTuple):
    """A file or sheet that is no table; which table it may have been meant for, and what that is called."""

    file: str
    table: str = ""
    name: str = ""

    @property
    def renaming(self) -> str:
        """Say to give it the table's name."""
        file, _, sheet = self.file.rpartition(", sheet ")
        return f"rename {f'the sheet {sheet} of {file}' if file else self.file} to {self.name}"


def find_tables(folder: Path, problems: list[Problem]) -> tuple[dict[str, list[Path]], list[Stray]]:
    """Return the files of each table, oldest return first, and those that are none.

    Raises
    ------
    CsdError
        If the folder does not exist.
    """
    if not folder.is_dir():
        raise CsdError(
            "the extract is not there",
            str(folder),
            "a folder of tables",
            "check 'extract' in the period's file",
        )
    found: dict[str, list[Path]] = {}
    strays: list[Stray] = []
    for path in sorted(listed(folder), key=lambda path: (_year(path), path.name)):
        if path.suffix.lower() not in _ENDINGS:
            continue
        name = table_of(path.stem)
        if name in TABLES:
            own = found.setdefault(name, [])
            problems += [twice(name, path, other) for other in own if _year(other) == _year(path)]
            own.append(path)
        elif name != "unused":
            strays.append(_stray(path))
    return found, strays


def unread(stray: Stray, there: Container[str] = ()) -> Problem:
    """Return the note that a file was left aside; a warning where it may be a table that is not there."""
    if not stray.table or stray.table in there:
        message = "is no table of the workbook and was not read"
        return Problem("note", "", message, file=stray.file, rule="file_unread")
    message = f"was not read; if it is the table {stray.table}, {stray.renaming}"
    return Problem("warning", stray.table, message, file=stray.file, rule="file_misnamed")


def no_table(source: Path, strays: list[Stray], expected: str) -> CsdError:
    """Return the error that nothing of a source is a table, with what may have been meant for one."""
    meant = [stray.renaming for stray in strays if stray.table]
    fix = ", ".join(meant) or "give each table its standard name, or check 'extract' in the period's file"
    return CsdError("the extract holds no table", str(source), expected, fix)


def twice(table: str, file: Path, other: Path) -> Problem:
    """Return the problem that a file holds a table which another holds already."""
    message = f"its {table} stand in {other.name} already and would count twice"
    return Problem("blocking", table, message, "one source for a table", file=file.name, rule="source_twice")


def table_of(stem: str) -> str:
    """Return the table a file holds by its name: its own, or that of an SSDA903 file.

    Capitals, and spaces for underscores, make no difference: on some systems they never do.

    Examples
    --------
    >>> table_of("2020-episodes"), table_of("SSDA903_2020_episodes"), table_of("2020-oc2")
    ('cla_episodes', 'cla_episodes', 'unused')
    >>> table_of("CLA Episodes")
    'cla_episodes'
    """
    if (name := plain_name(stem)) in TABLES:
        return name
    kind = _kind(stem)
    return "unused" if kind in SSDA903_UNUSED else SSDA903.get(kind, "")


def plain_name(name: str) -> str:
    """Return a table's name as it is written in small letters and without spaces."""
    return name.strip().lower().replace(" ", "_")


def _kind(stem: str) -> str:
    """Return what remains of an SSDA903 file's name without the return and the year."""
    return plain_name(re.sub(r"ssda903|(?<!\d)\d{4}(?!\d)", "", stem.lower()).strip("_- ")).replace("-", "_")


def _stray(path: Path) -> Stray:
    """Return a file that is no table, with the table whose name it nearly has."""
    ending, kind, year = path.suffix.lower(), _kind(path.stem), _year(path)
    if name := nearest(plain_name(path.stem), TABLES) or nearest(kind, TABLES):
        return Stray(path.name, name, f"{name}{ending}")
    if name := nearest(kind, SSDA903):
        return Stray(path.name, SSDA903[name], f"{year}-{name}{ending}" if year else f"{name}{ending}")
    return Stray(path.name)


def nearest(name: str, names: Collection[str]) -> str:
    """Return the name that one nearly is; empty if there is none.

    Examples
    --------
    >>> nearest("contact", TABLES), nearest("cla_episode", TABLES), nearest("holiday_plans", TABLES)
    ('contacts', 'cla_episodes', '')
    """
    return next(iter(get_close_matches(name, names, 1, _ALIKE)), "")


def _year(path: Path) -> int:
    """Return the year a return is for, so that the latest comes last."""
    found = re.search(r"(?<!\d)(19|20)\d{2}(?!\d)", path.stem.lower().replace("ssda903", ""))
    return int(found[0]) if found else 0
