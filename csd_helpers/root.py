"""The project's root, found from any folder in it; and a root for each council of a region.

A council of several has a folder of its own, ``councils/<name>``, that takes the root's place: its outputs,
its ledger, its commentary and its own parameters are in there, so that nothing of one council is where
another looks. The suite, the notebooks and the files of the months are the project's, for all of them.
"""

import shlex
from pathlib import Path

from csd_helpers.errors import CsdError
from csd_helpers.leftovers import listed

COUNCILS = "councils"
PARAMETERS = "parameters"


def find_root(start: Path | None = None) -> Path:
    """Return the nearest root: a council's folder, or the folder above that holds ``parameters/``."""
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if is_council(folder) or (folder / PARAMETERS / "suite").is_dir():
            return folder
    raise CsdError(
        "this is not inside the workbook's folder", str(here), fix="go to the folder that holds parameters/"
    )


def council_file(root: Path) -> Path:
    """Return the file that a council's folder belongs to; there is none for a project of one council."""
    return root.parent.parent / PARAMETERS / COUNCILS / f"{root.name}.yaml"


def is_council(root: Path) -> bool:
    """Say whether a root is that of one council among several."""
    return root.parent.name == COUNCILS and council_file(root).is_file()


def common(root: Path) -> Path:
    """Return the folder of what all councils share: the project's root."""
    return root.parent.parent if is_council(root) else root


def own_or_common(root: Path, name: str) -> Path:
    """Return a parameter file: the council's own if it has one, otherwise the one all share."""
    own = root / PARAMETERS / name
    return own if own.exists() else common(root) / PARAMETERS / name


def shown(path: Path, root: Path) -> str:
    """Return a file's name as people are told it: from the root, or from what all councils share."""
    start = root if path.is_relative_to(root) else common(root)
    return path.relative_to(start).as_posix()


def from_project(path: Path, root: Path) -> str:
    """Return a file's name from the project's folder, where the commands for its councils are given."""
    return path.relative_to(common(root)).as_posix()


def command(words: str, root: Path) -> str:
    """Return a command as it is given for a root: a council of several is named.

    Examples
    --------
    >>> command("csd check 2020-10", Path("project"))
    'csd check 2020-10'
    """
    return f"{words} --council {shlex.quote(root.name)}" if is_council(root) else words


def never_run(period: object, root: Path) -> CsdError:
    """Return the error that a period has no pack yet, with the command that makes it."""
    where = from_project(root / "outputs" / str(period), root)
    fix = command(f"csd run {period}", root)
    return CsdError(f"there has been no run of {period} yet", where, "the pack of a run", f"run: {fix}")


def known_councils(project: Path) -> list[str]:
    """Return the names of a region's councils, in order."""
    return [path.stem for path in listed(project / PARAMETERS / COUNCILS, "*.yaml")]


def council_root(project: Path, name: str) -> Path:
    """Return a council's folder.

    Raises
    ------
    CsdError
        If no file in ``parameters/councils`` has the name.
    """
    known = known_councils(project)
    if name not in known:
        expected = "one of " + ", ".join(known) if known else "a file parameters/councils/NAME.yaml"
        raise CsdError(f"there is no council '{name}'", f"{PARAMETERS}/{COUNCILS}", expected)
    folder = project / COUNCILS / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder
