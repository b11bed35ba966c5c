"""The few faults the demonstration's records hold on purpose, so that checking them shows something."""

import pandas as pd

Tables = dict[str, pd.DataFrame]
#: What is wrong, as the folder's READ-ME says it.
FAULTS = """\
A few records are wrong on purpose, as real ones are; `csd check` finds some, and none stops a run:

- cin_details: the last row is a referral dated in the future (15 March 2021)
- cin_details: the first row's referral source, 11, is no code of the census
- assessments: the first row ended the day before it started
- contacts: the last row is given twice
- cp_reviews: the last row belongs to no plan (1 February 2019)
- children: the child of cin_details' second row is born a month after the referral
- visits: the last row is a visit to a child whom no other table knows (DEMO999999)
"""
_DAY, _MONTH = pd.Timedelta(days=1), pd.Timedelta(days=31)


def with_faults(tables: Tables) -> Tables:
    """Return the tables with the faults that `FAULTS` lists."""
    spoilt = {name: table.reset_index(drop=True) for name, table in tables.items()}
    details, assessments = spoilt["cin_details"], spoilt["assessments"]
    details.loc[0, "ReferralSource"] = "11"
    late = details.tail(1).assign(
        CINreferralDate=pd.Timestamp("2021-03-15"), CINclosureDate=pd.NaT, ReasonForClosure=""
    )
    spoilt["cin_details"] = _add(details, late)
    assessments.loc[0, "AssessmentAuthorisationDate"] = assessments.loc[0, "AssessmentActualStartDate"] - _DAY
    spoilt["contacts"] = _add(spoilt["contacts"], spoilt["contacts"].tail(1))
    orphan = spoilt["cp_reviews"].tail(1).assign(CPPstartDate=pd.Timestamp("2019-02-01"))
    spoilt["cp_reviews"] = _add(spoilt["cp_reviews"], orphan.assign(CPPreviewDate=pd.Timestamp("2019-04-24")))
    children, second = spoilt["children"], details.loc[1]
    child = children["LAchildID"].eq(second["LAchildID"])
    children.loc[child, "PersonBirthDate"] = second["CINreferralDate"] + _MONTH
    spoilt["visits"] = _add(spoilt["visits"], spoilt["visits"].tail(1).assign(LAchildID="DEMO999999"))
    return spoilt


def _add(table: pd.DataFrame, row: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([table, row], ignore_index=True)
