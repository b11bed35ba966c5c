"""Reconciliation: what records and returns say of the same indicator and month, side by side."""

from typing import Any

import pandas as pd

from csd_helpers.figures import ALL, exact_value, figures_by_source
from csd_helpers.measures.cases import Tables
from csd_helpers.period import Period
from csd_helpers.rounding import exact, round_half_up
from csd_helpers.suite import Suite

_AMOUNTS = ["numerator", "denominator", "value"]
_SOURCES = ("records", "returns")
_EMPTY = ("no data", "not computable")
COLUMNS = [
    "indicator", "period", *(f"{source}_{amount}" for source in _SOURCES for amount in _AMOUNTS),
    "difference", "differs", "published_from",
]  # fmt: skip
_LISTED = 10


def reconcile(tables: Tables, suite: Suite, periods: list[Period]) -> pd.DataFrame:
    """Put records and returns of the same indicator and month side by side.

    Two numbers for one thing will be compared by somebody; better by us, before they are told.

    Parameters
    ----------
    tables
        The validated tables of an extract.
    suite, periods
        What to compare, for which months.

    Returns
    -------
    pandas.DataFrame
        Columns ``COLUMNS``, a row for every indicator and month that both sources tell.
        ``difference`` is records less returns, unrounded, in the indicator's unit; ``published_from``
    is the register's choice. ``differs`` says whether any amount both give is another; an outturn
        typed without its parts agrees when the records' rounds to it.
    """
    return compare(*figures_by_source(tables, suite, periods), suite)


def compare(figures: pd.DataFrame, others: pd.DataFrame, suite: Suite) -> pd.DataFrame:
    """Return the reconciliation of figures made already.

    Parameters
    ----------
    figures, others
        What `csd_helpers.figures.figures_by_source` returns.
    """
    published = figures[figures["breakdown"].eq(ALL)]
    told = pd.concat([published, others], ignore_index=True)
    told = told[~told["status"].isin(_EMPTY) & told["source"].isin(_SOURCES)]
    sides = [_side(told, source) for source in _SOURCES]
    sides.append(published[["indicator", "month", "source"]].rename(columns={"source": "published_from"}))
    both = sides[0].merge(sides[1], on=["indicator", "month", "period"]).merge(sides[2])
    both["number"] = both["indicator"].map({key: entry.number for key, entry in suite.indicators.items()})
    both = both.sort_values(["number", "month"], ignore_index=True)
    both["difference"] = both["records_value"] - both["returns_value"]
    return both.assign(differs=_differs(both, suite))[COLUMNS]


def reconciliation_text(table: pd.DataFrame) -> str:
    """Say in a short paragraph how many indicators come from both sources, and which months differ.

    Examples
    --------
    >>> reconciliation_text(pd.DataFrame(columns=COLUMNS))
    'No indicator comes from both records and returns.'
    """
    if table.empty:
        return "No indicator comes from both records and returns."
    count = table["indicator"].nunique()
    who = "1 indicator comes" if count == 1 else f"{count} indicators come"
    apart = table[table["differs"].astype(bool)]
    if apart.empty:
        return f"{who} from both records and returns; no month differs."
    verb = "1 month differs" if len(apart) == 1 else f"{len(apart)} months differ"
    lines = [f"{who} from both records and returns; {verb}:"]
    lines += [
        f"  {row.indicator} {row.period}: {side_text(row, 'records')}; {side_text(row, 'returns')};"
        f" published from {row.published_from}"
        for row in apart.head(_LISTED).itertuples()
    ]
    if len(apart) > _LISTED:
        lines.append(f"  ... and {len(apart) - _LISTED} more")
    return "\n".join(lines)


def side_text(row: Any, source: str) -> str:
    """Say what one source has in a row of the reconciliation: ``records 46.1906 (338 of 73,175)``."""
    numerator, denominator, value = (getattr(row, f"{source}_{amount}") for amount in _AMOUNTS)
    if pd.isna(value):
        return f"{source} no cases"
    if pd.isna(denominator):
        return f"{source} {value:,.10g}"
    return f"{source} {value:,.4f} ({numerator:,.10g} of {denominator:,.10g})"


def _side(told: pd.DataFrame, source: str) -> pd.DataFrame:
    own = told[told["source"].eq(source)]
    columns = ["indicator", "month", "period", *_AMOUNTS]
    if source == "records":
        columns += ["unit", "basis"]  # the records' side is rounded to the digits of a typed outturn
    return own[columns].rename(columns={amount: f"{source}_{amount}" for amount in _AMOUNTS})


def _differs(both: pd.DataFrame, suite: Suite) -> pd.Series:
    """Say where an amount that both sources give is another."""
    differs = pd.Series(False, index=both.index)
    for amount in ("numerator", "denominator"):
        ours, theirs = both[f"records_{amount}"], both[f"returns_{amount}"]
        differs |= ours.notna() & theirs.notna() & ours.ne(theirs)
    typed = both["returns_denominator"].isna() & both["unit"].ne("count")
    apart = [index for index, row in both[typed].iterrows() if not _rounds_to(row, suite)]
    return differs | both.index.isin(apart)


def _rounds_to(row: pd.Series, suite: Suite) -> bool:
    """Say whether the records' outturn rounds to the one typed in, at the digits it was typed with."""
    own = exact_value(row.rename({f"records_{amount}": amount for amount in _AMOUNTS}))
    typed = exact(row["returns_value"])
    places = suite.indicators[row["indicator"]].dp
    while round_half_up(typed, places) != typed:
        places += 1
    return own is not None and round_half_up(own, places) == typed
