"""A disclosure case: the unknown counts, what binds them, what is printed, what must stay unknown."""

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from csd_helpers.disclosure.rows import Rows
from csd_helpers.disclosure.statements import Row, rows_of, terms_of, whole
from csd_helpers.errors import CsdError

LARGEST = 100_000  # no council has more children than this, and everybody knows it
World = dict[str, int]
_OPERATORS = {"==": (True, True), ">=": (True, False), "<=": (False, True)}
_FIELDS = ("variables", "relations", "statements", "targets", "required")


@dataclass(frozen=True)
class Statement:
    """Something printed: its rows, what it is worth, whether it is already public.

    ``coarser`` names the statement that says the same less precisely: withholding that one
    withholds this one too.
    """

    id: str
    rows: tuple[Row, ...]
    cost: float = 1
    frozen: bool = False
    coarser: str = ""


class Known(NamedTuple):
    """A row with the statement that says it; no statement where everybody knows it."""

    row: Row
    owner: str


@dataclass(frozen=True)
class Case:
    """Everything disclosure control reasons about, in whole numbers.

    Parameters
    ----------
    limits
        The unknown counts, each with the least and the most it can publicly be.
    relations
        What every reader knows: parts add to totals, a part is no more than its whole.
    statements
        What would be printed, and what has been.
    targets
        The counts to protect, each with the values it must still be able to have.
    secret
        The true counts; empty where only what others published is known.
    """

    limits: dict[str, tuple[int, int]]
    relations: list[Row]
    statements: dict[str, Statement]
    targets: dict[str, tuple[int, ...]]
    secret: World = field(default_factory=dict)

    @cached_property
    def rows_at(self) -> dict[str, list[Known]]:
        """Return the rows over several counts that touch each count."""
        found: dict[str, list[Known]] = defaultdict(list)
        for known in self.known:
            if len(known.row.terms) > 1:
                for name in known.row.terms:
                    found[name].append(known)
        return found

    @cached_property
    def bounds_at(self) -> dict[str, list[tuple[int, int, str]]]:
        """Return the bounds put on each count by itself: least, most and who says so."""
        found: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
        for (terms, low, high), owner in self.known:
            if len(terms) == 1:
                ((name, factor),) = terms.items()
                found[name].append((*_bounds(factor, low, high), owner))
        return found

    @cached_property
    def known(self) -> list[Known]:
        """Return every row, with who says it."""
        said = [Known(row, entry.id) for entry in self.statements.values() for row in entry.rows]
        return [Known(row, "") for row in self.relations] + said

    @cached_property
    def _rows(self) -> Rows:
        return Rows([known.row for known in self.known], self.limits)

    @cached_property
    def _owners(self) -> np.ndarray:
        return np.array([known.owner for known in self.known], dtype=object)

    @cached_property
    def _at(self) -> dict[str, int]:
        return {name: place for place, name in enumerate(self.limits)}

    @cached_property
    def _truth(self) -> np.ndarray:
        return np.array([self.secret[name] for name in self.limits], dtype=np.int64)

    def broken_by(self, world: World) -> frozenset[str]:
        """Return who says what a world contradicts, "" where everybody knows it; other counts are true."""
        values = self._truth.copy()
        values[[self._at[name] for name in world]] = list(world.values())
        return frozenset(self._owners[self._rows.broken(values)])

    def cost(self, withheld: frozenset[str] | set[str]) -> float:
        """Return what withholding some statements costs; what is already public costs nothing."""
        return sum(self.statements[name].cost for name in withheld if not self.statements[name].frozen)


def is_within(limits: tuple[int, int], value: int) -> bool:
    """Say whether a value is one of those from the least to the most."""
    return limits[0] <= value <= limits[1]


