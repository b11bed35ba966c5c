"""Part 1 is built from released figures: it cannot tell what it was never told."""

import shutil
from pathlib import Path

import pandas as pd

from csd_helpers.batch import run_notebooks, run_pack
from csd_helpers.pipeline import prepare
from csd_helpers.plan import Choice, all_jobs
from tests.conftest import OCTOBER, make_council


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_part_1_is_made_with_the_extract_and_all_other_figures_gone(pack: Path, tmp_path: Path) -> None:
    root = make_council(tmp_path / "council")
    prepared = prepare(OCTOBER, root, tmp_path / "working")
    jobs = [job for job in all_jobs(prepared, OCTOBER, root, Choice()) if job.part == 1]
    shutil.rmtree(root / "outputs")
    shutil.rmtree(root / "parameters")
    shutil.rmtree(tmp_path / "working" / "release" / "part2")
    (tmp_path / "working" / "figures.parquet").unlink()
    results = run_notebooks(jobs, tmp_path / "pages", workers=2)
    assert [result.error for result in results] == [""] * 9
    made = files(tmp_path / "pages" / "part1")
    expected = files(pack / "part1")
    downloads = prepared.downloads(1)  # made with everything but Part 1's release folder gone
    assert set(downloads) == {"data.csv", "figures.ods", "figures.xlsx", "report.docx"}
    assert made | downloads == expected


def test_other_hidden_figures_give_the_same_bytes(pack: Path, tmp_path: Path) -> None:
    """Every suppressed count typed in is changed to another suppressed one."""
    root = make_council(tmp_path)
    path = root / "outputs" / "demo" / "extract" / "returns.csv"
    table = pd.read_csv(path)
    carers = table["indicator"].eq("foster_carers_recruited")
    excluded = table["indicator"].eq("permanent_exclusions") & table["numerator"].between(1, 5)
    assert carers.any() and excluded.any()
    table.loc[carers, "numerator"] = (table.loc[carers, "numerator"] / 2).round()
    table.loc[excluded, "numerator"] = 6 - table.loc[excluded, "numerator"]
    table.to_csv(path, index=False)
    other = run_pack(OCTOBER, root, prepare, Choice()).pack
    assert files(other / "part1") == files(pack / "part1")
    assert files(other / "part2") != files(pack / "part2")


def test_the_same_inputs_give_the_same_bytes(pack: Path, council: Path, tmp_path: Path) -> None:
    before = {part: files(pack / part) for part in ("part1", "part2")}
    manifest = (pack / "manifest.json").read_bytes()
    root = make_council(tmp_path)
    again = run_pack(OCTOBER, root, prepare, Choice()).pack
    assert {part: files(again / part) for part in ("part1", "part2")} == before
    assert (again / "manifest.json").read_bytes() == manifest
