"""Rules over whole tables: what is doubtful about records that can each be read."""

from datetime import date

import pandas as pd

from csd_helpers.extract.problems import Problem
from csd_helpers.extract.rules_dates import before_birth, in_the_future
from csd_helpers.extract.rules_links import orphans, repeated_rows, visits_to_strangers
from csd_helpers.extract.rules_months import stopping_short, thin_months
from csd_helpers.extract.rules_spells import broken_episodes, left_open, overlapping
from csd_helpers.period import Period

Tables = dict[str, pd.DataFrame]


def rule_problems(tables: Tables, places: Tables, period: Period, months: int, known: date) -> list[Problem]:
    """Find what is doubtful about an extract's records; nothing is put right.

    None of it is blocking: each row can be counted as it is, and whether it is wrong only those
    who know the child can say.

    Parameters
    ----------
    tables, places
        The validated tables, and the file and line of each of their rows.
    period, months
        The month reported, and the number of months of the trend it is shown in.
    known
        The last day of which the extract can tell: the date of the report.
    """
    return [
        *in_the_future(tables, places, known),
        *before_birth(tables, places),
        *overlapping(tables, places),
        *left_open(tables, places),
        *broken_episodes(tables, places),
        *repeated_rows(tables, places),
        *orphans(tables, places),
        *visits_to_strangers(tables, places),
        *stopping_short(tables, places, period, known),
        *thin_months(tables, places, period, months),
    ]
