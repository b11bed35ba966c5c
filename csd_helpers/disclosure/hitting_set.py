"""The cheapest set of statements that has at least one of every conflict."""

from collections.abc import Iterable, Mapping

import highspy
import numpy as np

from csd_helpers.disclosure.solver import quiet_solver

Conflict = frozenset[str]


class HittingSet:
    """A weighted hitting set that grows: conflicts are added as they are found.

    Parameters
    ----------
    costs
        What each statement costs.
    coarser
        For a statement, the one that says the same less precisely: that one is never withheld alone.
    """

    def __init__(self, costs: Mapping[str, float], coarser: Mapping[str, str]) -> None:
        self._costs = costs
        self._coarser = coarser
        self._at: dict[str, int] = {}
        self._solver = quiet_solver()

    def add(self, conflicts: Iterable[Conflict]) -> None:
        """Require at least one of each conflict's statements."""
        for conflict in conflicts:
            at = [self._column(name) for name in sorted(conflict)]
            self._row(1.0, at, [1.0] * len(at))

    def cheapest(self, seconds: float) -> tuple[set[str], bool]:
        """Return a cheapest set, and whether it is proven to be one within the time given."""
        if not self._at:
            return set(), True
        self._solver.setOptionValue("time_limit", self._solver.getRunTime() + max(seconds, 0.01))
        self._solver.run()
        proven = self._solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
        values = np.asarray(self._solver.getSolution().col_value)
        if len(values) != len(self._at):
            return set(self._at), False
        return {name for name, at in self._at.items() if values[at] > 0.5}, proven

    def _column(self, name: str) -> int:
        if name not in self._at:
            self._at[name] = len(self._at)
            self._solver.addCol(float(self._costs[name]), 0.0, 1.0, 0, np.array([]), np.array([]))
            self._solver.changeColIntegrality(self._at[name], highspy.HighsVarType.kInteger)
            for fine, coarse in self._coarser.items():
                if coarse == name:
                    self._row(0.0, [self._column(fine), self._at[name]], [1.0, -1.0])
        return self._at[name]

    def _row(self, least: float, at: list[int], factors: list[float]) -> None:
        self._solver.addRow(
            least, highspy.kHighsInf, len(at), np.array(at, dtype=np.int32), np.array(factors)
        )
