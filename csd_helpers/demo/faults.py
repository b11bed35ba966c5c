"""The few faults the demonstration's records hold on purpose, so that checking them shows something."""

import pandas as pd

Tables = dict[str, pd.DataFrame]
#: What is wrong, as the folder's READ-ME says it.
FAULTS = """\
Seven records are wrong on purpose, as real ones are. `csd check` finds each, and none stops a run:

- cin_details: the last row is a referral dated in the future, 15 March 2021
- cin_details: the first referral since 1 April 2020 comes from source 11, which is no code of the census
- children: the child of the first referral since 1 April 2019 is born a year after it
- assessments: the first one started since 1 April 2020 ended the day before
- contacts: the last row is given twice
- cp_reviews: the last row belongs to no plan, one said to have started on 2 February 2019
- visits: the last row is to a child whom no other table knows, DEMO999999
"""
_DAY, _YEAR = pd.Timedelta(days=1), pd.Timedelta(days=365)
_LATELY, _EARLIER = pd.Timestamp("2020-04-01"), pd.Timestamp("2019-04-01")


def with_faults(tables: Tables) -> Tables:
    """Return the tables with the faults that `FAULTS` lists."""
    spoilt = {name: table.reset_index(drop=True) for name, table in tables.items()}
    spoilt["cin_details"], spoilt["children"] = _referrals(spoilt["cin_details"], spoilt["children"])
    assessments = spoilt["assessments"]
    first = _since(assessments, "AssessmentActualStartDate")[0]
    started = assessments.loc[first, "AssessmentActualStartDate"]
    assessments.loc[first, "AssessmentAuthorisationDate"] = started - _DAY
    spoilt["contacts"] = _with_last(spoilt["contacts"])
    orphan = {"CPPstartDate": pd.Timestamp("2019-02-02"), "CPPreviewDate": pd.Timestamp("2019-04-24")}
    spoilt["cp_reviews"] = _with_last(spoilt["cp_reviews"], **orphan)
    spoilt["visits"] = _with_last(spoilt["visits"], LAchildID="DEMO999999")
    return spoilt


def _referrals(details: pd.DataFrame, children: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Spoil two referrals, one by a birth that comes after it, and add one from the future."""
    details.loc[_since(details, "CINreferralDate")[0], "ReferralSource"] = "11"
    unborn = details.loc[_since(details, "CINreferralDate", _EARLIER)[0]]
    child = children["LAchildID"].eq(unborn["LAchildID"])
    children.loc[child, "PersonBirthDate"] = unborn["CINreferralDate"] + _YEAR
    future = {"CINreferralDate": pd.Timestamp("2021-03-15"), "CINclosureDate": pd.NaT, "ReasonForClosure": ""}
    return _with_last(details, **future), children


def _since(table: pd.DataFrame, date: str, start: pd.Timestamp = _LATELY) -> pd.Index:
    """Return the rows of what has happened since a day, in their order."""
    return table.index[table[date].ge(start)]


def _with_last(table: pd.DataFrame, **changed: object) -> pd.DataFrame:
    """Add the last row once more, with some cells changed."""
    return pd.concat([table, table.tail(1).assign(**changed)], ignore_index=True)
