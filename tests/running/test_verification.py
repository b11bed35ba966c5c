"""What ``csd verify`` says of a page: as it was made or not, and whether it can be made again."""

import shutil
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell

from csd_helpers import verification
from csd_helpers.batch import run_pack
from csd_helpers.manifest import digest
from csd_helpers.period import Period
from csd_helpers.plan import Choice
from csd_helpers.prepared import Prepared
from csd_helpers.verification import verify
from tests.running.conftest import OCTOBER, READ, write_notebook
from tests.running.conftest import prepare as prepare_numbers

SHOW = "from IPython.display import HTML\nHTML(f'<p>{{{}}}</p>')"
MADE_AGAIN = "made again from the same inputs: identical, byte for byte"


def frame(part: int, notebook: str) -> dict[str, Any]:
    """Return all that the project's own exporter wants for a page."""
    told = {"org": "Example Borough", "part": part, "marking": f"Part {part}", "nav": [], "downloads": []}
    return told | {"title": f"{notebook} (Part {part})", "footer": "Run 1."}


def prepare(period: Period, root: Path, working: Path) -> Prepared:
    return prepare_numbers(period, root, working, frame)


def inputs_now(period: Period, root: Path) -> dict[str, str]:
    return {"extract/number.txt": digest(root / "number.txt")}


@pytest.fixture
def pack(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a small pack, which verification makes again as it was made."""
    monkeypatch.setattr(verification, "prepare", prepare)
    monkeypatch.setattr(verification, "inputs_now", inputs_now)
    write_notebook(project / "notebooks" / "front_door.ipynb", READ, SHOW.format("number"))
    made = run_pack(OCTOBER, project, prepare, Choice()).pack
    assert "<p>14</p>" in (made / "part2" / "front_door.html").read_text()
    return made


@pytest.mark.parametrize("name", ["part1/index.html", "part2/front_door.html", "part1/data.csv"])
def test_an_unaltered_file_is_made_again_to_the_same_bytes(pack: Path, project: Path, name: str) -> None:
    verdict = verify(pack / name, project)
    assert verdict.exit_code == 0
    assert verdict.said[:2] == [f"{name} of outputs/2020-10", "unaltered: its bytes are those the run made"]
    assert verdict.said[-1] == MADE_AGAIN


def test_a_copy_from_elsewhere_is_known_by_its_bytes(pack: Path, project: Path) -> None:
    saved = shutil.copyfile(pack / "part1" / "front_door.html", project / "attachment.html")
    verdict = verify(saved, project)
    assert (verdict.exit_code, verdict.said[0]) == (0, "part1/front_door.html of outputs/2020-10")


@pytest.mark.parametrize("at", [0, 5, -1])
def test_one_altered_byte_is_told(pack: Path, project: Path, at: int) -> None:
    page = pack / "part1" / "front_door.html"
    content = bytearray(page.read_bytes())
    content[at] ^= 0x01
    page.write_bytes(content)
    verdict = verify(page, project)
    assert (verdict.exit_code, verdict.said[1]) == (1, "ALTERED: its bytes are not those the run made")
    stray = project / "attachment.html"
    stray.write_bytes(content)
    assert verify(page.rename(stray), project).exit_code == 1


def test_a_changed_input_is_named_and_nothing_is_made_again(pack: Path, project: Path) -> None:
    (project / "number.txt").write_text("8")
    verdict = verify(pack / "part1" / "front_door.html", project)
    assert (verdict.exit_code, verdict.altered) == (2, False)
    assert verdict.said[-2:] == [
        "cannot be made again, since what it was made from is not as it was:",
        "  extract/number.txt has changed",
    ]


def test_other_bytes_from_the_same_inputs_are_told(pack: Path, project: Path) -> None:
    page = project / "notebooks" / "front_door.ipynb"
    write_notebook(page, READ, "import time", SHOW.format("time.time_ns()"))
    run_pack(OCTOBER, project, prepare, Choice())
    verdict = verify(pack / "part1" / "front_door.html", project)
    assert (verdict.exit_code, verdict.said[-1]) == (1, "made again from the same inputs: NOT the same bytes")


def test_a_notebook_that_fails_is_no_sign_of_alteration(pack: Path, project: Path) -> None:
    once = "assert not pathlib.Path('once').exists(), 'only once'\nprint(number)"
    write_notebook(project / "notebooks" / "front_door.ipynb", READ, once)
    run_pack(OCTOBER, project, prepare, Choice())
    (project / "notebooks" / "once").write_text("")
    verdict = verify(pack / "part2" / "front_door.html", project)
    assert (verdict.exit_code, verdict.altered) == (2, False)
    cell = "cell 4 (assert not pathlib.Path('once').exists(), 'only once')"
    assert verdict.said[-1] == f"cannot be made again: part 2 front_door: {cell}: AssertionError: only once"


def test_an_analysts_own_code_is_not_run_again(pack: Path, project: Path) -> None:
    path = pack / "working" / "notebooks" / "part2" / "front_door.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.append(new_code_cell("1 / 0", id="mine", metadata={"tags": ["run"]}))
    nbformat.write(notebook, path)
    verdict = verify(pack / "part2" / "front_door.html", project)
    assert (verdict.exit_code, verdict.said[-1]) == (0, MADE_AGAIN)
