"""What an analyst uses in a notebook, beyond what leaves: figures, comparisons, the records behind them."""

import subprocess
import sys
from pathlib import Path

import pandas as pd

from csd_helpers.errors import CsdError
from csd_helpers.extract import read_extract
from csd_helpers.facts import Fragment
from csd_helpers.figures import ALL
from csd_helpers.handover import Edition
from csd_helpers.measures import MEASURES
from csd_helpers.measures import cases as counted
from csd_helpers.pack import open_pack
from csd_helpers.period import Period
from csd_helpers.pipeline import load_edition
from csd_helpers.root import find_root
from csd_helpers.working import WORKING


def records(key: str, period: str, root: Path | None = None) -> pd.DataFrame:
    """List the records behind a figure, one row per case counted or left out.

    A figure can be defended when anyone can see who is in it. The list holds children's
    identifiers: it is for the analyst, in cells tagged ``analyst``, which never leave.

    Parameters
    ----------
    key
        An indicator's (or companion's) key, ``looked_after_reviews``.
    period
        A month, ``2020-10``.
    root
        The project's root; found from the notebook's folder when not given.

    Returns
    -------
    pandas.DataFrame
        Identifiers, the dates that decided, ``numerator``, ``denominator`` and ``excluded`` (the
        reason, where a case is left out).

    Raises
    ------
    CsdError
        If the indicator is not counted from records, or the extract cannot support it.
    """
    root = root or find_root()
    edition = load_edition(Period.parse(period), root)
    return counted_records(key, edition, read_extract(edition.settings.extract, root).tables)


def counted_records(key: str, edition: Edition, tables: counted.Tables) -> pd.DataFrame:
    """List the records behind a figure of an edition, from tables that have been read already.

    Raises
    ------
    CsdError
        If the indicator is not counted from records, or the tables cannot support it.
    """
    if key not in MEASURES:
        raise CsdError(
            f"'{key}' is not counted from records", expected="one of " + ", ".join(sorted(MEASURES))
        )
    lag = next((i.lag_months for k, i in edition.suite.indicators.items() if key in (k, *i.companions)), 0)
    data_month = edition.period.ordinal - lag
    try:
        cases = MEASURES[key].cases(tables, counted.Window(data_month, data_month))
    except counted.NotComputable as gap:
        raise CsdError(f"'{key}' cannot be counted from this extract: {gap}") from None
    return counted.records(cases, data_month)


def indicator(key: str, period: str) -> Fragment:
    """Show one indicator of a month that has been run: figure, rating, chart, months, commentary.

    Every figure is shown, as in Part 2, so that the analyst sees what the exempt page says.

    Parameters
    ----------
    key
        An indicator's key, ``looked_after_reviews``.
    period
        A month, ``2020-10``.

    Raises
    ------
    CsdError
        If the month has not been run, or there is no such indicator.
    """
    return open_pack(period, 2).indicator(key)


def compare(key: str, period: str, other: str) -> pd.DataFrame:
    """Put an indicator as two months were run side by side: the quickest way to see a revision.

    Parameters
    ----------
    key
        An indicator's key, ``looked_after_reviews``.
    period, other
        Two months that have been run, ``2020-10`` and ``2020-09``.

    Returns
    -------
    pandas.DataFrame
        A row for each month both runs tell: figure and rating as each run has them, and whether
        the figures differ.
    """
    first, second = (_months_of(key, month) for month in (period, other))
    both = first.join(second, how="inner", lsuffix=f" (run of {period})", rsuffix=f" (run of {other})")
    both["differs"] = both.iloc[:, 0].ne(both.iloc[:, 2])
    return both


def _months_of(key: str, period: str) -> pd.DataFrame:
    figures = open_pack(period, 2).figures
    own = figures[figures["indicator"].eq(key) & figures["breakdown"].eq(ALL)]
    if own.empty:
        raise CsdError(f"there is no indicator '{key}'", f"the run of {period}")
    return own.set_index("period")[["text", "rating"]]


def working_notebooks(period: Period, root: Path) -> Path:
    """Return the folder of a month's working notebooks, which JupyterLab opens.

    Raises
    ------
    CsdError
        If there has been no run of the month.
    """
    folder = root / "outputs" / str(period) / WORKING / "notebooks" / "part2"
    if not folder.is_dir():
        raise CsdError(f"there has been no run of {period} yet", fix=f"run: csd run {period}")
    return folder


def start_lab(options: list[str]) -> int:
    """Start JupyterLab, and return its exit code when it has been closed."""
    return subprocess.call([sys.executable, "-m", "jupyterlab", *options])
