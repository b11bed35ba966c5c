"""Dice that crowd around the boundaries of the definitions, and tables of what they draw."""

from datetime import date, timedelta

import numpy as np
import pandas as pd

from tests.measures.plain_dates import Records

FIRST, LAST = 600, 613  # January 2020, with its leap day, to February 2021
DAYS = [
    (np.datetime64(month + 1, "M").astype("datetime64[D]") - 1).item() for month in range(FIRST, LAST + 1)
]
#: Which columns of the records are days.
DATES = {
    "contacts": ["contact_date"],
    "early_help": ["start_date", "end_date"],
    "uasc": ["DUC"],
    "vacancies": ["start_date", "end_date"],
    "cin_details": ["CINreferralDate", "CINclosureDate", "DateOfInitialCPC"],
    "assessments": ["AssessmentActualStartDate", "AssessmentAuthorisationDate"],
    "section47": ["S47ActualStartDate", "DateOfInitialCPC"],
    "cp_plans": ["CPPstartDate", "CPPendDate"],
    "cp_reviews": ["CPPstartDate", "CPPreviewDate"],
    "visits": ["visit_date"],
    "cla_episodes": ["DECOM", "DEC"],
    "cla_header": ["DOB"],
    "children": ["PersonBirthDate"],
    "cla_reviews": ["REVIEW"],
    "health": ["assessment_date"],
    "care_leavers": ["DOB", "birthday_date"],
    "ehcp": ["request_date", "issue_date"],
    "workers": ["start_date", "end_date"],
    "caseholding": ["start_date", "end_date"],
}


def as_tables(records: Records) -> dict[str, pd.DataFrame]:
    """Return records as the intake hands tables over."""
    tables = {}
    for name, rows in records.items():
        table = pd.DataFrame(rows)
        for column in set(DATES[name]) & set(table):
            table[column] = pd.to_datetime(table[column]).astype("datetime64[s]")
        tables[name] = table
    return tables


class Dice:
    """Random choices of one seed."""

    def __init__(self, seed: int) -> None:
        self.random = np.random.default_rng(seed)

    def pick(self, choices: "list | str") -> object:
        """Return one of several, each as likely."""
        return choices[int(self.random.integers(len(choices)))]

    def day(self) -> date:
        """Return a month end, or a day near it: the days that decide."""
        return self.near(self.pick(DAYS)) if self.often(0.7) else self.any_day()

    def any_day(self) -> date:
        """Return any day from six months before the months counted."""
        return date(2019, 7, 1) + timedelta(days=int(self.random.integers(610)))

    def near(self, day: date) -> date:
        """Return a day, or one at most two days from it."""
        return day + timedelta(days=int(self.random.integers(-2, 3)))

    def often(self, share: float) -> bool:
        """Return True in that share of cases."""
        return bool(self.random.random() < share)

    def after(self, start: date, longest: int) -> date:
        """Return a later day."""
        return start + timedelta(days=int(self.random.integers(1, longest)))
