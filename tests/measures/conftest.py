"""Small tables to count, written as a person would."""

from collections.abc import Callable

import pandas as pd
import pytest
from hypothesis import settings

from csd_helpers.measures import MEASURES, Window, count
from csd_helpers.period import Period

settings.register_profile("measures", deadline=None)  # a busy machine makes no rule wrong
settings.load_profile("measures")

Tables = dict[str, pd.DataFrame]
EPISODE = {
    "RNE": "S", "LS": "C2", "CIN": "N1", "PLACE": "U4", "PLACE_PROVIDER": "PR1", "DEC": None, "REC": None,
    "REASON_PLACE_CHANGE": None, "HOME_POST": "A1 1AA", "PL_POST": "B1 1BB", "URN": "SC1",
}  # fmt: skip


def dated(rows: list[dict[str, object]], dates: list[str]) -> pd.DataFrame:
    """Return rows as a table with real dates, as the intake hands it over."""
    table = pd.DataFrame(rows)
    for name in dates:
        table[name] = pd.to_datetime(table[name], format="%Y-%m-%d").astype("datetime64[s]")
    return table


def episodes(*rows: dict[str, object]) -> pd.DataFrame:
    """Return episodes; what a row does not say is as in ``EPISODE``."""
    return dated([EPISODE | {"CHILD": "A"} | row for row in rows], ["DECOM", "DEC"])


def header(**born: str) -> pd.DataFrame:
    """Return the header table: birth dates by child."""
    return dated([{"CHILD": child, "DOB": day} for child, day in born.items()], ["DOB"])


def reviews(*held: tuple[str, str]) -> pd.DataFrame:
    """Return reviews held: child and day."""
    return dated([{"CHILD": child, "REVIEW": day} for child, day in held], ["REVIEW"])


@pytest.fixture
def counted() -> Callable[[str, Tables, str], tuple[float, float]]:
    """Return a function that counts one indicator for one month: numerator and denominator."""

    def run(key: str, tables: Tables, period: str) -> tuple[float, float]:
        month = Period.parse(period).ordinal
        window = Window(month, month)
        row = count(MEASURES[key].cases(tables, window), window).iloc[0]
        return row["numerator"], row["denominator"]

    return run
