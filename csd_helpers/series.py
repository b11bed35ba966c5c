"""Series: one indicator's released figures, month by month."""

from dataclasses import dataclass

import pandas as pd

_ALL = "all"
_SUPPRESSED = ["c", "a"]  # withheld, or shown by its order of magnitude only


@dataclass(frozen=True)
class OneSeries:
    """An indicator's months, oldest first, as they may be shown."""

    frame: pd.DataFrame

    @property
    def months(self) -> list[str]:
        """The months."""
        return list(self.frame["period"])

    @property
    def values(self) -> list[float | None]:
        """The outturns; None where there is none to show."""
        return [None if pd.isna(value) else float(value) for value in self.frame["value"]]

    def place(self, month: str) -> int:
        """Return the position of a month; 0 if it is not among them, or is none."""
        return self.months.index(month) if month in self.months else 0

    @property
    def hidden(self) -> list[bool]:
        """Whether each month is suppressed."""
        return list(self.frame["marker"].isin(_SUPPRESSED))


@dataclass(frozen=True)
class Series:
    """All released figures of a part."""

    figures: pd.DataFrame

    def of(self, key: str, breakdown: str = _ALL) -> OneSeries:
        """Return an indicator's headline series, or a companion's."""
        own = self.figures["indicator"].eq(key) & self.figures["breakdown"].eq(breakdown)
        return OneSeries(self.figures[own].sort_values("month", kind="stable"))

    def cells(self, key: str, breakdown: str, period: str) -> pd.DataFrame:
        """Return the categories of a breakdown in one period."""
        rows = self.figures[self.figures["period"].eq(period) & self.figures["indicator"].eq(key)]
        return rows[rows["breakdown"].eq(breakdown)]
