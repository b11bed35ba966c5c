"""Returns: outturns typed in by people, checked against the suite they are for."""

import pandas as pd

from csd_helpers.extract.problems import Problem
from csd_helpers.suite import Suite

_FILE = "returns"
_MONTH = r"\d{4}-(0[1-9]|1[0-2])"


def returns_problems(table: pd.DataFrame, suite: Suite) -> list[Problem]:
    """Find outturns that cannot be right: they are typed by hand, so everything is checked.

    Blocking are an unknown indicator, a period that is no month, a row with nothing in it, a
    percentage with more above than below, and parts that do not belong together.

    Parameters
    ----------
    table
        The ``returns`` table.
    suite
        The edition it is read for.
    """
    units = table["indicator"].map({key: entry.unit for key, entry in suite.indicators.items()})
    n, d, value = table["numerator"], table["denominator"], table["value"]
    shares = units.eq("percent")
    whole = table["breakdown"].isna() if "breakdown" in table else pd.Series(True, index=table.index)
    faults = {
        ("indicator", "is no indicator of the suite:", "a key of the suite"): units.isna(),
        ("period", "is not a month:", "a month such as 2020-10"): ~table["period"].str.fullmatch(_MONTH),
        ("value", "the row holds no figure", "a numerator or a value"): n.isna() & value.isna(),
        ("numerator", "is above the denominator:", "a part of the denominator"): shares & n.gt(d),
        ("value", "is not a percentage:", "a number from 0 to 100"): shares & value.gt(100),
        ("denominator", "is missing beside the numerator of", "what the outturn is taken over"): (
            whole & units.ne("count") & units.notna() & n.notna() & d.isna() & value.isna()
        ),
    }
    found = []
    for (field, message, expected), wrong in faults.items():
        for row in table[wrong.fillna(True)].itertuples():
            given = str(row.indicator) if field == "denominator" else str(getattr(row, field))
            given = "" if given == "nan" else given
            found.append(
                Problem("blocking", _FILE, message, expected, _FILE, int(row.Index) + 2, field, given)
            )
    return found
