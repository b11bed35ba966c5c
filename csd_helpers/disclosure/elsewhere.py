"""What others have published of the council's own counts: a reader may know it, so it is known for ever."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from csd_helpers.csvfile import read_table
from csd_helpers.disclosure.model import Exchange, Model, denominator, numerator
from csd_helpers.disclosure.statements import rows_of
from csd_helpers.errors import CsdError
from csd_helpers.period import Period
from csd_helpers.suite import Suite

ELSEWHERE = Path("parameters") / "published_elsewhere.csv"
_COLUMNS = ["indicator", "period", "breakdown", "category", "part", "value", "rounded_to", "source"]
_COUNTS = {"numerator": numerator, "denominator": denominator}
_PERCENTAGE = "percentage"
_MONTH, _SHARE = r"\d{4}-(0[1-9]|1[0-2])", r"\d+(\.\d{1,4})?%?"
_ROUNDINGS: list[Exchange] = [{}, {"rounding": "unknown"}]  # half up as most do; else nobody knows


def read_elsewhere(root: Path, suite: Suite) -> pd.DataFrame | None:
    """Read what other bodies have published of our counts.

    Raises
    ------
    CsdError
        If the table has other columns, or a line is of no indicator of the suite, no month or no number.
    """
    path = root / ELSEWHERE
    if not path.exists():
        return None
    table = read_table(path, str(ELSEWHERE))
    if list(table.columns) != _COLUMNS:
        fix = "write the columns' names in the first row, in this order"
        raise CsdError("the table has other columns than expected", str(ELSEWHERE), ", ".join(_COLUMNS), fix)
    known = table["indicator"].isin(list(suite.indicators)) & table["period"].str.fullmatch(_MONTH)
    for wrong in table[~(known & (_are_counts(table) | _are_shares(table)))].itertuples():
        expected = (
            "an indicator's key, a month such as 2020-03, and a numerator or denominator in whole numbers "
            "or a percentage as it is printed, without rounded_to"
        )
        said = " ".join(f"'{cell}'" for cell in (wrong.indicator, wrong.period, wrong.part, wrong.value))
        where = f"{ELSEWHERE}, line {wrong.Index}"
        raise CsdError(f"{said} is no figure of the suite", where, expected, "correct the line")
    return table


def _are_counts(table: pd.DataFrame) -> pd.Series:
    whole = table["value"].str.fullmatch(r"\d+") & table["rounded_to"].str.fullmatch(r"\d*")
    return table["part"].isin(list(_COUNTS)) & whole


def _are_shares(table: pd.DataFrame) -> pd.Series:
    share = table["value"].str.fullmatch(_SHARE) & table["rounded_to"].eq("")
    return table["part"].eq(_PERCENTAGE) & share


def said_elsewhere(table: pd.DataFrame, model: Model, suite: Suite) -> list[Exchange]:
    """State what others published; what contradicts ours (another date or definition) is noted instead.

    What was true of ours when an earlier edition told it, and has been revised since, is stated of that
    edition's counts. A figure of an indicator whose data are older than the report is often of the month
    of its data, which our later report tells: where it fits that one, the note says so.
    """
    revised = sorted({name.rpartition("@")[2] for name in model.secret if "@" in name})
    found: dict[str, Exchange] = {}
    for row in table.itertuples():
        now = list(_true(row, model, [""]))
        said = now or list(_true(row, model, [f"@{edition}" for edition in revised]))
        found |= {entry["id"]: entry for entry in said}
        if note := _note(row, model, suite, is_ours=bool(said)):
            model.unlinked.append(note)
    return list(found.values())


def _true(row: Any, model: Model, editions: list[str]) -> Iterator[Exchange]:
    """Yield what a line says of the counts of some editions, each where it is true of them."""
    for edition in editions:
        for entry in _statements(row, model, edition):
            rows = rows_of(entry)
            there = all(row.terms.keys() <= model.secret.keys() for row in rows)
            if there and all(row.holds(model.secret) for row in rows):
                yield entry
                break


def _statements(row: Any, model: Model, edition: str) -> Iterator[Exchange]:
    """Yield what a line may say of an edition's counts, by how it may have been rounded; most first."""
    own: Exchange
    if row.part == _PERCENTAGE:
        num, den = (_told(count(row), model, edition) for count in (numerator, denominator))
        value = row.value.removesuffix("%")
        places = len(value.partition(".")[2])
        own = {"id": f"{num} is {value}% of {den}", "kind": "percent", "num": num, "den": den,
               "value": value, "dp": places}  # fmt: skip
    else:
        name, base = _told(_COUNTS[row.part](row), model, edition), int(row.rounded_to or 0)
        kind = {"kind": "rounded", "base": base} if base else {"kind": "count"}
        about = f" to the nearest {base}" if base else ""
        own = {"id": f"{name} is {row.value}{about}", "var": name, "value": int(row.value), **kind}
    for rounding in _ROUNDINGS:
        yield own | rounding | {"id": f"{row.source}: {own['id']}", "frozen": True}


def _told(name: str, model: Model, edition: str) -> str:
    """Name a count as an edition told it: by its own name unless it has been revised since."""
    return f"{name}{edition}" if f"{name}{edition}" in model.secret else name


def _note(row: Any, model: Model, suite: Suite, is_ours: bool) -> str:
    """Say that a line is not ours, or that it fits the report that tells that month's data; else nothing."""
    later = str(Period.parse(row.period) + suite.indicators[row.indicator].lag_months)
    fits = later != row.period and any(_true(row._replace(period=later), model, [""]))
    if is_ours and not fits:
        return ""
    name = numerator(row) if row.part == _PERCENTAGE else _COUNTS[row.part](row)
    what = f"{name}: {row.value} according to {row.source}"
    if not fits:
        return f"{what} is not ours"
    also, meant = ("also ", " if that is meant") if is_ours else ("", "")
    return f"{what} is {also}that of {later}, whose data are of {row.period}: write {later}{meant}"
