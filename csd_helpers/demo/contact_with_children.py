"""Visits to the demonstration council's children looked after, and their health assessments."""

import numpy as np
import pandas as pd

from csd_helpers.demo.days import END, HISTORY, Counts, Days, Flags, follow, weekday
from csd_helpers.demo.looked_after import Children

_LATE_VISIT, _LATE_HEALTH, _SEEN = 0.17, 0.34, 0.97
_YOUNG = 5 * 365  # days of age; below, health is assessed twice a year
_HEALTH_FROM = np.datetime64("2016-01-01")


def looked_after_tables(children: Children, rng: np.random.Generator) -> dict[str, pd.DataFrame]:
    """Return visits and health assessments of the children looked after since the history begins."""
    until = np.where(np.isnat(children.left), END + 1, children.left)
    lately = np.flatnonzero(until > HISTORY)
    came, until = children.came[lately], until[lately]
    who, day = _visits(came, until, rng)
    visits = pd.DataFrame({"child": lately[who], "visit_type": "CLA", "visit_date": day})
    visits["seen"] = (rng.random(len(visits)) < _SEEN).astype(int)
    who, day = _health(came, until, children.born[lately], rng)
    health = pd.DataFrame({"CHILD": children.ids[lately][who], "assessment_date": day})
    return {"visits": visits, "health": health}


def _visits(came: Days, until: Days, rng: np.random.Generator) -> tuple[Counts, Days]:
    """Visit each child within six weeks of the visit before, or somewhat later."""

    def gaps(count: int) -> Counts:
        """Draw the days from one visit to the next."""
        late = rng.random(count) < _LATE_VISIT
        return np.where(late, rng.integers(45, 70, count), rng.integers(24, 43, count))

    return follow(np.maximum(came, HISTORY), until, 24, gaps)


def _health(came: Days, until: Days, born: Days, rng: np.random.Generator) -> tuple[Counts, Days]:
    """Assess each child soon after coming into care, and every year from then (twice a year below 5)."""
    day = weekday(np.maximum(came, _HEALTH_FROM) + rng.integers(8, 28, len(came)))
    rounds = []
    while (alive := day < until).any():
        rounds.append(pd.DataFrame({"who": np.flatnonzero(alive), "day": day[alive]}))
        day = weekday(day + _gaps((day - born).astype(int) < _YOUNG, rng))
    held = pd.concat(rounds).sort_values(["who", "day"], kind="stable")
    return held["who"].to_numpy(), held["day"].to_numpy()


def _gaps(young: Flags, rng: np.random.Generator) -> Counts:
    late = rng.random(len(young)) < _LATE_HEALTH
    on_time = np.where(young, rng.integers(150, 180, len(young)), rng.integers(310, 364, len(young)))
    return on_time + np.where(late, rng.integers(40, 90, len(young)), 0)
