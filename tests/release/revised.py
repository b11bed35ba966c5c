"""Released figures and reasons for revisions, typed by hand."""

from pathlib import Path

import pandas as pd

from csd_helpers.period import Period
from csd_helpers.revision_reasons import COLUMNS, REASONS
from csd_helpers.suite import load_suite
from tests.conftest import ROOT

NOVEMBER = Period.parse("2020-11")
KEYS = ["looked_after_reviews", "care_leavers_ete"]
NUMBER = "looked_after_reviews"
SUITE = load_suite(ROOT / "parameters" / "suite" / "2020-21.yaml")


def figure(numerator: float | None, denominator: float | None, text: str, **facts: object) -> pd.DataFrame:
    """Return one released figure, as a table."""
    told = {
        "indicator": NUMBER, "period": "2020-09", "month": 608, "breakdown": "all", "category": "all",
        "numerator": numerator, "denominator": denominator, "unit": "percent", "status": "final",
        "value": None if numerator is None or not denominator else 100 * numerator / denominator,
        "text": text, "marker": "", "revised": "",
        "numerator_text": "" if numerator is None else f"{numerator:g}",
        "denominator_text": "" if denominator is None else f"{denominator:g}",
    }  # fmt: skip
    return pd.DataFrame([told | facts])


def count(number: float) -> pd.DataFrame:
    return figure(number, None, f"{number:g}", unit="count", value=number)


SHOWN = figure(303, 330, "91.8%")


def write(root: Path, *lines: str) -> None:
    path = root / REASONS
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join(["# why", ",".join(COLUMNS), *lines, ""]), encoding="utf-8")
