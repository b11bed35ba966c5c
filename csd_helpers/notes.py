"""Notes: annotations of a pack's working notebooks beside the figures they were written under."""

import json
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from csd_helpers.annotations import (
    OWN,
    annotations,
    cell_id,
    is_moved,
    made,
    merge,
    place_on_page,
    record_cells,
    text_digest,
)
from csd_helpers.period import Period
from csd_helpers.root import never_run
from csd_helpers.written import touched

_SHOWS = re.compile(r"\b(?:indicator|breakdown|records|compare)\(\s*[\"'](\w+)[\"']")
_OF_FIGURE = ("text", "numerator_text", "denominator_text")
_PARTS = ("part1", "part2")
OFF_PAGE = "not on the page"
WITHHELD = "withheld"
_FOLDER = "working/notebooks"  # of a pack
_KEPT = ".kept-"  # in the name of what a run kept beside its own file

Figures = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Note:
    """An annotation as ``csd notes`` lists it.

    Parameters
    ----------
    notebook
        Where it is, ``part2/looked_after``.
    indicator
        The indicator it stands under, if any.
    after
        The id of the notebook's own cell it stands after.
    state
        ``current``, ``stale`` (the figure has changed since) or ``moved`` (its place is gone); of one
        tagged for a page that it cannot reach, ``not on the page``; of one tagged for Part 1 under a
        figure that Part 1 does not show, ``withheld`` (or ``stale, withheld``); of a notebook that is
        damaged, ``unreadable``.
    tags
        The tags of its cell.
    text
        Its text.
    kind
        ``markdown``, ``code`` or ``raw``.
    """

    notebook: str
    indicator: str
    after: str
    state: str
    tags: tuple[str, ...]
    text: str
    kind: str = "markdown"

    @property
    def misses_its_page(self) -> bool:
        """Whether it is tagged for a page and is on none."""
        return self.state == OFF_PAGE or (self.state == "moved" and bool({*self.tags} & {*_PARTS}))


PageNotes = dict[int, dict[str, list[Note]]]  # by part and notebook


def merge_files(new: Path, old: Path, prefer_old: bool) -> bool:
    """Write the annotations of an old working notebook into the new one; tell whether it was possible.

    It is not when either cannot be read as a notebook with a run's record; then nothing is written.
    """
    ours, theirs = _read(new), _read(old)
    if ours is None or theirs is None or OWN not in ours.metadata:
        return False
    merged = merge(ours, theirs, prefer_old)
    mark_stale(merged, figures_of(old), figures_of(new))
    fresh = new.with_name(f".{new.name}.merged")
    nbformat.write(merged, fresh)
    fresh.replace(new)
    return True


def figures_of(notebook: Path) -> Figures:
    """Return the released figures a working notebook shows, by indicator; none where there are none."""
    pack = notebook.parents[2] / "release" / notebook.parent.name / "pack.json"
    try:
        entries = json.loads(pack.read_text(encoding="utf-8"))["indicators"]
        return {entry["key"]: entry for entry in entries}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def mark_stale(notebook: NotebookNode, before: Figures, now: Figures) -> None:
    """Record the figure each annotation was written under, and mark those whose figure has changed.

    Parameters
    ----------
    notebook
        A merged working notebook; its annotations' metadata are changed, never their texts.
    before
        The figures the notes were written under, where this run sees them first.
    now
        The figures of this run.
    """
    cells: list[NotebookNode] = []
    mine = {id(note.cell): note for note in annotations(notebook)}
    for cell in notebook.cells:
        note = mine.get(id(cell))
        if note and (key := _indicator(notebook, note.after)):
            facts = _written_under(cell, key, before or now)
            stale = key in now and facts["figure"] != _figure_digest(now[key])
            cell.metadata[OWN] = {**cell.metadata[OWN], **facts, "stale": stale}
            if stale:
                cells.append(made(f"stale-{text_digest(cell_id(cell))[:12]}", _mark(facts, now[key])))
        cells.append(cell)
    notebook.cells = cells


