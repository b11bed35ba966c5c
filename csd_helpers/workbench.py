"""What an analyst uses in a notebook, beyond what leaves: the records behind a figure."""

from pathlib import Path

import pandas as pd

from csd_helpers.errors import CsdError
from csd_helpers.extract import read_extract
from csd_helpers.handover import Edition
from csd_helpers.measures import MEASURES
from csd_helpers.measures import cases as counted
from csd_helpers.period import Period
from csd_helpers.pipeline import load_edition


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


def find_root(start: Path | None = None) -> Path:
    """Return the project's root: the nearest folder above that holds ``parameters/``."""
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / "parameters" / "suite").is_dir():
            return folder
    raise CsdError(
        "this is not inside the workbook's folder", str(here), fix="go to the folder that holds parameters/"
    )
