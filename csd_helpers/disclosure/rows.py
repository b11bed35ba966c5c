"""Many rows over the same counts, asked at once."""

from collections.abc import Iterable, Sequence

import numpy as np

from csd_helpers.disclosure.statements import Row

_LEAST, _MOST = np.iinfo(np.int64).min, np.iinfo(np.int64).max


class Rows:
    """Rows as arrays of whole numbers, so that a world is held against all of them in one step.

    Parameters
    ----------
    rows
        The rows.
    names
        The counts they are over, in the order in which a world's values are given.
    """

    def __init__(self, rows: Sequence[Row], names: Iterable[str]) -> None:
        at = {name: place for place, name in enumerate(names)}
        self.ends = np.cumsum([0, *(len(row.terms) for row in rows)])
        self.columns = np.array([at[name] for row in rows for name in row.terms], dtype=np.int64)
        self.factors = np.array([factor for row in rows for factor in row.terms.values()], dtype=np.int64)
        self._low = np.array([_LEAST if row.low is None else row.low for row in rows], dtype=np.int64)
        self._high = np.array([_MOST if row.high is None else row.high for row in rows], dtype=np.int64)

    def broken(self, values: np.ndarray) -> np.ndarray:
        """Say of each row whether a world contradicts it; exact, as no row's sum reaches 2⁶³.

        Examples
        --------
        >>> rows = Rows([Row({"girls": 1, "boys": 1}, 5, None)], ["boys", "girls"])
        >>> rows.broken(np.array([2, 2])).tolist()
        [True]
        """
        # A sum over all of them may wrap around; the difference of two is right all the same.
        sums = np.diff(np.cumsum(np.append(0, self.factors * values[self.columns]))[self.ends])
        return (sums < self._low) | (sums > self._high)

    def bounds(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the least and the most of each row as a solver takes them: infinite where there is none."""
        return (
            np.where(self._low == _LEAST, -np.inf, self._low.astype(float)),
            np.where(self._high == _MOST, np.inf, self._high.astype(float)),
        )
