"""A run that would change nothing is over at once, and whatever has changed leads to a run."""

import shutil
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from csd_helpers.manifest import Manifest, digest
from csd_helpers.notes import with_record
from csd_helpers.period import Period
from csd_helpers.seal import circumstances, seal, unchanged_pages
from tests.conftest import ROOT
from tests.running.conftest import write_notebook

OCTOBER = Period.parse("2020-10")
PACK = "outputs/2020-10"
NOTEBOOK = f"{PACK}/working/notebooks/part2/summary.ipynb"


@pytest.fixture
def sealed(tmp_path: Path) -> Path:
    """Return a project with a pack of one page that was just made and sealed."""
    shutil.copytree(ROOT / "parameters", tmp_path / "parameters")
    (tmp_path / "outputs/demo/extract").mkdir(parents=True)
    (tmp_path / "outputs/demo/extract/children.csv").write_text("a")
    write_notebook(tmp_path / "notebooks/summary.ipynb", "1")
    make_pack(tmp_path)
    seal(OCTOBER, tmp_path, circumstances(OCTOBER, tmp_path))
    return tmp_path


def make_pack(root: Path) -> None:
    for name in ("part1/index.html", "part1/data.csv"):
        (root / PACK / name).parent.mkdir(parents=True, exist_ok=True)
        (root / PACK / name).write_text("made")
    for part in (1, 2):
        (root / f"outputs/part{part}.html").write_text("all months")
    notebook = nbformat.read(write_notebook(root / NOTEBOOK, "1"), 4)
    nbformat.write(with_record(notebook, notebook, None), root / NOTEBOOK)
    sha = digest(root / PACK / "part1/index.html")
    pages, downloads = {"part1/index.html": {"sha256": sha}}, {"part1/data.csv": sha}
    Manifest("2020-10", {}, {}, {}, "", pages, downloads).write(root / PACK)


def annotate(path: Path) -> None:
    notebook = nbformat.read(path, 4)
    cell = nbformat.v4.new_markdown_cell("My note", id="mine", metadata={"tags": ["part2"]})
    notebook.cells.append(cell)
    nbformat.write(notebook, path)


def test_a_pack_that_nothing_has_changed_for_needs_no_run(sealed: Path) -> None:
    assert unchanged_pages(OCTOBER, sealed) == 1


def write(name: str) -> Callable[[Path], object]:
    def change(root: Path) -> None:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("changed")

    return change


CHANGES: dict[str, Callable[[Path], object]] = {
    "an extract file": write("outputs/demo/extract/children.csv"),
    "a file more in the extract": write("outputs/demo/extract/more.csv"),
    "a page altered by hand": write(f"{PACK}/part1/index.html"),
    "a page deleted": lambda root: (root / PACK / "part1/index.html").unlink(),
    "a page more": write(f"{PACK}/part1/mine.html"),
    "a download altered": write(f"{PACK}/part1/data.csv"),
    "the manifest": write(f"{PACK}/manifest.json"),
    "the notebook": write("notebooks/summary.ipynb"),
    "commentary": write("parameters/commentary/2020-10/care_leavers_ete.md"),
    "the settings": write("parameters/disclosure.yaml"),
    "a publication": write("outputs/published/ledger/ledger.jsonl"),
    "a tagged annotation": lambda root: annotate(root / NOTEBOOK),
    "a run broken off": lambda root: (root / "outputs/.2020-10.building").mkdir(),
    "a run that failed": lambda root: (root / "outputs/2020-10.failed").mkdir(),
    "the list of all months": lambda root: (root / "outputs/part1.html").unlink(),
    "the seal": write("outputs/.2020-10.seal"),
    "no extract": lambda root: shutil.rmtree(root / "outputs/demo/extract"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_whatever_has_changed_leads_to_a_run(change: Callable[[Path], object], sealed: Path) -> None:
    change(sealed)
    assert unchanged_pages(OCTOBER, sealed) == 0


@pytest.mark.parametrize("what", ["code_digest", "versions"])
def test_other_code_or_packages_lead_to_a_run(
    what: str, sealed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"csd_helpers.seal.{what}", lambda: "other")
    assert unchanged_pages(OCTOBER, sealed) == 0


@pytest.mark.parametrize(
    "what", ["an extract file", "commentary", "a tagged annotation", "a download altered"]
)
def test_what_was_changed_during_a_run_is_not_sealed(what: str, sealed: Path) -> None:
    before = circumstances(OCTOBER, sealed)
    CHANGES[what](sealed)
    seal(OCTOBER, sealed, before)
    assert unchanged_pages(OCTOBER, sealed) == 0
