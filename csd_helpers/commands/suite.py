"""Commands about the register: ``csd suite diff``."""

import sys
from pathlib import Path

import click

from csd_helpers.commands.common import module, project, root_option
from csd_helpers.root import common


@click.group()
def suite() -> None:
    """Work with the editions of the suite, parameters/suite/YEAR.yaml."""


@suite.command()
@click.argument("old")
@click.argument("new")
@root_option
def diff(old: str, new: str, root: Path | None) -> None:
    """Print what changed from edition OLD to edition NEW, such as 2020-21 2022-23.

    Indicators are matched by key: renumbered, retitled, target, tolerance, definition, anything
    else, added, dropped.

    \b
    Exit codes: 0 nothing changed
                1 something changed, and is printed
                2 an edition is not there or has a mistake
    """
    folder = common(project(root)) / "parameters" / "suite"
    load = module("suite").load_suite
    changes = module("suite_changes").suite_changes(
        load(folder / f"{old}.yaml"), load(folder / f"{new}.yaml")
    )
    click.echo(module("suite_changes").changes_text(changes))
    sys.exit(1 if changes else 0)
