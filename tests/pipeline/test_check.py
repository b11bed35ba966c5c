"""`csd check`: what is wrong or doubtful, by table and rule, on screen and page; nothing is repaired."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from lxml import html

from csd_helpers.findings_page import MARKING
from csd_helpers.pipeline import check_extract
from csd_helpers.working import written
from tests.conftest import OCTOBER, ROOT

EXTRACT = "outputs/demo/extract"
HOSTILE_FILE = "<img src=x onerror=alert(1)>.csv"
HOSTILE = '<b>A&"1</b>'


def check(root: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-c",
        "from csd_helpers.cli import main; main()",
        "check",
        "2020-10",
        "--extract",
    ]
    own = os.environ | {"PYTHONPATH": str(ROOT), "COLUMNS": "150"} | environment
    return subprocess.run(command, cwd=root, env=own, capture_output=True, text=True, check=False)


@pytest.fixture
def own(council: Path, tmp_path: Path) -> Path:
    """Return a council of the test's own, without a pack."""
    for name in ("parameters", EXTRACT):
        shutil.copytree(council / name, tmp_path / name)
    return tmp_path


def add_episodes(root: Path, *rows: str) -> None:
    path = root / EXTRACT / "2021-episodes.csv"
    path.write_text(path.read_text(encoding="utf-8") + "".join(f"{row}\n" for row in rows), encoding="utf-8")


def spoil_episodes(root: Path) -> None:
    """Give one child, whose identifier is markup, an unknown legal status and an overlap."""
    whose = '"' + HOSTILE.replace('"', '""') + '"'
    add_episodes(
        root,
        f"{whose},01/05/2020,S,Q9,N1,U4,PR1,10/06/2020,E8,,,,",
        f"{whose},09/06/2020,S,C2,N1,U4,PR1,,,,,,",
    )


