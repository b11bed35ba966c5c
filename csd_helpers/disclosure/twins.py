"""Twin worlds: other data with the same publication, the proof that a count cannot be worked out."""

from collections.abc import Iterable, Set
from dataclasses import dataclass

from csd_helpers.disclosure.case import Case, World, is_within


@dataclass(frozen=True)
class Twin:
    """A world in which a count has a value: the counts of its neighbourhood, all others being as they are."""

    target: str
    value: int
    world: World


def require_true(case: Case, withheld: Set[str], twins: list[Twin]) -> list[Twin]:
    """Check twins in whole numbers, without a solver.

    Raises
    ------
    ArithmeticError
        If a world contradicts a relation or a statement that is shown: a defect, never the user's.
    """
    for twin in twins:
        broken = faults(case, withheld, twin)
        if broken:
            raise ArithmeticError(f"a world for {twin.target} = {twin.value} contradicts {broken[0]}")
    return twins


def faults(case: Case, withheld: Set[str], twin: Twin) -> list[str]:
    """Return what a twin contradicts, by name; nothing if it is one."""
    outside = [name for name, value in twin.world.items() if not is_within(case.limits[name], value)]
    broken = [owner or "a relation" for owner in case.broken_by(twin.world) if owner not in withheld]
    own = twin.world.get(twin.target, case.secret[twin.target])
    wrong = [] if own == twin.value else [f"its own claim on {twin.target}"]
    return [*outside, *broken, *wrong]


def covered(twins: Iterable[Twin], targets: Iterable[str], secret: World) -> dict[str, set[int]]:
    """Return the values each target takes in some twin."""
    found: dict[str, set[int]] = {target: set() for target in targets}
    for twin in twins:
        for target, values in found.items():
            values.add(twin.world.get(target, secret.get(target, -1)))
    return found
