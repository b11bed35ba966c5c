"""The decision: which figures Part 1 withholds, and why."""

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from csd_helpers.disclosure.case import Case, parse_case
from csd_helpers.disclosure.growth import BESIDE, months_beside
from csd_helpers.disclosure.memory import NOTHING, Memory, remember
from csd_helpers.disclosure.model import (
    Exchange,
    Model,
    are_people,
    counts_of,
    ended,
    have_parts,
    increase,
    model_of,
    numerator,
    people_counted,
)
from csd_helpers.disclosure.printed import approximately, statements_of, status_of, worth_of
from csd_helpers.disclosure.protect import Decision, protect
from csd_helpers.disclosure.status import foretells, has_status, silence
from csd_helpers.figures import walkable
from csd_helpers.parameters import DisclosureRules
from csd_helpers.rag import EXCEPTIONS
from csd_helpers.release import Withheld
from csd_helpers.suite import Suite

_STATUS_WORTH = 3


@dataclass(frozen=True)
class Chosen:
    """What was decided for a table of figures.

    Parameters
    ----------
    withheld
        Per figure, whether Part 1 withholds it and in which words it may still be spoken of.
    reasons
        Per withheld figure ``cause`` and ``detail``; confidential: a reason says which counts are small.
    case, exchange
        What was put to the protector, parsed and in the exchange format.
    decision
        What it answered.
    unlinked
        What the register says belongs together but does not, in words.
    """

    withheld: Withheld
    reasons: pd.DataFrame
    exchange: Exchange
    case: Case
    decision: Decision
    unlinked: list[str]


def choose(
    figures: pd.DataFrame,
    suite: Suite,
    rules: DisclosureRules,
    memory: Memory = NOTHING,
) -> Chosen:
    """Decide which figures Part 1 withholds: no more than nothing hidden being worked out takes.

    Parameters
    ----------
    figures
        All judged figures of the months shown.
    memory
        What was published before, by the council and by others.
    """
    figures = walkable(figures)
    model = model_of(figures, suite, rules)
    frozen, withheld_before, announced = remember(model, memory, suite, rules)
    asked = announced.asked(figures, suite)
    frozen += silence(asked, model.secret)
    settled = settled_reasons(figures, suite, rules, withheld_before)
    release_targets(model, figures, rules)
    settled = _with_months_beside(settled, figures, model, suite, rules, _kept(figures, rules, frozen))
    told = _status_is_public(figures, rules, memory) & figures.index.isin([entry.at for entry in asked])
    offered = _offered(figures, model, suite, rules, settled, told)
    exchange = exchange_of(model, rules, [*offered.values(), *frozen])
    case = parse_case(exchange)
    decision = protect(case, rules.seconds)
    reasons = _reasons(figures, settled, offered, decision)
    withheld = _withheld(figures, reasons, offered, decision)
    return Chosen(withheld, reasons, exchange, case, decision, model.unlinked)


def _with_months_beside(
    settled: pd.Series,
    figures: pd.DataFrame,
    model: Model,
    suite: Suite,
    rules: DisclosureRules,
    kept: set[str],
) -> pd.Series:
    """Return the reasons, with those of months that would bound a hidden year to date beside them."""
    if rules.hide_monthly_increases:  # then what a month added is a count to protect of its own
        return settled
    known = people_counted(figures, suite)
    small = {row.Index for row in known.itertuples() if not model.targets.keys().isdisjoint(counts_of(row))}
    hidden = small | set(settled.index[settled.ne("")])
    beside = months_beside(known, hidden, kept, rules.small_counts)
    return settled.mask(settled.index.isin(beside), BESIDE)


def _kept(figures: pd.DataFrame, rules: DisclosureRules, frozen: list[Exchange]) -> set[str]:
    """Name the counts that cannot be withheld: published before, or released by decision."""
    said = [part for entry in frozen for part in entry.get("of", [entry]) if part["kind"] == "count"]
    released = [row for entry in rules.released for row in figures[entry.names(figures)].itertuples()]
    return {part["var"] for part in said} | {numerator(row) for row in released}


def release_targets(model: Model, figures: pd.DataFrame, rules: DisclosureRules) -> None:
    """Take the counts that people decided to release out of those to protect."""
    for entry in rules.released:
        for row in figures[entry.names(figures)].itertuples():
            for name in counts_of(row):
                for own in (name, increase(name), ended(name), *_since(model, name)):
                    model.targets.pop(own, None)


def _since(model: Model, name: str) -> list[str]:
    """Name what was added to a count since months that only earlier editions have."""
    return [target for target in model.targets if target.startswith(f"{increase(name)} since ")]


def exchange_of(model: Model, rules: DisclosureRules, statements: list[Exchange]) -> Exchange:
    """Put a model and statements into the exchange format."""
    return {
        "variables": {name: {} for name in model.secret},
        "relations": list(model.relations.values()),
        "statements": statements,
        "targets": list(model.targets),
        "required": {"values": rules.small_counts},
        "secret": model.secret,
    }


