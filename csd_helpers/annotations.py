"""Annotations: the cells of a working notebook that are somebody's, kept when a run writes it again.

A run records the cells it wrote, by id and text, in the notebook's metadata. Every other cell is
somebody's, and so is the changed text of a cell the run wrote. Texts are never altered.
"""

import hashlib
from dataclasses import dataclass

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

ANALYST = "analyst"  # the tag of a notebook's cells that are for the analyst and never leave
OWN = "csd"  # the name under which runs keep what they know, in a notebook's and a cell's metadata
INJECTED = "injected-parameters"  # papermill's tag; it makes up a new id each time
_START = ""  # the neighbour of what stands before the first cell
_COLLECTED = "csd-collected"
_HEADING = "## Notes whose place is gone\n\nThe cell they stood under is no longer in the notebook."


@dataclass(frozen=True)
class Annotation:
    """A cell that is somebody's, and the run's cell it stands under (``""`` before the first)."""

    cell: NotebookNode
    after: str


def text_digest(text: str) -> str:
    """Return the SHA-256 of a text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def cell_id(cell: NotebookNode) -> str:
    """Return the name by which a cell is known from run to run."""
    return INJECTED if INJECTED in cell.metadata.get("tags", []) else str(cell.get("id", ""))


def record_cells(notebook: NotebookNode) -> None:
    """Record the cells of a notebook as the run's, so that others can be told from them."""
    own = {cell_id(cell): text_digest(cell.source) for cell in notebook.cells}
    notebook.metadata[OWN] = {"cells": own}


def made(name: str, text: str) -> NotebookNode:
    """Return a cell that a run writes around annotations; it is dropped by the next run."""
    mark = {OWN: {"made": text_digest(text)}}
    return new_markdown_cell(text, id=name, metadata=mark)


def is_made(cell: NotebookNode) -> bool:
    """Tell whether a run wrote a cell around annotations, and nobody has changed it since."""
    return bool(cell.metadata.get(OWN, {}).get("made") == text_digest(cell.source))


def annotations(old: NotebookNode, template: NotebookNode | None = None) -> list[Annotation]:
    """List the cells of a notebook that are somebody's, in order, with their neighbours.

    Parameters
    ----------
    old
        A working notebook that somebody may have changed.
    template
        The run's cells where `old` has no record of its own, because its metadata were cleared.

    Returns
    -------
    list of Annotation
        A changed cell of the run is one, too, under the run's cell of that name; code so kept
        becomes a raw cell, so that running the notebook does not run it twice.
    """
    own = old.metadata.get(OWN, {}).get("cells") or _cells_of(template)
    found: list[Annotation] = []
    seen: set[str] = set()
    place = _START
    for cell in old.cells:
        name = cell_id(cell)
        if is_made(cell):
            place = _COLLECTED if name == _COLLECTED else place
        elif name not in own or name in seen:
            found.append(Annotation(cell, _neighbour(cell, place)))
        else:
            seen.add(name)
            place = name
            if text_digest(cell.source) != own[name]:
                found.append(Annotation(_kept(cell), name))
    return found


def merge(new: NotebookNode, old: NotebookNode, prefer_old: bool = True) -> NotebookNode:
    """Return the new notebook with every annotation of it and of the old one.

    Parameters
    ----------
    new
        The notebook as the run wrote it, with its record.
    old
        The notebook it takes the place of.
    prefer_old
        Whether the old text of an annotation that both have is the one to keep; otherwise, where
        they differ, both are kept.

    Returns
    -------
    NotebookNode
        Annotations stand after their neighbour, in their order; those whose neighbour is gone
        are at the end under a heading.
    """
    own = new.metadata[OWN]["cells"]
    ours = {cell_id(note.cell): note for note in annotations(new)}
    kept: dict[str, Annotation] = {}
    for note in annotations(old, new):
        mine = ours.get(cell_id(note.cell))
        if mine and mine.cell.source == note.cell.source:
            note = Annotation(_with_outputs(note.cell, mine.cell), note.after)  # noqa: PLW2901
            ours.pop(cell_id(note.cell))
        elif mine and prefer_old:
            ours.pop(cell_id(note.cell))
        _add(kept, note, {*own, *ours})
    for note in ours.values():
        _add(kept, note, set(own))
    return _placed(new, list(kept.values()))


