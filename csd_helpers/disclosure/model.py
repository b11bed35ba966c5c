"""The model of a suite's figures: unknown counts, and what every reader knows about them."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from csd_helpers.figures import ALL
from csd_helpers.parameters import DisclosureRules
from csd_helpers.suite import Link, Suite

Exchange = dict[str, Any]
YEAR_TO_DATE = "ytd"
_APRIL = 4


@dataclass
class Model:
    """Unknown counts of a table of figures, in the exchange format, without what is printed.

    Parameters
    ----------
    secret
        The true count of each unknown.
    relations
        What every reader knows of them.
    targets
        The unknowns that must not be worked out.
    unlinked
        Relations of the register that the figures themselves contradict, in words.
    """

    secret: dict[str, int] = field(default_factory=dict)
    relations: dict[str, Exchange] = field(default_factory=dict)
    targets: dict[str, None] = field(default_factory=dict)
    unlinked: list[str] = field(default_factory=list)


def model_of(figures: pd.DataFrame, suite: Suite, rules: DisclosureRules) -> Model:
    """State what binds the counts behind a table of figures.

    Nobody types relations in each month: parts add to totals, a numerator and its remainder are the
    denominator, a year to date is last month's and this month's, two indicators over the same children
    have one denominator. All of it follows from the register and the figures. A relation that is
    missing here is a hole that no solver sees, so what could not be linked is listed.

    Parameters
    ----------
    figures
        Figures of all months shown, with their true counts.
    """
    model = Model()
    known = people_counted(figures, suite)
    for row in known.itertuples():
        _add_counts(model, row, rules)
    _add_parts(model, known, suite)
    if rules.hide_monthly_increases:
        _add_increases(model, known, rules)
    else:
        _add_growth(model, known)
    rows = _rows_by_path(known)
    for link in suite.links:
        _add_link(model, link, rows)
    return model


def people_counted(figures: pd.DataFrame, suite: Suite) -> pd.DataFrame:
    """Return the figures that count people; posts and workloads are nobody's secret."""
    return figures[are_people(figures, suite) & figures["numerator"].notna()]


def are_people(figures: pd.DataFrame, suite: Suite) -> pd.Series:
    """Say which figures are of indicators that count people."""
    people = [key for key, entry in suite.indicators.items() if entry.counts_people]
    return figures["indicator"].isin(people)


def numerator(row: Any) -> str:
    """Name the count a figure is about."""
    parts = [part for part in (row.breakdown, row.category) if part != ALL]
    return "|".join([row.indicator, *parts, row.period])


def denominator(row: Any) -> str:
    """Name the count a percentage is taken over."""
    return f"all of {numerator(row)}"


def remainder(row: Any) -> str:
    """Name the count of those a percentage leaves out."""
    return f"rest of {numerator(row)}"


def counts_of(row: Any) -> tuple[str, str, str]:
    """Name the counts that a percentage is made of."""
    return numerator(row), denominator(row), remainder(row)


def increase(name: str) -> str:
    """Name what a month added to a count that grows over the year."""
    return f"new in {name}"


def _add_counts(model: Model, row: Any, rules: DisclosureRules) -> None:
    """Add the counts of a figure: its numerator, and of a percentage the whole and the remainder."""
    _add(model, numerator(row), int(row.numerator), rules)
    if row.unit != "percent" or pd.isna(row.denominator):
        return
    # Nobody is named by how many were looked at, unless there were only a handful.
    _add(model, denominator(row), int(row.denominator), rules)
    rest = int(row.denominator) - int(row.numerator)
    _add(model, remainder(row), rest, rules, secret=rules.hide_complements)
    _relate(model, denominator(row), [numerator(row), remainder(row)])


def _add(model: Model, name: str, value: int, rules: DisclosureRules, secret: bool = True) -> None:
    model.secret[name] = value
    if secret and rules.is_small(value):
        model.targets[name] = None


def _relate(model: Model, total: str, parts: list[str], op: str = "==") -> None:
    """Relate a total to its parts, if that is true; what is not is no relation."""
    there = sum(model.secret[part] for part in parts)
    name = f"{total} {op} {' + '.join(parts)}"
    if model.secret[total] == there or (op == ">=" and model.secret[total] > there):
        terms = {total: 1, **dict.fromkeys(parts, -1)}
        model.relations[name] = {"id": name, "terms": terms, "op": op, "rhs": 0}
    else:
        model.unlinked.append(f"{total} is {model.secret[total]}, not the {there} of {' + '.join(parts)}")


