"""Public notes: an analyst's notes tagged for Part 1, held to what commentary is held to."""

import datetime

import pandas as pd

from csd_helpers.commentary import Commentary, Header
from csd_helpers.figures import ALL
from csd_helpers.notes import Note
from csd_helpers.period import Period
from csd_helpers.release import APPROXIMATE, SUPPRESSED


def public_notes(
    notes: dict[str, list[Note]], released: pd.DataFrame, period: Period
) -> dict[str, list[Note]]:
    """Return the notes that Part 1 may carry: none under an indicator whose figure it withholds.

    Parameters
    ----------
    notes
        The notes tagged ``part1``, by notebook.
    released
        Part 1's released figures.
    """
    latest = released[released["breakdown"].eq(ALL) & released["period"].eq(str(period))]
    withheld = set(latest.loc[latest["marker"].isin([SUPPRESSED, APPROXIMATE]), "indicator"])
    return {name: [n for n in entries if n.indicator not in withheld] for name, entries in notes.items()}


def as_commentary(
    notes: dict[str, list[Note]], indicators: list[str], day: datetime.date
) -> dict[str, list[Commentary]]:
    """Return notes in the shape in which the checks of Part 1 read commentary.

    A note may speak of any indicator of its page, so it is held against what Part 1 withholds of
    every one of them.
    """
    header = Header(author="an annotation", date=day, written_about="", part="1")
    every = [note for entries in notes.values() for note in entries]
    return {key: [Commentary(key, header, note.text) for note in every] for key in indicators}
