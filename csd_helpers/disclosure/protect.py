"""The protector: the cheapest further figures to withhold so that nothing hidden can be worked out."""

import time
from collections import defaultdict
from collections.abc import Iterator, Set
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter

from csd_helpers.disclosure.case import Case
from csd_helpers.disclosure.hitting_set import Conflict, HittingSet
from csd_helpers.disclosure.neighbourhood import Neighbourhood

Question = tuple[str, int]


@dataclass(frozen=True)
class Decision:
    """Which statements to withhold, what that costs, and what cannot be protected any more.

    ``because`` gives for each withheld statement a count it protects; ``unfixable`` gives for each
    count that is already public the statements that gave it away.
    """

    withheld: frozenset[str]
    cost: float
    proven: bool
    because: dict[str, str] = field(default_factory=dict)
    unfixable: dict[str, list[str]] = field(default_factory=dict)


def protect(case: Case, seconds: float = 60.0) -> Decision:
    """Find the cheapest statements to withhold so that every target can have every required value.

    Withholding only takes away what a reader knows, so a question that is answered yes stays yes. Each
    question answered no gives a conflict: statements of which at least one must go. The cheapest set
    with one of each conflict is tried, until no question is answered no: that set is the optimum, and
    each conflict says why (an implicit hitting set).

    Parameters
    ----------
    case
        The case with its true counts.
    seconds
        After this long the answer is completed greedily: as safe, but not proven to be the cheapest.

    Returns
    -------
    Decision
        The same for the same case, as long as the time suffices.
    """
    deadline = time.monotonic() + seconds
    parts = [_Choice(case, targets, deadline) for targets in _apart(case)]
    for part in parts:
        part.decide()
    withheld = frozenset().union(*(part.withheld for part in parts))
    because = {name: target for part in parts for name, target in part.because.items() if name in withheld}
    unfixable = {target: names for part in parts for target, names in part.unfixable.items()}
    return Decision(withheld, case.cost(withheld), all(part.proven for part in parts), because, unfixable)


def _apart(case: Case) -> Iterator[list[str]]:
    """Yield the targets that hang together, even with nothing shown: each group is a problem of its own."""
    rows: dict[str, list[set[str]]] = defaultdict(list)
    for row in [*case.relations, *(row for entry in case.statements.values() for row in entry.rows)]:
        for name in row.terms:
            rows[name].append(set(row.terms))
    # What is shown or withheld together also ties its counts to each other.
    for entry in case.statements.values():
        names = {name for row in entry.rows for name in row.terms}
        for name in names:
            rows[name].append(names)
    left = dict.fromkeys(case.targets)
    while left:
        group, waiting = set(), [next(iter(left))]
        while waiting:
            name = waiting.pop()
            if name not in group:
                group.add(name)
                waiting += [other for names in rows[name] for other in names if other not in group]
        own = [target for target in left if target in group]
        left = {target: None for target in left if target not in group}
        yield own