def is_moved(notebook: NotebookNode) -> list[str]:
    """Return the ids of the annotations whose neighbour is gone."""
    names = [cell_id(cell) for cell in notebook.cells]
    return names[names.index(_COLLECTED) + 1 :] if _COLLECTED in names else []


def place_on_page(cells: list[NotebookNode], after: str) -> str:
    """Return the cell under which a note stands on a page: its neighbour, or the nearest one above it.

    The cells for the analyst are on no page, and most notebooks end with them.

    Parameters
    ----------
    cells
        A notebook's cells, in order.
    after
        The id of the note's neighbour.

    Returns
    -------
    str
        The id of a cell that is on the page; ``""`` where there is none above the note.
    """
    names = [cell_id(cell) for cell in cells]
    above = cells[: names.index(after) + 1] if after in names else []
    shown = [cell_id(cell) for cell in above if ANALYST not in cell.metadata.get("tags", [])]
    return shown[-1] if shown else ""


def _placed(new: NotebookNode, notes: list[Annotation]) -> NotebookNode:
    """Put annotations after their neighbours, and those without at the end."""
    merged = nbformat.from_dict(new)
    own = new.metadata[OWN]["cells"]
    at: dict[str, list[NotebookNode]] = {}
    for note in notes:
        cell = nbformat.from_dict(note.cell)
        cell.metadata[OWN] = {**cell.metadata.get(OWN, {}), "after": note.after}
        place = note.after if note.after in own or note.after == _START else _COLLECTED
        at.setdefault(place, []).append(cell)
    cells = at.pop(_START, [])
    for cell in merged.cells:
        if cell_id(cell) in own:
            cells += [cell, *at.pop(cell_id(cell), [])]
    if _COLLECTED in at:
        cells += [made(_COLLECTED, _HEADING), *at[_COLLECTED]]
    merged.cells = cells
    return merged


def _cells_of(template: NotebookNode | None) -> dict[str, str]:
    own: dict[str, str] = template.metadata.get(OWN, {}).get("cells", {}) if template else {}
    return own


def _neighbour(cell: NotebookNode, place: str) -> str:
    """Return a cell's neighbour; a collected one remembers the one it had, which may come back."""
    if place != _COLLECTED:
        return place
    return str(cell.metadata.get(OWN, {}).get("after", _COLLECTED))


def _kept(cell: NotebookNode) -> NotebookNode:
    """Return the changed text of a run's cell as a cell of its own."""
    kind = "raw" if cell.cell_type == "code" else cell.cell_type
    name = f"kept-{text_digest(cell_id(cell) + cell.source)[:12]}"
    kept = {"cell_type": kind, "id": name, "metadata": {OWN: {"edited": cell_id(cell)}}}
    attached = {"attachments": cell.attachments} if cell.get("attachments") else {}
    return nbformat.from_dict({**kept, **attached, "source": cell.source})


def _with_outputs(old: NotebookNode, new: NotebookNode) -> NotebookNode:
    """Return the old cell; if the run executed it, with what came of it."""
    if "run" not in old.metadata.get("tags", []) or not new.get("outputs"):
        return old
    cell = nbformat.from_dict(old)
    cell.outputs, cell.execution_count = new.outputs, new.execution_count
    return cell


def _add(kept: dict[str, Annotation], note: Annotation, taken: set[str]) -> None:
    """Add an annotation under a name nothing else has; the same text in the same place only once."""
    name, number = cell_id(note.cell) or "note", 1
    free = name
    while free in taken or free in kept:
        if free in kept and free.startswith("kept-") and kept[free].cell.source == note.cell.source:
            return
        number += 1
        free = f"{name[:50]}-{number}"
    cell = nbformat.from_dict(note.cell)
    if free != note.cell.get("id"):
        cell["id"] = free
        tags = [tag for tag in cell.metadata.get("tags", []) if tag != INJECTED]
        if "tags" in cell.metadata:
            cell.metadata["tags"] = tags
    kept[free] = Annotation(cell, note.after)
