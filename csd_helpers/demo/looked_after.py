"""Children looked after of the demonstration council, as four yearly SSDA903 returns."""

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

Days: TypeAlias = Any  # an array of NumPy days
_FIRST_ENTRY, _END = np.datetime64("2006-04-01"), np.datetime64("2020-10-31")
_RETURNS = (2018, 2019, 2020, 2021)  # years a return is for; the last one is part of a year
_STOCK = 338  # looked after at the end of October 2020: 46 per 10,000
_ENTRIES = 2120  # since 2006
_ASYLUM_SEEKING = 27
_ADOPTED = {2017: 13, 2018: 12, 2019: 12, 2020: 4}  # by the year a financial year starts in
_PLACES = np.array(["U4", "U6", "U1", "U3", "K2", "H5", "P2", "R1"])
_PLACE_SHARES = [0.44, 0.19, 0.11, 0.05, 0.10, 0.07, 0.02, 0.02]
_LATE = {"2020-04": 0.125, "2020-05": 0.11, "2020-06": 0.1, "2020-07": 0.09, "2020-08": 0.08, "2020-09": 0.04}
_USUALLY_LATE = 0.022
_ETHNIC = np.array(["WBRI", "BCRB", "BAFR", "MWBC", "AOTH", "WOTH"])


@dataclass(frozen=True)
class Children:
    """The children ever looked after: ids, birth, the day each came and the day each left (or NaT)."""

    ids: npt.NDArray[np.str_]
    born: Days
    came: Days
    left: Days
    reason: npt.NDArray[np.str_]
    asylum: npt.NDArray[np.bool_]


def looked_after_files(children: Children, rng: np.random.Generator) -> dict[str, pd.DataFrame]:
    """Return header, episodes, reviews and UASC of each yearly return, by file name.

    The yearly files overlap as real ones do: an episode open at the end of a year stands in
    this year's return without an end, and in the next year's with one.
    """
    episodes, reviews = _episodes(children, rng), _reviews(children, rng)
    files: dict[str, pd.DataFrame] = {}
    for year in _RETURNS:
        start, end = np.datetime64(f"{year - 1}-04-01"), min(np.datetime64(f"{year}-03-31"), _END)
        own = _as_submitted(episodes, start, end)
        inside = np.isin(children.ids, own["CHILD"].unique())
        files[f"{year}-header"] = _header(children, inside)
        files[f"{year}-episodes"] = _printed(own, ["DECOM", "DEC"])
        held = reviews["CHILD"].isin(own["CHILD"]) & reviews["REVIEW"].between(start, end)
        files[f"{year}-reviews"] = _printed(reviews[held], ["DOB", "REVIEW"])
        files[f"{year}-uasc"] = _asylum_seekers(children, inside)
    return files


def children_looked_after(rng: np.random.Generator) -> Children:
    """Draw children: when they came, how old they were, how long they stayed."""
    span = int((_END - _FIRST_ENTRY) / np.timedelta64(1, "D"))
    came = _FIRST_ENTRY + np.sort(rng.integers(0, span, _ENTRIES)).astype("timedelta64[D]")
    age = np.where(
        rng.random(_ENTRIES) < 0.25, rng.uniform(0, 1, _ENTRIES), rng.triangular(0, 13, 17.4, _ENTRIES)
    )
    asylum = (rng.random(_ENTRIES) < 0.115) & (came > np.datetime64("2015-01-01"))
    age = np.where(asylum, rng.uniform(15.6, 17.2, _ENTRIES), age)
    born = came - (age * 365.25).astype("timedelta64[D]")
    adult = (born.astype("datetime64[M]") + np.timedelta64(216, "M")).astype("datetime64[D]")
    stay = (
        np.where(rng.random(_ENTRIES) < 0.45, rng.exponential(190, _ENTRIES), rng.exponential(1900, _ENTRIES))
        + 4
    )
    left = np.minimum(came + stay.astype("timedelta64[D]"), np.where(asylum, adult, adult))
    left = np.where(asylum, adult, left)
    left = _with_stock(left, came, born, rng)
    reason = np.where(left >= adult, "E5", rng.choice(["E4A", "E4A", "E4B", "E45", "E41", "E8"], _ENTRIES))
    ids = np.array([f"DEMO{number:06}" for number in 100_000 + rng.permutation(_ENTRIES)])
    children = Children(ids, born, came, left, reason, asylum)
    return _with_asylum_seekers(_with_adoptions(children, rng))


