"""What the commands have in common."""

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from csd_helpers.root import common, council_root, find_root

only_root_option = click.option(
    "--root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The project's folder, which holds parameters/ and notebooks/. [default: around the current one]",
)
_COUNCIL = f"{__name__}.council"  # where a command keeps which council it is asked about


def _note_council(context: click.Context, _: click.Parameter, name: str | None) -> None:
    context.meta[_COUNCIL] = name


def root_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that say where the project is, and which council of several it is about."""
    council = click.option(
        "--council",
        metavar="NAME",
        callback=_note_council,
        expose_value=False,
        help="A council of several: the name of its file in parameters/councils.",
    )
    return only_root_option(council(command))


def project(root: Path | None) -> Path:
    """Return the root: the folder given or the one around the current folder, or a council's of several."""
    folder = root.resolve() if root else find_root()
    name = click.get_current_context().meta.get(_COUNCIL)
    return council_root(common(folder), name) if name else folder


def module(name: str) -> Any:
    """Import a module of the package when it is needed: ``--help`` must not wait for pandas."""
    return importlib.import_module(f"csd_helpers.{name}")
