"""Commands for the analyst's own work: ``csd notes`` and ``csd lab``."""

import sys
from pathlib import Path

import click

from csd_helpers.commands.common import module, project, root_option
from csd_helpers.period import Period


@click.command()
@click.argument("period")
@root_option
def notes(period: str, root: Path | None) -> None:
    """List the annotations in the working notebooks of PERIOD, a month such as 2020-10.

    Each with its notebook, the indicator it stands under, its state, its tags and its first words.
    'stale': the figure has changed since it was written. 'moved': the cell it stood under is gone,
    and it is at the notebook's end. 'not on the page': it is tagged for a page that it cannot reach,
    since it stands above everything the page shows, is code, or is in a notebook of Part 1.
    'withheld': it is tagged for Part 1, which does not show the figure it stands under.
    'unreadable': the notebook is damaged; the next run keeps it beside a new one. What is printed is
    exempt, as Part 2 is.
    """
    found = module("notes").notes_of(Period.parse(period), project(root))
    for note in found:
        words = " ".join(note.text.split())[:60]
        tags = ", ".join(note.tags) or "private"
        click.echo(f"{note.notebook}  {note.indicator or '-'}  {note.state}  [{tags}]  {words}")
    click.echo(f"{sum(note.state != 'unreadable' for note in found)} annotations")


@click.command()
@click.argument("period")
@click.option("--no-browser", is_flag=True, help="Print the address and open nothing.")
@root_option
def lab(period: str, no_browser: bool, root: Path | None) -> None:
    """Open the working notebooks of PERIOD, a month such as 2020-10, in JupyterLab.

    They show every figure, run from top to bottom with the month's parameters, and keep your notes
    when the month is run again. Nothing outside their folder is listed or served. After a run,
    reopen a notebook and restart its kernel.
    """
    folder = module("workbench").working_notebooks(Period.parse(period), project(root))
    sys.exit(module("workbench").start_lab(folder, ["--no-browser"] if no_browser else []))
