"""The counts a reader would have to reason about together, and the questions to ask of them."""

from collections import deque
from collections.abc import Iterable, Iterator, Set
from functools import cached_property

import numpy as np

from csd_helpers.disclosure.case import LARGEST, Case, Known, World
from csd_helpers.disclosure.rows import Rows
from csd_helpers.disclosure.solver import LinearModel, Span
from csd_helpers.disclosure.statements import Row

_NEAR = 60  # counts that are let differ from the truth before all are: few take a tenth of the time


class Neighbourhood:
    """The unknown counts connected to one, given which statements are withheld.

    A count that is printed separates what lies on either side of it, so a question about one count
    needs only the counts it is connected to through others that are unknown.

    Parameters
    ----------
    case
        The case.
    start
        The count to begin at.
    withheld
        Statements that are not shown.
    """

    def __init__(self, case: Case, start: str, withheld: Set[str]) -> None:
        self._case = case
        self._withheld = withheld
        self.spans: dict[str, Span] = {}
        self.free: list[str] = []
        self._rows: dict[int, Known] = {}
        self._models: dict[str, tuple[LinearModel, list[str]]] = {}
        self._gather(start)

    def _gather(self, start: str) -> None:
        """Walk from the first count over rows and unknown counts; nearest first."""
        waiting = deque([start])
        self.spans[start] = self._span(start, self._withheld)
        while waiting:
            name = waiting.popleft()
            self.free.append(name)
            for known in self._case.rows_at.get(name, ()):
                if known.owner in self._withheld or id(known) in self._rows:
                    continue
                self._rows[id(known)] = known
                for other in known.row.terms:
                    if other not in self.spans:
                        low, high = self.spans[other] = self._span(other, self._withheld)
                        if low < high:
                            waiting.append(other)

    def _span(self, name: str, withheld: Set[str]) -> Span:
        """Return the least and most a count can be by its own statements."""
        low, high = self._case.limits[name]
        for least, most, owner in self._case.bounds_at.get(name, ()):
            if owner not in withheld:
                low, high = max(low, least), min(high, most)
        return low, high

    @cached_property
    def _arrays(self) -> Rows:
        return Rows([known.row for known in self._rows.values()], self.spans)

    @cached_property
    def _limits(self) -> np.ndarray:
        return np.array(list(self.spans.values()), dtype=np.int64).T

    @cached_property
    def _relaxed(self) -> LinearModel:
        return LinearModel(self.spans, self._arrays, whole=False)

    @cached_property
    def _whole(self) -> LinearModel:
        return LinearModel(self.spans, self._arrays, whole=True)

    def world(self, name: str, value: int) -> World | None:
        """Find a world in which a count has a value, or None if nothing is found.

        A world is a proof: it is checked in whole numbers here, whatever the solver's tolerance.
        """
        low, high = self.spans[name]
        if not low <= value <= high:
            return None
        fixed = {name: (value, value)}
        values = self._relaxed.solution(fixed)
        if values is not None and not self._holds(values):
            values = self._near(fixed, name) if self._case.secret else None
            if values is None or not self._holds(values):
                values = self._whole.solution(fixed)
        if values is None or not self._holds(values):
            return None
        return dict(zip(self.spans, values.tolist(), strict=True))

    def _near(self, fixed: dict[str, Span], start: str) -> np.ndarray | None:
        """Find counts near one that differ from the truth, all others being as they are; mostly there are."""
        if start not in self._models:
            self._models[start] = self._model_around(start)
        model, names = self._models[start]
        values = model.solution(fixed)
        if values is None:
            return None
        found = dict(zip(names, values.tolist(), strict=True))
        return np.array([found.get(name, self._case.secret[name]) for name in self.spans], dtype=np.int64)

    def _model_around(self, start: str) -> tuple[LinearModel, list[str]]:
        """Return a model of the counts nearest to one, with all others as they are."""
        secret, near = self._case.secret, self._nearest(start)
        rows = {id(known): known.row for name in near for known in self._touching(name)}
        there = [_with_the_rest(row, near, secret) for row in rows.values()]
        spans = {name: self.spans[name] for name in near}
        return LinearModel(spans, Rows(there, spans), whole=True), list(spans)

    def _nearest(self, start: str) -> dict[str, None]:
        """Return the unknown counts nearest to one."""
        near, waiting = {start: None}, deque([start])
        while waiting and len(near) < _NEAR:
            for known in self._touching(waiting.popleft()):
                for other in known.row.terms:
                    low, high = self.spans[other]
                    if low < high and other not in near:
                        near[other] = None
                        waiting.append(other)
        return near

    def _touching(self, name: str) -> Iterator[Known]:
        """Yield the rows of the neighbourhood that a count is in."""
        return (known for known in self._case.rows_at.get(name, ()) if id(known) in self._rows)

    def furthest(self, name: str, upwards: bool) -> int:
        """Return the least or the most a count can be; ends that cross where nothing is possible.

        Where the relaxation ends in a world, whole children go no further; else the solver is asked.
        """
        values = self._relaxed.furthest(name, upwards)
        if values is not None and not self._holds(values):
            values = self._whole.furthest(name, upwards)
        if values is None:
            return -1 if upwards else LARGEST + 1
        return int(values[list(self.spans).index(name)])

    def _holds(self, values: np.ndarray) -> bool:
        low, high = self._limits
        within = np.all((low <= values) & (values <= high))
        return bool(within) and not self._arrays.broken(values).any()

    def because(self, name: str, value: int) -> frozenset[str]:
        """Return statements of this edition that, with what is public, rule a value out.

        Those that a proof with fractions of a child leans on are nearly always all needed, so none is
        tried for being spared: a conflict that is a little long costs less than that.
        """
        suspects = self._suspects(name, value)
        if suspects is None:
            return self._needed(self._whole, self._statements(), name, value)
        return frozenset(owner for owner in suspects if not self._is_public(owner))

    def reasons(self, name: str, value: int) -> frozenset[str]:
        """Return statements that together rule a value out, none of which could be spared.

        Whole children need fewer reasons than fractions of one, which takes longer to see.
        """
        suspects = self._suspects(name, value)
        enough = self._statements() if suspects is None else list(self.because(name, value))
        public = [owner for owner in self._statements() if self._is_public(owner)]
        return self._needed(self._whole, [*public, *enough], name, value)

    def _needed(self, model: LinearModel, suspects: list[str], name: str, value: int) -> frozenset[str]:
        """Return the suspects, leaving out one after the other that can be spared; all public ones stay."""
        needed: list[str] = []
        spared = frozenset(self._statements()) - frozenset(suspects)
        # The furthest away is tried first: what remains is what a reader would add up.
        for block in _blocks([owner for owner in suspects if not self._is_public(owner)]):
            if self._excluded(model, name, value, spared | set(block)):
                spared |= set(block)
                continue
            for owner in block:
                if len(block) > 1 and self._excluded(model, name, value, spared | {owner}):
                    spared |= {owner}
                else:
                    needed.append(owner)
        return frozenset(needed)

    def _is_public(self, owner: str) -> bool:
        return self._case.statements[owner].frozen

    def public_reasons(self) -> list[str]:
        """Return the statements around the count that are already public."""
        return sorted(owner for owner in self._statements() if self._is_public(owner))

    def _suspects(self, name: str, value: int) -> list[str] | None:
        """Return the statements that an infeasible relaxation leans on; None if it is feasible."""
        low, high = self.spans[name]
        if not low <= value <= high:
            bounds = self._case.bounds_at.get(name, ())
            owners = [owner for least, most, owner in bounds if owner and not least <= value <= most]
            shown = [owner for owner in owners if owner not in self._withheld]
            return sorted(shown, key=lambda owner: not self._is_public(owner))[:1]
        ray = self._relaxed.ray(name, value)
        if ray is None:
            return None
        rows, columns = ray
        owners = [known.owner for known, leans in zip(self._rows.values(), rows, strict=True) if leans]
        for column, leans in zip(self.spans, columns, strict=True):
            if leans and column != name:
                owners += self._owners(column)
        return list(dict.fromkeys(owner for owner in reversed(owners) if owner))

    def _owners(self, name: str) -> list[str]:
        return [
            owner
            for _, _, owner in self._case.bounds_at.get(name, ())
            if owner and owner not in self._withheld
        ]

    def _statements(self) -> list[str]:
        """Return every statement shown here, the furthest first."""
        owners = [known.owner for known in self._rows.values()]
        for name in self.spans:
            owners += self._owners(name)
        return list(dict.fromkeys(owner for owner in reversed(owners) if owner))

    def _excluded(self, model: LinearModel, name: str, value: int, without: Set[str]) -> bool:
        """Say whether a value is ruled out although some statements are not shown."""
        withheld = self._withheld | without
        spans = {
            column: self._span(column, withheld)
            for column in self.spans
            if any(owner in without for _, _, owner in self._case.bounds_at.get(column, ()))
        }
        low, high = self._span(name, withheld)
        if not low <= value <= high:
            return True
        idle = [at for at, known in enumerate(self._rows.values()) if known.owner in without]
        return model.is_impossible(name, value, spans, idle)


def _blocks(owners: list[str]) -> Iterable[list[str]]:
    """Split into blocks that are tried as one: most of a long list can be spared at once."""
    size = max(1, round(len(owners) ** 0.5))
    return [owners[at : at + size] for at in range(0, len(owners), size)]


def _with_the_rest(row: Row, near: dict[str, None], truth: World) -> Row:
    """Return what a row says of some counts, its others being as they are."""
    terms = {name: factor for name, factor in row.terms.items() if name in near}
    rest = sum(factor * truth[name] for name, factor in row.terms.items() if name not in near)
    low, high = (None if end is None else end - rest for end in (row.low, row.high))
    return Row(terms, low, high)
