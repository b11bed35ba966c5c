"""The commands of disclosure control, as people use them."""

import json
import shutil
import sys
from pathlib import Path

import pandas as pd
import pytest

from csd_helpers import cli
from csd_helpers.batch import run_notebooks
from csd_helpers.disclosure.decision import choose
from csd_helpers.disclosure.memory import load_memory
from csd_helpers.disclosure.proof import prove
from csd_helpers.handover import hand_over
from csd_helpers.judge import judge
from csd_helpers.parameters import load_rules
from csd_helpers.pipeline import prepare
from csd_helpers.plan import Choice, all_jobs
from csd_helpers.release import release
from tests.conftest import OCTOBER, make_council
from tests.pipeline.test_part1_is_blind import files

CASE = {
    "id": "wards",
    "variables": {name: {} for name in ("total", "north", "south", "park")},
    "relations": [
        {"id": "sum", "terms": {"total": 1, "north": -1, "south": -1, "park": -1}, "op": "==", "rhs": 0}
    ],
    "statements": [
        {"id": name, "kind": "count", "var": name, "value": value, "cost": cost}
        for name, value, cost in (("total", 19, 3), ("north", 8, 1), ("south", 7, 2), ("park", 4, 1))
    ],
    "targets": ["park"],
    "required": {"values": [1, 2, 3, 4]},
    "secret": {"total": 19, "north": 8, "south": 7, "park": 4},
}


def csd(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    monkeypatch.setattr(sys, "argv", ["csd", *map(str, arguments)])
    with pytest.raises(SystemExit) as caught:
        cli.main()
    return int(caught.value.code or 0)


def test_protect_then_audit_a_case(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    case, answer = tmp_path / "wards.json", tmp_path / "answer.json"
    case.write_text(json.dumps(CASE))
    assert csd(monkeypatch, "audit", case) == 1
    assert "exact: park is 4" in capsys.readouterr().out
    assert csd(monkeypatch, "protect", case, "--out", answer) == 0
    assert json.loads(answer.read_text())["withheld"] == ["north", "park"]
    assert csd(monkeypatch, "audit", case, "--answer", answer) == 0
    assert capsys.readouterr().out.endswith("1 counts to protect: 1 safe\n")
    assert csd(monkeypatch, "audit", case, "--json") == 1
    assert json.loads(capsys.readouterr().out)[0]["verdict"] == "exact"


@pytest.mark.parametrize(
    ("content", "words"), [("{", "this is no JSON"), ("[]", "no JSON object"), ("{}", "no 'variables'")]
)
def test_a_file_that_is_no_case_is_one_message(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    content: str,
    words: str,
) -> None:
    case = tmp_path / "case.json"
    case.write_text(content)
    assert csd(monkeypatch, "protect", case, "--out", tmp_path / "answer.json") == 2
    said = capsys.readouterr().err
    assert words in said and "Traceback" not in said
    assert not (tmp_path / "answer.json").exists()


def test_a_pack_is_audited_and_published_once(
    pack: Path,
    council: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    root = tmp_path / "council"
    shutil.copytree(council, root)
    assert csd(monkeypatch, "audit", "2020-10", "--root", root) == 0
    assert "the certificate holds" in capsys.readouterr().out
    assert csd(monkeypatch, "publish", "2020-10", "--root", root) == 0
    ledger = root / "outputs" / "published" / "ledger" / "2020-10.parquet"
    table = pd.read_parquet(ledger)
    assert set(table["part"]) == {1, 2}
    hidden = table[table["part"].eq(1) & table["marker"].eq("c")]
    assert len(hidden) and hidden[["numerator", "denominator", "value"]].isna().all(axis=None)
    before = ledger.read_bytes()
    assert csd(monkeypatch, "publish", "2020-10", "--root", root) == 2
    assert "published already" in capsys.readouterr().err
    assert ledger.read_bytes() == before


def test_an_audit_before_any_run_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = make_council(tmp_path)
    assert csd(monkeypatch, "audit", "2020-10", "--root", root) == 2
    assert "run: csd run 2020-10" in capsys.readouterr().err


def test_a_hidden_number_in_public_words_stops_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = make_council(tmp_path)
    words = root / "parameters" / "commentary" / "2020-10" / "care_leavers_in_touch.md"
    words.write_text(
        "---\nauthor: A\ndate: 2020-11-10\nwritten_about: x\npart: both\n---\n\nOne young person is lost.\n"
    )
    assert csd(monkeypatch, "run", "2020-10", "--root", root) == 2
    assert "the words 'One' may say what Part 1 withholds" in capsys.readouterr().err
    assert not (root / "outputs" / "2020-10").exists()


def test_packs_of_twin_worlds_are_the_same_to_the_byte(pack: Path, tmp_path: Path) -> None:
    """Three worlds in which hidden counts are others: every page of Part 1 is the same."""
    root = make_council(tmp_path / "council")
    prepared = prepare(OCTOBER, root, tmp_path / "working")
    edition = prepared.edition
    rules = load_rules(root, list(edition.suite.indicators))
    figures = pd.read_parquet(tmp_path / "working" / "figures.parquet")
    memory = load_memory(root, OCTOBER, edition.suite)
    chosen = choose(figures, edition.suite, rules, memory)
    proof = prove(release(figures, 1, chosen.withheld), figures, edition.suite, rules, memory)
    changed = [twin for twin in proof.audit.twins if twin.target.endswith("2020-10")][:3]
    assert len(changed) == 3
    for at, twin in enumerate(changed):
        other = twin_figures(figures, {**proof.case.secret, **twin.world})
        assert not other["numerator"].equals(figures["numerator"]) or twin.target.startswith(
            ("rest", "new", "all")
        )
        rated = judge(other, edition.suite, edition.benchmarks)
        hand_over(release(rated, 1, chosen.withheld), 1, edition, prepared.releases[1])
        jobs = [job for job in all_jobs(prepared, OCTOBER, root, Choice()) if job.part == 1]
        run_notebooks(jobs, tmp_path / f"pages{at}", workers=2)
        expected = files(pack / "part1")
        assert prepared.downloads(1)["data.csv"] == expected.pop("data.csv")
        assert files(tmp_path / f"pages{at}" / "part1") == expected


def twin_figures(figures: pd.DataFrame, world: dict[str, int]) -> pd.DataFrame:
    """Return the figures of another world, unjudged."""
    parts = [
        [part for part in (row.breakdown, row.category) if part != "all"] for row in figures.itertuples()
    ]
    names = [
        "|".join([key, *part, period])
        for key, part, period in zip(figures["indicator"], parts, figures["period"], strict=True)
    ]
    other = figures.drop(columns=["rating", "text", "numerator_text", "denominator_text"])
    numerator = pd.Series([world.get(name) for name in names], dtype="float64")
    denominator = pd.Series([world.get(f"all of {name}") for name in names], dtype="float64")
    other["numerator"] = numerator.fillna(figures["numerator"])
    other["denominator"] = denominator.fillna(figures["denominator"])
    return other


@pytest.mark.parametrize("column", ["numerator", "value", "text"])
def test_a_value_left_in_the_release_changes_its_bytes(pack: Path, column: str) -> None:
    """The comparison above would see a leak: one hidden value that is left in changes the download."""
    table = pd.read_parquet(pack / "working" / "release" / "part1" / "figures.parquet")
    full = pd.read_parquet(pack / "working" / "release" / "part2" / "figures.parquet")
    leaky = table.copy()
    at = table.index[table["marker"].eq("c")][0]
    leaky.loc[at, column] = full.loc[at, column]
    assert leaky.to_csv() != table.to_csv()
