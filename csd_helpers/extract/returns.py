"""Returns: outturns typed in by people, checked against the suite they are for."""

from collections.abc import Sequence

import pandas as pd

from csd_helpers.extract.problems import FILE, ROW, Problem, plain
from csd_helpers.suite import Suite

_RETURNS = "returns"
_MISSING = ("figure_missing", "denominator_missing")
_MONTH = r"\d{4}-(0[1-9]|1[0-2])"
_FAULTS = {  # rule: column, what is wrong, what was expected
    "indicator_unknown": ("indicator", "is no indicator of the suite:", "a key of the suite"),
    "period_unknown": ("period", "is not a month:", "a month such as 2020-10"),
    "figure_missing": ("value", "the row holds no figure", "a numerator or a value"),
    "part_above_whole": ("numerator", "is above the denominator:", "a part of the denominator"),
    "percentage_impossible": ("value", "is not a percentage:", "a number from 0 to 100"),
    "denominator_missing": ("denominator", "is missing beside the numerator of", "what it is taken over"),
}


def returns_problems(
    table: pd.DataFrame, places: pd.DataFrame, suite: Suite, known: Sequence[Problem] = ()
) -> list[Problem]:
    """Find outturns that cannot be right: they are typed by hand, so everything is checked.

    Blocking are an unknown indicator, a period that is no month, a row with nothing in it, a
    percentage with more above than below, and parts that do not belong together.

    Parameters
    ----------
    table
        The ``returns`` table.
    places
        File and line of each of its rows.
    suite
        The edition it is read for.
    known
        What reading the table found: a figure that cannot be read is not missing as well.
    """
    unread = {
        (problem.file, problem.row)
        for problem in known
        if (problem.table, problem.rule) == (_RETURNS, "cell_unread")
    }
    wrong, found = _wrong(table, suite), []
    for rule, (field, message, expected) in _FAULTS.items():
        for row in table[wrong[rule].fillna(True)].itertuples():
            file, line = places.loc[row.Index, [FILE, ROW]]
            whose = str(row.indicator)
            if rule in _MISSING and (file, line) in unread:
                continue
            given = whose if field == "denominator" else plain(getattr(row, field))
            place = (str(file), int(line), field, given)
            found.append(Problem("blocking", _RETURNS, message, expected, *place, rule, whose))
    return found


def _wrong(table: pd.DataFrame, suite: Suite) -> dict[str, pd.Series]:
    """Say for each rule which rows break it."""
    units = table["indicator"].map({key: entry.unit for key, entry in suite.indicators.items()})
    n, d, value = table["numerator"], table["denominator"], table["value"]
    shares = units.eq("percent")
    whole = table["breakdown"].isna() if "breakdown" in table else pd.Series(True, index=table.index)
    alone = n.notna() & d.isna() & value.isna()
    return {
        "indicator_unknown": units.isna(),
        "period_unknown": ~table["period"].str.fullmatch(_MONTH),
        "figure_missing": n.isna() & value.isna(),
        "part_above_whole": shares & n.gt(d),
        "percentage_impossible": shares & value.gt(100),
        "denominator_missing": whole & units.ne("count") & units.notna() & alone,
    }
