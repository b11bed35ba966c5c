"""The desk: a month's figures and words side by side, as the checks of readiness look at them."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from csd_helpers.exception_report import Confirmation
from csd_helpers.extract import Extract
from csd_helpers.handover import Edition, describe
from csd_helpers.notes import notes_for_pages
from csd_helpers.parameters import DisclosureRules, load_rules
from csd_helpers.period import Period
from csd_helpers.pipeline import checked_extract, judged_figures, load_edition
from csd_helpers.release import APPROXIMATE, SUPPRESSED, release
from csd_helpers.root import from_project
from csd_helpers.working import WORKING

_OWN = ["indicator", "period", "breakdown", "category"]


@dataclass(frozen=True)
class Words:
    """Words that go to a page: commentary, a report by exception, an annotation, a reason for a revision.

    Parameters
    ----------
    about, key
        What they are about, and the indicator whose figures they may quote; empty if none.
    public
        Whether they are for Part 1.
    confirmed
        Who says that words the checks report may stand; ``None`` where there is no place to say so.
    file
        Where they are written.
    """

    about: str
    key: str
    text: str
    public: bool
    confirmed: list[Confirmation] | None
    file: str

    def stand(self, words: str) -> bool:
        """Say whether somebody has confirmed that some of the words may stand."""
        return any(words in entry.words for entry in self.confirmed or [])


@dataclass(frozen=True)
class Desk:
    """What the checks of a month look at.

    Parameters
    ----------
    root, edition, rules
        The project, and what people edit for the month.
    figures
        All figures, judged; exempt.
    public
        What the last run released for Part 1, or None where there has been none.
    """

    root: Path
    edition: Edition
    rules: DisclosureRules
    figures: pd.DataFrame
    public: pd.DataFrame | None

    @property
    def period(self) -> Period:
        """The month reported."""
        return self.edition.period

    @cached_property
    def entries(self) -> dict[str, dict[str, Any]]:
        """Everything Part 2 says about each indicator's latest figure, by key, exceptions worst first."""
        told = describe(release(self.figures, 2), 2, self.edition)
        own = {entry["key"]: entry for entry in told["indicators"]}
        return {key: own[key] for key in [*told["exceptions"], *own]}

    @property
    def exceptions(self) -> list[dict[str, Any]]:
        """The indicators rated amber or red, worst first."""
        return [entry for entry in self.entries.values() if entry["exception"]]

    @cached_property
    def hidden(self) -> set[str]:
        """The indicators whose figure Part 1 withholds: by decision, or in the last run."""
        own = set(self.rules.whole_indicators)
        if self.public is not None:
            latest = self.public[
                self.public["period"].eq(str(self.period)) & self.public["breakdown"].eq("all")
            ]
            own |= set(latest.loc[latest["marker"].isin([SUPPRESSED, APPROXIMATE]), "indicator"])
        return own

    def withheld(self, key: str) -> pd.DataFrame:
        """Return the figures of an indicator that Part 1 withholds, with their true counts."""
        own = self.figures[self.figures["indicator"].eq(key)]
        if self.public is None:
            return own if key in self.hidden else own.iloc[:0]
        secret = self.public[self.public["marker"].isin([SUPPRESSED, APPROXIMATE])]
        return own.merge(secret[_OWN], on=_OWN)

    def label(self, key: str) -> str:
        """Name an indicator as a page does."""
        indicator = self.edition.suite.indicators[key]
        return f"{indicator.number} {indicator.title}"

    @cached_property
    def words(self) -> list[Words]:
        """Everything people have written for the pages."""
        return [*self._commentary(), *self._reports(), *self._annotations(), *self._reasons()]

    def _commentary(self) -> Iterator[Words]:
        for key, entries in self.edition.commentary.items():
            for entry in entries:
                header = entry.header
                yield Words(self.label(key), key, entry.text, entry.is_for(1), header.confirmed, entry.file)

    def _reports(self) -> Iterator[Words]:
        file = f"parameters/periods/{self.period}.yaml"
        for report in self.edition.settings.reports_by_exception:
            own = self._told(report.file) if report.file else ""
            text = "\n\n".join(filter(None, [report.title, report.figure, report.text]))
            yield Words(report.title, "", text, report.is_for(1), report.confirmed, own or file)

    def _annotations(self) -> Iterator[Words]:
        """Yield the notes tagged for a page, each once; what is printed in both parts is public."""
        tagged = notes_for_pages(self.period, self.root)
        own = {note: part == 1 for part in (2, 1) for notes in tagged[part].values() for note in notes}
        for note, public in own.items():
            file = self._told(f"outputs/{self.period}/{WORKING}/notebooks/{note.notebook}.ipynb")
            yield Words(f"annotation in {note.notebook}", note.indicator, note.text, public, None, file)

    def _reasons(self) -> Iterator[Words]:
        for reason in self.edition.reasons:
            yield Words(
                "reason for a revision", "", reason.text, reason.is_for(1), None, self._told(reason.where)
            )

    def _told(self, where: str) -> str:
        """Return where something is from the project's folder: of a council, in its own."""
        return from_project(self.root / where, self.root)


def lay_out(period: Period, root: Path) -> tuple[Desk, Extract]:
    """Read a month's extract and lay figures and words side by side.

    Raises
    ------
    CsdError
        If the parameters or the extract must be put right first.
    """
    edition = load_edition(period, root)
    extract = checked_extract(root, edition)
    extract.require_sound()
    return desk_of(edition, extract, root), extract


def desk_of(edition: Edition, extract: Extract, root: Path, figures: pd.DataFrame | None = None) -> Desk:
    """Lay out the desk of an extract that is sound; figures are counted unless they are given."""
    rules = load_rules(root, list(edition.suite.indicators))
    if figures is None:
        figures, _ = judged_figures(edition, extract)
    path = root / "outputs" / str(edition.period) / "working" / "release" / "part1" / "figures.parquet"
    public = pd.read_parquet(path) if path.is_file() else None
    return Desk(root, edition, rules, figures, public)
