"""Explain: everything that is known about one figure, gathered for whoever has to defend it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path

import pandas as pd

from csd_helpers.disclosure.account import Labels
from csd_helpers.disclosure.decision import choose
from csd_helpers.disclosure.memory import load_memory, publications
from csd_helpers.errors import CsdError
from csd_helpers.extract import Extract
from csd_helpers.figures import ALL
from csd_helpers.handover import Edition
from csd_helpers.parameters import load_rules
from csd_helpers.period import Period
from csd_helpers.pipeline import checked_extract, judged_figures, load_edition
from csd_helpers.reconciliation import compare
from csd_helpers.release import release
from csd_helpers.suite import Indicator, Suite
from csd_helpers.workbench import counted_records
from csd_helpers.working import of_earlier_months

_NEAR = 0.5


@dataclass(frozen=True)
class Explained:
    """One indicator's figure of one month, with all that it hangs on.

    Parameters
    ----------
    figures
        All judged figures of the indicator in the period's window.
    public
        The same rows as Part 1 shows them.
    withheld
        Why Part 1 withholds a row: ``cause`` and ``detail`` by the row's index.
    labels
        What to call the counts a reason names.
    other
        The headline as the source that is not published has it.
    reconciliation
        Where records and returns both tell the indicator.
    before
        What packs and editions of earlier periods said of their own month, by period.
    root
        The project's root, or a council's of several.
    """

    key: str
    edition: Edition
    extract: Extract
    figures: pd.DataFrame
    public: pd.DataFrame
    withheld: pd.DataFrame
    labels: Labels
    other: pd.Series
    reconciliation: pd.DataFrame
    before: dict[str, str]
    root: Path

    @property
    def indicator(self) -> Indicator:
        """The register's entry."""
        return self.edition.suite.indicators[self.key]

    @property
    def figure(self) -> pd.Series:
        """The headline of the period."""
        own = self.figures["breakdown"].eq(ALL) & self.figures["period"].eq(str(self.edition.period))
        return self.figures[own].iloc[0]

    @property
    def series(self) -> pd.DataFrame:
        """The headlines by period, oldest first."""
        return self.figures[self.figures["breakdown"].eq(ALL)].set_index("period")

    @property
    def counted(self) -> pd.Series:
        """The headline as the records have it, published or not."""
        source = self.figure["source"] or self.indicator.published_from
        return self.figure if source == "records" else self.other

    @property
    def from_records(self) -> bool:
        """Whether the records tell the figure, published or not."""
        return self.counted["status"] not in ("no data", "not computable")

    @cached_property
    def cases(self) -> pd.DataFrame:
        """The cases behind the figure.

        Raises
        ------
        CsdError
            If there are no records of it, or they cannot support it.
        """
        return self._counted[0]

    @property
    def tables(self) -> list[str]:
        """The tables the cases were found in."""
        return self._counted[1]

    @cached_property
    def _counted(self) -> tuple[pd.DataFrame, list[str]]:
        if not self.from_records:
            raise CsdError(
                f"'{self.key}' is not counted from records for {self.edition.period}",
                expected="an indicator with records behind it",
                fix=f"without --records it is explained all the same; the reason: {self.counted['reason']}",
            )
        watched = _Watched(self.extract.tables)
        cases = counted_records(self.key, self.edition, watched)
        rate = ["population"] if self.indicator.unit.startswith("rate") else []
        return cases, [*sorted(watched.read), *rate]


class _Watched(Mapping[str, pd.DataFrame]):
    """Tables that remember which of them were asked for."""

    def __init__(self, tables: Mapping[str, pd.DataFrame]) -> None:
        self._tables = tables
        self.read: set[str] = set()

    def __getitem__(self, name: str) -> pd.DataFrame:
        table = self._tables[name]
        self.read.add(name)
        return table

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)


def explained(key: str, period: Period, root: Path) -> Explained:
    """Gather all that one figure hangs on.

    The figures are counted, rated and put to disclosure control as a run does it, so that what is
    explained is what a run would print.

    Parameters
    ----------
    key
        An indicator's key.
    root
        The project's root.

    Raises
    ------
    CsdError
        If the suite has no such indicator, or the period's parameters or extract have a fault.
    """
    edition = load_edition(period, root)
    require_known(key, edition.suite)
    extract = checked_extract(root, edition)
    extract.require_sound()
    figures, others = judged_figures(edition, extract)
    both = compare(figures, others, edition.suite)
    rules = load_rules(root, list(edition.suite.indicators))
    chosen = choose(figures, edition.suite, rules, load_memory(root, period, edition.suite))
    own = figures["indicator"].eq(key)
    return Explained(
        key,
        edition,
        extract,
        figures[own],
        release(figures, 1, chosen.withheld)[own],
        chosen.reasons.loc[chosen.reasons.index.isin(figures.index[own])],
        Labels(figures, edition.suite),
        others[others["indicator"].eq(key) & others["period"].eq(str(period))].iloc[0],
        both[both["indicator"].eq(key)],
        _told_before(key, period, root),
        root,
    )


def require_known(key: str, suite: Suite) -> None:
    """Stop with the nearest keys where the suite has no such indicator."""
    if key in suite.indicators:
        return
    holders = [name for name, entry in suite.indicators.items() if key in entry.companions]
    if holders:
        raise CsdError(
            f"'{key}' is a companion, told with the indicator it stands beside",
            fix=f"explain {holders[0]}",
        )
    word = key.casefold()
    near = [
        name
        for name, entry in suite.by_number.items()
        if word in name or word in entry.title.casefold() or word == str(entry.number)
    ]
    near += [name for name in get_close_matches(word, suite.indicators, 5, _NEAR) if name not in near]
    near = near or list(suite.by_number)
    raise CsdError(f"there is no indicator '{key}'", f"suite {suite.suite}", f"one of {', '.join(near)}")


def _told_before(key: str, period: Period, root: Path) -> dict[str, str]:
    """Return what earlier packs, and the editions published, say of their own month."""
    told: dict[str, str] = {}
    for month, path in of_earlier_months(period, root, "figures.parquet").items():
        told |= _own_month(pd.read_parquet(path), key, month, "pack made")
    for edition in publications(root, period):
        told |= _own_month(edition.full, key, edition.period, "published")
    return told


def _own_month(figures: pd.DataFrame, key: str, period: str, how: str) -> dict[str, str]:
    own = figures["indicator"].eq(key) & figures["period"].eq(period) & figures["breakdown"].eq(ALL)
    texts = figures.loc[own, "text"]
    return {} if texts.empty else {period: f"{texts.iloc[0] or 'no figure'} ({how})"}
