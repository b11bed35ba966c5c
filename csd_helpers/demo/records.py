"""All records of the demonstration council but the statutory returns, consistent with each other."""

import numpy as np
import pandas as pd

from csd_helpers.demo.cases import held_cases
from csd_helpers.demo.child_protection import enquiries, plans, protection_tables
from csd_helpers.demo.children import children_table, names
from csd_helpers.demo.contact_with_children import looked_after_tables
from csd_helpers.demo.days import END, HISTORY
from csd_helpers.demo.education import plan_requests
from csd_helpers.demo.faults import with_faults
from csd_helpers.demo.front_door import (
    closed,
    contact_table,
    contacts,
    early_help,
    need_tables,
    referrals,
    referrals_to_care,
    same_child,
)
from csd_helpers.demo.looked_after import Children
from csd_helpers.demo.workforce import workforce_tables

Tables = dict[str, pd.DataFrame]
Generators = list[np.random.Generator]


def record_tables(looked_after: Children, leavers: pd.DataFrame, draws: Generators) -> Tables:
    """Return every table that is counted from records, as the extract has it.

    One story runs through them: a contact becomes a referral, the referral an assessment, some of
    these an enquiry, a conference and a plan, and a worker holds each case at every stage.

    Parameters
    ----------
    looked_after, leavers
        Those whom the statutory returns are about; they are children of these tables too.
    draws
        Six generators, one for each kind of record.
    """
    front, protection, care, school, people, staff = draws
    cases, tables = _need(looked_after, front, protection)
    calls = contacts(cases[cases["kept"]], len(looked_after.ids) + len(cases), front)
    tables |= {"contacts": contact_table(calls), "early_help": early_help(calls, front)}
    tables["ehcp"] = plan_requests(int(calls["child"].max()) + 1, school)
    seen = looked_after_tables(looked_after, care)
    tables["visits"] = pd.concat([tables["visits"], seen["visits"]]).sort_values("visit_date", kind="stable")
    children = children_table(_events(tables), looked_after, leavers, people)
    named = {name: _named(table, looked_after) for name, table in tables.items()}
    named["ehcp"] = named["ehcp"].rename(columns={"LAchildID": "child_id"})
    cases = cases.assign(name=names(cases["child"].to_numpy(), looked_after))
    staffed = workforce_tables(held_cases(cases, looked_after, leavers), staff)
    staffed["caseholding"] = staffed["caseholding"].rename(columns={"child": "LAchildID"})
    return with_faults({"children": children, **named, "health": seen["health"], **staffed})


def _need(
    looked_after: Children, front: np.random.Generator, protection: np.random.Generator
) -> tuple[pd.DataFrame, Tables]:
    """Return every case, and the tables of need and protection of those open since the history begins."""
    asked_for = referrals(front)
    asked = enquiries(asked_for, protection)
    made, reviews = plans(asked, protection)
    cases = closed(asked_for, made, front)
    cases = cases.assign(child=len(looked_after.ids) + same_child(cases, front), came=pd.NaT)
    cases = pd.concat([cases, referrals_to_care(looked_after, front)], ignore_index=True)
    cases["kept"] = cases["closure"].ge(HISTORY)
    tables = need_tables(cases[cases["kept"]].sort_values("referral", kind="stable"), front)
    return cases, tables | protection_tables(cases, asked, made, reviews, protection)


def _events(tables: Tables) -> pd.DataFrame:
    """Return when anything happened to a child, whatever it was."""
    parts = [
        table[["child", name]].set_axis(["child", "day"], axis=1)
        for table in tables.values()
        for name in table
        if pd.api.types.is_datetime64_any_dtype(table[name])
    ]
    still_open = tables["cin_details"].loc[tables["cin_details"]["CINclosureDate"].isna(), ["child"]]
    return pd.concat([*parts, still_open.assign(day=pd.Timestamp(END))]).dropna()


def _named(table: pd.DataFrame, looked_after: Children) -> pd.DataFrame:
    named = table.drop(columns="child")
    named.insert(0, "LAchildID", names(table["child"].to_numpy(), looked_after))
    return named
