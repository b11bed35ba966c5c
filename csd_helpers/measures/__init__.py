"""Measures: records in, cases out; one function for each indicator."""

from csd_helpers.measures import adoption, care_leavers, looked_after
from csd_helpers.measures.cases import MEASURES, Measure, NotComputable, Window, count, exclusions, records

__all__ = [
    "MEASURES",
    "Measure",
    "NotComputable",
    "Window",
    "adoption",
    "care_leavers",
    "count",
    "exclusions",
    "looked_after",
    "records",
]
