"""The model of a suite's figures: unknown counts, and what every reader knows about them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from csd_helpers.disclosure.statements import Terms
from csd_helpers.figures import ALL
from csd_helpers.parameters import DisclosureRules
from csd_helpers.suite import Link, Suite

Exchange = dict[str, Any]
ACADEMIC = "academic_ytd"
_FIRST_MONTH = {"ytd": 4, "ytd_cohort": 4, ACADEMIC: 9}  # of the year that a year to date is of


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
    known
        The figures the counts are of (`people_counted`).
    grown
        Each count of a year to date, with that of the month before.
    """

    secret: dict[str, int] = field(default_factory=dict)
    relations: dict[str, Exchange] = field(default_factory=dict)
    targets: dict[str, None] = field(default_factory=dict)
    unlinked: list[str] = field(default_factory=list)
    known: pd.DataFrame = field(default_factory=pd.DataFrame)
    grown: list[tuple[str, str | None]] = field(default_factory=list)


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
    known = people_counted(figures, suite)
    model = Model(known=known, grown=list(_grown(known)))
    for row in known.itertuples():
        _add_counts(model, row, rules)
    _add_parts(model, known, suite, rules)
    for name, before in model.grown:
        _add_growth(model, name, before, increase(name), rules)
    _add_same_data(model, known)
    rows = rows_by_path(known)
    for link in suite.links:
        _add_link(model, link, rows, rules)
    return model