def with_record(executed: NotebookNode, source: NotebookNode, analyst: str | None) -> NotebookNode:
    """Return an executed notebook as a working notebook: it runs by hand, and knows its own cells.

    Parameters
    ----------
    executed
        The notebook as papermill left it.
    source
        The stored notebook, for the cells that the batch left out.
    analyst
        The tag of those cells, put back without outputs; ``None`` to leave them out.
    """
    working = nbformat.from_dict(executed)
    for cell in working.cells:
        if cell_id(cell) == "injected-parameters":
            cell.id = "injected-parameters"  # papermill makes up a new one each time
            cell.source = re.sub(r"(?m)^release = .*$", 'release = ""', cell.source)
    if analyst:
        _put_back(working, source, analyst)
    own = {cell_id(cell) for cell in source.cells} | {"injected-parameters"}
    lean = nbformat.from_dict(working)
    lean.cells = [cell for cell in lean.cells if cell_id(cell) in own]
    record_cells(lean)
    working.metadata[OWN] = lean.metadata[OWN]
    return working


def run_cells(working: Path | None) -> list[NotebookNode]:
    """Return the code cells of a working notebook that its analyst tagged ``run``, without outputs."""
    notebook = _read(working) if working else None
    if notebook is None or OWN not in notebook.metadata:
        return []
    cells = [nbformat.from_dict(note.cell) for note in annotations(notebook)]
    chosen = [c for c in cells if c.cell_type == "code" and "run" in c.metadata.get("tags", [])]
    for cell in chosen:
        cell.outputs, cell.execution_count = [], None
    return chosen


def notes_of(period: Period, root: Path) -> list[Note]:
    """List the annotations of a period's working notebooks, notebook by notebook, in order.

    A notebook that cannot be read is listed as such: a damaged file of one page stops no run.

    Raises
    ------
    CsdError
        If there has been no run of the period.
    """
    folder = root / "outputs" / str(period) / _FOLDER
    if not folder.is_dir():
        raise never_run(period, root)
    hidden = _hidden_in_part_1(folder.parent)
    found = [note for part in _PARTS for note in _notes_in(folder / part)]
    return [_withheld(note) if _is_withheld(note, hidden) else note for note in found]


def _hidden_in_part_1(working: Path) -> set[str]:
    """Return the indicators whose figure the last run's Part 1 does not show."""
    try:
        told = json.loads((working / "release" / "part1" / "pack.json").read_text(encoding="utf-8"))
        return set(told["withheld"])
    except (OSError, ValueError, KeyError, TypeError):
        return set()


def _withheld(note: Note) -> Note:
    """Return a note with the state that says so; a stale one stays stale, for it may be on Part 2's page."""
    return replace(note, state=f"stale, {WITHHELD}" if note.state == "stale" else WITHHELD)


def _is_withheld(note: Note, hidden: set[str]) -> bool:
    """Tell whether a note could be on Part 1's page, but for the figure that it stands under."""
    return "part1" in note.tags and note.indicator in hidden and note.state in ("current", "stale")


def notes_for_pages(period: Period, root: Path) -> PageNotes:
    """Return the notes that an analyst tagged for each part's pages, by notebook.

    They are written in the working notebooks of Part 2; Markdown only, since no page shows what an
    analyst's own code printed.
    """
    chosen: PageNotes = {1: {}, 2: {}}
    for note in _notes_in(root / "outputs" / str(period) / _FOLDER / "part2"):
        for part, notes in chosen.items():
            if f"part{part}" in note.tags and note.kind == "markdown":
                notes.setdefault(note.notebook.partition("/")[2], []).append(note)
    return chosen


def note_hashes(notes: PageNotes) -> dict[str, str]:
    """Return the hash of the notes tagged for each page, by the name the manifest gives them.

    They go into a page as its figures do: a note that has changed makes the pack out of date.
    """
    return {
        f"annotations/part{part}/{name}": text_digest(
            json.dumps(sorted(((note.after, note.text) for note in own), key=lambda pair: pair[0]))
        )
        for part, pages in notes.items()
        for name, own in pages.items()
    }


