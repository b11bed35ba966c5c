"""The project's root, found from any folder in it."""

from pathlib import Path

from csd_helpers.errors import CsdError


def find_root(start: Path | None = None) -> Path:
    """Return the project's root: the nearest folder above that holds ``parameters/``."""
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / "parameters" / "suite").is_dir():
            return folder
    raise CsdError(
        "this is not inside the workbook's folder", str(here), fix="go to the folder that holds parameters/"
    )
