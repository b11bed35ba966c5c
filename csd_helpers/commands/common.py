"""What the commands have in common."""

import importlib
from pathlib import Path
from typing import Any

import click

from csd_helpers.root import find_root

root_option = click.option(
    "--root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The project's folder, which holds parameters/ and notebooks/. [default: around the current one]",
)


def project(root: Path | None) -> Path:
    """Return the project's folder: the one given, or the one around the current folder."""
    return root.resolve() if root else find_root()


def module(name: str) -> Any:
    """Import a module of the package when it is needed: ``--help`` must not wait for pandas."""
    return importlib.import_module(f"csd_helpers.{name}")
