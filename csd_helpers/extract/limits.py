"""What a table cannot tell although it is there: from when to when it is whole, what it is not for."""

from collections.abc import Mapping

import pandas as pd

NEVER = 100_000  # a month no table reaches
_LIMITS = "limits"  # plain values only: pandas writes them into Parquet files


def limit(
    table: pd.DataFrame,
    since: int = 0,
    why: str = "",
    not_for: Mapping[str, str] | None = None,
    until: int = NEVER,
    ended: str = "",
) -> pd.DataFrame:
    """Mark a table that tells less than its columns promise, so that no figure is guessed from it.

    A census holds the events of one year, Annex A those of six months: a count of earlier or later
    events would be a wrong number, not a small one.

    Parameters
    ----------
    since
        First month from which the table is whole, as an ordinal (months since January 1970).
    why
        What to say of the months before it.
    not_for
        Reasons by the key of a measure that the table must not be used for.
    until
        Last month of which the table tells, as an ordinal.
    ended
        What to say of the months after it.
    """
    limits = {"since": since, "why": why, "not_for": dict(not_for or {}), "until": until, "ended": ended}
    table.attrs[_LIMITS] = limits
    return table


def limits_of(table: pd.DataFrame) -> Mapping:
    """Return a table's limits: ``since``, ``why``, ``not_for``, ``until`` and ``ended``.

    Examples
    --------
    >>> limits_of(limit(pd.DataFrame(), 603, "the census starts in April 2020"))["since"]
    603
    >>> limits_of(pd.DataFrame())["since"]
    0
    """
    unlimited = {"since": 0, "why": "", "not_for": {}, "until": NEVER, "ended": ""}
    return unlimited | table.attrs.get(_LIMITS, {})


def carry_limits(table: pd.DataFrame, pieces: list[pd.DataFrame]) -> pd.DataFrame:
    """Give a table the limits of the piece it was made from.

    Several reach from the earliest to the latest, as far as there is no gap between them.
    """
    own = table.copy(deep=False)
    own.attrs = {}
    found = [limits_of(piece) for piece in pieces]
    if not any(entry["since"] or entry["not_for"] or entry["ended"] for entry in found):
        return own
    *before, latest = sorted(found, key=lambda entry: (entry["until"], entry["since"]))
    earliest = latest
    for entry in reversed(before):
        if entry["until"] + 1 >= earliest["since"]:
            earliest = min(earliest, entry, key=lambda limits: limits["since"])
    not_for = {key: why for entry in found for key, why in entry["not_for"].items()}
    return limit(own, earliest["since"], earliest["why"], not_for, latest["until"], latest["ended"])
