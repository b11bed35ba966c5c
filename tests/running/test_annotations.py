"""No word that somebody wrote into a working notebook is lost, whatever a run does."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import pytest
from click.testing import CliRunner, Result
from conftest import OCTOBER, PLAIN, READ, prepare, write_notebook
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from csd_helpers import pipeline, plan, preparation
from csd_helpers.annotations import annotations, is_moved, merge, record_cells
from csd_helpers.batch import run_pack
from csd_helpers.cli import cli
from csd_helpers.errors import CsdError
from csd_helpers.execution import for_page
from csd_helpers.notes import Note, mark_stale, note_hashes, notes_for_pages, notes_of, run_cells
from csd_helpers.period import Period
from csd_helpers.prepared import Prepared

ROOT = Path(__file__).resolve().parents[2]
WORDS = "“Höchst” wichtig:\n\n  38 %  of them\ttoo late. "


def notebook(*names: str) -> NotebookNode:
    """Return a notebook as a run writes it: a cell of each name, and the record of them."""
    made = new_notebook(cells=[new_code_cell(f"show('{name}')", id=name) for name in names])
    record_cells(made)
    return made


def note(text: str, name: str, *tags: str) -> NotebookNode:
    return new_markdown_cell(text, id=name, metadata={"tags": list(tags)})


def sources(of: NotebookNode) -> list[str]:
    return [cell.source for cell in of.cells]


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


def annotate(project: Path, *cells: NotebookNode, name: str = "front_door") -> Path:
    path = project / "outputs" / "2020-10" / "working" / "notebooks" / "part2" / f"{name}.ipynb"
    written = nbformat.read(path, as_version=4)
    written.cells += cells
    nbformat.write(written, path)
    return path


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
    run_pack(OCTOBER, project, prepare, PLAIN)
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


def test_only_tagged_markdown_notes_are_for_a_page(project: Path) -> None:
    run_pack(OCTOBER, project, prepare, PLAIN)
    code = new_code_cell("'code'", id="code", metadata={"tags": ["part1"]})
    tagged = note("public", "n2", "part1"), note("exempt", "n3", "part2")
    annotate(project, note("private", "n1"), *tagged, code)
    chosen = notes_for_pages(OCTOBER, project)
    assert {part: [n.text for n in notes["front_door"]] for part, notes in chosen.items()} == {
        1: ["public"],
        2: ["exempt"],
    }


def test_a_page_is_made_of_the_templates_cells_and_the_notes_handed_over() -> None:
    executed = notebook("a", "b")
    executed.cells.append(new_markdown_cell("smuggled", id="x", metadata={"tags": ["report"]}))
    page = for_page(executed, notebook("a", "b"), [{"after": "a", "text": WORDS}])
    assert sources(page) == ["show('a')", WORDS, "show('b')"]


def test_a_tagged_note_under_a_cell_for_the_analyst_is_on_the_page_below_what_the_page_shows(
    project: Path,
) -> None:
    write_notebook(project / "notebooks" / "front_door.ipynb", READ, "print('last of the page')")
    template = nbformat.read(project / "notebooks" / "front_door.ipynb", 4)
    template.cells.append(new_code_cell("1 / 0", id="records", metadata={"tags": ["analyst"]}))
    page = for_page(notebook("title", "cell-1"), template, [{"after": "records", "text": WORDS}])
    assert sources(page) == ["show('title')", "show('cell-1')", WORDS]
    none = for_page(notebook("title"), template, [{"after": "", "text": WORDS}])
    assert sources(none) == ["show('title')"]


@pytest.mark.usefixtures("stand_ins")
def test_a_note_tagged_for_a_page_it_cannot_reach_is_told(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_notebook(project / "notebooks" / "front_door.ipynb", READ, analyst=("'records'",))
    run_pack(OCTOBER, project, prepare, PLAIN)
    path = annotate(project, note("below", "n1", "part2"))
    written = nbformat.read(path, 4)
    written.cells.insert(0, note("above all", "n2", "part2"))
    written.cells.append(new_code_cell("'code'", id="n3", metadata={"tags": ["part1"]}))
    nbformat.write(written, path)
    path = path.parents[1] / "part1" / "front_door.ipynb"
    written = nbformat.read(path, 4)
    written.cells.append(note("of Part 1", "n4", "part1"))
    nbformat.write(written, path)
    ran = run_command(project, monkeypatch)
    assert [(n.text, n.state) for n in notes_of(OCTOBER, project)] == [
        ("of Part 1", "not on the page"),
        ("above all", "not on the page"),
        ("below", "current"),
        ("'code'", "not on the page"),
    ]
    assert ran.stderr.splitlines() == [
        "warning: part1/front_door.ipynb: tagged for a page, but on none: of Part 1",
        "warning: part2/front_door.ipynb: tagged for a page, but on none: above all",
        "warning: part2/front_door.ipynb: tagged for a page, but on none: 'code'",
    ]


def test_a_note_that_part_1_may_not_show_is_told(
    project: Path, stand_ins: dict[str, Callable[..., Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def withhold(period: Period, root: Path, working: Path) -> Prepared:
        made = prepare(period, root, working)
        (made.releases[1] / "pack.json").write_text('{"number": 7, "withheld": ["adopted"]}')
        return made

    stand_ins["preparation.prepare_once"] = withhold
    for name in ("adopted", "contacts"):
        write_notebook(project / "notebooks" / f"{name}.ipynb", "indicator = str", f'indicator("{name}")')
    run_pack(OCTOBER, project, withhold, PLAIN)
    for name in ("adopted", "contacts"):
        annotate(
            project, note(f"both {name}", "n1", "part1", "part2"), note("exempt", "n2", "part2"), name=name
        )
    assert [(n.text, n.state) for n in notes_of(OCTOBER, project)] == [
        ("both adopted", "withheld"),
        ("exempt", "current"),
        ("both contacts", "current"),
        ("exempt", "current"),
    ]
    told = "annotations: 1 not in Part 1, which withholds their figure: csd notes 2020-10"
    assert told in run_command(project, monkeypatch).stdout


def test_a_stale_note_that_part_1_may_not_show_is_told_as_both(project: Path) -> None:
    def withhold(period: Period, root: Path, working: Path) -> Prepared:
        made, text = prepare(period, root, working), (root / "number.txt").read_text()
        told = {"number": 7, "withheld": ["adopted"], "indicators": [{"key": "adopted", "text": text}]}
        for folder in made.releases.values():
            (folder / "pack.json").write_text(json.dumps(told))
        return made

    write_notebook(project / "notebooks" / "front_door.ipynb", "indicator = str", 'indicator("adopted")')
    run_pack(OCTOBER, project, withhold, PLAIN)
    annotate(project, note("both", "n1", "part1", "part2"))
    for number, state in ("7", "withheld"), ("8", "stale, withheld"):
        (project / "number.txt").write_text(number)
        run_pack(OCTOBER, project, withhold, replace(PLAIN, force=True))
        assert [n.state for n in notes_of(OCTOBER, project) if n.text == "both"] == [state]


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


def run_command(project: Path, monkeypatch: pytest.MonkeyPatch) -> Result:
    """Run the month through the command line, with nbconvert's own exporter."""
    monkeypatch.setattr(plan, "Choice", lambda **_: PLAIN)
    ran = CliRunner().invoke(cli, ["run", "2020-10", "--root", str(project)])
    assert ran.exit_code == 0
    return ran


