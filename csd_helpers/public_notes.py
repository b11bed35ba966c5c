"""Public notes: an analyst's notes tagged for Part 1, held to what commentary is held to."""

import datetime

import pandas as pd

from csd_helpers.commentary import Commentary, Header
from csd_helpers.figures import ALL
from csd_helpers.notes import Note
from csd_helpers.period import Period
from csd_helpers.release import APPROXIMATE, SUPPRESSED
from csd_helpers.revision_reasons import Reason


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
    notes: dict[str, list[Note]], reasons: list[Reason], indicators: list[str], day: datetime.date
) -> dict[str, list[Commentary]]:
    """Return notes, and reasons for revisions, in the shape in which the checks of Part 1 read commentary.

    They may speak of any indicator, so they are held against what Part 1 withholds of every one.
    """
    header = Header(author="", date=day, written_about="", part="1")
    told = [(note.text, f"an annotation in {note.notebook}") for own in notes.values() for note in own]
    told += [(reason.text, reason.where) for reason in reasons if reason.is_for(1)]
    return {key: [Commentary(key, header, text, where) for text, where in told] for key in indicators}
