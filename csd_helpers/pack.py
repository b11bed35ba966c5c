"""The pack: what a notebook opens, and the pieces of a page it can show."""

import json
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd

from csd_helpers import summary
from csd_helpers.blocks import page_of
from csd_helpers.committee_report import report_blocks
from csd_helpers.disclosure_section import disclosure_section
from csd_helpers.errors import CsdError
from csd_helpers.exception_section import exception_reports
from csd_helpers.facts import Fragment
from csd_helpers.period import Period
from csd_helpers.root import find_root, never_run
from csd_helpers.section import breakdown_section, indicator_section
from csd_helpers.series import Series


def open_pack(period: str, part: int, release: str = "") -> "Pack":
    """Open what a part of a period may show.

    A notebook computes nothing: it opens the released figures and shows them.

    Parameters
    ----------
    period
        The month, ``2020-10``.
    part
        1 or 2.
    release
        The folder the batch hands over. Empty when an analyst runs the notebook by hand: then the
        last run's is opened.

    Raises
    ------
    CsdError
        If there has been no run of the period yet.
    """
    folder = Path(release) if release else _last_run(Period.parse(period), part)
    content = json.loads((folder / "pack.json").read_text(encoding="utf-8"))
    return Pack(content, Series(pd.read_parquet(folder / "figures.parquet")))


@dataclass(frozen=True)
class Pack:
    """The released figures of a part and the words around them.

    Parameters
    ----------
    content
        ``pack.json``: indicators, groups, counts, exceptions.
    series
        The released figures.
    """

    content: dict[str, Any]
    series: Series

    @property
    def period(self) -> Period:
        """The period reported."""
        return Period.parse(self.content["period"])

    @property
    def figures(self) -> pd.DataFrame:
        """The released figures as a table, for an analyst's own look."""
        return self.series.figures

    def heading(self, group: str = "") -> Fragment:
        """Show the page's title; for a group also the question it answers."""
        if not group:
            return Fragment(f"<h1>Children’s services performance: {self.period.label}</h1>")
        own = {entry["key"]: entry for entry in self.content["groups"]}
        if group not in own:
            raise _unknown("group", group, list(own))
        title, question = (escape(own[group][name]) for name in ("title", "question"))
        return Fragment(f'<h1>{title}: {self.period.label}</h1><p class="lead">{question}</p>')

    def summary(self) -> Fragment:
        """Show the state of the service: a sentence, the counts, exceptions worst first, all others."""
        pieces = [
            summary.state(self.content),
            summary.tiles(self.content),
            summary.exceptions(self.content, self.series),
            summary.others(self.content, self.series),
        ]
        return Fragment("".join(pieces))

    def commentary(self) -> Fragment:
        """Show management's words on the exceptions, what it reports besides, and what has changed."""
        pieces = [
            summary.commentary(self.content),
            exception_reports(self.content),
            summary.changes(self.content),
        ]
        return Fragment("".join(pieces))

    def notes(self) -> Fragment:
        """Show how to read the report."""
        return Fragment(summary.notes(self.content))

    def indicator(self, key: str) -> Fragment:
        """Show one indicator: facts, chart, months, commentary, definition."""
        return Fragment(indicator_section(self._entry(key), self.series))

    def breakdown(self, key: str, *names: str) -> Fragment:
        """Show how an indicator's cases divide, by one thing after the other."""
        entry = self._entry(key)
        own = {breakdown["key"]: breakdown for breakdown in entry["breakdowns"]}
        for name in names:
            if name not in own:
                raise _unknown("breakdown", name, list(own))
        sections = [breakdown_section(entry, own[name], self.series, self.period) for name in names]
        return Fragment("".join(sections))

    def report(self) -> Fragment:
        """Show the committee's own paper: words on the exceptions, and the index of all indicators."""
        return Fragment(page_of(report_blocks(self.content)))

    def disclosure(self) -> Fragment:
        """Show what Part 1 withholds, why, and the proof that it cannot be worked out; in Part 2 only."""
        if "disclosure" not in self.content:
            raise CsdError("the account of disclosure control is in Part 2 only", expected="part = 2")
        return Fragment(disclosure_section(self.content["disclosure"], self.period))

    def _entry(self, key: str) -> dict[str, Any]:
        own = {entry["key"]: entry for entry in self.content["indicators"]}
        if key not in own:
            raise _unknown("indicator", key, list(own))
        return own[key]


def _unknown(kind: str, key: str, known: list[str]) -> CsdError:
    return CsdError(f"there is no {kind} '{key}'", expected="one of " + ", ".join(known))


def _last_run(period: Period, part: int) -> Path:
    """Return the release folder of the last run, from wherever in the project a notebook is opened."""
    here = Path.cwd()
    for folder in (here, *here.parents):
        release = folder / "outputs" / str(period) / "working" / "release" / f"part{part}"
        if (release / "pack.json").is_file():
            return release
    raise never_run(period, find_root())
