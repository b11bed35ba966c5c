"""The account of disclosure control for the officer: what was withheld, why, and what it protects."""

from typing import Any

import pandas as pd

from csd_helpers.disclosure.decision import Chosen
from csd_helpers.disclosure.memory import Memory
from csd_helpers.disclosure.proof import Proof
from csd_helpers.period import Period
from csd_helpers.suite import Suite


def account_of(
    chosen: Chosen, proof: Proof, figures: pd.DataFrame, suite: Suite, memory: Memory
) -> dict[str, Any]:
    """Return what the disclosure page of Part 2 tells.

    The officer signs for what was withheld, so the page says what, why and what it protects. It would
    tell a reader of Part 1 where to look: it is part of what Part 2 is handed and of nothing else.

    Returns
    -------
    dict
        ``withheld`` (rows of figure, period, reason, protects), ``verdicts`` (counts per verdict),
        ``cost``, ``proven``, ``editions``, ``elsewhere``, ``unfixable`` and ``unlinked``.
    """
    labels = Labels(figures, suite)
    verdicts = pd.Series([entry.verdict for entry in proof.audit.verdicts.values()], dtype="str")
    return {
        "withheld": _withheld(chosen, figures, labels),
        "verdicts": verdicts.value_counts().to_dict(),
        "protected": len(verdicts),
        "twins": len(proof.audit.twins),
        "shown": int(figures["value"].notna().sum()) - len(chosen.reasons),
        "cost": chosen.decision.cost,
        "proven": chosen.decision.proven,
        "editions": [Period.parse(edition.period).label for edition in memory.editions],
        "elsewhere": 0 if memory.elsewhere is None else len(memory.elsewhere),
        "unfixable": [
            {"count": labels.of(target), "because": "; ".join(names)}
            for target, names in chosen.decision.unfixable.items()
        ],
        "unlinked": chosen.unlinked,
    }


def _withheld(chosen: Chosen, figures: pd.DataFrame, labels: "Labels") -> list[dict[str, str]]:
    """List what is withheld of the period reported, with its reason."""
    latest = figures.loc[chosen.reasons.index, "month"].eq(figures["month"].max())
    rows = figures.loc[chosen.reasons.index[latest]].join(chosen.reasons)
    return [
        {
            "figure": labels.figure(row.indicator, row.breakdown, row.category),
            "value": str(row.text),
            "reason": str(row.detail if row.cause == "settled" else row.cause),
            "protects": labels.of(str(row.detail)) if row.cause != "settled" and row.detail else "",
        }
        for row in rows.itertuples()
    ]


_PREFIXES = {
    "new in ": "new in the month",
    "ended in ": "ended in the month",
    "all of ": "denominator",
    "rest of ": "remainder",
}


class Labels:
    """What to call the counts of a model on a page."""

    def __init__(self, figures: pd.DataFrame, suite: Suite) -> None:
        self._suite = suite
        self._periods = set(figures["period"])

    def figure(self, indicator: str, breakdown: str, category: str) -> str:
        """Name a figure as a page does."""
        entry = self._suite.indicators[indicator]
        if breakdown in entry.companions:
            return f"{entry.number} {entry.companions[breakdown].title}"
        title = f"{entry.number} {entry.title}"
        if breakdown in entry.breakdowns:
            title += f", {entry.breakdowns[breakdown].title.lower()}: {category}"
        return title

    def of(self, name: str) -> str:
        """Name a count of the model: ``21 Children looked after cases …: remainder, October 2020``."""
        words: list[str] = []
        for start, word in _PREFIXES.items():
            if name.startswith(start):
                name, words = name.removeprefix(start), [*words, word]
        indicator, *parts = name.split("|")
        if indicator not in self._suite.indicators or not parts or parts[-1] not in self._periods:
            return name
        by, category = (*parts[:-1], "all", "all")[:2]
        what = self.figure(indicator, by, category)
        return ", ".join([what, *words, Period.parse(parts[-1]).label])