def _add_parts(model: Model, known: pd.DataFrame, suite: Suite) -> None:
    """Add the categories of each breakdown up: to the numerator, or of a percentage perhaps to all cases."""
    whole = known[known["category"].eq(ALL)]
    totals = {(row.indicator, row.month, row.breakdown): row for row in whole.itertuples()}
    for (indicator, month, breakdown), cells in _cells(known):
        split = suite.indicators[indicator].breakdowns.get(breakdown)  # none: of another edition
        total = totals.get((indicator, month, (split and split.of) or ALL))
        if total is not None:
            names = [numerator(row) for row in cells]
            everyone = model.secret.get(denominator(total))
            is_all = everyone == sum(model.secret[name] for name in names)
            _relate(model, denominator(total) if is_all else numerator(total), names)


def _cells(known: pd.DataFrame) -> Iterator[tuple[tuple[str, int, str], list[Any]]]:
    """Yield the cells of each breakdown of each month that counts the indicator's own cases."""
    cells: dict[tuple[str, int, str], list[Any]] = defaultdict(list)
    for row in known[known["category"].ne(ALL) & known["unit"].eq("count")].itertuples():
        cells[row.indicator, row.month, row.breakdown].append(row)
    yield from cells.items()


def starts_a_year(row: Any) -> bool:
    """Say whether a figure's year to date is its first month."""
    return str(row.as_at)[5:7] == f"{_APRIL:02}"


def _grown(known: pd.DataFrame) -> Iterator[tuple[str, str | None]]:
    """Yield each count of a year to date with that of the month before; none in April."""
    growing = known[known["basis"].eq(YEAR_TO_DATE)]
    series = ["indicator", "breakdown", "category"]
    for _, rows in growing.groupby(series, sort=False):
        by_month = {row.month: row for row in rows.itertuples()}
        for month, row in by_month.items():
            before = None if starts_a_year(row) else by_month.get(month - 1)
            if starts_a_year(row) or before is not None:
                yield numerator(row), None if before is None else numerator(before)
                if row.unit == "percent":
                    yield denominator(row), None if before is None else denominator(before)
                    yield remainder(row), None if before is None else remainder(before)


def _add_increases(model: Model, known: pd.DataFrame, rules: DisclosureRules) -> None:
    """Add what each month added to a year to date, which anyone can subtract, as a count to protect."""
    for name, before in _grown(known):
        added = model.secret[name] - (model.secret[before] if before else 0)
        if added < 0:
            model.unlinked.append(_fallen(name, before))
            continue
        _add(model, increase(name), added, rules)
        _relate(model, name, [increase(name), *([before] if before else [])])


def _add_growth(model: Model, known: pd.DataFrame) -> None:
    """Relate each year to date to the month before: it never falls."""
    for name, before in _grown(known):
        if before and model.secret[name] < model.secret[before]:
            model.unlinked.append(_fallen(name, before))
        elif before:
            _relate(model, name, [before], ">=")


def _fallen(name: str, before: str | None) -> str:
    return f"{name} is less than {before}: revised"


_Rows = dict[str, list[Any]]


def _rows_by_path(known: pd.DataFrame) -> _Rows:
    """Return the figures by the name that links give them.

    ``indicator`` and ``companion`` for those of all cases, ``indicator.breakdown.category`` for cells.
    """
    found: _Rows = defaultdict(list)
    for row in known.itertuples():
        if row.category != ALL:
            found[f"{row.indicator}.{row.breakdown}.{row.category}"].append(row)
        else:
            found[str(row.indicator if row.breakdown == ALL else row.breakdown)].append(row)
    return found


def _add_link(model: Model, link: Link, rows: _Rows) -> None:
    """Relate counts of different indicators that the register says belong together, by their data date."""
    totals, parts = _counts_at(link.total, rows), [_counts_at(name, rows) for name in link.parts]
    for as_at, total in totals.items():
        if all(as_at in part for part in parts) and total in model.secret:
            _relate(model, total, [part[as_at] for part in parts], link.op)


def _counts_at(path: str, rows: _Rows) -> dict[str, str]:
    """Return the names of a register's count by data date.

    A path is ``indicator.numerator``, ``indicator.denominator``, ``companion.numerator`` or
    ``indicator.breakdown.category``.
    """
    if path.count(".") > 1:
        return {row.as_at: numerator(row) for row in rows[path]}
    first, _, last = path.partition(".")
    name = {"numerator": numerator, "denominator": denominator, "remainder": remainder}[last]
    return {row.as_at: name(row) for row in rows[first]}
