"""Twin worlds: other data with the same publication, the proof that a count cannot be worked out."""

from collections.abc import Iterable, Set
from dataclasses import dataclass

from csd_helpers.disclosure.case import Case, Changed, World


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
    """Return what a twin contradicts, by name; nothing if it is one.

    Relations and statements that the twin does not change hold because they hold in the truth.
    """
    world = Changed(twin.world, case.secret)
    names = [name for name, value in twin.world.items() if case.secret.get(name) != value]
    outside = [name for name in names if not case.limits[name][0] <= world[name] <= case.limits[name][1]]
    broken = [owner or "a relation" for owner in case.broken_by(world, names) if owner not in withheld]
    wrong = [] if world[twin.target] == twin.value else [f"its own claim on {twin.target}"]
    return [*outside, *broken, *wrong]


def covered(twins: Iterable[Twin], targets: Iterable[str], secret: World) -> dict[str, set[int]]:
    """Return the values each target takes in some twin."""
    found: dict[str, set[int]] = {target: set() for target in targets}
    for twin in twins:
        for target, values in found.items():
            values.add(twin.world.get(target, secret.get(target, -1)))
    return found
