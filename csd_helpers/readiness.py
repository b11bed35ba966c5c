"""Readiness: everything to see to before a month can be published, in one list."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pandas as pd

from csd_helpers.commentary_checks import commentary_matters
from csd_helpers.desk import Desk, desk_of
from csd_helpers.findings import SEVERITIES, find
from csd_helpers.last_run import LastRun
from csd_helpers.matter import Matter
from csd_helpers.notes import notes_for_pages
from csd_helpers.period import Period, long_date
from csd_helpers.pipeline import checked_extract, load_edition, named_inputs, report_findings
from csd_helpers.readiness_page import CHECK_PAGE, readiness_page
from csd_helpers.revisions import revision_matters, revisions
from csd_helpers.root import from_project
from csd_helpers.working import WORKING, remember

__all__ = ["Matter", "Readiness", "check_month", "matters"]


@dataclass(frozen=True)
class Readiness:
    """What stands between a month and its publication.

    Parameters
    ----------
    month
        ``October 2020``.
    matters
        In the order of the checks, and of their severity.
    page
        Where they are written as a page.
    """

    month: str
    matters: list[Matter]
    page: Path

    @property
    def exit_code(self) -> int:
        """0 the month is ready, 1 it is not, 2 the extract must be put right first."""
        blocking = {matter.check for matter in self.matters if matter.severity == "blocking"}
        return 2 if "extract" in blocking else 1 if blocking else 0


def matters(period: Period, root: Path) -> list[Matter]:
    """Return everything to see to before a month can be published.

    The protector is not run again: the last run's results count, if their hashes say that a run
    would read the same now.

    Parameters
    ----------
    root
        The project's root.

    Raises
    ------
    CsdError
        If something people edit cannot be read.
    """
    return _matters(period, root, write=False)


def check_month(period: Period, root: Path) -> Readiness:
    """Check a month, and write what was found into the pack's working folder.

    ``check.html`` is for whoever publishes, ``extract.html`` for those who own the data.
    """
    found = _matters(period, root, write=True)
    working = root / "outputs" / str(period) / WORKING
    page = working / CHECK_PAGE
    council = load_edition(period, root).settings.council
    page.write_text(readiness_page(period.label, council, found), encoding="utf-8")
    remember(working, [CHECK_PAGE])
    return Readiness(period.label, found, page)


def _matters(period: Period, root: Path, write: bool) -> list[Matter]:
    edition = load_edition(period, root)
    extract = checked_extract(root, edition)
    if write:
        report_findings(edition, extract, root)
    found = [
        Matter(
            "extract",
            own.severity,
            f"{table or 'the extract'}: {own.title}: {own.said}",
            own.problems[0].file,
            own.words.to_do,
        )
        for table, findings in find(extract.problems, edition.suite).items()
        for own in findings
    ]
    if any(matter.severity == "blocking" for matter in found):
        return _in_order(found)
    run = LastRun(period, root, named_inputs(root, edition, extract, notes_for_pages(period, root)))
    counted = run.pack / WORKING / "figures.parquet"
    figures = pd.read_parquet(counted) if run.is_current and counted.is_file() else None
    desk = desk_of(edition, extract, root, figures)
    revised = revisions(period, root, edition.suite, edition.reasons)
    found += [
        *_gaps(desk, extract.file_of("returns")),
        *_late(desk),
        *commentary_matters(desk),
        *(
            replace(own, where=from_project(root / own.where, root))
            for own in revision_matters(revised, edition.suite, period)
        ),
        *run.matters(),
    ]
    return _in_order(found)


def _in_order(found: list[Matter]) -> list[Matter]:
    """Bring matters of a check together, the blocking ones first."""
    checks = list(dict.fromkeys(matter.check for matter in found))
    return sorted(found, key=lambda own: (checks.index(own.check), SEVERITIES.index(own.severity)))


def _latest(desk: Desk) -> pd.DataFrame:
    own = desk.figures[desk.figures["breakdown"].eq("all")]
    return own[own["period"].eq(str(desk.period))]


def _gaps(desk: Desk, returns: str) -> Iterator[Matter]:
    """Tell of indicators without a figure for the month, which may be typed into the returns."""
    latest = _latest(desk)
    for row in latest[latest["value"].isna() & latest["status"].ne("no cases")].itertuples():
        entry = desk.edition.suite.indicators[row.indicator]
        what = f"{desk.label(row.indicator)}: {row.status}: {row.reason}"
        fix = f"give the table, or a row in {returns}; ask the {entry.owner}"
        yield Matter("figures", "warning", what, f"the extract, {entry.input}", fix)


def _late(desk: Desk) -> Iterator[Matter]:
    """Tell of figures whose data end before the month does: the page says so beside each."""
    latest = _latest(desk)
    for row in latest[latest["as_at"].lt(desk.period.as_at.isoformat())].itertuples():
        entry = desk.edition.suite.indicators[row.indicator]
        expected = (
            entry.lag_months and Period.of(date.fromisoformat(row.as_at)) == desk.period - entry.lag_months
        )
        severity = "note" if expected else "warning"
        what = f"{desk.label(row.indicator)}: data to {long_date(date.fromisoformat(row.as_at))} only"
        late = f"ask the {entry.owner} for later data, or for the reason"
        fix = "the register says so (lag_months)" if expected else late
        yield Matter("figures", severity, what, f"the extract, {entry.input}", fix)
