"""A pack is whole, reproducible, and says what went wrong."""

import json
import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest

from csd_helpers.batch import Outcome, default_workers, run_notebooks, run_pack
from csd_helpers.errors import CsdError
from csd_helpers.job import NotebookJob
from csd_helpers.workers import Step
from tests.running.conftest import OCTOBER, PLAIN, READ, FakePrepared, prepare, write_notebook

Tree = Callable[[Path], dict[str, bytes]]


def run(project: Path, **changes: object) -> Outcome:
    return run_pack(OCTOBER, project, prepare, replace(PLAIN, **changes))


def pack_of(project: Path) -> Path:
    return project / "outputs" / "2020-10"


def job(notebook: Path, **changes: object) -> NotebookJob:
    base = NotebookJob(notebook, 1, {"part": 1}, {}, f"{notebook.stem}.html", exporter="markdown")
    return replace(base, **changes)


def test_a_pack_has_a_page_per_notebook_and_part_and_its_downloads(project: Path, tree: Tree) -> None:
    outcome = run(project)
    pages = {f"part{part}/{page}.html" for part in (1, 2) for page in ("index", "front_door")}
    assert set(tree(outcome.pack)) == pages | {"part1/data.csv", "part2/data.csv", "manifest.json"}
    assert b"summary 2020-10 2 14" in tree(outcome.pack)["part2/index.html"]
    assert [result.error for result in outcome.made] == [""] * 4


