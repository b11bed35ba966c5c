"""The sum a reader would do: how printed figures give a hidden one back."""

from collections.abc import Mapping
from fractions import Fraction

from csd_helpers.disclosure.audit import EXACT, Verdict
from csd_helpers.disclosure.case import Case

Equation = dict[str, Fraction]


def arithmetic(case: Case, verdict: Verdict, labels: Mapping[str, str] | None = None) -> str:
    """Write out how a reader works a count out, or what leaves it too few values.

    Parameters
    ----------
    verdict
        A verdict that is not safe.
    labels
        What to call statements and counts; their own names if not given.

    Returns
    -------
    str
        Such as ``total 19 - Bromley North 8 - Bromley South 7 = 4``.
    """
    called = labels or {}
    owners = [*verdict.because, *verdict.public]
    values = {name: (value, owner) for owner in owners for name, value in _counts(case, owner).items()}
    terms = _solve(case, verdict.target, set(values)) if verdict.verdict == EXACT else None
    if terms is None:
        given = ", ".join(called.get(owner, owner) for owner in verdict.because or verdict.public)
        left = verdict.low if verdict.low == verdict.high else f"{verdict.low} to {verdict.high}"
        possible = ", ".join(map(str, verdict.possible)) or "none"
        return f"{given or 'what all know'}: leaves {left}; of the required values only {possible}"
    pieces = []
    for name, factor in sorted(terms.items(), key=lambda item: (item[1] < 0, item[0])):
        value, owner = values[name]
        sign = "-" if factor < 0 else "+"
        times = "" if abs(factor) == 1 else f"{abs(factor)} x "
        public = " (already public)" if case.statements[owner].frozen else ""
        pieces.append(f"{sign} {times}{called.get(name, name)} {value}{public}")
    return f"{' '.join(pieces).removeprefix('+ ')} = {verdict.low}"


def _counts(case: Case, owner: str) -> dict[str, int]:
    """Return the counts a statement gives exactly."""
    exact = [row for row in case.statements[owner].rows if len(row.terms) == 1 and row.low == row.high]
    return {name: (row.low or 0) // factor for row in exact for name, factor in row.terms.items()}


def _solve(case: Case, target: str, given: set[str]) -> Equation | None:
    """Return the target as a sum of given counts, if the equations around it say so."""
    if target in given:
        return {target: Fraction(1)}
    equations = _equations(case, target, given)
    unknown = {name for equation in equations for name in equation} - given - {target}
    for name in sorted(unknown):
        equations = _eliminate(equations, name)
    for equation in equations:
        if factor := equation.get(target):
            return {name: -value / factor for name, value in equation.items() if name != target}
    return None


def _equations(case: Case, target: str, given: set[str]) -> list[Equation]:
    """Return the equations a reader meets on the way from the target to the given counts."""
    found: dict[int, Equation] = {}
    waiting, seen = [target], {target}
    while waiting:
        for known in case.rows_at.get(waiting.pop(), ()):
            row = known.row
            if known.owner or row.low != 0 or row.high != 0 or id(known) in found:
                continue
            found[id(known)] = {name: Fraction(factor) for name, factor in row.terms.items()}
            new = [name for name in row.terms if name not in seen and name not in given]
            seen.update(new)
            waiting += new
    return list(found.values())


def _eliminate(equations: list[Equation], name: str) -> list[Equation]:
    """Remove a count from all equations, at the price of one."""
    having = [equation for equation in equations if name in equation]
    others = [equation for equation in equations if name not in equation]
    if not having:
        return others
    pivot, *rest = sorted(having, key=len)
    return others + [reduced for equation in rest if (reduced := _subtract(equation, pivot, name))]


def _subtract(equation: Equation, pivot: Equation, name: str) -> Equation:
    factor = equation[name] / pivot[name]
    none = Fraction(0)
    reduced = {
        other: equation.get(other, none) - factor * pivot.get(other, none)
        for other in dict.fromkeys([*equation, *pivot])
    }
    return {other: value for other, value in reduced.items() if value}