def spoil_returns(root: Path) -> None:
    path = root / EXTRACT / "returns.csv"
    text = path.read_text(encoding="utf-8").replace("neet_or_not_known,", "neet,", 1)
    path.write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def spoilt(
    council: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """Return a council whose episodes are spoilt, one file of hostile name among them, and its check."""
    root = tmp_path_factory.mktemp("spoilt")
    for name in ("parameters", EXTRACT):
        shutil.copytree(council / name, root / name)
    spoil_episodes(root)
    (root / EXTRACT / HOSTILE_FILE).write_text("a\n1\n", encoding="utf-8")
    return root, check(root)


def page(root: Path) -> html.HtmlElement:
    return html.fromstring((root / "outputs/2020-10/working/extract.html").read_text(encoding="utf-8"))


def test_the_demonstration_has_nothing_that_stops_a_run(own: Path) -> None:
    done = check(own)
    assert done.returncode == 0
    assert done.stdout.startswith("Check of the extract for October 2020: 0 blocking, 8 warnings, 3 notes\n")
    listed = pd.read_csv(own / "outputs/2020-10/working/problems.csv", dtype="str")
    doubtful = listed[listed["severity"].eq("warning")].sort_values(["table", "rule"])
    assert doubtful[["table", "rule"]].to_numpy().tolist() == [  # what the extract's READ-ME says
        ["assessments", "date_order"],
        ["cin_details", "code_unknown"],
        ["cin_details", "date_before_birth"],
        ["cin_details", "date_future"],
        ["contacts", "date_before_birth"],  # the contact that led to that referral
        ["contacts", "row_repeated"],
        ["cp_reviews", "review_without_plan"],
        ["visits", "child_unknown"],
    ]
    assert "Nothing here stops the month from being run." in page(own).text_content()


def test_warnings_are_listed_by_table_and_rule_and_do_not_stop_a_run(
    spoilt: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    done = spoilt[1]
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert lines[0].startswith("Check of the extract for October 2020: 0 blocking, 11 warnings, 4 notes")
    at = lines.index("cla_episodes")
    assert {line for line in lines[at : at + 14] if line.startswith("  warning: ")} == {
        "  warning: A code is not in the code set: LS: 1 row [code_unknown]",
        "  warning: A record starts before the child's earlier one has ended: DECOM: 1 row [spells_overlap]",
        "  warning: An episode of a child without a header: CHILD: 2 rows [child_without_header]",
    }
    assert f"    {HOSTILE}: 2021-episodes.csv, row " in done.stdout
    assert "touches: 17 Children looked after, number and rate per 10,000; 18 Unaccompanied" in done.stdout
    assert "what to do: Correct the end of the earlier record or the start of the later one." in done.stdout


def test_what_is_blocking_comes_first_and_ends_with_exit_code_2(own: Path) -> None:
    spoil_episodes(own)
    spoil_returns(own)
    done = check(own)
    assert done.returncode == 2
    assert done.stderr == ""
    assert done.stdout.splitlines()[2:4] == [
        "returns",
        "  blocking: An unknown indicator: indicator: 1 row [indicator_unknown]",
    ]
    assert "The month cannot be run until what is blocking is put right." in page(own).text_content()


def test_on_a_terminal_there_is_a_table_for_each_table(own: Path) -> None:
    spoil_episodes(own)
    shown = check(own, FORCE_COLOR="1", NO_COLOR="", TERM="xterm").stdout
    assert "what, and what to do" in shown and "─" in shown
    assert "Put the rows right" not in shown  # the rule's own words, not another's


def test_the_page_can_be_read_by_everyone(
    spoilt: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    tree = page(spoilt[0])
    assert tree.get("lang") == "en-GB"
    assert tree.findtext(".//title") == "Check of the records for October 2020: Example Borough"
    assert [heading.text_content() for heading in tree.iter("h1")] == [tree.findtext(".//title")]
    tables = list(tree.iter("table"))
    assert all(table.find("caption").text_content() for table in tables) and len(tables) > 3
    assert {cell.get("scope") for cell in tree.iter("th")} == {"col", "row"}
    captions = [table.findtext("caption") for table in tables]
    assert len(set(captions)) == len(captions)


def test_the_page_is_marked_and_holds_no_script_and_no_address(
    spoilt: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    tree = page(spoilt[0])
    assert tree.find(".//header").text_content() == MARKING
    assert "Confidential" in MARKING and "not for publication" in MARKING
    assert not list(tree.iter("script", "img", "link", "iframe"))
    assert not tree.xpath("//@href | //@src | //@onclick")


def test_identifiers_and_file_names_are_escaped_on_the_page(
    spoilt: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    tree = page(spoilt[0])
    assert HOSTILE_FILE in tree.text_content() and not list(tree.iter("img"))
    rows = tree.xpath("//tbody/tr[th[@scope='row']]")
    own_rows = [row for row in rows if row.find("th").text_content() == HOSTILE]
    assert len(own_rows) == 4  # one unknown code, one overlap, two rows without a header
    assert not any(row.find("th").getchildren() for row in own_rows)


def test_nothing_is_repaired_and_only_the_working_folder_is_written(own: Path) -> None:
    spoil_episodes(own)
    before = {path: path.read_bytes() for path in own.rglob("*") if path.is_file()}
    check_extract(OCTOBER, own)
    after = {path: path.read_bytes() for path in own.rglob("*") if path.is_file()}
    working = own / "outputs/2020-10/working"
    assert {path: after[path] for path in before} == before
    assert after.keys() - before.keys() == {
        working / name for name in ("extract.html", "problems.csv", ".written.json")
    }


def test_every_row_is_in_the_list_and_a_run_knows_who_wrote_it(own: Path) -> None:
    path = own / EXTRACT / "2021-episodes.csv"
    changed = path.read_text(encoding="utf-8").splitlines()
    path.write_text(
        "\n".join([changed[0], *(line.replace(",PR", ",QR") for line in changed[1:8]), *changed[8:], ""])
    )
    findings = check_extract(OCTOBER, own)
    listed = pd.read_csv(findings.listing, dtype="str")
    wrong = listed[listed["rule"].eq("code_unknown") & listed["table"].eq("cla_episodes")]
    assert wrong["row"].tolist() == ["2", "3", "4", "5", "6", "7", "8"]
    finding = next(own for own in findings.tables["cla_episodes"] if own.rule == "code_unknown")
    assert (finding.count, len(finding.examples)) == ("7 rows", 5)
    assert len({problem.identifier for problem in finding.examples}) == 5
    assert set(written(findings.listing.parent)) == {"extract.html", "problems.csv"}
