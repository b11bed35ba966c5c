"""Rows given twice, and rows that refer to a record that is not there."""

from typing import NamedTuple

import pandas as pd

from csd_helpers.extract.limits import limits_of
from csd_helpers.extract.problems import Problem, problems_at
from csd_helpers.extract.tables import TABLES

Tables = dict[str, pd.DataFrame]

#: Tables in which two rows may be the same in every column: posts have no identifier.
_ALIKE = ("vacancies",)


class Link(NamedTuple):
    """Columns of a table that name a row of another."""

    table: str
    columns: tuple[str, ...]
    other: str
    others: tuple[str, ...]
    rule: str


LINKS = (
    Link("cp_reviews", ("LAchildID", "CPPstartDate"), "cp_plans", ("LAchildID", "CPPstartDate"),
         "review_without_plan"),
    Link("assessments", ("LAchildID",), "cin_details", ("LAchildID",), "child_without_referral"),
    Link("section47", ("LAchildID",), "cin_details", ("LAchildID",), "child_without_referral"),
    Link("cla_episodes", ("CHILD",), "cla_header", ("CHILD",), "child_without_header"),
    Link("cla_reviews", ("CHILD",), "cla_episodes", ("CHILD",), "child_without_episode"),
    Link("health", ("CHILD",), "cla_episodes", ("CHILD",), "child_without_episode"),
    Link("caseholding", ("worker_id",), "workers", ("worker_id",), "worker_unknown"),
)  # fmt: skip


#: Columns that name a child.
_CHILD = ("LAchildID", "CHILD")
#: Tables whose children need not be known from elsewhere: many contacts lead to nothing.
_STRANGERS = ("contacts", "early_help")


def repeated_rows(tables: Tables, places: Tables) -> list[Problem]:
    """Find rows that repeat another in every column, in tables without a key.

    Where a table has a key, rows that share it are found when the table is read.
    """
    found = []
    for name, table in tables.items():
        if TABLES[name].key or name in _ALIKE:
            continue
        again = table[table.duplicated(keep="first")]
        expected = "each event once"
        what = Problem("warning", name, "repeats another row in every column", expected, rule="row_repeated")
        blank = pd.Series("", index=again.index)
        found += problems_at(again, places[name], what, "", blank)
    return found


def orphans(tables: Tables, places: Tables) -> list[Problem]:
    """Find rows that name a record which is not in the extract, where its table is.

    A table that reaches back only so far (Annex A: six months of referrals) rightly lacks older
    records, and is not held against the rows that name them.
    """
    found = []
    for link in LINKS:
        table, other = tables.get(link.table), tables.get(link.other)
        if table is None or other is None or limits_of(other)["since"]:
            continue
        if {*link.columns} <= {*table} and {*link.others} <= {*other}:
            named = pd.MultiIndex.from_frame(table[list(link.columns)])
            there = pd.MultiIndex.from_frame(other[list(link.others)])
            lost = table[~named.isin(there) & table[list(link.columns)].notna().all(axis="columns")]
            message, expected = f"is not in {link.other}:", f"a row of {link.other}"
            what = Problem("warning", link.table, message, expected, rule=link.rule)
            found += problems_at(lost, places[link.table], what, link.columns[-1])
    return found


def visits_to_strangers(tables: Tables, places: Tables) -> list[Problem]:
    """Find visits to a child whom no other table knows.

    A visit counts for a child on a plan or looked after; one to nobody is a mistyped identifier,
    and the child it was made to then seems not to have been visited.
    """
    visits = tables.get("visits")
    named = [
        table[column]
        for name, table in tables.items()
        if name not in ("visits", *_STRANGERS)
        for column in _CHILD
        if column in table and len(table)
    ]
    if visits is None or "LAchildID" not in visits or not named:
        return []
    known = pd.concat(named).astype(object)  # Arrow would look for each of them one by one
    lost = visits[~visits["LAchildID"].astype(object).isin(known)]
    what = Problem(
        "warning", "visits", "is in no other table:", "a child of the extract", rule="child_unknown"
    )
    return problems_at(lost, places["visits"], what, "LAchildID")
