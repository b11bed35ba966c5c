"""The commands of disclosure control, as people use them."""

import json
import re
import shutil
import sys
from pathlib import Path

import pandas as pd
import pytest

from csd_helpers import cli
from tests.conftest import copy_council

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
    decision = ("--override", "a demonstration", "--by", "Head of Performance")
    assert csd(monkeypatch, "publish", "2020-10", *decision, "--root", root) == 0
    ledger = root / "outputs" / "published" / "ledger" / "0001-2020-10.parquet"
    table = pd.read_parquet(ledger)
    assert set(table["part"]) == {1, 2}
    hidden = table[table["part"].eq(1) & table["marker"].eq("c")]
    assert len(hidden) and hidden[["numerator", "denominator", "value"]].isna().all(axis=None)
    before = ledger.read_bytes()
    assert csd(monkeypatch, "publish", "2020-10", "--root", root) == 2
    assert "published already" in capsys.readouterr().err
    assert ledger.read_bytes() == before
    capsys.readouterr()
    assert csd(monkeypatch, "ledger", "--root", root) == 0
    assert "2020-10 published by" in capsys.readouterr().out


def test_an_audit_before_any_run_says_what_to_do(
    council: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = copy_council(council, tmp_path)
    assert csd(monkeypatch, "audit", "2020-10", "--root", root) == 2
    assert "run: csd run 2020-10" in capsys.readouterr().err


def test_a_hidden_number_in_public_words_stops_the_run(
    council: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = copy_council(council, tmp_path)
    words = root / "parameters" / "commentary" / "2020-10" / "care_leavers_in_touch.md"
    words.write_text(
        "---\nauthor: A\ndate: 2020-11-10\nwritten_about: x\npart: both\n---\n\nOne young person is lost.\n"
    )
    assert csd(monkeypatch, "run", "2020-10", "--root", root) == 2
    assert "the words 'One' may say what Part 1 withholds" in capsys.readouterr().err
    assert not (root / "outputs" / "2020-10").exists()


def test_a_hidden_number_in_a_report_by_exception_stops_the_run(
    council: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = copy_council(council, tmp_path)
    month = root / "parameters" / "periods" / "2020-10.yaml"
    told = "The team saw the three children who were permanently excluded in September."
    month.write_text(re.sub(r"text: >-\n(?: {6}.*\n)+", f"text: {told}\n", month.read_text()))
    assert told in month.read_text()
    assert csd(monkeypatch, "run", "2020-10", "--root", root) == 2
    error = capsys.readouterr().err
    assert "the words 'three' may say what Part 1 withholds" in error
    assert "'Family hubs' in parameters/periods/2020-10.yaml" in error
    assert not list((root / "outputs").rglob("pack.json"))
