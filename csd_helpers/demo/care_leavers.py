"""Care leavers of the demonstration council: their situation at each birthday, and today."""

import numpy as np
import numpy.typing as npt
import pandas as pd

_FIRST_BIRTHDAY, _MONTHS, _END = np.datetime64("2015-05"), 66, np.datetime64("2020-10-31")
_PER_MONTH = 4.7  # young people who turn 19
_CASELOAD, _NOT_OCCUPIED = 228, 122  # open today, and of them not in education, training or employment
_OCCUPIED = ["F1", "F2", "F4", "P2", "F5", "P5"]
_UNOCCUPIED = ["G4", "G5", "G6"]
_SUITABLE, _UNSUITABLE = ["U1", "D1", "B1", "E1", "Z1"], ["W2", "S2", "X2"]


def care_leaver_table(rng: np.random.Generator) -> pd.DataFrame:
    """Return one row per person and 19th, 20th and 21st birthday.

    Half of them were occupied in earlier years; in the summer of 2020 it is 38 per cent, as in the
    report the demonstration retells.
    """
    turned = np.repeat(np.arange(_MONTHS), rng.poisson(_PER_MONTH, _MONTHS))
    people = len(turned)
    month = _FIRST_BIRTHDAY + turned.astype("timedelta64[M]")
    nineteen = month.astype("datetime64[D]") + rng.integers(0, 28, people).astype("timedelta64[D]")
    person = np.repeat(np.arange(people), 3)
    years = np.tile([0, 12, 24], people)
    birthday = (month[person] + years.astype("timedelta64[M]")).astype("datetime64[D]")
    birthday += (nineteen - month.astype("datetime64[D]"))[person]
    rows = pd.DataFrame({"person": person, "birthday_date": birthday.astype("datetime64[s]")})
    rows["DOB"] = pd.Series(nineteen[person]) - pd.DateOffset(years=19)
    rows = rows[rows["birthday_date"].le(_END)].reset_index(drop=True)
    rows.insert(0, "CHILD", [f"DEMO9{number:05}" for number in rows["person"]])
    return _printed(_with_today(_with_situation(rows, rng), rng))


def _with_situation(rows: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Give each birthday a situation, with just 38 per cent occupied since April 2020."""
    count = len(rows)
    recent = rows["birthday_date"].ge("2020-04-01").to_numpy()
    occupied = rng.random(count) < 0.5
    order = rng.permutation(np.flatnonzero(recent))
    occupied[recent] = False
    # Every eight in 21 of a running order, so that the share stands at 38 % in any month of the year.
    ranked = np.sort(order)
    occupied[ranked] = np.floor((np.arange(len(ranked)) + 1) * 0.382) > np.floor(
        np.arange(len(ranked)) * 0.382
    )
    touch = rng.choice(["YES", "NO", "REFU", "NREQ"], count, p=[0.945, 0.025, 0.015, 0.015])
    lost = touch != "YES"
    activity = np.where(
        occupied, rng.choice(_OCCUPIED, count), rng.choice(_UNOCCUPIED, count, p=[0.2, 0.62, 0.18])
    )
    activity = np.where(lost & ~occupied, "0", activity)
    home = np.where(rng.random(count) < 0.91, rng.choice(_SUITABLE, count), rng.choice(_UNSUITABLE, count))
    return rows.assign(IN_TOUCH=touch, ACTIV=activity, ACCOM=np.where(lost & ~occupied, "0", home))


def _with_today(rows: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Give today's situation of the open caseload on each person's latest row."""
    latest = ~rows["person"].duplicated(keep="last")
    caseload = rows.index[latest][-_CASELOAD:].to_numpy()
    idle: npt.NDArray[np.int64] = rng.permutation(caseload)[:_NOT_OCCUPIED]
    activity = pd.Series(rng.choice(_OCCUPIED[:3], len(rows)), index=rows.index)
    activity[rng.permutation(caseload)[:19]] = "0"
    activity[idle] = rng.choice(_UNOCCUPIED, len(idle), p=[0.2, 0.62, 0.18])
    for name, values in {
        "current_ACTIV": activity,
        "current_ACCOM": rows["ACCOM"],
        "current_IN_TOUCH": rows["IN_TOUCH"],
    }.items():
        rows[name] = values.where(rows.index.isin(caseload), "")
    return rows.drop(columns="person")


def _printed(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(**{name: rows[name].dt.strftime("%Y-%m-%d") for name in ("DOB", "birthday_date")})
