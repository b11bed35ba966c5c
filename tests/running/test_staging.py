"""A pack appears whole or not at all, and nobody's work is lost."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from csd_helpers import exchange, staging
from csd_helpers.batch import run_pack
from csd_helpers.errors import CsdError
from csd_helpers.journal import finished
from csd_helpers.lock import locked
from csd_helpers.staging import recover, staged
from tests.running.conftest import OCTOBER, PLAIN, READ, prepare, write_notebook

Tree = Callable[[Path], dict[str, bytes]]
ONE_STEP = exchange._exchange_in_one_step


@pytest.fixture(params=["one step", "three renames"])
def pack(tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a pack that was made by a run, where folders can be exchanged and where they cannot."""
    if request.param == "three renames":
        monkeypatch.setattr(exchange, "_exchange_in_one_step", lambda *_: False)
    output = tmp_path / "outputs" / "2020-10"
    with staged(output) as folder:
        fill(folder, "old")
    return output


def fill(folder: Path, text: str) -> None:
    for name in ("part1/index.html", "part2/index.html", "manifest.json", "working/notebooks/a.ipynb"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def contents(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != ".written.json")
    return {path.relative_to(folder).as_posix(): path.read_text() for path in files}


def whole(text: str, **more: str) -> dict[str, str]:
    names = ("part1/index.html", "part2/index.html", "manifest.json", "working/notebooks/a.ipynb")
    return dict.fromkeys(names, text) | more


def leftovers(output: Path) -> set[str]:
    return {path.name for path in output.parent.iterdir()} - {output.name, ".2020-10.lock"}


def test_a_new_pack_takes_the_place_of_the_old(pack: Path) -> None:
    with staged(pack) as folder:
        fill(folder, "new")
        assert contents(pack) == whole("old")
    assert contents(pack) == whole("new")
    assert not leftovers(pack)


def test_any_failure_leaves_the_old_pack(pack: Path) -> None:
    with pytest.raises(KeyboardInterrupt), staged(pack) as folder:
        fill(folder, "new")
        raise KeyboardInterrupt
    assert contents(pack) == whole("old")
    assert not leftovers(pack)


def test_a_full_disk_leaves_the_old_pack(pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(staging, "flush", full)
    with pytest.raises(OSError, match="No space"), staged(pack) as folder:
        fill(folder, "new")
    assert contents(pack) == whole("old")
    assert not leftovers(pack)


def test_a_pack_that_cannot_be_replaced_says_so(pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Path) -> None:
        raise PermissionError("in use")

    monkeypatch.setattr(staging, "exchange", refuse)
    message = "could not be put in place; the last one is as it was"
    with pytest.raises(CsdError, match=message), staged(pack) as folder:
        fill(folder, "new")
    assert contents(pack) == whole("old")
    monkeypatch.undo()
    with staged(pack):  # and what was left behind is cleared by the next run
        assert leftovers(pack) == {".2020-10.building"}


def test_what_people_wrote_in_the_working_folder_stays(pack: Path) -> None:
    (pack / "working" / "notes.txt").write_text("mine")
    with staged(pack) as folder:
        fill(folder, "new")
    assert contents(pack) == whole("new", **{"working/notes.txt": "mine"})


def test_an_annotated_notebook_is_kept_beside_the_new_one(pack: Path) -> None:
    for text in ("annotated", "annotated again"):
        (pack / "working" / "notebooks" / "a.ipynb").write_text(text)
        with staged(pack) as folder:
            fill(folder, "new")
    assert contents(pack / "working" / "notebooks") == {
        "a.ipynb": "new",
        "a.kept-1.ipynb": "annotated",
        "a.kept-2.ipynb": "annotated again",
    }


def test_what_was_saved_while_the_packs_changed_places_is_kept(
    pack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def late(new: Path, current: Path, aside: Path) -> None:
        (current / "working" / "late.txt").write_text("late")
        (current / "working" / "notebooks" / "a.ipynb").write_text("annotated")
        exchange.exchange(new, current, aside)

    monkeypatch.setattr(staging, "exchange", late)
    with staged(pack) as folder:
        fill(folder, "new")
    kept = {"working/late.txt": "late", "working/notebooks/a.kept-1.ipynb": "annotated"}
    assert contents(pack) == whole("new", **kept)


STEPS = [(Path, "rename"), (staging, "carry_over"), (staging, "exchange"), (staging, "_finish")]


@pytest.mark.parametrize("step", range(1, 9))
def test_a_run_killed_in_the_middle_of_the_change_is_put_right_by_the_next(
    step: int, pack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut the power before the first, second, third ... step; the next run finds a whole pack."""
    (pack / "working" / "notes.txt").write_text("mine")
    with contextlib.suppress(SystemExit), staged(pack) as folder:
        fill(folder, "new")
        cut_power(monkeypatch, step)  # with fewer steps than that, the change is complete
    monkeypatch.undo()
    recover(pack)
    found = contents(pack)
    assert found.pop("working/notes.txt") == "mine"
    assert found in (whole("old"), whole("new"))
    assert not leftovers(pack)


def cut_power(monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    """Let nothing happen any more from the given step on: no renames, no removals."""
    count = 0

    def cut(function: Callable[..., object]) -> Callable[..., object]:
        def step(*arguments: object) -> object:
            nonlocal count
            count += 1
            if count >= at:
                monkeypatch.setattr(staging.shutil, "rmtree", lambda *_, **__: None)
                sys.exit("killed")
            return function(*arguments)

        return step

    for owner, name in STEPS:
        monkeypatch.setattr(owner, name, cut(getattr(owner, name)))
    if exchange._exchange_in_one_step is ONE_STEP:
        monkeypatch.setattr(exchange, "_exchange_in_one_step", cut(ONE_STEP))


def test_the_second_run_on_a_pack_is_told_who_is_at_work(pack: Path) -> None:
    message = r"another run is at work on 2020-10\n  where: .* on .*, process \d+, for 0 minutes"
    with staged(pack), pytest.raises(CsdError, match=message) as caught, staged(pack):
        pass
    assert caught.value.exit_code == 1


def test_a_dead_runs_lock_is_free(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    code = (
        "import os, pathlib, sys\nfrom csd_helpers.lock import locked\n"
        "with locked(pathlib.Path(sys.argv[1]), 'x'):\n    os._exit(1)"
    )
    subprocess.run([sys.executable, "-c", code, str(lock)], check=False)
    assert json.loads(lock.read_text())["pid"]
    with locked(lock, "x"):
        pass


def test_a_run_killed_half_way_leaves_the_last_pack_and_the_next_run_works(project: Path, tree: Tree) -> None:
    """The summaries wait and hold both workers, once Part 1's front door is made: its page alone is kept."""
    run_pack(OCTOBER, project, prepare, PLAIN)
    output = project / "outputs" / "2020-10"
    held = f"import time\nwhile not pathlib.Path({str(project / 'go')!r}).exists():\n    time.sleep(0.02)"
    write_notebook(project / "notebooks" / "summary.ipynb", READ, held)
    write_notebook(project / "notebooks" / "front_door.ipynb", READ, "print('the front door', number)")
    good, building = tree(output), output.parent / ".2020-10.building"
    kill_run_once(project, (building / "working" / "release").exists)
    assert tree(output) == good
    kill_run_once(project, lambda: list(finished(building)) == ["part1/front_door.html"])
    assert tree(output) == good
    (project / "go").touch()
    outcome = run_pack(OCTOBER, project, prepare, PLAIN)
    remade = [result.job.html for result in outcome.made]
    assert remade == ["part1/index.html", "part2/index.html", "part2/front_door.html"]
    assert outcome.kept == ["part1/front_door.html"]
    assert not leftovers(output)


def kill_run_once(project: Path, ready: Callable[[], bool]) -> None:
    """Start a run of the project in a process of its own and kill it as soon as it has come that far."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    drive = [sys.executable, str(Path(__file__).with_name("drive.py")), str(project)]
    run = subprocess.Popen(drive, env=environment)
    limit = time.monotonic() + 60
    while not ready() and time.monotonic() < limit:
        time.sleep(0.01)
    run.send_signal(signal.SIGKILL)
    run.wait()
    assert ready()


def test_a_stop_just_after_the_exchange_leaves_the_new_pack_tidy(
    pack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    finish = staging._finish

    def stopped(output: Path, replaced: Path) -> None:
        monkeypatch.setattr(staging, "_finish", finish)
        raise KeyboardInterrupt

    monkeypatch.setattr(staging, "_finish", stopped)
    with pytest.raises(KeyboardInterrupt), staged(pack) as folder:
        fill(folder, "new")
    assert (pack / "part1" / "index.html").read_text() == "new"
    assert not (pack / ".swapping").exists()
    assert [path.name for path in pack.parent.iterdir() if path.is_dir()] == ["2020-10"]