class _Choice:
    """The choice for targets that hang together."""

    def __init__(self, case: Case, targets: list[str], deadline: float) -> None:
        self._case = case
        self._deadline = deadline
        self._questions: list[Question] = [
            (target, value) for target in targets for value in _furthest_first(case, target)
        ]
        self._targets = set(targets)
        self._worlds: dict[Question, set[frozenset[str]]] = defaultdict(set)
        self._found: list[tuple[str, Conflict]] = []
        self._master = self._new_master()
        self.withheld: frozenset[str] = frozenset()
        self.because: dict[str, str] = {}
        self.unfixable: dict[str, list[str]] = {}
        self.proven = True

    def decide(self) -> None:
        """Withhold the cheapest set that answers every question yes."""
        while self._ask_all(self.withheld):
            if time.monotonic() > self._deadline:
                self._complete()
                return
            chosen, proven = self._master.cheapest(self._deadline - time.monotonic())
            self.proven &= proven
            self.withheld = frozenset(chosen)

    def _new_master(self) -> HittingSet:
        """Return a hitting set of the conflicts found so far, for the targets that can be protected."""
        statements = self._case.statements.values()
        coarser = {entry.id: entry.coarser for entry in statements if entry.coarser}
        master = HittingSet({entry.id: entry.cost for entry in statements}, coarser)
        master.add(conflict for target, conflict in self._found if target not in self.unfixable)
        return master

    def _ask_all(self, withheld: Set[str]) -> bool:
        """Ask every question, tell the master what it must hit, and say whether it must choose again."""
        lost = len(self.unfixable)
        found = list(self._conflicts(withheld))
        self._found += found
        if lost < len(self.unfixable):
            # Nothing is withheld any more for what is public already.
            self._master = self._new_master()
            return True
        self._master.add(dict.fromkeys(conflict for _, conflict in found))
        return bool(found)

    def _conflicts(self, withheld: Set[str]) -> Iterator[tuple[str, Conflict]]:
        """Yield a conflict that the withheld statements leave for each target that they do not protect.

        One at a time: the values of a target mostly need the same withheld, and what they do not is
        asked again once the master has chosen.
        """
        around = _Around(self._case, frozenset(withheld))
        for target, questions in groupby(self._questions, key=itemgetter(0)):
            conflict = next(filter(None, (self._ask(question, around) for question in questions)), None)
            if conflict:
                for name in conflict:
                    self.because.setdefault(name, target)
                yield target, conflict

    def _ask(self, question: Question, around: "_Around") -> Conflict | None:
        """Return statements that together rule the value out; None if it is possible, or public already."""
        target, value = question
        if target in self.unfixable or any(broken <= around.withheld for broken in self._worlds[question]):
            return None
        near = around.at(target)
        world = near.world(target, value)
        if world is not None:
            self._remember(near, world)
            return None
        conflict = near.because(target, value)
        if not conflict:
            self.unfixable[target] = near.public_reasons()
        return conflict or None

    def _remember(self, near: Neighbourhood, world: dict[str, int]) -> None:
        """Keep a world by the statements it breaks: it holds wherever those are withheld."""
        broken = self._case.broken_by(world)
        for name in near.free:
            if name in self._targets:
                self._worlds[name, world[name]].add(broken)

    def _complete(self) -> None:
        """Finish greedily once time is up: withhold until nothing is left to ask, then give back."""
        self.proven = False
        withheld = set(self.withheld)
        while conflicts := list(self._conflicts(withheld)):
            for _, conflict in conflicts:
                if not conflict & withheld:
                    withheld |= self._with_finer(min(conflict, key=self._worth))
        for name in sorted(withheld, key=self._worth, reverse=True):
            less = withheld - self._with_coarser(name)
            if less != withheld and next(self._conflicts(less), None) is None:
                withheld = less
        self.withheld = frozenset(withheld)

    def _worth(self, name: str) -> tuple[float, str]:
        return self._case.statements[name].cost, name

    def _with_finer(self, name: str) -> set[str]:
        """Return a statement with those that say the same more precisely."""
        return {name} | {entry.id for entry in self._case.statements.values() if entry.coarser == name}

    def _with_coarser(self, name: str) -> set[str]:
        """Return a statement with the one that says the same less precisely: both are given back."""
        return {name, self._case.statements[name].coarser}


def _furthest_first(case: Case, target: str) -> list[int]:
    """Return the values a target must still be able to have but has not; what is ruled out is far off."""
    secret = case.secret[target]
    return sorted(set(case.targets[target]) - {secret}, key=lambda value: (-abs(value - secret), value))


class _Around:
    """The neighbourhoods already built for what is withheld."""

    def __init__(self, case: Case, withheld: frozenset[str]) -> None:
        self._case = case
        self.withheld = withheld
        self._built: dict[str, Neighbourhood] = {}

    def at(self, name: str) -> Neighbourhood:
        """Return the neighbourhood of a count."""
        if name not in self._built:
            near = Neighbourhood(self._case, name, self.withheld)
            self._built.update(dict.fromkeys(near.free, near))
        return self._built[name]
