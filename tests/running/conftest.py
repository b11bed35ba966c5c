"""Small notebooks, a project around them, and a period prepared without any figures."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from csd_helpers.batch import Choice
from csd_helpers.manifest import digest
from csd_helpers.period import Period

KERNEL = {"name": "python3", "language": "python", "display_name": "Python 3"}
PARAMETERS = 'period = "2020-10"\npart = 2\nrelease = ""'
OCTOBER = Period.parse("2020-10")
PLAIN = Choice(exporter="markdown", workers=2)  # nbconvert's own exporter: the project's is not under test


def write_notebook(path: Path, *sources: str, analyst: tuple[str, ...] = ()) -> Path:
    """Write a notebook with a parameters cell, the given code cells, and cells for the analyst."""
    cells = [new_markdown_cell("# A question", id="title")]
    cells.append(new_code_cell(PARAMETERS, id="parameters", metadata={"tags": ["parameters"]}))
    cells += [
        new_code_cell(s, id=f"analyst-{n}", metadata={"tags": ["analyst"]}) for n, s in enumerate(analyst)
    ]
    cells += [new_code_cell(s, id=f"cell-{n}", metadata={"tags": ["report"]}) for n, s in enumerate(sources)]
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": KERNEL}), path)
    return path


class FakePrepared:
    """What the pipeline would hand over: a number per part."""

    def __init__(self, root: Path, working: Path) -> None:
        self._names = sorted((path.stem for path in (root / "notebooks").glob("*.ipynb")), key=_first)
        self.inputs = {"extract/number.txt": digest(root / "number.txt")}
        self.parameters = {"council": "Example Borough"}
        self.releases = {part: working / "release" / f"part{part}" for part in (1, 2)}
        for part, folder in self.releases.items():
            folder.mkdir(parents=True)
            number = int((root / "number.txt").read_text()) * part
            (folder / "pack.json").write_text(json.dumps({"number": number}))

    def notebooks(self, part: int) -> list[str]:
        return self._names

    def page(self, part: int, notebook: str) -> dict[str, Any]:
        return {"title": f"{notebook} {part}"}

    def downloads(self, part: int) -> dict[str, bytes]:
        return {"data.csv": b"number\n" + self.releases[part].joinpath("pack.json").read_bytes()}


def _first(name: str) -> tuple[bool, str]:
    return name != "summary", name


def prepare(period: Period, root: Path, working: Path) -> FakePrepared:
    """Stand in for ``csd_helpers.pipeline.prepare``."""
    return FakePrepared(root, working)


READ = "import json, pathlib\nnumber = json.loads(pathlib.Path(release, 'pack.json').read_text())['number']"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return the root of a project with two notebooks and an extract of one number."""
    write_notebook(tmp_path / "notebooks" / "summary.ipynb", READ, "print('summary', period, part, number)")
    write_notebook(tmp_path / "notebooks" / "front_door.ipynb", READ, "print('front door', number)")
    (tmp_path / "number.txt").write_text("7")
    return tmp_path


@pytest.fixture
def tree() -> Callable[[Path], dict[str, bytes]]:
    """Return a function that reads every file of a pack except the working folder."""

    def read(pack: Path) -> dict[str, bytes]:
        files = (path for path in sorted(pack.rglob("*")) if path.is_file())
        names = {path.relative_to(pack).as_posix(): path.read_bytes() for path in files}
        return {name: content for name, content in names.items() if not name.startswith("working/")}

    return read
