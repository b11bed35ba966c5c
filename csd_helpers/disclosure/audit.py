"""The audit: what each protected count could be, given everything published now and before."""

from collections.abc import Set
from dataclasses import dataclass, field

from csd_helpers.disclosure.case import Case
from csd_helpers.disclosure.neighbourhood import Neighbourhood
from csd_helpers.disclosure.twins import Twin, require_true

SAFE, NARROW, EXACT, CONTRADICTION = "safe", "narrow", "exact", "contradiction"


@dataclass(frozen=True)
class Verdict:
    """What a reader can work out of one count.

    ``because`` names the fewest statements found that together rule a required value out; what is
    already public is in ``public``.
    """

    target: str
    low: int
    high: int
    possible: tuple[int, ...]
    required: tuple[int, ...]
    because: tuple[str, ...] = ()
    public: tuple[str, ...] = ()

    @property
    def verdict(self) -> str:
        """Return ``exact`` (one value left), ``narrow`` (a required value ruled out) or ``safe``.

        ``contradiction`` where what is shown cannot all be true, which says nothing of safety.
        """
        if self.low > self.high:
            return CONTRADICTION
        if self.low == self.high:
            return EXACT
        return SAFE if self.possible == self.required else NARROW


@dataclass(frozen=True)
class Audit:
    """The verdicts of a case, and the worlds that prove what is safe."""

    verdicts: dict[str, Verdict]
    twins: list[Twin] = field(default_factory=list)

    @property
    def unsafe(self) -> list[Verdict]:
        """Return the counts that are not safe."""
        return [entry for entry in self.verdicts.values() if entry.verdict != SAFE]


def audit(case: Case, withheld: Set[str] = frozenset()) -> Audit:
    """Ask of every target which values it could have for a reader of everything that is shown.

    A count is safe only when each of its required values is shown to be possible by a world that
    agrees with every relation and every statement, checked in whole numbers. The protector is not
    asked: nothing it found is taken on trust.

    Parameters
    ----------
    case
        The case; frozen statements count as shown whatever ``withheld`` says.
    withheld
        Ids of the statements that are not shown.

    Returns
    -------
    Audit
        Per target the least and most, the required values that are possible, the verdict, why; with
        the twin worlds that prove it.
    """
    hidden = frozenset(name for name in withheld if not case.statements[name].frozen)
    asked = _Questions(case, hidden)
    verdicts = {target: asked.verdict(target) for target in case.targets}
    # A world says what its neighbourhood is like; without the truth there is nothing to put around it.
    return Audit(verdicts, require_true(case, hidden, asked.twins) if case.secret else [])


class _Questions:
    """The questions put to a case; a world found for one question answers others too."""

    def __init__(self, case: Case, withheld: Set[str]) -> None:
        self._case = case
        self._withheld = withheld
        self._frozen = frozenset(name for name, entry in case.statements.items() if entry.frozen)
        self._around: dict[str, Neighbourhood] = {}
        self._seen: dict[tuple[str, int], Twin] = {}

    @property
    def twins(self) -> list[Twin]:
        """Return the worlds found, each once."""
        return list({id(twin): twin for twin in self._seen.values()}.values())

    def verdict(self, target: str) -> Verdict:
        """Say what a count could be, and whether that is enough."""
        required = self._case.targets[target]
        possible = tuple(value for value in required if self._is_possible(target, value))
        around = self._neighbourhood(target)
        low, high = around.furthest(target, upwards=False), around.furthest(target, upwards=True)
        missing = [value for value in required if value not in possible]
        reasons = [self._reason(target, value) for value in missing]
        shortest = min(reasons, key=lambda reason: (len(reason[0]), *reason), default=((), ()))
        return Verdict(target, low, high, possible, required, *shortest)

    def _reason(self, target: str, value: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return what rules a value out, and what is public already around it.

        Nothing of ours does where what is public already does it alone. Without a count that stood
        between, what lies behind it may spare another: each is left out once in its whole surroundings.
        """
        alone = self._showing(target, frozenset())
        if self._frozen and alone.world(target, value) is None:
            return (), tuple(alone.public_reasons())
        reason = self._neighbourhood(target).reasons(target, value)
        for owner in sorted(reason):
            if self._showing(target, reason - {owner}).world(target, value) is None:
                reason -= {owner}
        return tuple(sorted(reason)), tuple(self._showing(target, reason).public_reasons())

    def _showing(self, target: str, owners: Set[str]) -> Neighbourhood:
        """Return the surroundings of a count if nothing but some statements, and what is public, is shown."""
        ours = frozenset(self._case.statements) - self._frozen
        return Neighbourhood(self._case, target, ours - owners)

    def _is_possible(self, target: str, value: int) -> bool:
        if (target, value) in self._seen:
            return True
        around = self._neighbourhood(target)
        world = around.world(target, value)
        if world is None:
            return False
        self._remember(Twin(target, value, world), around)
        return True

    def _remember(self, twin: Twin, around: Neighbourhood) -> None:
        for name in around.free:
            if name in self._case.targets:
                self._seen.setdefault((name, twin.world[name]), twin)

    def _neighbourhood(self, target: str) -> Neighbourhood:
        if target not in self._around:
            around = Neighbourhood(self._case, target, self._withheld)
            self._around.update(dict.fromkeys(around.free, around))
        return self._around[target]