def people_counted(figures: pd.DataFrame, suite: Suite) -> pd.DataFrame:
    """Return the figures that count people; posts and workloads are nobody's secret.

    ``data_month`` is the month the data are of, by the register: a date of data that somebody typed is
    often the day of the extract. ``year`` is the year that a year to date is of, and missing for figures
    that are none or may fall.
    """
    known = figures[are_people(figures, suite) & figures["numerator"].notna()]
    own = {key: suite.indicators[key] for key in known["indicator"].unique()}
    lag = known["indicator"].map({key: entry.lag_months for key, entry in own.items()})
    falls = known["basis"].eq(known["indicator"].map({k: e.basis for k, e in own.items() if e.may_fall}))
    data_month = known["month"] - lag.astype("int64")
    first = known["basis"].map(_FIRST_MONTH).mask(falls)
    return known.assign(data_month=data_month, year=(data_month - first + 1) // 12)


def are_people(figures: pd.DataFrame, suite: Suite) -> pd.Series:
    """Say which figures are of indicators that count people."""
    people = [key for key, entry in suite.indicators.items() if entry.counts_people]
    return figures["indicator"].isin(people)


def have_parts(figures: pd.DataFrame) -> pd.Series:
    """Say which figures tell of how many people they are: counts, and shares with both their parts."""
    shares = figures["unit"].eq("percent")
    return figures["numerator"].notna() & (figures["denominator"].notna() | ~shares)


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


def ended(name: str) -> str:
    """Name what a month took away from a count at its end."""
    return f"ended in {name}"


def _add_counts(model: Model, row: Any, rules: DisclosureRules) -> None:
    """Add the counts of a figure: its numerator, and of a percentage the whole and the remainder."""
    add_count(model, numerator(row), int(row.numerator), rules)
    if row.unit != "percent" or pd.isna(row.denominator):
        return
    # Nobody is named by how many were looked at, unless there were only a handful.
    add_count(model, denominator(row), int(row.denominator), rules)
    rest = int(row.denominator) - int(row.numerator)
    add_count(model, remainder(row), rest, rules, secret=rules.hide_complements)
    _relate(model, denominator(row), [numerator(row), remainder(row)])


def add_count(model: Model, name: str, value: int, rules: DisclosureRules, secret: bool = True) -> None:
    """Add an unknown count; one to protect where it is small."""
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


def state(model: Model, terms: Terms, op: str = ">=") -> None:
    """State what every reader knows: a sum of counts is 0, or no less than 0; what is untrue is listed."""
    value = sum_of(model, terms)
    if value is None:
        return
    name = " ".join(f"{factor:+} {count}" for count, factor in terms.items())
    if value == 0 or (op == ">=" and value > 0):
        model.relations[name] = {"id": name, "terms": terms, "op": op, "rhs": 0}
    else:
        model.unlinked.append(f"{name} is {value}, not {op} 0")


def sum_of(model: Model, terms: Terms) -> int | None:
    """Return what a sum of counts comes to; None where one of them is not known."""
    if not terms.keys() <= model.secret.keys():
        return None
    return sum(factor * model.secret[name] for name, factor in terms.items())


def _add_parts(model: Model, known: pd.DataFrame, suite: Suite, rules: DisclosureRules) -> None:
    """Add the categories of each breakdown up: to the numerator, or of a percentage perhaps to all cases."""
    whole = known[known["category"].eq(ALL)]
    totals = {(row.indicator, row.month, row.breakdown): row for row in whole.itertuples()}
    for (indicator, month, breakdown), cells in _cells(known):
        split = suite.indicators[indicator].breakdowns.get(breakdown)  # none: of another edition
        total = totals.get((indicator, month, (split and split.of) or ALL))
        if total is not None:
            names = [numerator(row) for row in cells]
            everyone = model.secret.get(denominator(total)) if cells[0].unit == "count" else None
            is_all = everyone == sum(model.secret[name] for name in names)
            _relate_cells(model, denominator(total) if is_all else numerator(total), names, rules)
            if total.unit == "percent" and all(denominator(row) in model.secret for row in cells):
                _relate_cells(model, denominator(total), [denominator(row) for row in cells], rules)


def _relate_cells(model: Model, total: str, cells: list[str], rules: DisclosureRules) -> None:
    """Relate a total to its cells; those of no category are listed, and are a number of people, too."""
    others = model.secret[total] - sum(model.secret[cell] for cell in cells)
    if others > 0:
        model.unlinked.append(f"{total} is {others} more than its categories")
        cells = [*cells, f"without a category in {cells[0]}"]
        add_count(model, cells[-1], others, rules)
    _relate(model, total, cells)


def _cells(known: pd.DataFrame) -> Iterator[tuple[tuple[str, int, str], list[Any]]]:
    """Yield the cells of each breakdown of each month that counts the indicator's own cases."""
    cells: dict[tuple[str, int, str], list[Any]] = defaultdict(list)
    for row in known[known["category"].ne(ALL)].itertuples():
        cells[row.indicator, row.month, row.breakdown].append(row)
    yield from cells.items()


def starts_a_year(row: Any) -> bool:
    """Say whether a figure's year to date is its first month."""
    return bool(row.data_month % 12 + 1 == _FIRST_MONTH[row.basis])


def _grown(known: pd.DataFrame) -> Iterator[tuple[str, str | None]]:
    """Yield each count of a year to date with that of the last month known before; none in the first."""
    series = ["indicator", "breakdown", "category", "year"]
    growing = known[known["year"].notna()].sort_values([*series, "month"])
    continues = growing[series].eq(growing[series].shift()).all(axis=1)
    before = None
    for row, goes_on in zip(growing.itertuples(), continues, strict=True):
        if goes_on or starts_a_year(row):
            yield from _counts_grown(row, before if goes_on else None)
        before = row


def _counts_grown(row: Any, before: Any) -> Iterator[tuple[str, str | None]]:
    """Yield the counts of a figure that only grow: not the pupils on roll an academic year is divided by."""
    grows = row.unit == "percent" and row.basis != ACADEMIC
    for name in (numerator, denominator, remainder) if grows else (numerator,):
        yield name(row), None if before is None else name(before)


def _add_growth(model: Model, name: str, before: str | None, added: str, rules: DisclosureRules) -> None:
    """Relate a year to date to the month before: what was added, which anyone can subtract, is protected.

    Where the rules do not protect it, readers still know that a year to date never falls.
    """
    if not {name, before or name} <= model.secret.keys():
        return
    grown = model.secret[name] - (model.secret[before] if before else 0)
    if grown < 0:
        model.unlinked.append(_fallen(name, before))
    elif rules.hide_monthly_increases:
        add_count(model, added, grown, rules)
        _relate(model, name, [added, *([before] if before else [])])
    elif before:
        _relate(model, name, [before], ">=")


def _add_same_data(model: Model, known: pd.DataFrame) -> None:
    """Relate figures of one day: the same data told in two months are the same numbers."""
    series = ["indicator", "breakdown", "category", "as_at"]
    told = known.sort_values([*series, "month"], kind="stable")
    again = told[series].eq(told[series].shift()).all(axis=1)
    earlier = told[again.shift(-1, fill_value=False)]
    for before, row in zip(earlier.itertuples(), told[again].itertuples(), strict=True):
        for then, now in zip(counts_of(before), counts_of(row), strict=True):
            if {then, now} <= model.secret.keys():
                _relate(model, now, [then])


def read_so_far(models: Iterable[Model]) -> pd.DataFrame:
    """Return the counts of all months in any of several editions, each as the first of them has it."""
    every = pd.concat([each.known for each in models], ignore_index=True)
    return every.drop_duplicates(["indicator", "breakdown", "category", "month"])


def add_growth_since(model: Model, editions: list[Model], rules: DisclosureRules) -> None:
    """Relate years to date to months that only another edition has: readers keep what they have read."""
    models = [model, *editions]
    there = {pair for each in models for pair in each.grown}
    for name, before in _grown(read_so_far(models)):
        if before and (name, before) not in there:
            _add_growth(model, name, before, f"{increase(name)} since {before}", rules)


def _fallen(name: str, before: str | None) -> str:
    return f"{name} is less than {before}: revised"


Rows = dict[str, list[Any]]


def rows_by_path(known: pd.DataFrame) -> Rows:
    """Return the figures by the name that links give them.

    ``indicator`` and ``companion`` for those of all cases, ``indicator.breakdown.category`` for cells.
    """
    found: Rows = defaultdict(list)
    for row in known.itertuples():
        if row.category != ALL:
            found[f"{row.indicator}.{row.breakdown}.{row.category}"].append(row)
        else:
            found[str(row.indicator if row.breakdown == ALL else row.breakdown)].append(row)
    return found


def _add_link(model: Model, link: Link, rows: Rows, rules: DisclosureRules) -> None:
    """Relate counts of different indicators that the register says belong together, by their data's month.

    Where the parts are not all of the total, the others are people too, and anyone can subtract.
    """
    totals, parts = counts_in(link.total, rows), [counts_in(name, rows) for name in link.parts]
    left: dict[int, str] = {}
    for month, total in totals.items():
        own = [part[month] for part in parts if month in part]
        if len(own) < len(parts) or not {total, *own} <= model.secret.keys():
            continue
        others = model.secret[total] - sum(model.secret[part] for part in own)
        if link.op == ">=" and others >= 0:
            left[month] = f"{total} without {' and '.join(own)}"
            own.append(left[month])
            add_count(model, own[-1], others, rules)
        _relate(model, total, own)
    _add_growth_of_others(model, left, rows[link.total.rpartition(".")[0]], rules)


def _add_growth_of_others(
    model: Model, left: dict[int, str], totals: list[Any], rules: DisclosureRules
) -> None:
    """Relate those a link leaves over of a year to date to those of the month before."""
    for row in totals:
        if row.data_month in left and pd.notna(row.year):
            name = left[row.data_month]
            before = None if starts_a_year(row) else left.get(row.data_month - 1)
            if before or starts_a_year(row):
                _add_growth(model, name, before, increase(name), rules)


def counts_in(path: str, rows: Rows) -> dict[int, str]:
    """Return the names of a register's count by the month its data are of.

    A path is ``indicator.numerator``, ``indicator.denominator``, ``companion.numerator`` or
    ``indicator.breakdown.category``.
    """
    if path.count(".") > 1:
        return {row.data_month: numerator(row) for row in rows[path]}
    first, _, last = path.partition(".")
    name = {"numerator": numerator, "denominator": denominator, "remainder": remainder}[last]
    return {row.data_month: name(row) for row in rows[first]}