@pytest.mark.usefixtures("stand_ins")
def test_a_run_warns_of_a_damaged_notebook(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run_pack(OCTOBER, project, prepare, PLAIN)
    annotate(project).write_text(HALF)
    ran = run_command(project, monkeypatch)
    assert ran.stderr == (
        "warning: part2/front_door.ipynb cannot be read; what you wrote in it is on no page of this run, "
        "and the file is kept beside the new one\n"
    )


def test_only_what_goes_into_a_page_is_an_input_of_the_pack(project: Path) -> None:
    run_pack(OCTOBER, project, prepare, PLAIN)

    def hashes() -> dict[str, str]:
        return note_hashes(notes_for_pages(OCTOBER, project))

    path = annotate(project, note("private", "n1"))
    assert hashes() == {}
    annotate(project, note("public", "n2", "part1"))
    first = hashes()
    assert list(first) == ["annotations/part1/front_door"]
    run_pack(OCTOBER, project, prepare, replace(PLAIN, force=True))
    assert hashes() == first
    path.write_text(path.read_text().replace("private", "still private"))
    assert hashes() == first
    path.write_text(path.read_text().replace('"public"', '"public."'))
    assert list(hashes()) == list(first) and hashes() != first


def test_what_was_prepared_keeps_its_notes_and_new_notes_are_prepared_anew(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(ROOT / "parameters", project / "parameters")
    (project / "outputs" / "demo" / "extract").mkdir(parents=True)
    run_pack(OCTOBER, project, prepare, PLAIN)
    prepared: list[Path] = []

    def counted(period: Period, root: Path, working: Path) -> Prepared:
        prepared.append(working)
        fake, notes = prepare(period, root, working), notes_for_pages(period, root)
        texts = [note.text for note in notes[2]["front_door"]]
        return replace(fake, pages={2: {"front_door": {"notes": texts}}})

    monkeypatch.setattr(pipeline, "prepare", counted)
    working = project / "outputs" / "2020-10" / "working"
    annotate(project, note(WORDS, "mine", "part2"))
    shutil.rmtree(working / "release")
    first = preparation.prepare_once(OCTOBER, project, working)
    again = preparation.prepare_once(OCTOBER, project, project / "again")
    assert len(prepared) == 1 and again.pages == first.pages
    assert again.pages[2]["front_door"]["notes"] == [WORDS]
    kept = working / preparation.PREPARED
    kept.write_text(kept.read_text().replace("too late", "in time"))  # what it says goes onto a page
    mended = preparation.prepare_once(OCTOBER, project, project / "mended")
    assert len(prepared) == 2 and mended.pages == first.pages
    annotate(project, note("more", "more", "part2"))
    anew = preparation.prepare_once(OCTOBER, project, project / "anew")
    assert anew.pages[2]["front_door"]["notes"] == [WORDS, "more"]
