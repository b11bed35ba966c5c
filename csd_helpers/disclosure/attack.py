"""The attack on published tables: what their marks hide, and what comes out all the same."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from csd_helpers.csvfile import read_table
from csd_helpers.disclosure.arithmetic import arithmetic
from csd_helpers.disclosure.audit import EXACT, SAFE, audit
from csd_helpers.disclosure.case import Case, parse_case
from csd_helpers.disclosure.model import Exchange
from csd_helpers.errors import CsdError
from csd_helpers.yamlfile import read_parameters

DESCRIPTION = "tables.yaml"
_REST = "rest of "


class _Description(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Ratio(_Description):
    """A printed ratio: its column, its two counts, its decimal places or the column that has them."""

    column: str
    numerator: str
    denominator: str
    places: int | str = 0
    scale: int = 100


class Total(_Description):
    """Rows that add up: where a column holds ``total``, the row is the sum of the others like it."""

    column: str
    total: str


class Same(_Description):
    """Counts of different rows that are one number: the value of a naming column, and the count's column."""

    column: str
    counts: Annotated[dict[str, str], Field(min_length=2)]


class Table(_Description):
    """A published table.

    Parameters
    ----------
    file
        A CSV file beside the description.
    names
        The columns that say what a row is about.
    counts
        The columns of whole counts.
    within
        A part and its whole, by column: those left out are a count of their own.
    ratios, totals, same
        What else binds the counts.
    """

    file: str
    names: list[str]
    counts: list[str]
    within: dict[str, str] = {}
    ratios: list[Ratio] = []
    totals: list[Total] = []
    same: list[Same] = []


class Tables(_Description):
    """What is known of a folder of published tables.

    Parameters
    ----------
    hidden
        Marks of withheld counts: these are attacked.
    small
        The counts that such a mark may stand for, and that it should be able to stand for.
    """

    hidden: list[str]
    small: list[int]
    tables: list[Table]


def attack(folder: Path) -> pd.DataFrame:
    """Work out what published tables give away.

    Parameters
    ----------
    folder
        CSV tables with ``tables.yaml``, which names their totals, parts and marks.

    Returns
    -------
    pandas.DataFrame
        A row per withheld count and per small remainder: table, count, kind (``marked`` or
        ``remainder``), least, most, verdict (exact, narrow, safe; contradiction where the table does not
        add up) and because.

    Raises
    ------
    CsdError
        If the description or a table cannot be read.
    """
    description, _ = read_parameters(folder / DESCRIPTION, Tables)
    rows = [row for table in description.tables for row in _attack(table, folder, description)]
    return pd.DataFrame(rows, columns=["table", "count", "kind", "least", "most", "verdict", "because"])


def _attack(table: Table, folder: Path, description: Tables) -> Iterator[tuple]:
    """Yield the verdicts on a table's withheld counts."""
    frame = _read(folder / table.file, table)
    known = _Known(frame, table, description)
    case = known.case()
    for target, verdict in audit(case).verdicts.items():
        # A remainder is an attack's find only where it is small for certain.
        small = verdict.low > 0 and verdict.high <= max(description.small)
        if target.startswith(_REST) and not small:
            continue
        kind = "remainder" if target.startswith(_REST) else "marked"
        because = "" if verdict.verdict == SAFE else arithmetic(case, verdict)
        yield table.file, target, kind, verdict.low, verdict.high, verdict.verdict, because


def _read(path: Path, table: Table) -> pd.DataFrame:
    frame = read_table(path, str(path))
    ratios = [
        name for ratio in table.ratios for name in (ratio.column, ratio.places) if isinstance(name, str)
    ]
    kept_apart = {entry.column for entry in table.totals} | {entry.column for entry in table.same}
    there = list(frame.columns)
    for name in sorted({*table.names, *table.counts, *ratios, *kept_apart}):
        if there.count(name) != 1:
            what = f"has the column '{name}' twice" if name in there else f"has no column '{name}'"
            raise CsdError(f"the table {what}", str(path), ", ".join(dict.fromkeys(there)))
    frame.index = pd.Index([" ".join(row) for row in frame[table.names].itertuples(index=False)])
    if frame.index.has_duplicates:
        twice = frame.index[frame.index.duplicated()][0]
        raise CsdError(f"'{twice}' stands in it twice", str(path), "names that tell rows apart")
    return frame


