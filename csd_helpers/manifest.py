"""What a pack was made from and what it consists of, as hashes.

The manifest holds no time and no absolute path: the same inputs give the same bytes.
"""

import hashlib
import json
import platform
from dataclasses import dataclass, field
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from csd_helpers.errors import CsdError
from csd_helpers.job import NotebookJob
from csd_helpers.leftovers import is_leftover

if TYPE_CHECKING:
    import pandas as pd  # slow, and a run that finds nothing changed does without

MANIFEST = "manifest.json"
_PACKAGES = [
    "childrens-scrutiny-dataset",
    "highspy",
    "ipykernel",
    "ipython",
    "matplotlib",
    "nbclient",
    "nbconvert",
    "numpy",
    "pandas",
    "papermill",
    "pyarrow",
]


@dataclass
class Manifest:
    """The contents of ``manifest.json``.

    Parameters
    ----------
    inputs
        Every file that went in, by its name in the project or the extract, with its hash; and every
        table that was read from a database server.
    parameters
        The period's settings.
    versions
        Versions of Python and the packages the pages depend on.
    code
        Hash of this package's own code and templates.
    pages
        Every page with its hash, the hash of its notebook, and its key (see `page_key`).
    downloads
        Every other file of the parts with its hash.
    download_keys
        The key of each part's other files (see `download_key`).
    """

    period: str
    inputs: dict[str, str]
    parameters: dict[str, Any]
    versions: dict[str, str]
    code: str
    pages: dict[str, dict[str, str]] = field(default_factory=dict)
    downloads: dict[str, str] = field(default_factory=dict)
    download_keys: dict[str, str] = field(default_factory=dict)

    @property
    def files(self) -> dict[str, str]:
        """Every file of the parts with its hash."""
        return {name: page["sha256"] for name, page in self.pages.items()} | self.downloads

    def write(self, pack: Path) -> None:
        """Write the manifest into a pack."""
        text = json.dumps(vars(self), indent=1, sort_keys=True, ensure_ascii=False, default=str)
        (pack / MANIFEST).write_text(text + "\n", encoding="utf-8", newline="\n")

    def add_page(self, pack: Path, job: NotebookJob, key: str) -> None:
        """Enter a page that has been written."""
        hashes = {"sha256": digest(pack / job.html), "notebook": digest(job.notebook), "key": key}
        self.pages[Path(job.html).as_posix()] = hashes


def read_manifest(pack: Path) -> Manifest:
    """Return a pack's manifest.

    Raises
    ------
    CsdError
        If there is none, or it cannot be read.
    """
    try:
        return Manifest(**json.loads((pack / MANIFEST).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        what = "the pack has no manifest that can be read"
        raise CsdError(what, str(pack / MANIFEST), fix="run the period again") from None


def read_pages(pack: Path) -> dict[str, dict[str, str]]:
    """Return the pages a pack's manifest names; none if there is no manifest that can be read."""
    try:
        pages: dict[str, dict[str, str]] = json.loads((pack / MANIFEST).read_text(encoding="utf-8"))["pages"]
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return pages


def kept_downloads(pack: Path, part: int, key: str) -> dict[str, bytes]:
    """Return a part's downloads if all are as their run left them and are made from the same; else none."""
    try:
        manifest, start = read_manifest(pack), f"part{part}/"
        names = [name for name in manifest.downloads if name.startswith(start)]
        found = {name: (pack / name).read_bytes() for name in names}
    except (CsdError, OSError):
        return {}
    as_left = all(hashlib.sha256(found[name]).hexdigest() == manifest.downloads[name] for name in names)
    return found if as_left and manifest.download_keys.get(f"part{part}") == key else {}


def differences(then: dict[str, str], now: dict[str, str]) -> dict[str, str]:
    """Say of every name whose hash is not the same whether it has changed, gone or come.

    Examples
    --------
    >>> differences({"a": "1", "b": "2"}, {"a": "1", "b": "3", "c": "4"})
    {'b': 'has changed', 'c': 'was added'}
    """
    names = sorted(name for name in {**then, **now} if then.get(name) != now.get(name))
    return {
        name: "has changed" if name in then and name in now else "was added" if name in now else "is gone"
        for name in names
    }


def changes_since(pack: Path, inputs: dict[str, str]) -> dict[str, str]:
    """Say what a pack was made from that is not as it was; nothing if there is no pack to compare with."""
    try:
        then = read_manifest(pack)
    except CsdError:
        return {}
    own = "the workbook's own code"
    return differences(
        then.inputs | then.versions | {own: then.code}, inputs | versions() | {own: code_digest()}
    )


def page_key(job: NotebookJob, release: Path) -> str:
    """Return the hash of everything a page is made from.

    Two runs with the same key make the same page, so a page with its key need not be made again.

    Parameters
    ----------
    release
        The release folder the notebook reads.
    """
    parameters = {name: value for name, value in job.parameters.items() if name != "release"}
    facts = {
        "notebook": digest(job.notebook),
        "release": folder_digest(release),
        "parameters": parameters,
        "page": job.page,
        "exporter": job.exporter,
        "code": code_digest(),
        "versions": versions(),
    }
    text = json.dumps(facts, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def download_key(release: Path) -> str:
    """Return the hash of everything a part's downloads are made from, as `page_key` does for a page."""
    text = json.dumps([folder_digest(release), code_digest(), versions()], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def digest(path: Path) -> str:
    """Return a file's SHA-256."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def table_digest(table: "pd.DataFrame") -> str:
    """Return the SHA-256 of a table as CSV."""
    return hashlib.sha256(table.to_csv(index=False, lineterminator="\n").encode()).hexdigest()


def folder_digest(folder: Path, suffixes: tuple[str, ...] = ("",)) -> str:
    """Return one hash for the files of a folder, their names included; what programs leave is left out."""
    there = (path for path in folder.rglob("*") if path.is_file() and not is_leftover(path))
    files = sorted(path for path in there if path.name.endswith(suffixes))
    lines = [f"{path.relative_to(folder).as_posix()} {digest(path)}" for path in files]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


@cache
def code_digest() -> str:
    """Return the hash of this package: its code, templates and styles."""
    return folder_digest(Path(__file__).parent, (".py", ".j2", ".css", ".json", ".html"))


@cache
def versions() -> dict[str, str]:
    """Return the versions of Python and of the packages the pages depend on."""
    found = {"python": platform.python_version()}
    for package in _PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:  # the project's own name, when run from a checkout
            continue
    return found