def test_downloads_are_made_again_when_what_they_are_made_from_has_changed(
    project: Path, tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[list[int]] = []
    make = FakePrepared.downloads
    monkeypatch.setattr(
        FakePrepared, "downloads", lambda own, parts: made.append(list(parts)) or make(own, parts)
    )
    first = tree(run_pack(OCTOBER, project, prepare, PLAIN).pack)
    pack = run_pack(OCTOBER, project, prepare, replace(PLAIN, force=True)).pack
    assert (made, tree(pack)) == ([[1, 2], []], first)
    (pack / "part2" / "data.csv").write_bytes(b"number\n99")
    assert tree(run_pack(OCTOBER, project, prepare, PLAIN).pack) == first
    (pack / "part1" / "data.csv").unlink()
    assert tree(run_pack(OCTOBER, project, prepare, PLAIN).pack) == first
    (project / "number.txt").write_text("8")
    run_pack(OCTOBER, project, prepare, PLAIN)
    assert made == [[1, 2], [], [2], [1], [1, 2]]
    assert (pack / "part2" / "data.csv").read_bytes() == b'number\n{"number": 16}'


def test_the_manifest_names_inputs_and_no_time_or_place(project: Path) -> None:
    text = (run(project).pack / "manifest.json").read_text()
    manifest = json.loads(text)
    sha = "7902699be42c8a8e46fbbb4501726517e86b22c56a189f7625a6da49081b2451"  # sha256sum of "7"
    assert manifest["inputs"] == {"extract/number.txt": sha}
    assert manifest["parameters"] == {"council": "Example Borough"}
    assert {"python", "pandas", "papermill", "nbconvert"} <= set(manifest["versions"])
    assert str(project) not in text
    assert not re.search(r"\d{4}-\d\d-\d\d", text)


def test_unchanged_pages_are_kept_and_changed_ones_made(project: Path) -> None:
    run(project)
    again = run(project)
    assert (again.made, len(again.kept)) == ([], 4)
    write_notebook(project / "notebooks" / "front_door.ipynb", READ, "print('edited', number)")
    edited = run(project)
    assert [r.job.html for r in edited.made] == ["part1/front_door.html", "part2/front_door.html"]
    (project / "number.txt").write_text("8")
    assert len(run(project).made) == 4


def test_a_page_somebody_changed_is_made_again(project: Path) -> None:
    page = run(project).pack / "part1" / "index.html"
    page.write_text("changed by hand")
    assert [r.job.html for r in run(project).made] == ["part1/index.html"]
    assert "summary" in page.read_text()


def test_only_and_part_make_the_named_page_and_keep_the_others(project: Path, tree: Tree) -> None:
    before = tree(run(project).pack)
    outcome = run(project, only=("front_door",), part=2)
    assert [r.job.html for r in outcome.made] == ["part2/front_door.html"]
    assert tree(outcome.pack) == before


@pytest.mark.parametrize("spoil", ["number.txt", "outputs/2020-10/manifest.json", "notebooks/summary.ipynb"])
def test_only_refuses_to_mix_two_states(spoil: str, project: Path, tree: Tree) -> None:
    run(project)
    path = project / spoil
    path.write_text("9" if spoil == "number.txt" else path.read_text() + "\n")
    if spoil.endswith(".json"):
        path.write_text("{")
    before = tree(pack_of(project))
    with pytest.raises(CsdError, match=r"would be out of date in this pack(?s:.)*without --only") as caught:
        run(project, only=("front_door",))
    assert caught.value.exit_code == 2
    assert tree(pack_of(project)) == before


def test_only_needs_a_pack_there(project: Path) -> None:
    with pytest.raises(CsdError, match="would be out of date"):
        run(project, part=1)
    assert not pack_of(project).exists()


def test_an_unknown_notebook_is_refused(project: Path) -> None:
    with pytest.raises(CsdError, match=r"no notebook 'nonsense'\n  expected: one of front_door, summary"):
        run(project, only=("nonsense",))


def test_a_failure_names_notebook_and_cell_and_leaves_the_last_pack(project: Path, tree: Tree) -> None:
    run(project)
    before = tree(pack_of(project))
    write_notebook(project / "notebooks" / "front_door.ipynb", READ, "x = 1\n1 / 0", analyst=("'mine'",))
    with pytest.raises(CsdError) as caught:
        run(project)
    message = str(caught.value)
    assert message.startswith("2 notebooks failed; the last good pack is as it was\n")
    assert "  part 1 front_door, part 2 front_door: cell 5 (x = 1): ZeroDivisionError: division" in message
    assert caught.value.exit_code == 1
    assert tree(pack_of(project)) == before
    failed = project / "outputs" / "2020-10.failed"
    record = json.loads((failed / "working" / "run.json").read_text())
    assert record["state"] == "failed" and not (failed / "manifest.json").exists()
    assert "ZeroDivisionError" in record["notebooks"][0]["traceback"]
    assert (failed / "working" / "notebooks" / "part1" / "front_door.ipynb").exists()


def test_a_good_run_clears_what_a_failed_one_left(project: Path) -> None:
    write_notebook(project / "notebooks" / "front_door.ipynb", "1 / 0")
    with pytest.raises(CsdError, match="there is no pack"):
        run(project)
    write_notebook(project / "notebooks" / "front_door.ipynb", "1")
    run(project)
    assert sorted(p.name for p in (project / "outputs").iterdir()) == [".2020-10.lock", "2020-10"]


def test_a_parameter_the_notebook_lacks_is_refused_before_anything_starts(project: Path) -> None:
    notebook = project / "notebooks" / "summary.ipynb"
    lean = nbformat.read(notebook, as_version=4)
    lean.cells[1].source = 'period = "2020-10"\npart = 2'
    nbformat.write(lean, notebook)
    steps: list[Step] = []
    with pytest.raises(CsdError, match=r"no parameter 'release'(?s:.)*expected: part, period"):
        run_pack(OCTOBER, project, prepare, PLAIN, steps.append)
    assert not steps and not pack_of(project).exists()


def test_a_notebook_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.ipynb").write_text("{")
    with pytest.raises(CsdError, match="the notebook cannot be read"):
        run_notebooks([job(tmp_path / "a.ipynb")], tmp_path, 1)
    with pytest.raises(CsdError, match="the notebook does not exist"):
        run_notebooks([job(tmp_path / "b.ipynb")], tmp_path, 1)


def test_cells_for_the_analyst_never_run(tmp_path: Path) -> None:
    notebook = write_notebook(tmp_path / "a.ipynb", "print('told')", analyst=("raise RuntimeError",))
    [result] = run_notebooks([job(notebook, executed="out.ipynb")], tmp_path, 1)
    assert result.error == ""
    assert "RuntimeError" not in (tmp_path / "out.ipynb").read_text()


KILLED = (
    "import os, pathlib, signal\n"
    "times = pathlib.Path('times')\n"
    "times.write_text(times.read_text() + 'x' if times.exists() else 'x')\n"
)


def test_a_killed_process_is_a_failure_of_its_notebook_only(tmp_path: Path) -> None:
    dies = write_notebook(tmp_path / "dies.ipynb", KILLED + "os.kill(os.getpid(), signal.SIGKILL)")
    lives = write_notebook(tmp_path / "lives.ipynb", "1")
    results = run_notebooks([job(dies), job(lives)], tmp_path, 2)
    assert results[0].error == "its process was killed (SIGKILL); is there too little memory?"
    assert results[0].cell == "executed cell 4"
    assert results[1].error == ""
    assert (tmp_path / "times").read_text() == "xx"  # it was given a second chance


def test_a_killed_process_may_succeed_the_second_time(tmp_path: Path) -> None:
    once = KILLED + "if times.read_text() == 'x':\n    os.kill(os.getpid(), signal.SIGKILL)"
    [result] = run_notebooks([job(write_notebook(tmp_path / "a.ipynb", once))], tmp_path, 1)
    assert result.error == ""


def test_a_process_that_leaves_is_a_failure(tmp_path: Path) -> None:
    notebook = write_notebook(tmp_path / "a.ipynb", "import os\nos._exit(3)")
    [result] = run_notebooks([job(notebook)], tmp_path, 1)
    assert result.error == "its process ended with exit code 3"


@pytest.mark.parametrize("engine", ["csd", "standard"])
def test_a_cell_that_hangs_is_stopped(engine: str, tmp_path: Path) -> None:
    notebook = write_notebook(tmp_path / "a.ipynb", "import time\ntime.sleep(60)")
    [result] = run_notebooks([job(notebook, engine=engine, cell_seconds=1)], tmp_path, 1)
    assert "CellTimeoutError" in result.error


def test_a_cell_that_cannot_be_interrupted_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("csd_helpers.workers.GRACE_SECONDS", 0.5)
    deaf = "import signal, time\nsignal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])\ntime.sleep(60)"
    notebook = write_notebook(tmp_path / "a.ipynb", deaf)
    [result] = run_notebooks([job(notebook, notebook_seconds=1.0)], tmp_path, 1)
    assert result.error == "stopped: it ran longer than its limit of 1 s"
    assert result.cell == "executed cell 4"


SPOILS = """
import builtins, locale, os, random, sys, warnings
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
plt.rcParams['figure.figsize'] = (1, 1)
pd.set_option('display.max_rows', 2)
pd.DataFrame._repr_html_ = None
np.set_printoptions(precision=1)
np.random.seed(1)
random.seed(1)
os.environ['SPOILT'] = 'yes'
os.chdir('/')
os.umask(0o077)
locale.setlocale(locale.LC_ALL, 'C')
warnings.simplefilter('error')
builtins.json = json = None
sys.path.clear()
"""
SHOWS = """
import json, locale, os, random, sys, warnings
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
print(plt.rcParams['figure.figsize'], pd.get_option('display.max_rows'), pd.DataFrame._repr_html_ is None)
print(np.array([1 / 3]), np.random.rand(), random.random())
print(os.environ.get('SPOILT'), os.path.basename(os.getcwd()), os.umask(0), len(sys.path))
print(locale.setlocale(locale.LC_ALL), [rule[:3] for rule in warnings.filters], sorted(globals()))
plt.plot([1, 2]);
"""


def test_nothing_leaks_from_one_notebook_to_the_next(tmp_path: Path) -> None:
    shows = write_notebook(tmp_path / "b.ipynb", SHOWS)
    spoils = write_notebook(tmp_path / "a.ipynb", SPOILS)
    run_notebooks([job(shows, html="alone.html")], tmp_path, 1)
    results = run_notebooks([job(spoils), job(shows, html="after.html")], tmp_path, 1)
    assert [result.error for result in results] == ["", ""]
    assert (tmp_path / "after.html").read_bytes() == (tmp_path / "alone.html").read_bytes()


def test_there_is_a_worker_for_a_core_at_most() -> None:
    assert 1 <= default_workers() <= (os.cpu_count() or 1)
