"""Cases: what a measure returns, and the one way they are counted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from csd_helpers.extract.limits import limits_of

Tables = Mapping[str, pd.DataFrame]
MeasureFunction = Callable[[Tables, "Window"], pd.DataFrame]
OPEN = 100_000  # the last month of a case that has not ended
_AMOUNTS = ["numerator", "denominator"]


@dataclass(frozen=True)
class Window:
    """The months wanted, first to last, as ordinals (months since January 1970)."""

    first: int
    last: int

    @property
    def months(self) -> np.ndarray:
        """All months of the window, oldest first."""
        return np.arange(self.first, self.last + 1)


class NotComputable(Exception):  # noqa: N818  # a finding about the extract, not a fault
    """The extract cannot support a measure; says why."""


@dataclass(frozen=True)
class Measure:
    """A function that finds an indicator's cases, and the tables it needs."""

    key: str
    function: MeasureFunction
    needs: tuple[str, ...]

    def cases(self, tables: Tables, window: Window) -> pd.DataFrame:
        """Return the cases of the window.

        Raises
        ------
        NotComputable
            If the extract lacks a table, or the measure finds it cannot support the definition.
        """
        missing = [name for name in self.needs if name not in tables]
        if missing:
            raise NotComputable(f"the extract has no table {' and no table '.join(missing)}")
        for name in self.needs:
            if why := limits_of(tables[name])["not_for"].get(self.key):
                raise NotComputable(why)
        return self.function(tables, window)


#: Every measure by its key; filled when the modules of the groups are imported.
MEASURES: dict[str, Measure] = {}


def measure(*needs: str) -> Callable[[MeasureFunction], MeasureFunction]:
    """Register a function as the measure of the indicator of its name.

    Adding an indicator is then one function: its name is the key, its tables stand beside it.

    Parameters
    ----------
    needs
        The tables without which the indicator cannot be computed.
    """

    def register(function: MeasureFunction) -> MeasureFunction:
        """Enter a measure under its own name."""
        MEASURES[function.__name__] = Measure(function.__name__, function, needs)
        return function

    return register


def make_cases(
    rows: pd.DataFrame,
    first: "pd.Series | np.ndarray",
    last: "pd.Series | np.ndarray",
    numerator: "pd.Series | np.ndarray | float" = 1,
    denominator: "pd.Series | np.ndarray | float" = 1,
) -> pd.DataFrame:
    """Put the months and the contribution of each case beside its identifying columns.

    Parameters
    ----------
    rows
        Identifiers, dates and breakdown columns, one row per case.
    first, last
        The run of months (ordinals, both included) in which the case counts. A run that ends
        before it begins is dropped.
    numerator, denominator
        What the case adds to each of those months.
    """
    cases = rows.assign(first=first, last=last, numerator=numerator, denominator=denominator)
    cases["excluded"] = pd.Series(pd.NA, index=cases.index, dtype="str")
    return cases[cases["first"].le(cases["last"])].reset_index(drop=True)


def share_cases(
    rows: pd.DataFrame,
    first: "pd.Series | np.ndarray",
    last: "pd.Series | np.ndarray",
    hit_first: "pd.Series | np.ndarray",
    hit_last: "pd.Series | np.ndarray | int",
) -> pd.DataFrame:
    """Return cases that count in the denominator in one run of months and in the numerator in a part of it.

    A case is split where it enters and leaves the numerator, so that each row says one thing.

    Parameters
    ----------
    first, last
        The run of months in which the case is in the denominator.
    hit_first, hit_last
        The run in which it is in the numerator; may reach beyond.
    """
    hit_first, hit_last = np.maximum(first, hit_first), np.minimum(last, hit_last)
    never = hit_first > hit_last
    hit_first, hit_last = np.where(never, last + 1, hit_first), np.where(never, last, hit_last)
    pieces = [(first, hit_first - 1, 0), (hit_first, hit_last, 1), (hit_last + 1, last, 0)]
    return pd.concat([make_cases(rows, *piece) for piece in pieces], ignore_index=True)


def once_each(cases: pd.DataFrame, key: str) -> pd.DataFrame:
    """Let each person count once in a month: a later case counts from where the earlier one ends."""
    rows = cases.sort_values([key, "first", "last"], kind="stable", ignore_index=True)
    covered = rows.groupby(key)["last"].cummax().groupby(rows[key]).shift().fillna(-1).astype("int64")
    rows["first"] = np.maximum(rows["first"], covered + 1)
    return rows[rows["first"].le(rows["last"])].reset_index(drop=True)