def is_damaged(working: Path) -> bool:
    """Tell whether there is a working notebook, but one that cannot be read."""
    return working.is_file() and _read(working) is None


def _notes_in(folder: Path) -> list[Note]:
    """List the annotations of a folder's notebooks; what a run kept beside them is not looked into."""
    paths = [path for path in touched(folder.parents[1], folder.name) if _KEPT not in path.name]
    return [note for path in paths for note in _notes(path, f"{path.parent.name}/{path.stem}")]


def _notes(path: Path, name: str) -> list[Note]:
    notebook = _read(path)
    if notebook is None:
        return [Note(name, "", "", "unreadable", (), "the notebook cannot be read", "raw")]
    if OWN not in notebook.metadata:
        return []
    moved, now = is_moved(notebook), figures_of(path)
    return [_note(notebook, note.cell, note.after, name, moved, now) for note in annotations(notebook)]


def _note(
    notebook: NotebookNode, cell: NotebookNode, after: str, name: str, moved: list[str], now: Figures
) -> Note:
    key = _indicator(notebook, after)
    facts = _written_under(cell, key, now)
    stale = key in now and facts["figure"] != _figure_digest(now[key])
    tags = tuple(cell.metadata.get("tags", []))
    state = "stale" if stale else "current"
    if cell_id(cell) in moved:
        state = "moved"
    elif {*tags} & {*_PARTS} and not _reaches_a_page(notebook, cell, after, name):
        state = OFF_PAGE
    return Note(name, key, after, state, tags, cell.source, cell.cell_type)


def _reaches_a_page(notebook: NotebookNode, cell: NotebookNode, after: str, name: str) -> bool:
    """Tell whether a tagged note gets onto a page: Markdown of Part 2, under a cell that the page shows."""
    own = [other for other in notebook.cells if cell_id(other) in notebook.metadata[OWN]["cells"]]
    return cell.cell_type == "markdown" and name.startswith("part2/") and bool(place_on_page(own, after))


def _indicator(notebook: NotebookNode, after: str) -> str:
    """Return the indicator that the notebook's own cell shows, if it shows one."""
    source = next((cell.source for cell in notebook.cells if cell_id(cell) == after), "")
    found = _SHOWS.search(source)
    return found[1] if found else ""


def _written_under(cell: NotebookNode, key: str, figures: Figures) -> dict[str, str]:
    """Return the figure a note was written under: as recorded, unless its text is new since."""
    known = cell.metadata.get(OWN, {})
    text = text_digest(cell.source)
    if known.get("text") == text and known.get("indicator") == key:
        return {name: known[name] for name in ("indicator", "text", "figure", "printed")}
    entry = figures.get(key, {})
    return {
        "indicator": key,
        "text": text,
        "figure": _figure_digest(entry),
        "printed": str(entry.get("text", "")),
    }


def _figure_digest(entry: dict[str, Any]) -> str:
    return text_digest(json.dumps([entry.get(name) for name in _OF_FIGURE]))


def _mark(facts: dict[str, str], now: dict[str, Any]) -> str:
    return f"> **Stale note below**: written when this was {facts['printed']}, now {now['text']}."


def _put_back(working: NotebookNode, source: NotebookNode, analyst: str) -> None:
    """Put the analyst's cells of the stored notebook back where they stand in it."""
    known = {cell_id(cell): cell for cell in working.cells}
    cells = list(working.cells)
    place = -1
    for cell in source.cells:
        name = cell_id(cell)
        if name in known:
            place = cells.index(known[name])
        elif analyst in cell.metadata.get("tags", []):
            place += 1
            cells.insert(place, cell)
    working.cells = cells


def _read(path: Path) -> NotebookNode | None:
    try:
        notebook = nbformat.read(path, as_version=4)
        metadata = [notebook.metadata, *(cell.metadata for cell in notebook.cells)]
        whole = all(isinstance(cell.source, str) and cell.cell_type for cell in notebook.cells)
        known = all(isinstance(facts.get(OWN, {}), dict) for facts in metadata)
        return notebook if whole and known else None
    except Exception:  # whatever is wrong with the file, it is somebody's, and kept as it is
        return None
