"""Part 1 is built from released figures: it cannot tell what it was never told."""

import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd

from csd_helpers.batch import run_notebooks
from csd_helpers.part_files import part_files
from csd_helpers.pipeline import prepare
from csd_helpers.plan import Choice, all_jobs
from csd_helpers.prepared import Prepared
from tests.conftest import OCTOBER, copy_council, make_council


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_part_1_is_made_with_the_extract_and_all_other_figures_gone(
    pack: Path, prepared: Prepared, council: Path, tmp_path: Path
) -> None:
    root = copy_council(council, tmp_path / "council")
    shutil.copytree(prepared.releases[1].parents[1], tmp_path / "working")
    releases = {part: tmp_path / "working" / "release" / f"part{part}" for part in (1, 2)}
    prepared = replace(prepared, releases=releases)
    jobs = [job for job in all_jobs(prepared, OCTOBER, root, Choice()) if job.part == 1]
    shutil.rmtree(root / "outputs")
    shutil.rmtree(root / "parameters")
    shutil.rmtree(tmp_path / "working" / "release" / "part2")
    (tmp_path / "working" / "figures.parquet").unlink()
    results = run_notebooks(jobs, tmp_path / "pages", workers=2)
    assert [result.error for result in results] == [""] * 9
    made = files(tmp_path / "pages" / "part1")
    expected = files(pack / "part1")
    downloads = part_files(releases[1])  # made with everything but Part 1's release folder gone
    assert set(downloads) == {"data.csv", "figures.ods", "figures.xlsx", "report.docx"}
    assert made | downloads == expected


def test_other_hidden_figures_give_the_same_bytes(
    pack: Path, prepared: Prepared, council: Path, tmp_path: Path
) -> None:
    """Every suppressed count typed in is changed to another suppressed one."""
    root = copy_council(council, tmp_path)
    path = root / "outputs" / "demo" / "extract" / "returns.csv"
    table = pd.read_csv(path)
    carers = table["indicator"].eq("foster_carers_recruited")
    excluded = table["indicator"].eq("permanent_exclusions") & table["numerator"].between(1, 5)
    assert carers.any() and excluded.any()
    table.loc[carers, "numerator"] = (table.loc[carers, "numerator"] / 2).round()
    table.loc[excluded, "numerator"] = 6 - table.loc[excluded, "numerator"]
    table.to_csv(path, index=False)
    other = prepare(OCTOBER, root, tmp_path / "working")
    jobs = [job for job in all_jobs(other, OCTOBER, root, Choice()) if job.part == 1]
    run_notebooks(jobs, tmp_path / "pages", workers=2)
    assert files(tmp_path / "pages" / "part1") | part_files(other.releases[1]) == files(pack / "part1")
    assert files(other.releases[2]) != files(prepared.releases[2])


def test_the_same_inputs_are_handed_over_as_the_same_bytes(
    prepared: Prepared, council: Path, tmp_path: Path
) -> None:
    """Elsewhere pages are made of them again: Part 1's above, and under each engine in tests/running."""
    again = prepare(OCTOBER, make_council(tmp_path / "elsewhere"), tmp_path / "working")
    assert again.inputs == prepared.inputs
    for part in (1, 2):
        assert files(again.releases[part]) == files(prepared.releases[part])
    assert again.pages == prepared.pages
