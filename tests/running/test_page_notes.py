"""Which notes of an analyst reach a page, and what is told of those that do not."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from csd_helpers import pipeline, preparation
from csd_helpers.batch import run_pack
from csd_helpers.execution import for_page
from csd_helpers.notes import note_hashes, notes_for_pages, notes_of
from csd_helpers.period import Period
from csd_helpers.prepared import Prepared
from tests.running.by_hand import WORDS, annotate, note, notebook, run_command, sources
from tests.running.conftest import OCTOBER, PLAIN, READ, prepare, write_notebook

ROOT = Path(__file__).resolve().parents[2]


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
