"""Sheets: the content of a part's spreadsheet, the same for Excel and for OpenDocument."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from csd_helpers.downloads import digits, neutral
from csd_helpers.facts import NO_REASON, broken, rating_word, target
from csd_helpers.period import Period
from csd_helpers.summary import marks

Cell = str | int | float
_ALL = "all"
_UNITS = {
    "count": "number", "percent": "percent", "rate_10k": "per 10,000", "rate_100k": "per 100,000",
    "average": "average",
}  # fmt: skip
_ALSO = {"z": "; or does not apply: a plain number has no denominator"}
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


@dataclass(frozen=True)
class Sheet:
    """A sheet with one table: a title in its first cell, a line on it, a header, rows."""

    name: str
    title: str
    about: str
    header: tuple[str, ...]
    rows: Sequence[Sequence[Cell]]
    widths: tuple[int, ...]  # characters


def sheets_of(pack: dict[str, Any], released: pd.DataFrame) -> list[Sheet]:
    """Return the sheets of a part: a cover, what marks and indicators mean, and the figures.

    Numbers are numbers, of the digits the pages print and not one more; what is not a number is the
    mark or the words printed in its place. No text can be run as a formula.

    Parameters
    ----------
    pack, released
        The part's ``pack.json`` and ``figures.parquet``.
    """
    tables = [
        _marks(pack),
        _definitions(pack),
        _latest(pack),
        _months(pack, released),
        _breakdowns(pack, released),
        *_revised(pack),
    ]
    return [_cover(pack, tables), *tables]


def cell(text: object) -> Cell:
    """Return printed text as what a spreadsheet holds: a number if it is one, otherwise harmless text.

    Examples
    --------
    >>> [cell(text) for text in ("92.7%", "1,386", "[c]", "=1+1", "")]
    [92.7, 1386, '[c]', "'=1+1", '[z]']
    """
    bare = digits(str(text))
    if _NUMBER.fullmatch(bare):
        return float(bare) if "." in bare else int(bare)
    return neutral(str(text)) or "[z]"


def lines_of(row: Sequence[Cell], widths: Sequence[int]) -> int:
    """Return how many lines a row's texts need in columns of so many characters.

    Examples
    --------
    >>> lines_of(["children looked after at month end", 1234567], [20, 5])
    2
    """
    texts = [-(-len(text) // width) for text, width in zip(row, widths, strict=True) if isinstance(text, str)]
    return max(texts, default=1)


def _cover(pack: dict[str, Any], tables: Sequence[Sheet]) -> Sheet:
    rows = [(sheet.name, sheet.title) for sheet in tables]
    title = f"{pack['council']}: children’s services performance, {pack['label']}"
    about = f"{pack['marking']}. Report of {pack['report_date']}. Figures as at {pack['as_at']}."
    return _sheet("Cover", title, about, {"Sheet": 16, "What it holds": 80}, rows)


def _marks(pack: dict[str, Any]) -> Sheet:
    lines = [line.split(": ", 1) for mark in marks(pack) for line in mark.split("; [")]
    rows = [(f"[{mark.lstrip('[')}", meaning + _ALSO.get(mark.strip("[]"), "")) for mark, meaning in lines]
    about = "A mark stands where a figure would be."
    return _sheet("Notes", "What the marks mean", about, {"Mark": 10, "Meaning": 80}, rows)


def _definitions(pack: dict[str, Any]) -> Sheet:
    columns = {"Number": 9, "Indicator": 50, "Definition": 80, "Numerator": 60, "Denominator": 60,
               "Good is": 14, "Covers": 22, "Target range": 30}  # fmt: skip
    rows = [
        (entry["number"], entry["title"], f"{entry['definition']} {broken(entry)}".rstrip(),
         entry["numerator"], entry["denominator"], entry["good_is"], entry["basis"], target(entry))
        for entry in pack["indicators"]
    ]  # fmt: skip
    about = "One row for each indicator."
    return _sheet("Definitions", "How each indicator is defined", about, columns, rows)


def _latest(pack: dict[str, Any]) -> Sheet:
    first = pack["indicators"][0]["movement"]
    # in March and April the year end is one of the other two
    before = {first[name]["period"]: name for name in ("last_month", "last_year", "year_end")}
    columns = {
        "Number": 9, "Indicator": 50, "Unit": 14, "Numerator": 12, "Denominator": 14, "Value": 10,
        "Target range": 30, "Rating": 20, "Data as at": 20, "Status": 14,
    } | {f"Value in {month}": 18 for month in before}  # fmt: skip
    rows = [
        (entry["number"], entry["title"], _UNITS[entry["unit"]], entry["numerator_text"],
         entry["denominator_text"], entry["text"], target(entry),
         rating_word(entry["rating"], entry["see_part2"]), entry["as_at"], entry["status"],
         *(entry["movement"][name]["was"] for name in before.values()))
        for entry in pack["indicators"]
    ]  # fmt: skip
    about = "One row for each indicator. Percentages are numbers: 92.7 means 92.7 percent."
    return _sheet("Latest", f"Every indicator in {pack['label']}", about, columns, rows)


_LONG = {"Number": 9, "Indicator": 50, "Month": 11, "Unit": 14, "Numerator": 12, "Denominator": 14,
         "Value": 10, "Rating": 20, "Data as at": 12, "Status": 14, "Revised from": 22}  # fmt: skip
_TOLD = ["number", "title", "period", "unit", "numerator_text", "denominator_text", "text", "rating", "as_at",
         "status", "revised"]  # fmt: skip


def _months(pack: dict[str, Any], released: pd.DataFrame) -> Sheet:
    own = released[released["breakdown"].eq(_ALL)]
    first = Period.parse(pack["months"][0]).label
    title = f"Every indicator, month by month, {first} to {pack['label']}"
    about = "One row for each indicator and month. Percentages are numbers: 92.7 means 92.7 percent."
    return _sheet("Months", title, about, _LONG, _told(pack, own))


def _breakdowns(pack: dict[str, Any], released: pd.DataFrame) -> Sheet:
    own = released[released["breakdown"].ne(_ALL)]
    named = {
        (entry["key"], piece["key"]): piece["title"]
        for entry in pack["indicators"]
        for piece in [*entry["breakdowns"], *entry["companions"]]
    }
    names = [named.get(pair, pair[1]) for pair in own[["indicator", "breakdown"]].itertuples(index=False)]
    rows = [
        (*row[:2], name, category, *row[2:7], *row[8:])
        for row, name, category in zip(_told(pack, own), names, own["category"], strict=True)
    ]
    columns = dict(list(_LONG.items())[:2]) | {"Divided by": 30, "Category": 34} | _LONG
    del columns["Rating"]  # categories are not rated
    about = "One row for each category and month; companion figures are in the category all."
    return _sheet("Breakdowns", "How the indicators divide", about, columns, rows)


def _revised(pack: dict[str, Any]) -> list[Sheet]:
    """List what was published otherwise, with old and new and why; no sheet where nothing was."""
    title = "Figures revised since they were last published"
    rows = [
        (entry["number"], entry["title"], row["figure"] or "[z]", row["month"], row["was"], row["now"],
         row["reason"] or NO_REASON)
        for entry in pack["indicators"]
        for row in entry["revisions"]
    ]  # fmt: skip
    columns = {"Number": 9, "Indicator": 50, "Figure": 40, "Month": 11, "Was": 24, "Now": 24, "Reason": 80}
    about = (
        "One row for each figure marked [r], or no longer there: as last published, as it is now, and why."
    )
    return [_sheet("Revisions", title, about, columns, rows)] if rows else []


def _told(pack: dict[str, Any], own: pd.DataFrame) -> list[tuple[object, ...]]:
    """Return figures as the columns of a long table, a rating as a word."""
    ratings = [rating_word(row.rating, row.marker in ("c", "a")) for row in own.itertuples()]
    told = own[_TOLD].assign(rating=ratings, unit=own["unit"].map(_UNITS))
    return list(told.itertuples(index=False, name=None))


def _sheet(
    name: str, title: str, about: str, columns: dict[str, int], rows: Sequence[Sequence[object]]
) -> Sheet:
    cells = [[cell(value) for value in row] for row in rows]
    return Sheet(name, neutral(title), neutral(about), tuple(columns), cells, tuple(columns.values()))