class _Known:
    """What a reader of one table knows, in the exchange format."""

    def __init__(self, frame: pd.DataFrame, table: Table, description: Tables) -> None:
        self._frame, self._table, self._description = frame, table, description
        self._variables: dict[str, Exchange] = {}
        self._relations: list[Exchange] = []
        self._statements: list[Exchange] = []
        self._targets: list[str] = []

    def case(self) -> Case:
        """Return the case; only counts printed or marked as withheld are part of it."""
        for column in self._table.counts:
            self._add_counts(column)
        for part, whole in self._table.within.items():
            self._add_remainders(part, whole)
        for ratio in self._table.ratios:
            self._add_ratio(ratio)
        for total in self._table.totals:
            self._add_total(total)
        for same in self._table.same:
            self._add_same(same)
        return parse_case({
            "variables": self._variables, "relations": self._relations, "statements": self._statements,
            "targets": self._targets, "required": {"values": self._description.small},
        })  # fmt: skip

    def _add_counts(self, column: str) -> None:
        for row, text in self._frame[column].items():
            name = f"{row} {column}"
            plain = text.replace(",", "")
            if plain.isdigit():
                self._variables[name] = {}
                self._say(name, kind="count", var=name, value=int(plain))
            elif text in self._description.hidden:
                self._variables[name] = {}
                self._targets.append(name)

    def _add_remainders(self, part: str, whole: str) -> None:
        """Add those a part leaves out, and attack them unless everyone sees that they are many."""
        for row in self._frame.index:
            if self._has(row, part, whole):
                rest = f"{_REST}{row} {part}"
                self._variables[rest] = {}
                self._add_up(f"{row} {whole}", [f"{row} {part}", rest])
                counts = [self._count(row, column) for column in (whole, part)]
                if None in counts or counts[0] - counts[1] in self._description.small:  # type: ignore[operator]
                    self._targets.append(rest)

    def _count(self, row: Any, column: str) -> int | None:
        """Return a printed count, or None where there is a mark."""
        plain = str(self._frame.loc[row, column]).replace(",", "")
        return int(plain) if plain.isdigit() else None

    def _add_ratio(self, ratio: Ratio) -> None:
        """Add printed ratios; rounded half up, as the department does."""
        printed = self._frame[ratio.column].str.fullmatch(r"\d+(\.\d+)?")
        for row, text in self._frame.loc[printed, ratio.column].items():
            own = self._frame.loc[row, ratio.places] if isinstance(ratio.places, str) else ratio.places
            places = int(str(own))
            there = self._has(row, ratio.numerator, ratio.denominator)
            if there and self._is_true(row, text, places, ratio):
                self._say(
                    f"{row} {ratio.column}", kind="percent", num=f"{row} {ratio.numerator}",
                    den=f"{row} {ratio.denominator}", value=text, dp=places, scale=ratio.scale,
                )  # fmt: skip

    def _is_true(self, row: Any, text: str, places: int, ratio: Ratio) -> bool:
        """Say whether a ratio agrees with its printed parts: one that does not was made otherwise."""
        part, whole = self._count(row, ratio.numerator), self._count(row, ratio.denominator)
        if part is None or whole is None:
            return True
        exact = Decimal(part) / Decimal(whole) * ratio.scale if whole else Decimal("Infinity")
        return abs(exact - Decimal(text)) * 2 < Decimal(10) ** -places

    def _add_total(self, total: Total) -> None:
        others = [name for name in self._table.names if name != total.column]
        for _, rows in self._frame.groupby(others, sort=False):
            is_total = rows[total.column].eq(total.total)
            for column in self._table.counts:
                parts = [f"{row} {column}" for row in rows.index[~is_total]]
                wholes = [f"{row} {column}" for row in rows.index[is_total]]
                if wholes and all(name in self._variables for name in [*wholes, *parts]):
                    self._add_up(wholes[0], parts)

    def _add_same(self, same: Same) -> None:
        others = [name for name in self._table.names if name != same.column]
        for _, rows in self._frame.groupby(others, sort=False):
            named = dict(zip(rows[same.column], rows.index, strict=True))
            names = [f"{named[value]} {column}" for value, column in same.counts.items() if value in named]
            there = [name for name in names if name in self._variables]
            for other in there[1:]:
                self._add_up(there[0], [other])

    def _has(self, row: Any, *columns: str) -> bool:
        return all(f"{row} {column}" in self._variables for column in columns)

    def _add_up(self, total: str, parts: list[str]) -> None:
        terms = {total: 1, **dict.fromkeys(parts, -1)}
        self._relations.append({"id": total, "terms": terms, "op": "==", "rhs": 0})

    def _say(self, name: str, **statement: Any) -> None:
        self._statements.append({"id": name, **statement})


def summary(found: pd.DataFrame, examples: int = 10) -> str:
    """Say what an attack found: how many withheld counts, how many recovered, and how."""
    lines = []
    for (table, kind), rows in found.groupby(["table", "kind"]):
        exact, open_ = rows["verdict"].eq(EXACT).sum(), rows["verdict"].ne(SAFE).sum()
        what = "withheld counts" if kind == "marked" else "small remainders that nothing hides"
        lines.append(f"{table}: {len(rows):,} {what}; {exact:,} worked out exactly, {open_:,} not safe")
        for row in rows[rows["verdict"].ne(SAFE)].head(examples).itertuples():
            left = f"{row.least}" if row.least == row.most else f"{row.least} to {row.most}"
            lines.append(f"  {row.count}: {left} ({row.because})")
    return "\n".join(lines) or "nothing is withheld in these tables"