def _with_stock(left: Days, came: Days, born: Days, rng: np.random.Generator) -> Days:
    """Let just as many stay at the end of October 2020 as the council looks after."""
    left = np.where(left > _END, np.datetime64("NaT"), left)
    open_now = np.flatnonzero(np.isnat(left))
    surplus = rng.permutation(open_now)[: max(len(open_now) - _STOCK, 0)]
    gap = (_END - came[surplus]) / np.timedelta64(1, "D")
    left[surplus] = came[surplus] + (gap * rng.uniform(0.2, 1, len(surplus))).astype("timedelta64[D]")
    return left


def _with_adoptions(children: Children, rng: np.random.Generator) -> Children:
    """Let the wanted number of young children leave through adoption in each financial year."""
    reason = children.reason.copy()
    age = (children.left - children.born) / np.timedelta64(365, "D")
    stayed = (children.left - children.came) / np.timedelta64(1, "D")
    for year, wanted in _ADOPTED.items():
        start, end = np.datetime64(f"{year}-04-01"), np.datetime64(f"{year + 1}-04-01")
        could = (
            (children.left >= start) & (children.left < end) & (age < 9) & (stayed > 150) & ~children.asylum
        )
        chosen = rng.permutation(np.flatnonzero(could))[:wanted]
        reason[chosen] = rng.choice(["E11", "E12"], len(chosen))
    return Children(children.ids, children.born, children.came, children.left, reason, children.asylum)


def _with_asylum_seekers(children: Children) -> Children:
    """Keep the flag on no more open cases than the council looks after."""
    asylum = children.asylum.copy()
    asylum[np.flatnonzero(asylum & np.isnat(children.left))[_ASYLUM_SEEKING:]] = False
    return Children(children.ids, children.born, children.came, children.left, children.reason, asylum)


def _episodes(children: Children, rng: np.random.Generator) -> pd.DataFrame:
    """Split each stay into placements: most children move once or twice, a few often."""
    until = np.where(np.isnat(children.left), _END + np.timedelta64(1, "D"), children.left)
    stay = (until - children.came) / np.timedelta64(1, "D")
    often = rng.random(_ENTRIES) < 0.10
    moves = rng.poisson(np.where(often, stay / 165, 0.45 + stay / 2000))
    child = np.repeat(np.arange(_ENTRIES), moves + 1)
    first = np.r_[True, child[1:] != child[:-1]]
    # Settled children moved early in their stay; unsettled ones at any time.
    when = np.where(often[child], rng.random(len(child)), rng.beta(0.9, 1.5, len(child)))
    offset = np.where(first, 0, np.maximum(when * stay[child], 3)).astype(int)
    order = np.lexsort((offset, child))
    child, offset = child[order], offset[order]
    keep = first | np.r_[True, (child[1:] != child[:-1]) | (offset[1:] > offset[:-1] + 2)]
    keep &= first | (offset < stay[child] - 2)
    return _episode_rows(children, child[keep], offset[keep], rng)


def _episode_rows(
    children: Children, child: npt.NDArray[np.int64], offset: npt.NDArray[np.int64], rng: np.random.Generator
) -> pd.DataFrame:
    """Write the placements as episodes, each ending where the next begins."""
    start = children.came[child] + offset.astype("timedelta64[D]")
    last = np.r_[child[1:] != child[:-1], True]
    first = np.r_[True, child[1:] != child[:-1]]
    end = np.where(last, children.left[child], np.r_[start[1:], np.datetime64("NaT")])
    count = len(child)
    closing = np.where(np.isnat(end), "", np.where(last, children.reason[child], "X1"))
    moved = rng.choice(["CARPL", "CREQB", "CHILD", "LAREQ"], count)
    need = rng.choice(["N1", "N1", "N1", "N5", "N4", "N2"], _ENTRIES)[child]
    young = (start - children.born[child]) / np.timedelta64(365, "D") < 15.5
    place = rng.choice(_PLACES, count, p=np.array(_PLACE_SHARES) / sum(_PLACE_SHARES))
    place = np.where(young & np.isin(place, ["H5", "P2"]), "U4", place)
    place = np.where(~young & (rng.random(count) < 0.4), "H5", place)
    kin = np.isin(place, ["U1", "U3"])
    return pd.DataFrame({
        "CHILD": children.ids[child],
        "DECOM": start,
        "RNE": np.where(first, "S", "P"),
        "LS": _legal_status(children, child, rng),
        "CIN": np.where(children.asylum[child], "N8", need),
        "PLACE": place,
        "PLACE_PROVIDER": np.where(kin, "PR1", rng.choice(["PR1", "PR1", "PR4"], count)),
        "DEC": end,
        "REC": closing,
        "REASON_PLACE_CHANGE": np.where(closing == "X1", moved, ""),
        "HOME_POST": "ZZ9 1AA",
        "PL_POST": [f"ZZ{number} 2BB" for number in rng.integers(1, 99, count)],
        "URN": [f"SC{number:06}" for number in rng.integers(100_000, 400_000, count)],
        "PL_DISTANCE": np.round(rng.gamma(1.1, 9, count), 1),
    })  # fmt: skip