def within(cases: pd.DataFrame, runs: pd.DataFrame, key: str) -> pd.DataFrame:
    """Return the parts of cases that lie in runs of months (``first``, ``last``) of the same ``key``."""
    parts = cases.merge(runs, on=key, suffixes=("", "_run"))
    parts["first"] = np.maximum(parts["first"], parts.pop("first_run"))
    parts["last"] = np.minimum(parts["last"], parts.pop("last_run"))
    return parts[parts["first"].le(parts["last"])]


def covered_cases(cases: pd.DataFrame, hits: pd.DataFrame, key: str) -> pd.DataFrame:
    """Split cases into the months some event covers (numerator 1) and those none does (numerator 0).

    Parameters
    ----------
    cases
        What is in the denominator, with the run of months of each case.
    hits
        Runs of months (``first``, ``last``) by ``key``; they may overlap and reach beyond.
    """
    rows = cases.assign(case=np.arange(len(cases)))
    covered = within(rows, once_each(hits[[key, "first", "last"]], key), key)
    # A gap is what lies before a covered part or, behind the last one, before the end of the case.
    ends = rows.assign(first=rows["last"] + 1)
    stops = pd.concat([covered, ends], ignore_index=True).sort_values(["case", "first"], kind="stable")
    start = rows["first"].to_numpy()[stops["case"]]
    after = stops["last"].shift(fill_value=0).to_numpy() + 1
    gaps = stops.assign(
        first=np.where(stops["case"].duplicated(), after, start), last=stops["first"] - 1, numerator=0
    )
    split = pd.concat([covered.assign(numerator=1), gaps], ignore_index=True).drop(columns="case")
    return split[split["first"].le(split["last"])].reset_index(drop=True)


def exclude(cases: pd.DataFrame, where: "pd.Series | np.ndarray", reason: str) -> pd.DataFrame:
    """Leave cases out of the count with a reason, keeping them on the list."""
    return cases.assign(excluded=cases["excluded"].mask(where & cases["excluded"].isna(), reason))


def count(cases: pd.DataFrame, window: Window, by: str | None = None) -> pd.DataFrame:
    """Count cases in every month of a window at once.

    Each case enters at its first month and leaves after its last, so one running total over the
    months counts them all: the cost is rows plus months, not rows times months.

    Parameters
    ----------
    by
        A column to split by; each category found gets a row for every month.

    Returns
    -------
    pandas.DataFrame
        Columns month, category, numerator, denominator and excluded (number of cases left out).

    Examples
    --------
    >>> plans = make_cases(pd.DataFrame({"child": ["a", "b"]}), np.array([600, 601]), np.array([601, 603]))
    >>> count(plans, Window(600, 602))["numerator"].tolist()
    [1.0, 2.0, 1.0]
    """
    codes, labels = pd.factorize(cases[by], sort=True) if by else (np.zeros(len(cases), dtype=int), ["all"])
    inside = cases["last"].ge(window.first) & cases["first"].le(window.last) & (codes >= 0)
    own = {name: cases[name][inside].to_numpy() for name in ("first", "last", *_AMOUNTS)}
    left_out = cases["excluded"].notna()[inside].to_numpy()
    amounts = [np.where(left_out, 0.0, own[name].astype("float64")) for name in _AMOUNTS]
    width = len(window.months) + 1
    start = np.maximum(own["first"].astype("int64"), window.first) - window.first
    stop = np.minimum(own["last"].astype("int64"), window.last) - window.first + 1
    entered, left = codes[inside] * width + start, codes[inside] * width + stop
    change = np.column_stack(
        [
            np.bincount(entered, added, len(labels) * width) - np.bincount(left, added, len(labels) * width)
            for added in [*amounts, left_out]
        ]
    )
    totals = change.reshape(len(labels), width, 3).cumsum(axis=1)[:, :-1].reshape(-1, 3).round(6)
    counted = pd.DataFrame(totals, columns=[*_AMOUNTS, "excluded"])
    counted.insert(0, "month", np.tile(window.months, len(labels)))
    counted.insert(1, "category", np.repeat(np.asarray(labels, dtype=object), len(window.months)))
    return counted


def records(cases: pd.DataFrame, month: int) -> pd.DataFrame:
    """Return the cases counted, or left out, in one month: the list behind a figure."""
    own = cases["first"].le(month) & cases["last"].ge(month)
    return cases[own].drop(columns=["first", "last"]).reset_index(drop=True)


def exclusions(cases: pd.DataFrame, month: int) -> pd.Series:
    """Return how many cases were left out in one month, by reason."""
    return records(cases, month)["excluded"].dropna().value_counts()
