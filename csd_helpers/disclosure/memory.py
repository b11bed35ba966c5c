"""What has been published before, by the council and by others: it stays known for ever."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from csd_helpers.disclosure.elsewhere import read_elsewhere, said_elsewhere
from csd_helpers.disclosure.flows import add_flows
from csd_helpers.disclosure.model import (
    Exchange,
    Model,
    add_growth_since,
    increase,
    model_of,
    numerator,
    read_so_far,
)
from csd_helpers.disclosure.printed import shown_in
from csd_helpers.disclosure.status import Announced, silence
from csd_helpers.figures import walkable
from csd_helpers.ledger import acts_before, editions, read_figures, read_ledger, withdrawn
from csd_helpers.parameters import DisclosureRules
from csd_helpers.period import Period
from csd_helpers.suite import Suite, load_suite, suite_path


@dataclass(frozen=True)
class Publication:
    """An edition as it was published: what Part 1 showed, and the figures behind it from Part 2.

    ``suite`` is the register it was told by, where that is another than the one at hand; ``label``
    names it where the period has more than one; ``is_withdrawn`` says that it has been taken back.
    """

    period: str
    public: pd.DataFrame
    full: pd.DataFrame
    suite: Suite | None = None
    label: str = ""
    is_withdrawn: bool = False


@dataclass(frozen=True)
class Memory:
    """Everything published before a period: the council's editions, and the figures of others.

    ``elsewhere`` has a row per figure: indicator, period, breakdown, category, part (numerator,
    denominator or percentage), value, rounded_to (empty if exact) and source.
    """

    editions: tuple[Publication, ...] = ()
    elsewhere: pd.DataFrame | None = None


NOTHING = Memory()


def load_memory(root: Path, period: Period, suite: Suite) -> Memory:
    """Read the editions published before a period's own, and ``parameters/published_elsewhere.csv``."""
    return Memory(tuple(publications(root, period, suite)), read_elsewhere(root, suite))


def publications(root: Path, period: Period, suite: Suite | None = None) -> list[Publication]:
    """Return the editions published before a period's own, oldest first, withdrawn ones too.

    An edition of another suite is read by its own register, which knows what has been dropped since, but
    dated as by the suite at hand (`dated_alike`).

    Raises
    ------
    CsdError
        If the ledger is not as it was written: without its memory nothing is safe.
    """
    found: list[Publication] = []
    acts = acts_before(read_ledger(root), period)
    for entry in editions(acts):
        parts, own = read_figures(root, entry), None
        if suite is not None and entry.suite not in ("", suite.suite):
            own = load_suite(suite_path(root, entry.suite))
            parts = {part: dated_alike(figures, own, suite) for part, figures in parts.items()}
        again = any(edition.period == entry.period for edition in found)
        label = f"{entry.period}, entry {entry.number}" if again else entry.period
        gone = entry.number in withdrawn(acts)
        found.append(Publication(entry.period, parts[1], parts[2], own, label, gone))
    return found


def dated_alike(figures: pd.DataFrame, then: Suite, now: Suite) -> pd.DataFrame:
    """Return an edition's figures, each named by the month in which the suite at hand tells its data.

    Where a new suite changed how many months the data are behind the report (``lag_months``), one count
    would have two names: a reader who knows that it is one would know more than the model does.

    Parameters
    ----------
    then
        The register the edition was told by; ``month`` stays the one it was told in.
    """
    later = {
        key: entry.lag_months - then.indicators[key].lag_months
        for key, entry in now.indicators.items()
        if key in then.indicators
    }
    months = figures["month"] + figures["indicator"].map(later).fillna(0).astype("int64")
    return figures.assign(period=[str(Period(month)) for month in months])


def remember(
    model: Model, memory: Memory, suite: Suite, rules: DisclosureRules
) -> tuple[list[Exchange], list[str], Announced]:
    """Add to a model what has been published, as statements that cannot be taken back.

    A count that has not changed since is the same unknown. One that was revised is another, with
    relations of its own; how much it was revised by is a count to protect where the rules say so.

    Returns
    -------
    tuple
        The frozen statements, each once, the names of figures earlier editions withheld, and what was
        announced of the status of counts that are withheld.
    """
    announced = Announced(rules, memory.elsewhere)
    frozen: dict[str, Exchange] = {}
    withheld: list[str] = []
    models: list[Model] = []
    for edition in memory.editions:
        register, label = edition.suite or suite, edition.label or edition.period
        public, full = walkable(edition.public), walkable(edition.full)
        own = model_of(full, register, rules)
        models.append(own)
        names = _renamed(model, own, label)
        _merge(model, own, names, rules)
        silent = silence(announced.asked(full, register), own.secret)
        announced.take_in(public, full, register)
        for entry in [*shown_in(public, own, register, rules), *silent]:
            renamed = _rename(entry, names)
            frozen.setdefault(str({**renamed, "id": ""}), renamed | {
                "id": f"{label}: {entry['id']}", "frozen": True})  # fmt: skip
        hidden = public[public["marker"].eq("c")]
        withheld += [numerator(row) for row in hidden.itertuples()]
    add_growth_since(model, models, rules)
    add_flows(model, read_so_far([model, *models]), suite, rules)
    said = [] if memory.elsewhere is None else said_elsewhere(memory.elsewhere, model, suite)
    return [*frozen.values(), *said], withheld, announced


def _renamed(model: Model, own: Model, period: str) -> dict[str, str]:
    """Name the counts of an edition: as now where they are the same, with its period where revised."""
    return {
        name: name if model.secret.get(name, value) == value else f"{name}@{period}"
        for name, value in own.secret.items()
    }


def _merge(model: Model, own: Model, names: dict[str, str], rules: DisclosureRules) -> None:
    for name, value in own.secret.items():
        model.secret[names[name]] = value
        if name in own.targets:
            model.targets[names[name]] = None
        if names[name] != name and rules.hide_small_revisions and not name.startswith(increase("")):
            _add_revision(model, name, names[name], rules)
    for entry in own.relations.values():
        terms = {names[name]: factor for name, factor in entry["terms"].items()}
        key = entry["id"] if list(terms) == list(entry["terms"]) else f"{entry['id']} (as {sorted(terms)})"
        model.relations.setdefault(key, {**entry, "id": key, "terms": terms})


def _add_revision(model: Model, now: str, then: str, rules: DisclosureRules) -> None:
    """Add how much a count was revised by as a count to protect; whether up or down is public."""
    change = model.secret[now] - model.secret[then]
    name, sign = f"revision of {then}", 1 if change > 0 else -1
    model.secret[name] = abs(change)
    if rules.is_small(abs(change)):
        model.targets[name] = None
    model.relations[name] = {"id": name, "terms": {now: sign, then: -sign, name: -1}, "op": "==", "rhs": 0}


def _rename(entry: Exchange, names: dict[str, str]) -> Exchange:
    renamed = dict(entry)
    if "of" in entry and isinstance(entry["of"], list):
        renamed["of"] = [_rename(part, names) for part in entry["of"]]
    if "var" in entry:
        renamed["var"] = names[entry["var"]]
    if "terms" in entry:
        renamed["terms"] = {names[name]: factor for name, factor in entry["terms"].items()}
    return renamed
