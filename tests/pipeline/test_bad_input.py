"""A user's mistake is one clean message and an exit code; the last good pack stays as it was."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from csd_helpers.batch import run_notebooks, run_pack
from csd_helpers.errors import CsdError
from csd_helpers.pipeline import prepare
from csd_helpers.plan import Choice, all_jobs
from tests.conftest import OCTOBER, ROOT


def csd(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from csd_helpers.cli import main; main()", *words]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def own(council: Path, pack: Path, tmp_path: Path) -> Path:
    """Return a council of the test's own, its pack made."""
    return Path(shutil.copytree(council, tmp_path / "own"))


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def spoil(root: Path, name: str, old: str, new: str) -> None:
    path = root / name
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")


EXTRACT = "outputs/demo/extract"


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        (f"{EXTRACT}/care_leavers.csv", "-06-", "-66-", "care_leavers.csv, row"),
        (f"{EXTRACT}/returns.csv", "neet_or", "neet_and", "no indicator of the suite: 'neet_and_not_known'"),
        (f"{EXTRACT}/2021-episodes.csv", "DECOM", "DECOME", "2021-episodes.csv, DECOM: a column is missing"),
        (
            "parameters/suite/2020-21.yaml",
            "lower: 15",
            "lower: 25",
            "the lower bound 25 is above",
        ),
        ("parameters/disclosure.yaml", "hide_zeros: false", "hide_zeros: perhaps", "hide_zeros"),
        ("parameters/periods/2020-10.yaml", "suite: 2020-21", "suite: 2019-20", "there is no file"),
        ("parameters/benchmarks.csv", "indicator,code", "key,code", "other columns than expected"),
        (
            "parameters/benchmarks.csv",
            "Rateper10000,2016",
            "Rateper10000,2O16",
            "the year '2O16' is no number",
        ),
        ("parameters/benchmarks.csv", "England,536.0", "England,536,0", "line 5"),
        ("parameters/benchmarks.csv", "England,536.0", "England,5x", "the value '5x' is no number"),
        (
            "parameters/published_elsewhere.csv",
            "indicator,period",
            "key,period",
            "other columns than expected",
        ),
        ("parameters/periods/2020-10.yaml", "suite:", "suite:\tx:", "line"),
    ],
)
def test_a_mistake_stops_the_run_before_any_notebook(
    own: Path, name: str, old: str, new: str, says: str
) -> None:
    before = contents(own / "outputs" / "2020-10")
    spoil(own, name, old, new)
    with pytest.raises(CsdError) as error:
        run_pack(OCTOBER, own, prepare, Choice())
    assert says in str(error.value)
    assert error.value.exit_code == 2
    assert contents(own / "outputs" / "2020-10") == before


def test_the_command_says_it_cleanly(own: Path) -> None:
    shutil.rmtree(own / EXTRACT)
    done = csd(own, "run", "2020-10")
    assert done.returncode == 2
    assert "the extract is not there" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["run", "2020-13"], "is not a month"),
        (["run", "2019-01"], "has no parameter file"),
        (["run", "2020-10", "--only", "fostering"], "there is no notebook 'fostering'"),
        (["run", "2020-10", "--part", "3"], "3 is not in the range"),
        (["run", "2020-10", "--colour"], "No such option"),
    ],
)
def test_unknown_words_are_refused(own: Path, words: list[str], says: str) -> None:
    done = csd(own, *words)
    assert done.returncode == 2
    assert says in done.stderr and "Traceback" not in done.stderr


def test_a_pack_from_a_spreadsheet_of_numbers_alone(own: Path) -> None:
    """A team that holds only counts has its pack on the first day."""
    for path in (own / EXTRACT).iterdir():
        if path.name != "returns.csv":
            path.unlink()
    made = run_pack(OCTOBER, own, prepare, Choice()).pack
    text = (made / "part2" / "looked_after.html").read_text(encoding="utf-8")
    assert len(list((made / "part2").glob("*.html"))) == 10
    assert "No data" in text  # what nobody returned is said to be missing


def test_the_five_real_returns_make_pages(own: Path, shared_data: Path, tmp_path: Path) -> None:
    for path in (own / EXTRACT).glob("20*"):
        path.unlink()
    for path in (shared_data / "ssda903_2017-2021").glob("*.csv"):
        shutil.copy(path, own / EXTRACT)
    prepared = prepare(OCTOBER, own, tmp_path / "working")
    jobs = [job for job in all_jobs(prepared, OCTOBER, own, Choice()) if "looked_after" in job.html]
    assert [made.error for made in run_notebooks(jobs, tmp_path / "pages", workers=2)] == ["", ""]
    text = (tmp_path / "pages" / "part2" / "looked_after.html").read_text(encoding="utf-8")
    assert "19.4 (142)" in text  # 142 of 73,175 children
