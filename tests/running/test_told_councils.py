"""What a check says to do for a council of several can be typed, and found, from the project's folder."""

import shutil
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from csd_helpers import workbench
from csd_helpers.cli import cli
from csd_helpers.errors import CsdError
from csd_helpers.last_run import LastRun
from csd_helpers.pack import open_pack
from csd_helpers.period import Period
from csd_helpers.preview import _month_of, draft_page
from csd_helpers.root import command, council_root, from_project, never_run
from tests.running.small_council import write_council, write_period, write_returns

MONTH = "2022-03"


@pytest.fixture
def region(tmp_path: Path) -> Path:
    """Return a project of one council, north, whose average caseload is an exception."""
    folder = write_council(tmp_path)
    write_period(folder, MONTH)
    write_returns(folder, MONTH)
    councils = folder / "parameters/councils"
    councils.mkdir()
    (councils / "north.yaml").write_text(yaml.safe_dump({"council": "North", "extract": "extract"}))
    own = folder / "councils/north/parameters"
    own.mkdir(parents=True)
    shutil.copy(folder / "parameters/benchmarks.csv", own)  # which has none, as the one for all must not
    return folder


def said(region: Path, *words: str) -> str:
    done = CliRunner().invoke(cli, [*words, "--council", "north", "--root", str(region)])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.output


def test_a_file_and_a_command_are_named_from_the_project(region: Path) -> None:
    north = council_root(region, "north")
    assert from_project(north / "parameters/a.md", north) == "councils/north/parameters/a.md"
    assert from_project(region / "parameters/a.md", region) == "parameters/a.md"
    assert command("csd check 2022-03", north) == "csd check 2022-03 --council north"
    assert command("csd check 2022-03", region) == "csd check 2022-03"


def test_the_check_names_the_councils_files_and_commands(region: Path) -> None:
    text = " ".join(said(region, "check", MONTH).split())
    assert f"councils/north/parameters/commentary/{MONTH}/average_caseload.md" in text
    assert f"csd commentary {MONTH} --council north writes the file" in text
    assert f"csd run {MONTH} --council north" in text
    assert " parameters/commentary" not in text and " outputs/" not in text


def test_the_check_says_how_to_list_the_councils_rows(region: Path) -> None:
    path = region / "extract/returns.csv"
    path.write_text(path.read_text().replace("contacts,2022-03", "contacs,2022-03"))
    text = " ".join(said(region, "check", MONTH).split())
    assert f"csd check {MONTH} --council north --extract lists the rows" in text


def test_a_sheet_is_taken_in_by_what_is_told(region: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(region)
    (region / "for managers").mkdir()
    text = said(region, "commentary", MONTH, "--sheet", "for managers/x.xlsx")
    assert f"then csd commentary {MONTH} --import 'for managers/x.xlsx' --council north" in text


def test_words_of_a_council_are_written_where_they_are_read(region: Path) -> None:
    assert "to be filled in; then csd check 2022-03 --council north" in said(region, "commentary", MONTH)
    sheet = region / "m.csv"
    own = region / f"councils/north/parameters/commentary/{MONTH}/average_caseload.md"
    for words in ("First words.", "Other words."):
        sheet.write_text(f"indicator,part,author,date,text\n3,both,A,2022-04-12,{words}\n")
        said(region, "commentary", MONTH, "--import", str(sheet), "--replace")
        assert words in own.read_text()
    assert "First words." in own.with_name(f"{own.name}.kept-1").read_text()


def test_a_run_that_is_missing_is_told_with_its_council(region: Path) -> None:
    north = council_root(region, "north")
    [matter] = LastRun(Period.parse(MONTH), north, {}).matters()
    assert matter.where == f"councils/north/outputs/{MONTH}"
    assert matter.fix == f"csd run {MONTH} --council north"


@pytest.mark.parametrize("words", [["notes"], ["lab"], ["pdf"], ["publish"], ["audit"]])
def test_a_command_that_needs_a_run_names_the_run_of_the_council(region: Path, words: list[str]) -> None:
    with pytest.raises(CsdError, match=f"no run of {MONTH} yet") as refused:
        CliRunner().invoke(
            cli, [*words, MONTH, "--council", "north", "--root", str(region)], catch_exceptions=False
        )
    assert refused.value.fix == f"run: csd run {MONTH} --council north"
    assert refused.value.where == f"councils/north/outputs/{MONTH}"
    assert never_run(MONTH, region).fix == f"run: csd run {MONTH}"


def test_an_analysts_notebook_names_the_commands_of_its_council(
    region: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    month, north = Period.parse(MONTH), council_root(region, "north")
    monkeypatch.chdir(north)
    run = f"run: csd run {MONTH} --council north"
    for refused_by in (
        lambda: open_pack(MONTH, 2),
        lambda: draft_page("workforce", 1, month, north),
        lambda: workbench.working_notebooks(month, north),
    ):
        with pytest.raises(CsdError, match="no run of") as refused:
            refused_by()
        assert refused.value.fix == run
    with pytest.raises(CsdError, match="nothing has been published") as refused:
        workbench._published(month)
    assert refused.value.fix == f"csd publish {MONTH} --council north makes the first edition"
    with pytest.raises(CsdError, match="not a working notebook") as refused:
        _month_of(north)
    assert refused.value.fix.endswith("csd lab <period> --council north")


def test_an_explanation_names_the_commands_of_its_council(region: Path) -> None:
    path = region / "extract/returns.csv"
    path.write_text(path.read_text().replace("2022-01-31,final", "2022-01-31,finished"))
    text = " ".join(said(region, "explain", "average_caseload", MONTH).split())
    assert f"4 warnings about its rows: csd check {MONTH} --extract --council north" in text
