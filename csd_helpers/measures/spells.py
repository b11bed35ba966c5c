"""Stays in care: episodes joined into periods of care and placements, per the SSDA903 guide 2020-21."""

import numpy as np
import pandas as pd

from csd_helpers.measures.cases import OPEN, Tables
from csd_helpers.measures.dates import month_of
from csd_helpers.measures.shared import made_once

SHORT_BREAKS = ("V3", "V4")  # agreed series of short breaks: no child looked after in the indicators
_NEW_PLACEMENT = ("S", "P", "T", "B", "U")  # reasons for a new episode; L is a change of legal status only
_TEMPORARY = ("T0", "T1", "T2", "T3", "T4")
_FOSTER = "U"
_WITH_PRESENT_CARER = ("A3", "A5")
ADOPTIVE = ("A3", "A4", "A5", "A6")


@made_once
def care_episodes(tables: Tables) -> pd.DataFrame:
    """Return the episodes of children looked after, each with its period of care and its placement.

    Short breaks are left out. Where two episodes of a child overlap, which is an error of the
    record, the later one counts from where the earlier ends: a child is looked after once at a time.

    Parameters
    ----------
    tables
        With ``cla_episodes``.

    Returns
    -------
    pandas.DataFrame
        The episodes in order of child and date, with ``stop`` (missing if open), ``care`` (number of
        the period of care), ``came`` (its start), ``came_estimated`` (its first episode is not known),
        ``left`` (its end), ``spell`` (number of the placement), ``spell_start`` and ``spell_end``, ``counts``
        (the placement is neither temporary nor shorter than 24 hours), ``first`` and ``last`` (months
        at whose end the episode was open).
    """
    table = tables["cla_episodes"]
    rows = table[~table["LS"].isin(SHORT_BREAKS)].sort_values(["CHILD", "DECOM", "DEC"], ignore_index=True)
    rows["stop"] = rows["DEC"]
    same = rows["CHILD"].eq(rows["CHILD"].shift())
    rows = _with_care(rows, same)
    rows = _with_placements(rows)
    rows["last"] = last_month(rows["stop"])
    covered = rows.groupby("CHILD")["last"].cummax().groupby(rows["CHILD"]).shift().fillna(-1).astype("int64")
    rows["first"] = np.maximum(month_of(rows["DECOM"]), covered + 1)
    return rows


@made_once
def stays_in_care(tables: Tables) -> pd.DataFrame:
    """Return each period of care: CHILD, care, came, left, first and last (months looked after in)."""
    rows = care_episodes(tables)
    spans = rows.groupby("care").agg(first=("first", "min"), last=("last", "max"))
    return rows.drop_duplicates("care")[["CHILD", "care", "came", "left"]].merge(spans, on="care")


def last_month(stop: pd.Series) -> pd.Series:
    """Return the last month at whose end something was still open; an end on the day counts as ended."""
    return month_of(stop).where(stop.notna(), OPEN + 1) - 1


def look_up(keys: pd.Series, values: pd.Series) -> pd.Series:
    """Return the value of each key, missing where there is none; dates stay dates even if none is found."""
    return pd.Series(values.reindex(keys).to_numpy(), index=keys.index, dtype=values.dtype)


def _with_care(rows: pd.DataFrame, same: pd.Series) -> pd.DataFrame:
    """Chain episodes into periods of care: each begins on the day the one before ended, with X1."""
    joins = same & rows["stop"].shift().eq(rows["DECOM"]) & ~rows["RNE"].eq("S")
    joins &= rows["REC"].shift().eq("X1")
    rows["care"] = (~joins).cumsum()
    period = rows.groupby("care", sort=False)
    rows["came"] = period["DECOM"].transform("first")
    rows["came_estimated"] = period["RNE"].transform("first").ne("S")
    rows["left"] = (
        rows["stop"].where(~rows["care"].duplicated(keep="last")).groupby(rows["care"]).transform("last")
    )
    return rows


def _with_placements(rows: pd.DataFrame) -> pd.DataFrame:
    """Join episodes into placements, and those on either side of a temporary one.

    An adoption by the present foster carer is no change of placement; nor is a stay under 24 hours.
    """
    before = rows.shift()
    together = rows["care"].eq(before["care"])
    adopted = rows["PLACE"].isin(_WITH_PRESENT_CARER) & before["PLACE"].str.startswith(_FOSTER, na=False)
    new = ~together | (rows["RNE"].isin(_NEW_PLACEMENT) & ~adopted)
    temporary = rows["PLACE"].isin(_TEMPORARY)
    rows["spell"] = new.cumsum()
    # The end of the last episode, missing if that is open; a group's "last" would pass over it.
    ends = rows.drop_duplicates("spell", keep="last").set_index("spell")["stop"]
    brief = rows.groupby("spell")["DECOM"].transform("first").eq(look_up(rows["spell"], ends))
    rows["counts"] = ~temporary & ~brief
    rows["spell"] = _joined_over_temporary(rows)
    own = rows[rows["counts"]]
    rows["spell_start"] = look_up(rows["spell"], own.drop_duplicates("spell").set_index("spell")["DECOM"])
    rows["spell_end"] = look_up(
        rows["spell"], own.drop_duplicates("spell", keep="last").set_index("spell")["stop"]
    )
    return rows


def _joined_over_temporary(rows: pd.DataFrame) -> pd.Series:
    """Give a placement the number of the one before the temporary stay when it is the same one."""
    lasting = rows[rows["counts"]]
    previous = lasting.shift()
    returned = lasting["care"].eq(previous["care"]) & lasting["spell"].ne(previous["spell"])
    # Relatives' homes have no number; two unknown postcodes do not make one place.
    same_home = lasting["URN"].fillna("").eq(previous["URN"].fillna(""))
    returned &= lasting["PL_POST"].eq(previous["PL_POST"]) & same_home
    returned &= lasting.index.to_series().diff().gt(1)  # something temporary or brief lies between
    started = (lasting["spell"].ne(previous["spell"]) & ~returned).cumsum()
    numbers = pd.Series(np.nan, index=rows.index)
    numbers[lasting.index] = started
    return numbers.groupby(rows["CHILD"]).ffill()
