"""The ledger and the frozen packs: no change goes unnoticed, one publishes at a time, all or nothing."""

import contextlib
import json
import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from csd_helpers import frozen, ledger, publication, verification
from csd_helpers.disclosure.memory import publications
from csd_helpers.errors import CsdError
from csd_helpers.lock import locked
from csd_helpers.manifest import Manifest, digest
from csd_helpers.matter import Matter
from csd_helpers.period import Period

OCTOBER, NOVEMBER = Period.parse("2020-10"), Period.parse("2020-11")
FACTS = {"by": "A. Analyst", "reason": "", "overridden": []}
STEPS = ["stage", "write_figures", "add_entry", "settle"]


def write_pack(root: Path, period: Period, number: int) -> Path:
    """Write a pack as small as a pack can be: a page for each part, one figure."""
    pack = root / "outputs" / str(period)
    manifest = Manifest(str(period), {}, {}, {}, "")
    for part in (1, 2):
        release = pack / "working" / "release" / f"part{part}"
        release.mkdir(parents=True, exist_ok=True)
        pd.DataFrame({"value": [number * part]}).to_parquet(release / "figures.parquet")
        page = pack / f"part{part}" / "index.html"
        page.parent.mkdir(exist_ok=True)
        page.write_text(f"{period}: {number * part}")
        manifest.pages[f"part{part}/index.html"] = {"sha256": digest(page), "notebook": "", "key": ""}
    manifest.write(pack)
    return pack


def record(root: Path, period: Period, number: int) -> ledger.Entry:
    write_pack(root, period, number)
    (root / "outputs" / "published").mkdir(exist_ok=True)
    return publication.record(period, root, "", FACTS)


@pytest.fixture
def two(tmp_path: Path) -> Path:
    """Return a project that has published two months."""
    record(tmp_path, OCTOBER, 8)
    record(tmp_path, NOVEMBER, 9)
    return tmp_path


def values(root: Path, period: Period) -> list[tuple[int, int]]:
    """Return what was published before a period: the value of each part, edition by edition."""
    return [
        (int(e.public["value"].iloc[0]), int(e.full["value"].iloc[0])) for e in publications(root, period)
    ]


def test_a_published_pack_is_read_only_and_whole(two: Path) -> None:
    published = two / "outputs" / "published"
    files = [path for path in (published / "2020-10").rglob("*") if path.is_file()]
    names = {path.relative_to(published / "2020-10").as_posix() for path in files}
    assert names == {"manifest.json", "part1/index.html", "part2/index.html"}
    for path in [*files, published / "ledger" / "0001-2020-10.parquet"]:
        assert not path.stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH)
    assert not ledger.faults(two) and not frozen.pack_faults(two)


FOLDERS = [("ledger", ledger.faults), ("2020-10", frozen.pack_faults)]


@pytest.mark.parametrize(("name", "faults"), FOLDERS, ids=["ledger", "pack"])
def test_every_single_changed_byte_is_detected(
    two: Path, name: str, faults: Callable[[Path], list[str]]
) -> None:
    """Each byte, the last line's too, has a bit turned; of the figures, which a hash covers, some do."""
    for path in sorted((two / "outputs" / "published" / name).rglob("*.*")):
        path.chmod(0o600)
        whole = path.read_bytes()
        for at in range(0, len(whole), 37 if path.suffix == ".parquet" else 1):
            path.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << at % 8]) + whole[at + 1 :])
            assert faults(two), f"{path.name}, byte {at}"
        path.write_bytes(whole)
    assert not faults(two)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0), value=st.integers(0, 255))
def test_a_byte_of_the_ledger_changed_to_any_other_is_detected(two: Path, place: int, value: int) -> None:
    path = two / ledger.LEDGER / ledger.INDEX
    whole = path.read_bytes()
    at = place % len(whole)
    path.write_bytes(whole[:at] + bytes([value]) + whole[at + 1 :])
    assert bool(ledger.faults(two)) == (value != whole[at])
    path.write_bytes(whole)


def test_a_ledger_cut_off_anywhere_is_detected(two: Path) -> None:
    publication.withdraw(NOVEMBER, two, "wrong extract", "A. Head")
    path = two / ledger.LEDGER / ledger.INDEX
    whole = path.read_bytes()
    lines = [at for at, byte in enumerate(whole, 1) if byte == ord(b"\n")]
    for length in {*range(0, len(whole), 7), *lines[:-1], len(whole) - 1}:
        path.write_bytes(whole[:length])
        wrong = ledger.faults(two) or frozen.pack_faults(two)  # the name of the folder tells of the last line
        assert wrong, f"cut off after {length} bytes"


