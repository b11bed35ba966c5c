"""The browser that prints pages, wherever a system keeps one."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from csd_helpers.errors import CsdError

_COMMANDS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge",
             "chrome", "msedge")  # fmt: skip
_WINDOWS = (r"Google\Chrome\Application\chrome.exe", r"Microsoft\Edge\Application\msedge.exe",
            r"Chromium\Application\chrome.exe")  # fmt: skip
_FOLDERS = ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")
_MAC = ("Google Chrome", "Microsoft Edge", "Chromium")
#: A browser that asks nothing of the network by itself.
QUIET = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_PRINTING = ["--no-pdf-header-footer", "--generate-pdf-document-outline", "--export-tagged-pdf"]
_SECONDS = 120


def find_browser() -> Path:
    """Return Chromium, Chrome or Edge: on the path, or where Windows and macOS put them.

    Raises
    ------
    CsdError
        If there is none; the message says what to do without.
    """
    found = next(filter(None, map(shutil.which, _COMMANDS)), None)
    usual = [Path(os.environ[name]) / path for name in _FOLDERS if name in os.environ for path in _WINDOWS]
    usual += [Path("/Applications") / f"{name}.app" / "Contents" / "MacOS" / name for name in _MAC]
    places = [Path(found)] if found else [path for path in usual if path.is_file()]
    if not places:
        raise CsdError(
            "a PDF needs Chromium, Google Chrome or Microsoft Edge, and none was found",
            fix="install one of them, or open each page in any browser and print it to a PDF",
        )
    return places[0]


def print_page(page: Path, pdf: Path) -> None:
    """Print a page to a PDF with headings as its outline and tags for a screen reader.

    Raises
    ------
    CsdError
        If the browser does not do it in two minutes.
    """
    browser = find_browser()
    sandbox = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []  # it refuses root
    with tempfile.TemporaryDirectory(prefix="csd-", ignore_cleanup_errors=True) as profile:
        own = [f"--user-data-dir={profile}", f"--print-to-pdf={pdf}"]
        command = [str(browser), "--headless", *QUIET, *_PRINTING, *sandbox, *own, page.as_uri()]
        try:
            done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise _unprinted(browser, str(error)) from None
    if not pdf.is_file():
        raise _unprinted(browser, f"it ended with code {done.returncode}")


def _unprinted(browser: Path, why: str) -> CsdError:
    return CsdError(
        f"the browser did not print the pages: {why}",
        str(browser),
        fix="try again, or print by hand",
        exit_code=1,
    )
