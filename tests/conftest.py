"""Fixtures shared by all tests."""

import shutil
from pathlib import Path

import pytest

from csd_helpers.batch import run_pack
from csd_helpers.demo import write_demo
from csd_helpers.period import Period
from csd_helpers.pipeline import Prepared, prepare
from csd_helpers.plan import Choice
from csd_helpers.server import start_server

ROOT = Path(__file__).resolve().parents[1]
OCTOBER = Period.parse("2020-10")


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


@pytest.fixture(scope="session")
def council(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the demonstration council, for all tests that only read it."""
    return make_council(tmp_path_factory.mktemp("council"))


@pytest.fixture(scope="session")
def prepared(council: Path, tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """Return the demonstration month, released for both parts."""
    return prepare(OCTOBER, council, tmp_path_factory.mktemp("working"))


@pytest.fixture(scope="session")
def pack(council: Path) -> Path:
    """Return the demonstration month's finished pack."""
    return run_pack(OCTOBER, council, prepare, Choice()).pack
