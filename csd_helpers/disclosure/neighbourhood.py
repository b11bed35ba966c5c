"""The counts a reader would have to reason about together, and the questions to ask of them."""

from collections import deque
from collections.abc import Iterable, Set
from functools import cache, cached_property

import highspy
import numpy as np

from csd_helpers.disclosure.case import LARGEST, Case, Known, World
from csd_helpers.disclosure.rows import Rows

_TOLERANCE = 1e-7
_NODES = 20_000  # a question that takes more is not answered, and counts as answered no
_INFINITY = highspy.kHighsInf
_NOT = highspy.HighsModelStatus.kInfeasible
_FOUND = highspy.HighsModelStatus.kOptimal
Span = tuple[int, int]


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
    def _relaxed(self) -> "_Model":
        return _Model(self.spans, self._arrays, whole=False)

    @cached_property
    def _whole(self) -> "_Model":
        return _Model(self.spans, self._arrays, whole=True)

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
            values = self._whole.solution(fixed)
        if values is None or not self._holds(values):
            return None
        return dict(zip(self.spans, values.tolist(), strict=True))

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

    def _needed(self, model: "_Model", suspects: list[str], name: str, value: int) -> frozenset[str]:
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

    def _excluded(self, model: "_Model", name: str, value: int, without: Set[str]) -> bool:
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


class _Model:
    """A linear model of a neighbourhood, kept by the solver between questions."""

    def __init__(self, spans: dict[str, Span], rows: Rows, whole: bool) -> None:
        self._names = list(spans)
        self._at = {name: at for at, name in enumerate(self._names)}
        self._spans = spans
        self._whole = whole
        self._rows = rows
        self._low, self._high = rows.bounds()
        self._solver = quiet_solver()
        self._solver.setOptionValue("mip_max_nodes", _NODES)
        if not whole:  # the last answer is a better start for the next question than a smaller model
            self._solver.setOptionValue("presolve", "off")
        self._solver.passModel(self._linear())

    def _linear(self) -> highspy.HighsLp:
        """Return the model as the solver takes it; lists, since it goes over arrays number by number."""
        model, rows = highspy.HighsLp(), self._rows
        model.num_col_, model.num_row_ = len(self._names), len(self._low)
        model.col_cost_ = [0.0] * len(self._names)
        model.col_lower_ = [float(low) for low, _ in self._spans.values()]
        model.col_upper_ = [float(high) for _, high in self._spans.values()]
        model.row_lower_, model.row_upper_ = self._low.tolist(), self._high.tolist()
        matrix = model.a_matrix_
        matrix.format_ = highspy.MatrixFormat.kRowwise
        matrix.start_, matrix.index_ = rows.ends.tolist(), rows.columns.tolist()
        matrix.value_ = rows.factors.tolist()
        if self._whole:
            model.integrality_ = [highspy.HighsVarType.kInteger] * len(self._names)
        return model

    def solution(self, fixed: dict[str, Span]) -> np.ndarray | None:
        """Return whole numbers that satisfy the model, as far as the solver can tell."""
        self._bound(fixed)
        found = self._run() == _FOUND
        values = np.rint(self._solver.getSolution().col_value).astype(np.int64) if found else None
        self._bound({name: self._spans[name] for name in fixed})
        return values

    def is_impossible(
        self, name: str, value: int, spans: dict[str, Span] | None = None, idle: list[int] | None = None
    ) -> bool:
        """Say whether no solution has a value, with some spans widened and some rows idle."""
        changed = {**(spans or {}), name: (value, value)}
        self._bound(changed)
        for at in idle or ():
            self._solver.changeRowBounds(at, -_INFINITY, _INFINITY)
        status = self._run()
        for at in idle or ():
            self._solver.changeRowBounds(at, self._low[at], self._high[at])
        self._bound({column: self._spans[column] for column in changed})
        return status == _NOT

    def furthest(self, name: str, upwards: bool) -> np.ndarray | None:
        """Return a solution at the end of a count's range, in whole numbers; None if there is none."""
        self._solver.changeColCost(self._at[name], -1.0 if upwards else 1.0)
        values = self.solution({})
        self._solver.changeColCost(self._at[name], 0.0)
        return values

    def ray(self, name: str, value: int) -> tuple[np.ndarray, np.ndarray] | None:
        """Return which rows and which columns' bounds prove that a value is impossible."""
        self._bound({name: (value, value)})
        there, ray = False, np.array([])
        if self._run() == _NOT:
            _, there, ray = self._solver.getDualRay()  # type: ignore[attr-defined]
        leans = self._leans(np.asarray(ray)) if there else None
        self._bound({name: self._spans[name]})
        return leans

    def _leans(self, ray: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        leaning = np.repeat(ray, np.diff(self._rows.ends)) * self._rows.factors
        weight = np.bincount(self._rows.columns, leaning, len(self._names))
        return np.abs(ray) > _TOLERANCE, np.abs(weight) > _TOLERANCE

    def _bound(self, spans: dict[str, Span]) -> None:
        for name, (low, high) in spans.items():
            self._solver.changeColBounds(self._at[name], float(low), float(high))

    def _run(self) -> highspy.HighsModelStatus:
        self._solver.run()
        return self._solver.getModelStatus()


class _Highs(highspy.Highs):
    """HiGHS without its banner, which its constructor prints before it can be told not to."""

    def __init__(self) -> None:
        super(highspy.Highs, self).__init__()


def quiet_solver() -> highspy.Highs:
    """Return a quiet solver that gives the same answer every time."""
    solver = _Highs()
    solver.passOptions(_options())
    return solver


@cache
def _options() -> highspy.HighsOptions:
    options = highspy.HighsOptions()
    options.output_flag = False
    options.threads, options.random_seed = 1, 0
    options.mip_rel_gap = options.mip_abs_gap = 0.0
    return options
