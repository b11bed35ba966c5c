"""What a part's table of figures says to a reader, figure by figure."""

from collections.abc import Iterable
from math import ceil, floor
from typing import Any

import pandas as pd

from csd_helpers.disclosure.coarse import LEAST_COUNT, count_about, percent_about
from csd_helpers.disclosure.model import Exchange, Model, denominator, numerator, people_counted
from csd_helpers.parameters import DisclosureRules, Worth
from csd_helpers.period import Period
from csd_helpers.release import APPROXIMATE, BELOW, SUPPRESSED, rounded_amount
from csd_helpers.suite import Suite


def statements_of(figures: pd.DataFrame, model: Model, suite: Suite) -> dict[int, Exchange]:
    """State what each figure of a table says, by the figure's place in the table.

    Parameters
    ----------
    figures
        Figures with their amounts: all of them, or those a part shows.

    Returns
    -------
    dict
        Statements of the exchange format without their cost. A figure is shown or withheld as one:
        its numerator, its denominator, and with them its percentage.
    """
    known = people_counted(figures, suite)
    return {row.Index: _exactly(row, model) for row in known.itertuples() if numerator(row) in model.secret}


def shown_in(released: pd.DataFrame, model: Model, suite: Suite, rules: DisclosureRules) -> list[Exchange]:
    """State everything a released table says: its amounts, its rounded amounts, its words on status."""
    open_rows = released[~released["marker"].isin([SUPPRESSED, APPROXIMATE])]
    said = list(statements_of(open_rows, model, suite).values())
    for row in released[released["marker"].eq(APPROXIMATE)].itertuples():
        said.append(_as_printed(row, model, rules))
    for row in released[released["rating"].eq(BELOW)].itertuples():
        if statement := status_of(row, suite):
            said.append(statement)
    return said


def _exactly(row: Any, model: Model) -> Exchange:
    name = numerator(row)
    said = [{"kind": "count", "var": name, "value": int(row.numerator)}]
    if denominator(row) in model.secret:
        said.append({"kind": "count", "var": denominator(row), "value": int(row.denominator)})
    return {"id": name, "kind": "several", "of": said}


def approximately(row: Any, rules: DisclosureRules) -> Exchange | None:
    """State a figure less precisely: a percentage to 5 points, a count up to 10; None where it is too small.

    From which size on is no secret, so that "about 20" says that it is 20 or more, too.
    """
    is_share, fewest = row.unit == "percent", _fewest(rules)
    if not (row.denominator >= fewest if is_share else row.numerator >= LEAST_COUNT):
        return None
    about = rounded_amount(row.numerator, row.denominator, row.unit)
    return _about(row, about, fewest)


def _as_printed(row: Any, model: Model, rules: DisclosureRules) -> Exchange:
    """State a figure that is printed as "about 60%"."""
    about = int(row.text.removeprefix("about ").removesuffix("%").replace(",", ""))
    # An earlier edition may have been told by rules that let a percentage be of fewer.
    is_by_rule = model.secret.get(denominator(row), 0) >= _fewest(rules)
    return _about(row, about, _fewest(rules) if is_by_rule else 1)


def _about(row: Any, amount: int, fewest: int) -> Exchange:
    name = numerator(row)
    if row.unit == "percent":
        return percent_about(f"about {name}", name, denominator(row), amount, fewest)
    return count_about(f"about {name}", name, amount)


def _fewest(rules: DisclosureRules) -> int:
    return max(rules.smallest_denominator, 1)


def status_of(row: Any, suite: Suite) -> Exchange | None:
    """State what "below expectation" says: on the wrong side of the target's bound; None if unclear.

    What cannot be stated cannot be audited, so it is not said.
    """
    indicator = suite.indicators[row.indicator]
    if indicator.target is None or indicator.polarity not in ("high", "low"):
        return None
    lower, upper = indicator.target.bounds(Period(row.month))
    name, high_is_good = numerator(row), indicator.polarity == "high"
    own = {"id": f"status of {name}"}
    if indicator.unit == "count":
        ends = {"lo": 0, "hi": ceil(lower) - 1} if high_is_good else {"lo": floor(upper) + 1}
        return own | {"kind": "range", "var": name, **ends}
    if indicator.unit != "percent":
        return None
    bound = (lower if high_is_good else upper) / 100
    terms = {name: bound.denominator, denominator(row): -bound.numerator}
    return own | {"kind": "linear", "terms": terms, **({"hi": -1} if high_is_good else {"lo": 1})}


def worth_of(figures: pd.DataFrame, worth: Worth) -> pd.Series:
    """Return what withholding each figure costs, from its place in the report and never from its value."""
    cost = figures["category"].eq("all").map({True: worth.headline, False: worth.breakdown})
    latest = figures["month"].eq(figures["month"].max())
    return cost * latest.map({True: worth.latest_month, False: 1.0})


def exchanged(statements: Iterable[Exchange]) -> list[Exchange]:
    """Return statements without ``several``, for tools that know single ones only."""
    flat = []
    for entry in statements:
        common = {key: value for key, value in entry.items() if key not in ("id", "kind", "of")}
        parts = entry["of"] if entry["kind"] == "several" else [entry]
        for at, part in enumerate(parts):
            flat.append({**common, **part, "id": entry["id"] if at == 0 else f"{entry['id']} ({at + 1})"})
    return flat
