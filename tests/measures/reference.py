"""The rules of all measures a second time, slow and easy to check.

Written from the definitions, not from the measures, so that the two can be held against each other.
A table is a list of records; a day is a ``datetime.date``; a rule takes the tables and the as-at day
and returns numerator and denominator. It has the name of the measure it is held against.
"""

from collections.abc import Callable
from datetime import date

from csd_helpers.measures import MEASURES
from tests.measures import reference_care, reference_others, reference_protection
from tests.measures.plain_dates import Records, Result

RULES: dict[str, Callable[[Records, date], Result]] = {
    name: rule
    for module in (reference_protection, reference_care, reference_others)
    for name, rule in vars(module).items()
    if name in MEASURES
}
