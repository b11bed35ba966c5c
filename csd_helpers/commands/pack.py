"""Commands beside a run: ``csd demo`` before it, ``csd pdf`` after it."""

from pathlib import Path

import click

from csd_helpers.commands.common import module, project, root_option
from csd_helpers.period import Period
from csd_helpers.root import command


@click.command()
@root_option
def demo(root: Path | None) -> None:
    """Write the extract of an invented council into outputs/demo/extract.

    Then `csd run 2020-10` makes its pack for October 2020.
    """
    home = project(root)
    folder = home / "outputs" / "demo" / "extract"
    module("demo").write_demo(folder)
    click.echo(
        f"{folder}: the records of Example Borough, all made up. Next: {command('csd run 2020-10', home)}"
    )


@click.command()
@click.argument("period")
@root_option
def pdf(period: str, root: Path | None) -> None:
    """Print the pages of PERIOD to part1/pack.pdf and part2/pack.pdf.

    It takes Chromium, Google Chrome or Microsoft Edge, and a few seconds, so it is not part of a run. A new
    run removes the PDFs of the last one: they never show other figures than the pages beside them.
    """
    for path in module("pdf").write_pdfs(Period.parse(period), project(root)):
        click.echo(path)
