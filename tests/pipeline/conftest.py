"""The demonstration month, prepared once for all tests of this folder."""

import shutil
from pathlib import Path

import pytest

from csd_helpers.demo import write_demo
from csd_helpers.period import Period
from csd_helpers.pipeline import Prepared, prepare

OCTOBER = Period.parse("2020-10")


@pytest.fixture(scope="session")
def demo_root(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the parameters with the demonstration extract beside them."""
    copy = tmp_path_factory.mktemp("council")
    shutil.copytree(root / "parameters", copy / "parameters")
    write_demo(copy / "outputs" / "demo" / "extract")
    return copy


@pytest.fixture(scope="session")
def prepared(demo_root: Path) -> Prepared:
    """Return the demonstration month, released for both parts."""
    return prepare(OCTOBER, demo_root, demo_root / "outputs" / "2020-10" / "working")
