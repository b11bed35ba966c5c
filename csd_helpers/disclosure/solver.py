"""The solver: a linear model kept between questions, in fractions of a child or in whole ones."""

from functools import cache

import highspy
import numpy as np

from csd_helpers.disclosure.rows import Rows

Span = tuple[int, int]
_TOLERANCE = 1e-7
_NODES = 20_000  # a question that takes more is not answered, and counts as answered no
_INFINITY = highspy.kHighsInf
_NOT = highspy.HighsModelStatus.kInfeasible
_FOUND = highspy.HighsModelStatus.kOptimal


class LinearModel:
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
