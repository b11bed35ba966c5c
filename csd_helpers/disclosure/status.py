"""Whether Part 1 may say if a count it withholds is below expectation: decided by what it has said before."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from typing import Any, NamedTuple

import pandas as pd

from csd_helpers.disclosure.case import LARGEST, is_within
from csd_helpers.disclosure.model import Exchange, numerator, people_counted
from csd_helpers.disclosure.printed import status_of
from csd_helpers.figures import ALL
from csd_helpers.parameters import DisclosureRules
from csd_helpers.release import BELOW
from csd_helpers.suite import Suite

Span = tuple[int, int]
Year = tuple[str, str, int]
_ANYTHING: Span = (0, LARGEST)


class Question(NamedTuple):
    """Whether the count at a place of the table is below expectation, and what either answer states."""

    at: int
    year: Year
    month: int
    below: Exchange
    otherwise: Exchange


@dataclass
class Announced:
    """What Part 1 has announced of counts whose status is public: the span left to each month of a year.

    Where a status may be told, saying nothing says "not below". So the question is asked only where
    both answers keep every count and every monthly increase safe. Were it decided by the answer that is
    true, silence would tell what it was to hide.

    Parameters
    ----------
    rules
        The rules Part 1 is released by.
    elsewhere
        What others publish of the council's counts.
    years
        Per year to date, and per month of a figure that is none, the least and the most it can be.
    """

    rules: DisclosureRules
    elsewhere: pd.DataFrame | None = None
    years: dict[Year, dict[int, Span]] = field(default_factory=dict)

    def asked(self, figures: pd.DataFrame, suite: Suite) -> list[Question]:
        """Return what may be asked of an edition's figures, whichever answer is true."""
        spoken_of = has_status(figures, self.rules) & ~foretells(figures, self.elsewhere)
        return [entry for entry in _questions(figures[spoken_of], suite) if self._leaves_safe(entry)]

    def _leaves_safe(self, asked: Question) -> bool:
        answers = (_span(asked.below), _span(asked.otherwise))
        return may_be_asked(self.years.get(asked.year, {}), asked.month, answers, self.rules.small_counts)

    def take_in(self, public: pd.DataFrame, figures: pd.DataFrame, suite: Suite) -> None:
        """Add what an edition announced: its answers, and counts it printed.

        An edition that told what may not be asked, by older rules, has told.
        """
        asked = self.asked(figures, suite)
        told = {numerator(row) for row in public[public["rating"].eq(BELOW)].itertuples()}
        for entry in _questions(figures[has_status(figures, self.rules)], suite):
            if entry.below["var"] in told:
                self._narrow(entry.year, entry.month, _span(entry.below))
            elif entry in asked:
                self._narrow(entry.year, entry.month, _span(entry.otherwise))
        for row in people_counted(public[public["breakdown"].eq(ALL)], suite).itertuples():
            self._narrow(_year(row), int(row.data_month), (int(row.numerator), int(row.numerator)))

    def _narrow(self, year: Year, month: int, span: Span) -> None:
        self.years[year] = narrowed(self.years.get(year, {}), month, span)


def has_status(figures: pd.DataFrame, rules: DisclosureRules) -> pd.Series:
    """Say of which figures it was decided that their status is public: the latest of whole indicators."""
    public = [key for key, decision in rules.whole_indicators.items() if decision.status_public]
    latest = figures["month"].eq(figures["month"].max()) & figures["breakdown"].eq(ALL)
    return latest & figures["indicator"].isin(public)


def foretells(figures: pd.DataFrame, elsewhere: pd.DataFrame | None) -> pd.Series:
    """Say of which figures a status would foretell a total: those of February, where others publish it.

    "No more than 10 so far", and 12 in the end, would tell in March what nobody can take back. Earlier
    in the year, months still to come share it.
    """
    foreseen = [] if elsewhere is None else list(elsewhere["indicator"])
    return figures["period"].str.endswith("-02") & figures["indicator"].isin(foreseen)


def silence(asked: Iterable[Question], secret: Mapping[str, int]) -> list[Exchange]:
    """State what saying nothing says where it was asked: not below; it cannot be withheld.

    What is not true is never stated: a status may be withheld for what others have published.
    """
    states = [entry.otherwise for entry in asked]
    return [said for said in states if is_within(_span(said), secret[said["var"]])]


def may_be_asked(year: Mapping[int, Span], month: int, answers: Iterable[Span], small: Sequence[int]) -> bool:
    """Say whether each possible answer about a month leaves everything safe, with what was announced."""
    return all(keeps_safe(narrowed(year, month, answer), small) for answer in answers)


def narrowed(year: Mapping[int, Span], month: int, span: Span) -> dict[int, Span]:
    """Return the spans of a year with one more announced; the newer one where they contradict: revised."""
    low, high = year.get(month, _ANYTHING)
    both = max(low, span[0]), min(high, span[1])
    return {**year, month: both if both[0] <= both[1] else span}


def keeps_safe(year: Mapping[int, Span], small: Sequence[int]) -> bool:
    """Say whether each count of a year to date and what each month added may be all small counts or none.

    A year to date never falls, so what a month was bounds those before it and after it. The increases
    of months before the first announced start from none and are bounded by it as the count itself is.

    Examples
    --------
    >>> keeps_safe({10: (7, 99), 11: (0, 7)}, [1, 2, 3, 4, 5])
    True
    >>> keeps_safe({10: (7, 99), 11: (0, 7), 12: (0, 8)}, [1, 2, 3, 4, 5])
    False
    """
    spans = [year.get(month, _ANYTHING) for month in range(min(year), max(year) + 1)]
    lows = list(accumulate((low for low, _ in spans), max))
    highs = list(accumulate((high for _, high in reversed(spans)), min))[::-1]
    counts = list(zip(lows, highs, strict=True))
    added = [(max(0, low - most), high - least) for (least, most), (low, high) in pairwise(counts)]
    never_falls = all(low <= high for low, high in counts)
    return never_falls and all(_all_or_none(span, small) for span in (*counts, *added))


def _all_or_none(span: Span, small: Sequence[int]) -> bool:
    return len({is_within(span, count) for count in small}) == 1


def _questions(figures: pd.DataFrame, suite: Suite) -> list[Question]:
    """Return whether figures are below expectation, of counts rated by a target.

    Never of percentages: what a share tells of its parts is no span of theirs.
    """
    found = []
    for row in people_counted(figures[figures["value"].notna()], suite).itertuples():
        indicator = suite.indicators[str(row.indicator)]
        below = status_of(row, suite) if indicator.rated_by == "target" else None
        if below and below["kind"] == "range":
            found.append(Question(row.Index, _year(row), int(row.data_month), below, _opposite(below)))
    return found


def _year(row: Any) -> Year:
    """Name the year a figure is of, or its month where it is no year to date."""
    return row.indicator, row.basis, int(row.data_month if pd.isna(row.year) else row.year)


def _span(said: Exchange) -> Span:
    return said.get("lo", 0), said.get("hi", LARGEST)


def _opposite(below: Exchange) -> Exchange:
    """State the opposite of a range that ends on one side."""
    ends = {"lo": below["hi"] + 1} if "hi" in below else {"lo": 0, "hi": below["lo"] - 1}
    own = {"id": f"no {below['id']}", "kind": "range", "var": below["var"], "frozen": True}
    return own | ends
