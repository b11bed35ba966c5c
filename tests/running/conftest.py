"""Small notebooks, a project around them, and a period prepared without any figures."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from csd_helpers import server
from csd_helpers.batch import Choice
from csd_helpers.manifest import digest
from csd_helpers.period import Period
from csd_helpers.prepared import Prepared, release_folders

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


class FakePrepared(Prepared):
    """What the pipeline would hand over: a number per part."""

    def downloads(self, parts: Iterable[int]) -> dict[str, bytes]:
        """Return the number as a table."""
        content = {part: self.releases[part].joinpath("pack.json") for part in parts}
        return {f"part{part}/data.csv": b"number\n" + path.read_bytes() for part, path in content.items()}


def _first(name: str) -> tuple[bool, str]:
    return name != "summary", name


def _frame(part: int, notebook: str) -> dict[str, Any]:
    return {"title": f"{notebook} {part}"}


def prepare(
    period: Period, root: Path, working: Path, frame: Callable[[int, str], dict[str, Any]] = _frame
) -> FakePrepared:
    """Stand in for ``csd_helpers.pipeline.prepare``."""
    names = sorted((path.stem for path in (root / "notebooks").glob("*.ipynb")), key=_first)
    releases = release_folders(working)
    for part, folder in releases.items():
        folder.mkdir(parents=True)
        number = int((root / "number.txt").read_text()) * part
        (folder / "pack.json").write_text(json.dumps({"number": number}))
    pages = {part: {name: frame(part, name) for name in names} for part in releases}
    inputs = {"extract/number.txt": digest(root / "number.txt")}
    return FakePrepared(releases, pages, {"council": "Example Borough"}, inputs)


READ = "import json, pathlib\nnumber = json.loads(pathlib.Path(release, 'pack.json').read_text())['number']"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return the root of a project with two notebooks and an extract of one number."""
    write_notebook(tmp_path / "notebooks" / "summary.ipynb", READ, "print('summary', period, part, number)")
    write_notebook(tmp_path / "notebooks" / "front_door.ipynb", READ, "print('front door', number)")
    (tmp_path / "number.txt").write_text("7")
    return tmp_path


@pytest.fixture
def stand_ins(monkeypatch: pytest.MonkeyPatch) -> dict[str, Callable[..., Any]]:
    """Return what answers here in the place of a worker, by the function that is asked for."""
    standing_in: dict[str, Callable[..., Any]] = {"preparation.prepare_once": prepare}
    ask = server.ask

    def ask_here(function: str, *arguments: Any) -> Any:
        """Call what stands in, or ask a worker where nothing does."""
        own = standing_in.get(function)
        return own(*arguments) if own else ask(function, *arguments)

    monkeypatch.setattr(server, "ask", ask_here)
    return standing_in


@pytest.fixture
def tree() -> Callable[[Path], dict[str, bytes]]:
    """Return a function that reads every file of a pack except the working folder."""

    def read(pack: Path) -> dict[str, bytes]:
        files = (path for path in sorted(pack.rglob("*")) if path.is_file())
        names = {path.relative_to(pack).as_posix(): path.read_bytes() for path in files}
        return {name: content for name, content in names.items() if not name.startswith("working/")}

    return read