@pytest.mark.parametrize(
    "harm",
    [
        lambda lines: lines[1:],
        lambda lines: lines[:-1],
        lambda lines: lines[::-1],
        lambda lines: [*lines, lines[-1]],
        lambda lines: [*lines, ""],
        lambda lines: [lines[0].replace("A. Analyst", "B. Analyst"), lines[1]],
    ],
    ids=["first removed", "last removed", "turned round", "repeated", "empty line", "rewritten"],
)
def test_lines_that_are_removed_moved_or_added_are_detected(
    two: Path, harm: Callable[[list[str]], list[str]]
) -> None:
    path = two / ledger.LEDGER / ledger.INDEX
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("".join(f"{line}\n" for line in harm(lines)), encoding="utf-8")
    assert ledger.faults(two)


def test_a_line_rewritten_with_its_own_hash_breaks_the_next(two: Path) -> None:
    path = two / ledger.LEDGER / ledger.INDEX
    first, second = path.read_text(encoding="utf-8").splitlines()
    content = json.loads(first)
    content.pop("sha256")
    forged = ledger.Entry(**content | {"by": "B. Analyst"}).line()
    path.write_text(f"{forged}\n{second}\n", encoding="utf-8")
    assert ledger.faults(two) == [f"{path}, line 2: line 2 of the ledger is not as it was written"]
    with pytest.raises(CsdError, match="line 2 of the ledger"):
        publications(two, NOVEMBER + 1)


def test_figures_that_are_not_as_published_are_no_memory(two: Path) -> None:
    path = two / ledger.LEDGER / "0001-2020-10.parquet"
    path.chmod(0o600)
    pd.DataFrame({"value": [3, 3], "part": [1, 2]}).to_parquet(path)
    with pytest.raises(CsdError, match="not as they were published"):
        publications(two, NOVEMBER)


def test_a_withdrawn_edition_stays_known_and_is_kept(two: Path) -> None:
    assert values(two, OCTOBER) == []
    assert values(two, NOVEMBER) == [(8, 16)]
    publication.withdraw(OCTOBER, two, "wrong extract", "A. Head")
    published = two / "outputs" / "published"
    assert not (published / "2020-10").exists()
    assert (published / "2020-10.withdrawn-1" / "part1" / "index.html").read_text() == "2020-10: 8"
    assert values(two, OCTOBER) == [(8, 16), (9, 18)]  # its own withdrawn edition, too
    assert [edition.is_withdrawn for edition in publications(two, OCTOBER)] == [True, False]
    assert [edition.is_withdrawn for edition in publications(two, NOVEMBER)] == [False]  # as it was then
    record(two, OCTOBER, 7)
    assert values(two, NOVEMBER) == [(8, 16)]  # what November was protected against stays what it was
    assert values(two, NOVEMBER + 1) == [(8, 16), (9, 18), (7, 14)]
    assert (published / "2020-10" / "part1" / "index.html").read_text() == "2020-10: 7"
    assert not ledger.faults(two) and not frozen.pack_faults(two)
    assert [entry.act for entry in ledger.read_ledger(two)] == [
        "published", "published", "withdrawn", "published",
    ]  # fmt: skip


def test_a_pack_published_again_unchanged_is_told_from_the_one_withdrawn(two: Path) -> None:
    publication.withdraw(OCTOBER, two, "wrong extract", "A. Head")
    record(two, OCTOBER, 8)
    said = {}
    for name in ("2020-10", "2020-10.withdrawn-1"):
        verdict = verification.Verdict()
        verification._vouch(verdict, two / "outputs" / "published" / name, two)
        assert not verdict.altered
        said[name] = [line.split(" on ")[0] + line.partition(" by")[2] for line in verdict.said]
    assert said == {
        "2020-10": ["published A. Analyst: entry 4 of the ledger"],
        "2020-10.withdrawn-1": [
            "published A. Analyst: entry 1 of the ledger", "WITHDRAWN A. Head: wrong extract"
        ],
    }  # fmt: skip


def test_what_is_not_published_cannot_be_withdrawn(tmp_path: Path) -> None:
    with pytest.raises(CsdError, match="2020-10 is not published"):
        publication.withdraw(OCTOBER, tmp_path, "r", "n")


