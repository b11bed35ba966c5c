"""What runs wrote into a pack's working folder; anything else, and whatever has changed since, is somebody's.

``.written.json`` names the files runs wrote, with their hashes.
"""

import json
from pathlib import Path
from typing import Any

from csd_helpers.manifest import digest

_LIST = ".written.json"


def files(working: Path) -> list[Path]:
    """List the files of a working folder."""
    return sorted(path for path in working.rglob("*") if path.is_file() and path.name != _LIST)


def written(working: Path) -> dict[str, str]:
    """Return the files that runs wrote, with the hashes they had."""
    return read_json(working / _LIST)  # none where it is damaged: then every file is treated as somebody's


def read_json(path: Path) -> dict[str, Any]:
    """Return a JSON file's content; nothing where there is none that can be read."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def write_list(working: Path, hashes: dict[str, str]) -> None:
    """Write down what runs wrote."""
    if working.is_dir():
        (working / _LIST).write_text(json.dumps(hashes, indent=1, sort_keys=True), encoding="utf-8")


def touched(working: Path, part: str = "*") -> list[Path]:
    """List the working notebooks, of a part or both, that somebody has changed or annotated."""
    hashes = written(working)
    names = [path.relative_to(working).as_posix() for path in working.glob(f"notebooks/{part}/*.ipynb")]
    return [working / name for name in sorted(names) if not is_plain(working, name, hashes)]


def is_plain(working: Path, name: str, hashes: dict[str, str]) -> bool:
    """Tell whether a file is as a run left it, and without annotations.

    Most working notebooks are, and reading each as a notebook, several times in a run, took half of the
    command's own time. A run writes beside each annotation what it stands ``after``, and beside no other
    cell; where the word stands elsewhere, the notebook is read for nothing and nothing is lost.

    Parameters
    ----------
    name
        The file's path in the working folder.
    hashes
        What `written` returns of it.
    """
    path = working / name
    try:
        is_as_left = digest(path) == hashes.get(name)
        return is_as_left and (path.suffix != ".ipynb" or b'"after"' not in path.read_bytes())
    except OSError:  # whatever it is, no run left it like that
        return False
