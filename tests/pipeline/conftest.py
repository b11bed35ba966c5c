"""A council small enough to count by hand, for the tests of a module."""

from pathlib import Path

import pytest

from tests.small import make_small


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a council of three children looked after and four care leavers, without a pack."""
    return make_small(tmp_path_factory.mktemp("small"))