def _bounds(factor: int, low: int | None, high: int | None) -> tuple[int, int]:
    """Return the least and the most a count can be when a multiple of it is bounded."""
    if factor < 0:
        factor, low, high = -factor, *(None if end is None else -end for end in (high, low))
    return (
        0 if low is None else -(-low // factor),
        LARGEST if high is None else high // factor,
    )


def read_case(path: Path) -> Case:
    """Read a case in the exchange format.

    Raises
    ------
    CsdError
        If the file is missing, is no JSON, or is no case; says where.
    """
    return parse_case(read_json(path, "a disclosure case"), str(path))


def read_json(path: Path, expected: str) -> dict[str, Any]:
    """Read a JSON object, naming file and line of whatever is wrong with it."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CsdError(f"the file cannot be read: {error.strerror}", str(path), expected) from None
    except UnicodeDecodeError:
        raise CsdError("the file is not text in UTF-8", str(path), expected) from None
    except json.JSONDecodeError as error:
        raise CsdError(f"this is no JSON: {error.msg}", f"{path}, line {error.lineno}", expected) from None
    if not isinstance(content, dict):
        raise CsdError("the file holds no JSON object", str(path), expected)
    return content


def parse_case(content: Mapping[str, Any], where: str = "") -> Case:
    """Turn an exchanged case into a `Case`, checked.

    Raises
    ------
    CsdError
        If a part is missing, or something names a count that is not there.
    """
    missing = [name for name in _FIELDS if name not in content]
    if missing:
        raise CsdError(f"the case has no '{missing[0]}'", where, ", ".join(_FIELDS))
    try:
        case = _parse(content)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise CsdError(f"the case cannot be read: {error!r}", where, "the exchange format") from None
    _require_known(case, where)
    _require_exact(case, where)
    return case


def require_true(case: Case, where: str) -> None:
    """Refuse a case whose own secret is not true of it: an answer to that would protect nobody.

    Raises
    ------
    CsdError
        Naming a relation or a statement that does not hold.
    """
    if not case.secret:
        return
    for known in case.known:
        if not known.row.holds(case.secret):
            named = (
                f"statement '{known.owner}'" if known.owner else f"a relation of {', '.join(known.row.terms)}"
            )
            raise CsdError(
                f"{named} is not true of the secret", where, "true counts, and what is printed of them"
            )


def _parse(content: Mapping[str, Any]) -> Case:
    required = content["required"]["values"]
    targets = [entry if isinstance(entry, dict) else {"var": entry} for entry in content["targets"]]
    statements = [parse_statement(entry) for entry in content["statements"]]
    return Case(
        {name: _limits(entry) for name, entry in content["variables"].items()},
        [_relation(entry) for entry in content["relations"]],
        {entry.id: entry for entry in _once(statements)},
        {entry["var"]: tuple(map(whole, entry.get("values", required))) for entry in targets},
        {name: whole(value) for name, value in content.get("secret", {}).items()},
    )


def _limits(entry: Mapping[str, Any]) -> tuple[int, int]:
    low, high = whole(entry.get("lb", 0)), whole(entry.get("ub", LARGEST))
    if not 0 <= low <= high:
        raise ValueError(f"a count from {low} to {high}")
    return low, high


def _once(statements: list[Statement]) -> list[Statement]:
    """Return the statements if each has an id of its own."""
    seen: set[str] = set()
    for entry in statements:
        if entry.id in seen:
            raise ValueError(f"two statements with the id '{entry.id}'")
        seen.add(entry.id)
    return statements


def parse_statement(entry: Mapping[str, Any]) -> Statement:
    """Turn an exchanged statement into a `Statement`."""
    cost = entry.get("cost", 1)
    if isinstance(cost, bool) or not isinstance(cost, int | float) or not 0 <= cost < LARGEST:
        raise ValueError(f"a cost of {cost!r}")
    return Statement(
        str(entry["id"]),
        tuple(rows_of(entry)),
        cost,
        entry.get("frozen") is True,
        str(entry.get("coarser", "")),
    )


def _relation(entry: Mapping[str, Any]) -> Row:
    least, most = _OPERATORS[entry["op"]]
    right = whole(entry["rhs"])
    return Row(terms_of(entry["terms"]), right if least else None, right if most else None)


def _require_known(case: Case, where: str) -> None:
    """Refuse a case in which something names a count that is not there."""
    named = {name for row in case.relations for name in row.terms} | set(case.targets)
    named |= {name for entry in case.statements.values() for row in entry.rows for name in row.terms}
    unknown, untold = named - set(case.limits), set(case.limits) - set(case.secret or case.limits)
    missing = {entry.coarser for entry in case.statements.values() if entry.coarser} - set(case.statements)
    if missing:
        raise CsdError(f"'{min(missing)}' is no statement", where, "the id of a coarser statement")
    if unknown or untold:
        what = "is not among the variables" if unknown else "is without its secret"
        raise CsdError(
            f"'{min(unknown or untold)}' {what}", where, "every count named in 'variables' and in 'secret'"
        )


def _require_exact(case: Case, where: str) -> None:
    """Refuse numbers that cannot be added up in whole numbers of 64 bits."""
    for row, owner in case.known:
        if sum(abs(factor) * case.limits[name][1] for name, factor in row.terms.items()) >= 2**63:
            what = f"the numbers of {owner or 'a relation'} are too large to be added up exactly"
            raise CsdError(what, where, "factors and counts whose products stay below 2⁶³")
