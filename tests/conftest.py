"""Fixtures shared by all tests."""

import os
import pickle
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest
from filelock import FileLock

from csd_helpers.batch import run_pack
from csd_helpers.demo import write_demo
from csd_helpers.handover import Edition
from csd_helpers.period import Period
from csd_helpers.pipeline import load_edition, prepare
from csd_helpers.plan import Choice
from csd_helpers.prepared import Prepared, release_folders
from csd_helpers.server import start_server

ROOT = Path(__file__).resolve().parents[1]
OCTOBER = Period.parse("2020-10")


def pytest_xdist_auto_num_workers() -> int:
    """Return a process more than there are cores: tests wait for browsers, time limits and each other."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the project's root."""
    return ROOT


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of third-party data, or skip where this clone does not have it beside it."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("third-party test data is not beside this clone (shared/data)")
    return folder


@pytest.fixture(scope="session", autouse=True)
def server() -> None:
    """Start the workers' server without the variable by which kernels know that they are under test.

    A kernel under pytest does not catch what subprocesses print.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PYTEST_CURRENT_TEST", raising=False)
        start_server()


def make_council(folder: Path) -> Path:
    """Return a folder with the parameters, the notebooks and the demonstration extract."""
    for name in ("parameters", "notebooks"):
        shutil.copytree(ROOT / name, folder / name)
    write_demo(folder / "outputs" / "demo" / "extract")
    return folder


def copy_council(council: Path, folder: Path) -> Path:
    """Return a council of a test's own: the demonstration's, without what runs made of it."""
    for name in ("parameters", "notebooks", "outputs/demo"):
        shutil.copytree(council / name, folder / name)
    return folder


Made = TypeVar("Made")


def once(tmp_path_factory: pytest.TempPathFactory, name: str, make: Callable[[Path], Made]) -> Made:
    """Make something in a folder that all processes of this test run share; the first one makes it."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder, made = shared / name, shared / f"{name}.pickle"
    with FileLock(shared / f"{name}.lock"):
        if not made.exists():
            made.write_bytes(pickle.dumps(make(folder)))
        result: Made = pickle.loads(made.read_bytes())
    return result


@pytest.fixture(scope="session")
def council(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the demonstration council, for all tests that only read it."""
    return once(tmp_path_factory, "council", make_council)


@pytest.fixture(scope="session")
def prepared(council: Path, tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """Return the demonstration month, released for both parts."""
    return once(tmp_path_factory, "working", lambda folder: prepare(OCTOBER, council, folder))


@pytest.fixture(scope="session")
def told_by(council: Path) -> Edition:
    """Return what the demonstration month is told by."""
    return load_edition(OCTOBER, council)


@pytest.fixture(scope="session")
def pack(council: Path, prepared: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the demonstration month's finished pack, made of what is prepared already."""

    def take(period: Period, root: Path, working: Path) -> Prepared:
        shutil.copytree(prepared.releases[1].parents[1], working, dirs_exist_ok=True)
        return replace(prepared, releases=release_folders(working))

    return once(tmp_path_factory, "pack", lambda _: run_pack(OCTOBER, council, take, Choice()).pack)
