"""Only notebooks that nobody has written in are not looked into."""

from pathlib import Path

import pytest

from csd_helpers.batch import run_pack
from csd_helpers.notes import notes_of
from csd_helpers.written import touched
from tests.running.by_hand import annotate, note
from tests.running.conftest import OCTOBER, PLAIN, prepare


@pytest.fixture
def working(project: Path) -> Path:
    """Return the working folder of a pack that a run has just made."""
    return run_pack(OCTOBER, project, prepare, PLAIN).pack / "working"


def test_what_a_run_wrote_is_touched_once_somebody_has_changed_it(working: Path) -> None:
    assert touched(working) == []
    path = working / "notebooks" / "part2" / "front_door.ipynb"
    path.write_bytes(path.read_bytes() + b"\n")
    assert touched(working) == touched(working, "part2") == [path]
    assert touched(working, "part1") == []


def test_a_notebook_with_notes_stays_touched_when_a_run_has_written_it_again(project: Path) -> None:
    run_pack(OCTOBER, project, prepare, PLAIN)
    path = annotate(project, note("as agreed", "mine"))
    for _ in range(3):
        assert touched(path.parents[2]) == [path]
        assert [note.text for note in notes_of(OCTOBER, project)] == ["as agreed"]
        run_pack(OCTOBER, project, prepare, PLAIN)


def test_without_a_list_everything_is_somebodys(working: Path) -> None:
    for text in ("", "{", "[]", '{"notebooks/part2/front_door.ipynb": 1}'):
        (working / ".written.json").write_text(text)
        assert touched(working) == sorted(working.glob("notebooks/*/*.ipynb"))
    (working / ".written.json").unlink()
    assert touched(working) == sorted(working.glob("notebooks/*/*.ipynb"))


def test_what_cannot_be_read_is_touched(working: Path) -> None:
    folder = working / "notebooks" / "part2" / "a_folder.ipynb"
    folder.mkdir()
    assert touched(working) == [folder]
    assert [note.state for note in notes_of(OCTOBER, working.parents[2])] == ["unreadable"]
