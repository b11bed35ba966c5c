"""Records of one child that follow each other: overlaps, ends that were forgotten, broken care."""

from collections.abc import Iterator

import pandas as pd

from csd_helpers.extract.problems import Problem, problems_at

Tables = dict[str, pd.DataFrame]

#: Records of which a child has one at a time: the child, the start, the end.
ONE_AT_A_TIME: dict[str, tuple[str, str, str]] = {
    "cla_episodes": ("CHILD", "DECOM", "DEC"),
    "cp_plans": ("LAchildID", "CPPstartDate", "CPPendDate"),
}
_SHORT_BREAKS = ("V3", "V4")  # a series of separate stays, which the figures leave out


def overlapping(tables: Tables, places: Tables) -> list[Problem]:
    """Find records that start before an earlier one of the child has ended; the same day is no overlap.

    A record without an end is not taken to overlap: see `left_open`.
    """
    found = []
    for name, (child, start, end), rows in _in_order(tables):
        latest = rows[end].groupby(rows[child]).cummax().groupby(rows[child]).ffill()
        ended = latest.groupby(rows[child]).shift()
        expected = f"a date not before {end} of the child's earlier record"
        what = Problem("warning", name, "overlaps an earlier record:", expected, rule="spells_overlap")
        found += problems_at(rows[rows[start].lt(ended)].sort_index(), places[name], what, start)
    return found


def left_open(tables: Tables, places: Tables) -> list[Problem]:
    """Find records without an end although a later one of the child has started, be it open or not."""
    found = []
    for name, (child, start, end), rows in _in_order(tables):
        following = rows.groupby(child)[start].shift(-1)
        forgotten = rows[rows[end].isna() & following.notna()].sort_index()
        message, expected = "is blank, but a later record starts on", f"a date in {end}"
        what = Problem("warning", name, message, expected, rule="spell_left_open")
        found += problems_at(forgotten, places[name], what, end, following[forgotten.index])
    return found


def broken_episodes(tables: Tables, places: Tables) -> list[Problem]:
    """Find episodes that say care goes on (REC is X1) where no episode starts on the day they end.

    A next episode that starts earlier overlaps, and is listed as such. Source: SSDA903 guide
    2020-21, reason episode ceased.
    """
    found = []
    for name, (child, start, end), rows in _in_order(tables):
        if "REC" in rows:
            following = rows.groupby(child)[start].shift(-1)
            goes_on = rows["REC"].eq("X1") & rows[end].notna()
            broken = rows[goes_on & (following.isna() | following.gt(rows[end]))].sort_index()
            message, expected = "is not followed on the day it ended:", "an episode that starts on that day"
            what = Problem("warning", name, message, expected, rule="episode_broken")
            found += problems_at(broken, places[name], what, end)
    return found


def _in_order(tables: Tables) -> Iterator[tuple[str, tuple[str, str, str], pd.DataFrame]]:
    """Give each table of such records that is there, by child and start."""
    for name, columns in ONE_AT_A_TIME.items():
        if name in tables and set(columns) <= set(tables[name]):
            table = tables[name]
            rows = table[~table["LS"].isin(_SHORT_BREAKS)] if "LS" in table else table
            yield name, columns, rows.sort_values(list(columns[:2]), kind="stable")
