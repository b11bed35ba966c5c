"""Several councils in one plan: each by itself, none sees another's, one that fails stops no other."""

import shutil
from pathlib import Path

import pytest
import yaml

from csd_helpers import campaign
from csd_helpers.errors import CsdError
from csd_helpers.ingredients import suite_files
from csd_helpers.parameters import load_benchmarks, load_period, load_rules
from csd_helpers.period import Period
from csd_helpers.plan import Choice
from csd_helpers.preparation import preparation_key
from csd_helpers.root import common, council_root, find_root, own_or_common, shown
from csd_helpers.seal import _made_from, _paths
from csd_helpers.suite import load_suite, suite_path
from csd_helpers.task import MonthResult, Task
from tests.conftest import ROOT

OCTOBER = Period.parse("2020-10")
NAMES = ("northmoor_example", "southmoor_example")


@pytest.fixture
def region(tmp_path: Path) -> Path:
    """Return a project with the two councils that come as examples."""
    shutil.copytree(ROOT / "parameters", tmp_path / "parameters")
    (tmp_path / "outputs/demo/extract").mkdir(parents=True)
    (tmp_path / "notebooks").mkdir()
    return tmp_path


@pytest.fixture
def north(region: Path) -> Path:
    return council_root(region, "northmoor_example")


def change(region: Path, name: str, **entries: object) -> None:
    """Change a council's file."""
    path = region / "parameters/councils" / f"{name}.yaml"
    path.write_text(yaml.safe_dump(yaml.safe_load(path.read_text()) | entries))


def test_a_councils_file_stands_over_the_months_and_a_months_entries_over_both(region: Path) -> None:
    change(region, "southmoor_example", months=12, periods={"2020-09": {"months": 6}})
    north, south = (load_period(council_root(region, name), OCTOBER) for name in NAMES)
    assert (north.council, south.council) == ("Northmoor (example)", "Southmoor (example)")
    assert (str(north.report_date), str(south.report_date)) == ("2020-11-25", "2020-11-18")
    assert (north.months, south.months) == (24, 12)
    assert north.suite == south.suite == "2020-21"


def test_what_the_common_file_says_of_one_council_reaches_no_other(region: Path) -> None:
    change(region, "southmoor_example", contact="")
    south = load_period(council_root(region, "southmoor_example"), OCTOBER)
    assert load_period(region, OCTOBER).reports_by_exception
    assert (south.reports_by_exception, south.contact, south.accessibility_contact) == ([], "", "")


@pytest.mark.parametrize(
    ("extract", "from_root"),
    [
        ("../extracts/{period}", "../../../extracts/2020-10"),
        ("/srv/extracts/{period}", "/srv/extracts/2020-10"),
        ("sqlite:///data/{period}.db", "sqlite:///../../data/2020-10.db"),
        ("postgresql://reader@server/south", "postgresql://reader@server/south"),
    ],
)
def test_an_extract_is_named_from_the_projects_folder(extract: str, from_root: str, region: Path) -> None:
    change(region, "southmoor_example", extract=extract)
    assert load_period(council_root(region, "southmoor_example"), OCTOBER).extract == from_root


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        ({"extract": ""}, "line 4: extract: "),
        ({"colour": "red"}, "line 1: colour: this name is not known here"),
        ({"periods": {"2020-13": {}}}, "'2020-13' is not a month"),
        ({"periods": {"2020-10": {"months": 0}}}, r"line 7: months: .*greater than or equal to 1"),
        ({"period": "2020-09"}, "the file says period 2020-09"),
    ],
)
def test_a_mistake_in_a_councils_file_has_its_line(
    entries: dict[str, object], message: str, region: Path
) -> None:
    change(region, "southmoor_example", **entries)
    with pytest.raises(CsdError, match=message) as caught:
        load_period(council_root(region, "southmoor_example"), OCTOBER)
    assert "southmoor_example.yaml" in str(caught.value)


def test_an_unknown_council_is_told_the_known_ones(region: Path) -> None:
    with pytest.raises(CsdError, match=r"no council 'eastmoor'(?s:.)*one of northmoor_example, southmoor"):
        council_root(region, "eastmoor")
    assert not (region / "councils").exists()


def test_what_was_decided_to_be_shown_of_one_council_is_not_shown_of_another(
    region: Path, north: Path
) -> None:
    path = region / "parameters/disclosure.yaml"
    decided = {"indicator": "contacts", "reason": "agreed", "decided_by": "Director"}
    decided["decided_on"] = "2020-11-20"
    rules = yaml.safe_load(path.read_text()) | {"released": [decided]}
    path.write_text(yaml.safe_dump(rules))
    keys = list(load_suite(suite_path(north, "2020-21")).indicators)
    ours, theirs = load_rules(region, keys), load_rules(north, keys)
    assert len(ours.released) == 1 and theirs.released == []
    assert ours.whole_indicators.keys() == theirs.whole_indicators.keys()
    assert any(entry.status_public for entry in ours.whole_indicators.values())
    assert not any(entry.status_public for entry in theirs.whole_indicators.values())
    (north / "parameters").mkdir()
    shutil.copy(path, north / "parameters/disclosure.yaml")
    assert len(load_rules(north, keys).released) == 1


