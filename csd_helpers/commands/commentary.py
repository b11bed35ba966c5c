"""The command of commentary: ``csd commentary``."""

import shlex
from pathlib import Path

import click

from csd_helpers.commands.common import module, project, root_option
from csd_helpers.period import Period
from csd_helpers.root import command


@click.command()
@click.argument("period")
@click.option(
    "--sheet",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE.xlsx",
    help="Write a spreadsheet for managers to fill in, instead of files.",
)
@click.option(
    "--import",
    "filled",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Take in a spreadsheet (.xlsx or .csv) that managers have filled in.",
)
@click.option("--replace", is_flag=True, help="Let --import replace other words; they are kept beside.")
@root_option
def commentary(
    period: str, sheet: Path | None, filled: Path | None, replace: bool, root: Path | None
) -> None:
    """Write what is missing of the commentary on PERIOD, a month such as 2020-10.

    For each indicator rated amber or red that has no commentary a file is made in
    parameters/commentary/PERIOD, with figure, target, distance, movement and last month's words as
    help. Help is never published: a file in which nothing else is written counts as missing. A file
    that is there already is left as it is.

    \b
    Columns of a spreadsheet, in any order:
      indicator   key or number          author, date
      part        1, 2 or both           text          (Markdown; rows without text are passed over)
      figure      which it is about (optional: today's)

    \b
    Examples:
      csd commentary 2020-10
      csd commentary 2020-10 --sheet managers.xlsx
      csd commentary 2020-10 --import managers.xlsx

    Exit codes: 0 done, 2 something must be put right first (nothing was written).
    """
    home = project(root)
    desk, _ = module("desk").lay_out(Period.parse(period), home)
    if sheet:
        asked = module("commentary_sheet").write_sheet(desk, sheet)
        then = command(f"csd commentary {period} --import {shlex.quote(str(sheet))}", home)
        click.echo(f"{sheet}: {asked} indicators; then {then}")
        return
    if filled:
        written = module("commentary_sheet").import_sheet(desk, filled, replace)
        said = "taken in" if written else "nothing new"
    else:
        written = module("commentary_templates").write_missing(desk)
        said = "to be filled in" if written else "every exception has its file"
    for path in written:
        click.echo(path)
    click.echo(f"{len(written)} files: {said}; then {command(f'csd check {period}', home)}")