def _legal_status(
    children: Children, child: npt.NDArray[np.int64], rng: np.random.Generator
) -> npt.NDArray[np.str_]:
    """Give each child one legal status; those seeking asylum are accommodated."""
    drawn = rng.choice(["C2", "C1", "V2", "E1"], _ENTRIES, p=[0.55, 0.2, 0.19, 0.06])
    return np.where(children.asylum, "V2", drawn)[child]


def _reviews(children: Children, rng: np.random.Generator) -> pd.DataFrame:
    """Hold each child's reviews one after the other, a few of them late.

    First within 20 working days of coming into care, the second within three months of the first,
    later ones within six months of the one before.
    """
    until = np.where(np.isnat(children.left), _END + np.timedelta64(1, "D"), children.left)
    due = np.busday_offset(children.came, 15, roll="forward").astype("datetime64[D]")
    rows = []
    for number in range(40):
        held = due + _slack(due, rng)
        alive = held < until
        if not alive.any():
            break
        held = np.minimum(held, _END)
        rows.append(pd.DataFrame({"CHILD": children.ids, "DOB": children.born, "REVIEW": held})[alive])
        due = _add_months(held, 3 if number == 0 else 6)
        due = np.where(alive, due, np.datetime64("2100-01-01"))
    reviews = pd.concat(rows).sort_values(["CHILD", "REVIEW"], kind="stable", ignore_index=True)
    return reviews.assign(REVIEW_CODE=rng.choice(["PN1", "PN2", "PN3", "PN5"], len(reviews)))


def _slack(due: Days, rng: np.random.Generator) -> npt.NDArray[np.timedelta64]:
    """Return how many days before (or, a few, after) its due date each review was held."""
    months = pd.Series(due.astype("datetime64[M]").astype(str)).map(_LATE).fillna(_USUALLY_LATE).to_numpy()
    late = rng.random(len(due)) < months
    return np.where(late, rng.integers(4, 12, len(due)), -rng.integers(1, 15, len(due))).astype(
        "timedelta64[D]"
    )


def _add_months(days: Days, months: int) -> Days:
    """Add calendar months to days, stopping at the end of a shorter month."""
    return (pd.Series(days) + pd.DateOffset(months=months)).to_numpy().astype("datetime64[D]")


def _as_submitted(episodes: pd.DataFrame, start: np.datetime64, end: np.datetime64) -> pd.DataFrame:
    """Return a year's return: episodes that touch the year, without what happened after it."""
    own = episodes[episodes["DECOM"].le(end) & ~episodes["DEC"].lt(start)].copy()
    later = own["DEC"].gt(end)
    own.loc[later, "DEC"] = pd.NaT
    own.loc[later, ["REC", "REASON_PLACE_CHANGE"]] = ""
    return own


def _header(children: Children, inside: npt.NDArray[np.bool_]) -> pd.DataFrame:
    number = np.arange(_ENTRIES)[inside]
    header = pd.DataFrame({
        "CHILD": children.ids[inside],
        "SEX": 1 + number % 2,
        "DOB": children.born[inside],
        "ETHNIC": _ETHNIC[number % len(_ETHNIC)],
        "UPN": "",
        "MOTHER": "",
        "MC_DOB": "",
    })  # fmt: skip
    return _printed(header, ["DOB"])


def _asylum_seekers(children: Children, inside: npt.NDArray[np.bool_]) -> pd.DataFrame:
    chosen = inside & children.asylum
    adult = _add_months(children.born[chosen], 216)
    table = pd.DataFrame(
        {"CHILD": children.ids[chosen], "SEX": 1, "DOB": children.born[chosen], "DUC": adult}
    )
    return _printed(table, ["DOB", "DUC"])


def _printed(table: pd.DataFrame, dates: list[str]) -> pd.DataFrame:
    """Write dates as the return wants them."""
    return table.assign(**{name: table[name].dt.strftime("%d/%m/%Y") for name in dates})