def settled_reasons(
    figures: pd.DataFrame, suite: Suite, rules: DisclosureRules, withheld_before: Iterable[str] = ()
) -> pd.Series:
    """Return why figures are withheld whatever the others are; empty where that is still open.

    Decided by people: whole indicators and single figures. Decided by rule: a ratio of people without
    its parts (nobody can say how many that is), one over too few, and what an earlier edition withheld.
    """
    people = are_people(figures, suite)
    reasons = pd.Series("", index=figures.index, dtype="str")
    if rules.keep_withheld:
        names = pd.Series([numerator(row) for row in figures.itertuples()], index=figures.index)
        reasons[names.isin(set(withheld_before)) & figures["value"].notna()] = "withheld before"
    few = figures["unit"].eq("percent") & figures["denominator"].between(1, rules.smallest_denominator - 1)
    reasons[people & few] = "too few"
    reasons[people & figures["value"].notna() & ~have_parts(figures)] = "without its parts"
    for entry in rules.withheld:
        reasons[entry.names(figures)] = f"decided by {entry.decided_by}: {entry.reason}"
    for key, decision in rules.whole_indicators.items():
        reasons[figures["indicator"].eq(key)] = f"whole indicator, {decision.decided_by}: {decision.reason}"
    for entry in rules.released:
        reasons[entry.names(figures)] = ""
    return reasons


def _offered(
    figures: pd.DataFrame,
    model: Model,
    suite: Suite,
    rules: DisclosureRules,
    settled: pd.Series,
    told: pd.Series,
) -> dict[tuple[int, str], Exchange]:
    """Return the statements that may be withheld, by figure and kind: exact, rounded, status."""
    worth = worth_of(figures, rules.worth).astype(float).to_dict()
    manual = pd.Series(False, index=figures.index)
    for entry in rules.released:
        manual |= entry.names(figures)
    kept = set(figures.index[manual])
    offered: dict[tuple[int, str], Exchange] = {}
    for at, said in statements_of(figures[settled.eq("")], model, suite).items():
        offered[at, "exact"] = said | {"cost": worth[at], "frozen": at in kept}
    coarse = figures["indicator"].isin([key for key, entry in suite.indicators.items() if entry.coarsen])
    for row in figures[coarse & ~manual].itertuples():
        about = approximately(row, rules) if (row.Index, "exact") in offered else None
        if about:  # half of a figure's worth is its order of magnitude
            offered[row.Index, "rounded"] = about | {"cost": worth[row.Index] / 2}
            offered[row.Index, "exact"] |= {"cost": worth[row.Index] / 2, "coarser": about["id"]}
    for row in figures[told].itertuples():
        if numerator(row) in model.secret and (status := status_of(row, suite)):
            offered[row.Index, "status"] = status | {"cost": _STATUS_WORTH}
    return offered


def _status_is_public(figures: pd.DataFrame, rules: DisclosureRules, memory: Memory) -> pd.Series:
    """Say of which withheld figures the latest status would be told: below expectation, and no more."""
    spoken_of = has_status(figures, rules) & ~foretells(figures, memory.elsewhere)
    return spoken_of & figures["rating"].isin(EXCEPTIONS)


def _withheld(
    figures: pd.DataFrame, reasons: pd.DataFrame, offered: dict[tuple[int, str], Exchange], decision: Decision
) -> Withheld:
    shown = [place for place, entry in offered.items() if entry["id"] not in decision.withheld]
    hidden = figures.index.isin(reasons.index)
    rounded = figures.index.isin([at for at, kind in shown if kind == "rounded"]) & hidden
    told = figures.index.isin([at for at, kind in shown if kind == "status"])
    return Withheld(*(pd.Series(flag, index=figures.index) for flag in (hidden, rounded, told)))


def _reasons(
    figures: pd.DataFrame, settled: pd.Series, offered: dict[tuple[int, str], Exchange], decision: Decision
) -> pd.DataFrame:
    """Say why each withheld figure is: what its own count is, or which other one it protects."""
    there = figures["value"].notna() | figures["status"].eq("no cases")
    rows = {at: ("settled", reason) for at, reason in settled[there & settled.ne("")].items()}
    for (at, kind), entry in offered.items():
        if kind == "exact" and entry["id"] in decision.withheld:
            rows[at] = _reason(entry["id"], decision.because.get(entry["id"], ""))
    return pd.DataFrame.from_dict(dict(sorted(rows.items())), orient="index", columns=["cause", "detail"])


def _reason(name: str, target: str) -> tuple[str, str]:
    own = {
        name: "primary",
        f"all of {name}": "too few",
        f"rest of {name}": "complement",
        increase(name): "monthly increase",
        increase(f"all of {name}"): "monthly increase",
        increase(f"rest of {name}"): "monthly increase of the complement",
    }
    return (own[target], target) if target in own else ("protects another", target)
