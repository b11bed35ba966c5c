"""Measures: records in, cases out; one function for each indicator."""

from csd_helpers.measures import (
    adoption,
    care_leavers,
    child_protection,
    contact_with_children,
    education,
    front_door,
    looked_after,
    workforce,
)
from csd_helpers.measures.cases import MEASURES, Measure, NotComputable, Window, count, exclusions, records

__all__ = [
    "MEASURES",
    "Measure",
    "NotComputable",
    "Window",
    "adoption",
    "care_leavers",
    "child_protection",
    "contact_with_children",
    "count",
    "education",
    "exclusions",
    "front_door",
    "looked_after",
    "records",
    "workforce",
]
