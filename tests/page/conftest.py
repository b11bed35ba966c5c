"""A real browser, where the machine has one, and hostile strings, one test each."""

import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from csd_helpers.browser import QUIET
from tests.page.hostile import ATTACKS


@pytest.fixture(scope="module")  # its event loop must not outlive the tests that use it
def browser() -> Iterator[Any]:
    """Return the system's Chromium without a window, or skip."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        pytest.skip("Chromium is not installed on this machine")
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=found, args=["--no-sandbox", *QUIET])
        yield browser
        browser.close()


@pytest.fixture(params=ATTACKS, ids=[f"attack{number}" for number in range(len(ATTACKS))])
def attack(request: pytest.FixtureRequest) -> str:
    """Return one string after another that would do harm on a page that let it."""
    return str(request.param)
