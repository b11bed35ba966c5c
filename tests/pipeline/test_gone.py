"""A figure that a part has published and has no longer: told in that part only, and by the check."""

import json
import shutil
from pathlib import Path
from typing import Any

import pandas as pd

from csd_helpers.ledger import add_entry, next_entry, write_figures
from csd_helpers.pipeline import prepare
from csd_helpers.release import COLUMNS
from csd_helpers.revisions import revisions
from csd_helpers.suite import load_suite
from tests.conftest import OCTOBER, ROOT

SEPTEMBER = OCTOBER - 1
SUITE = load_suite(ROOT / "parameters" / "suite" / "2020-21.yaml")
OWN = {
    "indicator": "children_looked_after", "period": "2020-09", "month": SEPTEMBER.ordinal,
    "basis": "snapshot", "as_at": "2020-09-30", "status": "final", "rating": "", "marker": "", "revised": "",
}  # fmt: skip


def orders(order: str, number: int, **facts: Any) -> dict[str, Any]:
    """Return how many children were looked after under an order, as a part released it."""
    printed = {"text": f"{number}", "numerator_text": f"{number}", "denominator_text": ""}
    amounts = {"numerator": number, "denominator": None, "value": number, "unit": "count"}
    return OWN | printed | amounts | {"breakdown": "legal_status", "category": order} | facts


def publish(root: Path, *rows: dict[str, Any]) -> None:
    """Enter September into the ledger: Part 1 withheld the freeing orders, of which there were two."""
    full = pd.DataFrame(rows, columns=COLUMNS)
    public = full.copy()
    few = full["numerator"].lt(6)
    public.loc[few, ["numerator", "value"]] = None
    public.loc[few, ["text", "numerator_text", "marker"]] = ["[c]", "[c]", "c"]
    name, sha = write_figures(root, "0001-2020-09", {1: public, 2: full})
    add_entry(root, next_entry(root, "published", SEPTEMBER, figures=name, figures_sha256=sha))


def told(root: Path, part: int) -> list[tuple[str, ...]]:
    """Return what a part is handed of revisions."""
    pack = json.loads((root / f"outputs/2020-10/working/release/part{part}/pack.json").read_text("utf-8"))
    return [tuple(row.values()) for entry in pack["indicators"] for row in entry["revisions"]]


def test_each_part_lists_what_it_printed_and_has_no_longer(small: Path, tmp_path: Path) -> None:
    root = shutil.copytree(small, tmp_path / "council")
    publish(root, orders("Placement order", 9), orders("Freeing order", 2))
    prepare(OCTOBER, root, root / "outputs" / "2020-10" / "working")
    placement = ("Sep 2020", "Legal status: Placement order", "9", "no longer there", "")
    freeing = ("Sep 2020", "Legal status: Freeing order", "2", "no longer there", "")
    assert (told(root, 1), told(root, 2)) == ([placement], [placement, freeing])
    listed = revisions(OCTOBER, root, SUITE, [])
    assert listed[["part", "category", "was", "now"]].to_numpy().tolist() == [
        [1, "Placement order", "9", "no longer there"],
        [2, "Placement order", "9", "no longer there"],
        [2, "Freeing order", "2", "no longer there"],
    ]