def test_a_council_is_compared_with_the_areas_its_file_names_or_by_its_own_file(
    region: Path, north: Path
) -> None:
    assert set(load_benchmarks(north, 2020)["geography"]) == {"England"}
    change(region, "northmoor_example", benchmarks=["England", "Lodon"])
    with pytest.raises(CsdError, match="no benchmarks of 'Lodon'"):
        load_benchmarks(north, 2020)
    (north / "parameters").mkdir()
    shutil.copy(region / "parameters/benchmarks.csv", north / "parameters/benchmarks.csv")
    assert "Statistical neighbours" in set(load_benchmarks(north, 2020)["geography"])


def test_a_councils_folder_is_a_root(region: Path, north: Path) -> None:
    inside = north / "outputs" / "2020-10"
    inside.mkdir(parents=True)
    assert find_root(inside) == north and find_root(region / "outputs") == region
    assert common(north) == common(region) == region
    assert own_or_common(north, "disclosure.yaml") == region / "parameters/disclosure.yaml"
    assert shown(region / "parameters/disclosure.yaml", north) == "parameters/disclosure.yaml"


OWN = "councils/northmoor_example/parameters"
USED = {  # a change here is a change of the council's month
    "parameters/periods/2020-10.yaml",
    "parameters/councils/northmoor_example.yaml",
    "parameters/suite/2020-21.yaml",
    "parameters/disclosure.yaml",
    "parameters/benchmarks.csv",
    "parameters/published_elsewhere.csv",
    "parameters/a file nobody thought of.csv",
    f"{OWN}/disclosure.yaml",
    f"{OWN}/revisions.csv",
    f"{OWN}/commentary/2020-10/contacts.md",
    f"{OWN}/a/folder/nobody/thought/of.csv",
    "notebooks/summary.ipynb",
    "councils/northmoor_example/outputs/published/ledger/figures.parquet",
}
OTHERS = {
    "parameters/periods/2020-09.yaml",
    "parameters/councils/southmoor_example.yaml",
    "parameters/suite/2022-23.yaml",
    "parameters/commentary/2020-09/contacts.md",
    f"{OWN}/commentary/2020-09/contacts.md",
    "councils/southmoor_example/parameters/disclosure.yaml",
    "outputs/published/ledger/figures.parquet",
}


def test_a_month_is_made_again_for_what_it_uses_and_not_for_anothers(region: Path, north: Path) -> None:
    paths = _paths(OCTOBER, north)
    wrong = []
    for name in sorted(USED | OTHERS):
        before = _made_from(OCTOBER, north, paths)
        path = region / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text((path.read_text() if path.exists() else "") + "\n")
        if (_made_from(OCTOBER, north, paths) != before) != (name in USED):
            wrong.append(name)
    assert wrong == []


def test_a_preparation_is_known_by_the_same(region: Path, north: Path) -> None:
    (region / "outputs/demo/extract/contacts.csv").write_text("a")
    keys = [preparation_key(OCTOBER, north)]
    for name in ("councils/southmoor_example/parameters/disclosure.yaml", "parameters/suite/2020-21.yaml"):
        (region / name).parent.mkdir(parents=True, exist_ok=True)
        with (region / name).open("a") as file:
            file.write("\n")
        keys.append(preparation_key(OCTOBER, north))
    assert keys[0] and keys[0] == keys[1] != keys[2]


def test_the_editions_of_what_was_published_are_used_too(region: Path) -> None:
    extending = [path.name for path in suite_files(OCTOBER, region)]
    assert extending == ["2020-21.yaml"]
    period = region / "parameters/periods/2020-10.yaml"
    period.write_text(period.read_text().replace("suite: 2020-21 ", "suite: 2022-23 "))
    assert [path.name for path in suite_files(OCTOBER, region)] == ["2022-23.yaml", "2020-21.yaml"]


def test_a_council_that_fails_is_a_result_and_the_others_are_made(
    region: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (region / "outputs/demo/extract").rmdir()
    tasks = [Task(OCTOBER, council_root(region, name), name) for name in NAMES]
    told: list[MonthResult] = []
    monkeypatch.setattr(campaign, "_side_by_side", one_after_the_other)
    results = campaign.run_months(tasks, Choice(), told.append)
    assert [result.name for result in results] == [f"{name} 2020-10" for name in NAMES]
    assert all(result.exit_code == 2 and "outputs/demo/extract" in result.error for result in results)
    assert told == results
    page = (tasks[1].root / "outputs/2020-10.run.html").read_text()
    assert "<h1>The last run of October 2020: southmoor_example</h1>" in page


def one_after_the_other(tasks: list[Task], choice: Choice, at_once: int) -> object:
    return ((task, campaign.run_month(task, choice)) for task in tasks)