def test_a_page_changed_by_hand_is_not_published(tmp_path: Path) -> None:
    pack = write_pack(tmp_path, OCTOBER, 8)
    (pack / "part1" / "index.html").write_text("2020-10: 9")
    with pytest.raises(CsdError, match=r"part1/index.html is not as the run made it"):
        publication.record(OCTOBER, tmp_path, "", FACTS)
    (pack / "part1" / "index.html").write_text("2020-10: 8")
    (pack / "part1" / "working.xlsx").write_text("somebody's")
    with pytest.raises(CsdError, match=r"part1/working.xlsx is not as the run made it"):
        publication.record(OCTOBER, tmp_path, "", FACTS)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a process that can be killed mid-way")
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("step", STEPS)
def test_killed_at_any_step_it_has_happened_or_not(
    two: Path, step: str, when: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_pack(two, NOVEMBER + 1, 5)
    real = getattr(publication, step)

    def killed(*arguments: object) -> None:
        if when == "after":
            real(*arguments)
        os._exit(9)

    child = os.fork()
    if child == 0:
        monkeypatch.setattr(publication, step, killed)
        publication.record(NOVEMBER + 1, two, "", FACTS)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    happened = len(ledger.read_ledger(two)) == 3
    assert happened == ((step, when) in {("add_entry", "after"), ("settle", "before"), ("settle", "after")})
    frozen.settle(two)
    assert (two / "outputs" / "published" / "2020-12").exists() == happened
    assert not ledger.faults(two) and not frozen.pack_faults(two)
    assert not list((two / "outputs" / "published").glob(".0*"))
    if not happened:
        publication.record(NOVEMBER + 1, two, "", FACTS)
    assert values(two, NOVEMBER + 2) == [(8, 16), (9, 18), (5, 10)]


def test_killed_while_copying_it_has_not_happened(two: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_pack(two, NOVEMBER + 1, 5)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "copyfile", full)
        with pytest.raises(OSError, match="No space"):
            publication.record(NOVEMBER + 1, two, "", FACTS)
    assert len(ledger.read_ledger(two)) == 2
    frozen.settle(two)
    assert publication.record(NOVEMBER + 1, two, "", FACTS).number == 3


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs another process that starts at once")
def test_two_at_once_one_wins_and_the_other_is_told(two: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_pack(two, NOVEMBER + 1, 5)
    monkeypatch.setattr(publication, "_working", lambda *_: two)
    inside, leave = os.pipe(), os.pipe()
    first = os.fork()
    if first == 0:
        with contextlib.suppress(BaseException), publication._publishing(two):
            os.write(inside[1], b"!")
            os.read(leave[0], 1)
            publication.record(NOVEMBER + 1, two, "", FACTS)
            os._exit(0)
        os._exit(1)
    os.read(inside[0], 1)
    with pytest.raises(CsdError, match="another run is at work on the publications") as told:
        publication.publish(NOVEMBER + 1, two)
    assert told.value.exit_code == 1
    os.write(leave[1], b"!")
    assert os.waitstatus_to_exitcode(os.waitpid(first, 0)[1]) == 0
    assert [entry.period for entry in ledger.read_ledger(two)] == ["2020-10", "2020-11", "2020-12"]


def test_a_run_at_work_on_the_pack_keeps_it_from_being_published(
    two: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publication, "_working", lambda *_: two)
    with locked(two / "outputs" / ".2020-12.lock", "2020-12"), pytest.raises(CsdError, match="at work"):
        publication.publish(NOVEMBER + 1, two)


def test_a_period_published_already_is_refused_with_who_and_when(
    two: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publication, "_working", lambda *_: two)
    with pytest.raises(
        CsdError, match=r"2020-10 has been published already, on \d{4}-\d\d-\d\d by A. Analyst"
    ):
        publication.publish(OCTOBER, two)


@pytest.mark.parametrize(("blocking", "reason"), [([], ""), (["29 has no commentary"], "agreed")])
def test_an_override_is_recorded_only_where_something_was_in_the_way(
    two: Path, blocking: list[str], reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_pack(two, NOVEMBER + 1, 5)
    found = [Matter("commentary", "blocking", what, "a file", "") for what in blocking]
    found.append(Matter("figures", "warning", "late", "a file", ""))
    safe = SimpleNamespace(audit=SimpleNamespace(unsafe=[]), require_safe=lambda known: None)
    edition = SimpleNamespace(suite=SimpleNamespace(suite="2020-21"))
    monkeypatch.setattr(publication, "matters", lambda *_: found)
    monkeypatch.setattr(publication, "_proof", lambda *_: safe)
    monkeypatch.setattr(publication, "load_edition", lambda *_: edition)
    entry = publication.publish(NOVEMBER + 1, two, "agreed", "A. Head")
    assert (entry.reason, entry.overridden) == (reason, [f"{what} (a file)" for what in blocking])
    assert ledger.read_ledger(two)[-1] == entry
