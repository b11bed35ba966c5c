"""Public notes: an analyst's notes and other words for Part 1, held to what commentary is held to."""

import pandas as pd

from csd_helpers.commentary import Commentary, Header
from csd_helpers.exception_report import ExceptionReport
from csd_helpers.figures import ALL
from csd_helpers.handover import Edition
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


def as_commentary(notes: dict[str, list[Note]], edition: Edition) -> dict[str, list[Commentary]]:
    """Return all public words but commentary in the shape in which the checks of Part 1 read that.

    Notes, reasons for revisions and reports by exception may speak of any indicator, so they are under
    none: all that Part 1 withholds is held against them.
    """
    settings = edition.settings
    told = [(note.text, f"an annotation in {note.notebook}", "") for own in notes.values() for note in own]
    told += [(reason.text, reason.where, "") for reason in edition.reasons if reason.is_for(1)]
    told += [_report(report, edition.period) for report in settings.reports_by_exception if report.is_for(1)]
    header = Header(author="", date=settings.report_date, written_about="", part="1")
    agreed = [header.model_copy(update={"numbers_agreed": by}) for *_, by in told]
    return {"": [Commentary("", own, text, at) for own, (text, at, _) in zip(agreed, told, strict=True)]}


def _report(report: ExceptionReport, period: Period) -> tuple[str, str, str]:
    """Return a report's words, where they are, and who agreed that their numbers may be public.

    Title and figure are no Markdown, so they come last: Markdown in them can hide none of the words.
    """
    words = "\n\n".join([report.text, report.title, report.figure])
    return words, f"'{report.title}' in parameters/periods/{period}.yaml", report.numbers_agreed
