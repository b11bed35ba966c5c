"""What the months of a series say of each other: stocks that grow by what started, sums of twelve months."""

from collections.abc import Iterable
from typing import Any

import pandas as pd

from csd_helpers.disclosure.case import LARGEST, Case
from csd_helpers.disclosure.model import (
    Model,
    add_count,
    counts_in,
    ended,
    numerator,
    rows_by_path,
    starts_a_year,
    state,
    sum_of,
)
from csd_helpers.disclosure.neighbourhood import Neighbourhood
from csd_helpers.disclosure.statements import Row, Terms
from csd_helpers.parameters import DisclosureRules
from csd_helpers.period import Period
from csd_helpers.suite import Suite

_YEAR = 12
Months = dict[int, str]


def add_flows(model: Model, known: pd.DataFrame, suite: Suite, rules: DisclosureRules) -> None:
    """Relate the months of stocks to each other, and those of sums over twelve months.

    Nobody prints how many plans ended in a month, and everybody can subtract it: last month's and those
    started, less this month's. Whoever knows that nobody can end before they started bounds the starts.

    Parameters
    ----------
    known
        The counts of all months that readers have, of this edition and those before (`people_counted`).
    """
    rows = rows_by_path(known)
    for key, indicator in suite.indicators.items():
        if indicator.flow:
            stock = counts_in(f"{key}.numerator", rows)
            starts = _starts(rows[indicator.flow.starts])
            less = _add_ended(model, stock, starts, rules)
            for path, months in indicator.flow.aged.items():
                _add_aged(model, counts_in(path, rows), months, stock, starts, less)
        if indicator.sums_months:
            _add_sums(model, key, counts_in(f"{key}.numerator", rows))


def _starts(rows: Iterable[Any]) -> dict[int, Terms]:
    """Return what started in each month by its data's month, as years to date with their signs."""
    own = {row.data_month: row for row in rows}
    found: dict[int, Terms] = {}
    for month, row in own.items():
        if starts_a_year(row):
            found[month] = {numerator(row): 1}
        elif month - 1 in own:
            found[month] = {numerator(row): 1, numerator(own[month - 1]): -1}
    return found


def _add_ended(model: Model, stock: Months, starts: dict[int, Terms], rules: DisclosureRules) -> Months:
    """Add how many of a stock ended in each month, to protect where increases are; return their names."""
    found: Months = {}
    for month, started in starts.items():
        if {month, month - 1} <= stock.keys():
            name, terms = ended(stock[month]), {stock[month - 1]: 1, stock[month]: -1, **started}
            number = sum_of(model, terms)
            if number is not None and number >= 0:
                add_count(model, name, number, rules, secret=rules.hide_monthly_increases)
                state(model, {**terms, name: -1}, "==")
                found[month] = name
            elif number is not None:
                model.unlinked.append(f"{name} would be {number}")
    return found


def _add_aged(
    model: Model, aged: Months, months: int, stock: Months, starts: dict[int, Terms], less: Months
) -> None:
    """Relate those who have been in a stock for so many months to it, to who started, and to who ended."""
    for month, name in aged.items():
        before = aged.get(month - 1)
        recent = _started(starts, range(month - months + _is_whole(month, months), month + 1))
        if month in stock and recent:
            state(model, {**recent, stock[month]: -1, name: 1})
        if before and month in less:
            state(model, {name: 1, less[month]: 1, before: -1})
        grown = _started(starts, range(month - months - 1 + _is_whole(month - 1, months), month - months + 1))
        if before and grown:
            state(model, {**grown, before: 1, name: -1})


def _is_whole(month: int, months: int) -> bool:
    """Say whether so many months before a month's end is the end of a month: 28 February's three are not."""
    return Period(month).as_at.day >= Period(month - months).as_at.day


def _started(starts: dict[int, Terms], months: Iterable[int]) -> Terms:
    """Return what started in several months together; nothing where one of them is not known."""
    found: Terms = {}
    for month in months:
        if month not in starts:
            return {}
        for name, factor in starts[month].items():
            found[name] = found.get(name, 0) + factor
    return {name: factor for name, factor in found.items() if factor}


def _add_sums(model: Model, key: str, sums: Months) -> None:
    """Add single months that add up to sums over twelve; any that do, since none is printed.

    What a single month was is in nobody's figures, so it is none to protect; that there are such months
    is what a reader knows.
    """
    terms = {
        name: {f"{key} in {Period(at)} alone": 1 for at in range(month - _YEAR + 1, month + 1)}
        for month, name in sums.items()
    }
    rows = [Row(own, model.secret[name], model.secret[name]) for name, own in terms.items()]
    limits = {name: (0, LARGEST) for own in terms.values() for name in own}
    case = Case(limits, rows, {}, {})
    left = list(limits)
    while left:
        near = Neighbourhood(case, left[0], frozenset())
        world = near.world(left[0], near.furthest(left[0], upwards=False))
        if world is None:
            model.unlinked.append(f"the sums of {key} over twelve months are of no single months: revised")
            return
        model.secret |= world
        left = [name for name in left if name not in world]
    for name, own in terms.items():
        state(model, {name: 1, **dict.fromkeys(own, -1)}, "==")
