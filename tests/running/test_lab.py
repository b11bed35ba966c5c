"""JupyterLab as the workbench: opened in a real browser, run by hand, annotated, run again by the batch."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode

from tests.page.conftest import browser  # noqa: F401
from tests.running.small_council import write_council, write_period, write_returns

CSD = [sys.executable, "-c", "from csd_helpers.cli import main; main()"]
WORDS = "Two teams have moved: “Höchst”."
ALL_HAVE_RUN = """() => [...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')]
    .every(prompt => /[0-9]/.test(prompt.textContent))"""
PATIENCE = 90  # seconds; a machine at work on other things is slow


@dataclass(frozen=True)
class Lab:
    """A JupyterLab that a test has started, on the working notebooks of a month."""

    root: Path
    address: str
    token: str

    @property
    def path(self) -> Path:
        return self.root / "outputs/2022-02/working/notebooks/part2/workforce.ipynb"

    def notebook(self) -> NotebookNode:
        return nbformat.read(self.path, 4)


def wait_for(what: Callable[[], Any]) -> Any:
    """Wait until something is there."""
    limit = time.monotonic() + PATIENCE
    while not (found := what()):
        assert time.monotonic() < limit, "it did not come"
        time.sleep(0.1)
    return found


@pytest.fixture
def council(tmp_path: Path) -> Path:
    """Return a small council whose February has been run."""
    root = write_council(tmp_path / "council")
    write_period(root, "2022-02")
    write_returns(root, "2022-02")
    csd(root, "run", "2022-02")
    return root


def csd(root: Path, *words: str) -> None:
    subprocess.run([*CSD, *words, "--root", str(root)], check=True, capture_output=True)


@pytest.fixture
def jupyterlab(council: Path, tmp_path: Path) -> Iterator[Lab]:
    """Start ``csd lab`` on a free port, with settings of its own."""
    home = Path(pytest.importorskip("jupyterlab").__file__).parents[4] / "share" / "jupyter"
    if not (home / "lab" / "static").is_dir():
        pytest.skip("JupyterLab's own files are not beside its package")
    folders = {f"JUPYTER_{kind}_DIR": tmp_path / kind.lower() for kind in ("CONFIG", "DATA", "RUNTIME")}
    folders |= {f"JUPYTERLAB_{kind}_DIR": tmp_path / kind.lower() for kind in ("SETTINGS", "WORKSPACES")}
    folders |= {"JUPYTERLAB_DIR": home / "lab", "JUPYTER_PATH": home}
    (tmp_path / "config").mkdir()
    settings = {"ServerApp": {"port": 0, "ip": "127.0.0.1", "allow_root": True}}
    (tmp_path / "config" / "jupyter_server_config.json").write_text(json.dumps(settings))
    log = tmp_path / "log"
    command = [*CSD, "lab", "2022-02", "--no-browser", "--root", str(council)]
    environment = os.environ | {name: str(path) for name, path in folders.items()}
    with log.open("w") as out:
        server = subprocess.Popen(command, env=environment, stderr=out, start_new_session=True)
    try:
        found = wait_for(lambda: re.search(r"(http://127\.0\.0\.1:\d+)/lab\?(token=\w+)", log.read_text()))
        yield Lab(council, found[1], found[2])
    finally:
        os.killpg(server.pid, 15)
        server.wait()


@pytest.fixture
def page(browser: Any, jupyterlab: Lab) -> Any:  # noqa: F811
    """Return a notebook opened in the system's Chromium."""
    page = browser.new_page()
    page.set_default_timeout(PATIENCE * 1000)
    page.goto(f"{jupyterlab.address}/lab/tree/workforce.ipynb?{jupyterlab.token}")
    page.wait_for_selector(".jp-Notebook .jp-Cell")
    page.wait_for_selector("text=Python 3 (ipykernel) | Idle")
    return page


def choose(page: Any, menu: str, *items: str) -> None:
    """Choose from JupyterLab's menus."""
    page.locator(f".lm-MenuBar-itemLabel:text-is('{menu}')").click()
    for item in items:
        page.locator(f".lm-Menu-itemLabel:text-is('{item}')").click()


def test_an_analyst_runs_annotates_and_previews_and_the_batch_keeps_it(jupyterlab: Lab, page: Any) -> None:
    before = jupyterlab.notebook()
    choose(page, "Edit", "Clear Outputs of All Cells")
    choose(page, "Run", "Run All Cells")
    page.wait_for_function(ALL_HAVE_RUN)
    for key in ("Escape", "b", "m", "Enter"):  # a Markdown cell below the last one
        page.keyboard.press(key)
    page.keyboard.insert_text(WORDS)
    page.keyboard.press("Control+s")
    wait_for(lambda: json.dumps(WORDS, ensure_ascii=False)[1:-1] in jupyterlab.path.read_text("utf-8"))
    wait_for(lambda: jupyterlab.path.read_text("utf-8").endswith("}\n"))  # it is written in place
    saved = jupyterlab.notebook()
    assert saved.cells[-1].source == WORDS
    code = [cell for cell in saved.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    assert not [
        output for cell in code for output in cell.outputs if output.output_type in ("error", "stream")
    ]
    assert [shown(cell) for cell in code] == [
        shown(cell) for cell in before.cells if cell.cell_type == "code"
    ]
    assert page.get_by_text("Indicator 3: Average caseload").count()
    menu = page.request.get(f"{jupyterlab.address}/api/nbconvert?{jupyterlab.token}").json()
    assert {"csd", "part1_draft", "part2_draft"} <= set(menu)  # what the menu of exports offers
    draft = page.request.get(f"{jupyterlab.address}/nbconvert/part1_draft/workforce.ipynb?{jupyterlab.token}")
    assert "DRAFT: not for circulation (Part 1: public)" in draft.text() and "Höchst" not in draft.text()
    csd(jupyterlab.root, "run", "2022-02", "--only", "workforce", "--part", "2")
    assert jupyterlab.notebook().cells[-1].source == WORDS


def shown(cell: NotebookNode) -> list[Any]:
    """Return what a cell shows."""
    return [output.get("data") for output in cell.outputs]
