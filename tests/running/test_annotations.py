"""No word that somebody wrote into a working notebook is lost, whatever a run does."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from csd_helpers.annotations import annotations, is_moved, merge, record_cells
from csd_helpers.batch import run_pack
from csd_helpers.cli import cli
from csd_helpers.errors import CsdError
from csd_helpers.notes import Note, mark_stale, notes_for_pages, notes_of, run_cells
from tests.running.by_hand import WORDS, annotate, note, notebook, run_command, sources
from tests.running.conftest import OCTOBER, PLAIN, READ, prepare, write_notebook


def test_a_note_stays_under_its_neighbour_when_the_template_changes() -> None:
    old = notebook("a", "b", "c")
    old.cells.insert(2, note(WORDS, "mine"))
    merged = merge(notebook("new", "c", "b", "a"), old)
    assert sources(merged) == ["show('new')", "show('c')", "show('b')", WORDS, "show('a')"]


def test_notes_whose_neighbour_is_gone_are_at_the_end_and_go_back_when_it_returns() -> None:
    old = notebook("a", "b")
    old.cells += [note("one", "n1"), note("two", "n2")]
    moved = merge(notebook("a"), old)
    assert [cell.id for cell in moved.cells] == ["a", "csd-collected", "n1", "n2"]
    assert is_moved(moved) == ["n1", "n2"]
    again = merge(notebook("a"), moved)
    assert sources(again) == sources(moved)
    back = merge(notebook("b", "a"), again)
    assert [cell.id for cell in back.cells] == ["b", "n1", "n2", "a"]


def test_a_changed_cell_of_the_run_is_kept_once_beside_the_runs_own() -> None:
    old = notebook("a", "b")
    old.cells[0].source = "show('mine')"
    merged = merge(notebook("a", "b"), old)
    assert sources(merged) == ["show('a')", "show('mine')", "show('b')"]
    assert [cell.cell_type for cell in merged.cells] == ["code", "raw", "code"]
    merged.cells[0].source = "show('mine')"
    assert sources(merge(notebook("a", "b"), merged)) == ["show('a')", "show('mine')", "show('b')"]


def test_a_run_with_cleared_metadata_loses_no_note() -> None:
    old = notebook("a", "b")
    old.cells.insert(1, note(WORDS, "mine"))
    old.metadata = NotebookNode()
    assert sources(merge(notebook("a", "b"), old)) == ["show('a')", WORDS, "show('b')"]


TEMPLATE = st.lists(st.sampled_from("abcdefg"), unique=True, max_size=7)
# ids that collide with the template's, and with each other, are what copying files by hand leads to
NAMES = st.sampled_from(["n1", "n2", "n3", "a", "b"])
NOTES = st.lists(st.tuples(st.integers(0, 9), NAMES, st.text(max_size=9)), max_size=6)


MOVES = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=3)  # by hand, in JupyterLab


@settings(max_examples=40, deadline=None)
@given(TEMPLATE, NOTES, st.lists(st.tuples(TEMPLATE, NOTES, MOVES), min_size=1, max_size=3))
def test_nothing_is_lost_and_neighbours_keep_their_order(first, notes, months) -> None:  # type: ignore[no-untyped-def]
    current = notebook(*first)
    for month, (names, more, moves) in enumerate([(first, notes, []), *months]):
        current = merge(notebook(*names), current)
        for number, (place, name, text) in enumerate(more):
            current.cells.insert(min(place, len(current.cells)), note(f"{month}.{number} {text}", name))
        for here, there in moves:
            if here < len(current.cells):
                current.cells.insert(there, current.cells.pop(here))
        typed = Counter(c.source for c in current.cells if re.match(r"\d\.\d ", c.source))
        before = annotations(current)
        assert typed <= Counter(n.cell.source for n in before)  # nothing is left out
        after = annotations(merge(notebook(*names), current))
        assert Counter(n.cell.source for n in before) == Counter(n.cell.source for n in after)
        for place in {n.after for n in after}:
            kept = [n.cell.source for n in before if n.after == place]
            assert [n.cell.source for n in after if n.after == place] == kept


def test_a_note_is_marked_while_its_figure_is_another_and_its_words_are_not_touched() -> None:
    old = new_notebook(cells=[new_code_cell('pack.indicator("reviews")', id="reviews")])
    record_cells(old)
    fresh = nbformat.from_dict(old)
    old.cells.append(note(WORDS, "mine"))
    was, now = {"reviews": {"text": "92.7%"}}, {"reviews": {"text": "91.4%"}}
    merged = merge(fresh, old)
    mark_stale(merged, was, now)
    mark = "> **Stale note below**: written when this was 92.7%, now 91.4%."
    assert sources(merged)[1:] == [mark, WORDS]
    assert merged.cells[2].metadata.csd.stale
    again = merge(fresh, merged)
    mark_stale(again, now, was)  # the figure is again what it was
    assert sources(again)[1:] == [WORDS]


def test_notes_survive_runs_that_succeed_fail_or_are_killed(project: Path) -> None:
    run_pack(OCTOBER, project, prepare, PLAIN)
    path = annotate(project, note(WORDS, "mine"), new_code_cell("1 / 0", id="code"))
    (project / "number.txt").write_text("8")
    run_pack(OCTOBER, project, prepare, PLAIN)  # the analyst's own code, which fails, is not run
    assert sources(nbformat.read(path, 4))[-2:] == [WORDS, "1 / 0"]
    saved = path.read_bytes()
    write_notebook(project / "notebooks" / "front_door.ipynb", READ, "import time\ntime.sleep(0.4)\n1 / 0")
    with pytest.raises(CsdError, match="ZeroDivisionError"):
        run_pack(OCTOBER, project, prepare, PLAIN)
    assert path.read_bytes() == saved
    for seconds in (0.0, 0.3, 0.8):
        kill_a_run(project, seconds)
        assert path.read_bytes() == saved
    write_notebook(project / "notebooks" / "front_door.ipynb", READ, "'well again'")
    for _ in range(2):  # the second finds every file as the first left it, notes and all
        run_pack(OCTOBER, project, prepare, replace(PLAIN, force=True))
        assert [n.text for n in notes_of(OCTOBER, project)] == [WORDS, "1 / 0"]


def kill_a_run(project: Path, seconds: float) -> None:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    drive = [sys.executable, str(Path(__file__).with_name("drive.py")), str(project)]
    run = subprocess.Popen(drive, env=environment)
    building = project / "outputs" / ".2020-10.building" / "working" / "release"
    limit = time.monotonic() + 20
    while not building.exists() and time.monotonic() < limit:
        time.sleep(0.01)
    time.sleep(seconds)
    run.send_signal(signal.SIGKILL)
    run.wait()


def test_code_tagged_run_is_executed_for_part_2_alone_and_leaves_on_no_page(project: Path) -> None:
    pack = run_pack(OCTOBER, project, prepare, PLAIN).pack
    cell = new_code_cell("print('mine', 6 * 7, number)", id="code", metadata={"tags": ["run", "report"]})
    path = annotate(project, cell)
    run_pack(OCTOBER, project, prepare, replace(PLAIN, force=True))
    [own] = [cell for cell in nbformat.read(path, 4).cells if cell.id == "code"]
    assert own.outputs[0].text == "mine 42 14\n"
    assert "mine" not in (pack / "part2" / "front_door.html").read_text()
    assert not run_cells(path.parents[1] / "part1" / "front_door.ipynb")


HALF = '{"cells": [half a save'
DAMAGED = {
    "half a save": HALF,
    "empty": "",
    "no JSON": "\x00\xff",
    "a cell without text": '{"cells": [{"cell_type": "code"}], "metadata": {}, "nbformat": 4}',
    "a cell without metadata": '{"cells": [{"cell_type": "raw", "source": ""}], "nbformat": 4}',
    "a strange record": '{"cells": [], "metadata": {"csd": "x"}, "nbformat": 4, "nbformat_minor": 5}',
    "another file": "[1, 2]",
}


@pytest.mark.parametrize("text", DAMAGED.values(), ids=DAMAGED.keys())
@pytest.mark.parametrize("part", ["part1", "part2"])
def test_a_damaged_notebook_is_told_and_stops_nothing(tmp_path: Path, part: str, text: str) -> None:
    folder = tmp_path / "outputs" / "2020-10" / "working" / "notebooks" / part
    folder.mkdir(parents=True)
    (folder / "front_door.ipynb").write_text(text)
    (folder / "front_door.kept-1.ipynb").write_text(text)  # what an earlier run kept is not looked into
    [told] = notes_of(OCTOBER, tmp_path)
    assert told == Note(f"{part}/front_door", "", "", "unreadable", (), "the notebook cannot be read", "raw")
    assert notes_for_pages(OCTOBER, tmp_path) == {1: {}, 2: {}}
    listed = CliRunner().invoke(cli, ["notes", "2020-10", "--root", str(tmp_path)])
    assert listed.exit_code == 0
    assert listed.stdout.splitlines() == [
        f"{part}/front_door  -  unreadable  [private]  the notebook cannot be read",
        "0 annotations",
    ]


@pytest.mark.parametrize("part", ["part1", "part2"])
def test_a_damaged_notebook_is_made_again_and_kept_beside_the_new_one(project: Path, part: str) -> None:
    run_pack(OCTOBER, project, prepare, PLAIN)
    path = annotate(project).parents[1] / part / "front_door.ipynb"
    path.write_text(HALF)
    for _ in range(2):  # a second run is not troubled by the file kept
        outcome = run_pack(OCTOBER, project, prepare, PLAIN)
        assert path.with_name("front_door.kept-1.ipynb").read_text() == HALF
        assert json.loads(path.read_text())["metadata"]["csd"]["cells"]
        assert len(list(path.parent.iterdir())) == 3
    assert not outcome.made


@pytest.mark.usefixtures("stand_ins")
def test_a_run_warns_of_a_damaged_notebook(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run_pack(OCTOBER, project, prepare, PLAIN)
    annotate(project).write_text(HALF)
    ran = run_command(project, monkeypatch)
    assert ran.stderr == (
        "warning: part2/front_door.ipynb cannot be read; what you wrote in it is on no page of this run, "
        "and the file is kept beside the new one\n"
    )
