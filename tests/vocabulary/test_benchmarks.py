"""The benchmarks carried over are the ones published."""

from pathlib import Path

import pandas as pd

AREAS = {
    "bromley": "Bromley",
    "outer_london": "Outer London",
    "london": "London",
    "england": "England",
    "sn_mean_apr2021": "Statistical neighbours",
}


def test_every_benchmark_is_as_published(root: Path, shared_data: Path) -> None:
    published = pd.read_csv(shared_data / "benchmarks_lait_2016-2025.csv").rename(columns=AREAS)
    published["code"] = published["lait_short"].str.replace(",", "")
    published["year"] = "20" + published["year"].str[-2:]  # an academic year is named by its end
    long = published.melt(["code", "year"], list(AREAS.values()), "geography", "published")
    long["published"] = pd.to_numeric(long["published"], errors="coerce")  # symbols are no figures
    own = pd.read_csv(root / "parameters" / "benchmarks.csv", comment="#").astype({"year": "str"})
    both = own.merge(long, on=["code", "year", "geography"], how="left")
    assert len(both) == len(own) > 900
    assert both[both["value"].ne(both["published"])].to_dict("records") == []
    corrupt = own["code"].eq("FirstYJS") & own["geography"].eq("England")
    assert not corrupt.any()
