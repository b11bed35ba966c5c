"""Commands of publication: ``csd publish``."""

from pathlib import Path

import click

from csd_helpers.commands.common import module, project, root_option
from csd_helpers.period import Period


@click.command()
@click.argument("period")
@root_option
def publish(period: str, root: Path | None) -> None:
    """Record the pack of PERIOD as published: from now on its figures are known for ever.

    Part 1 is audited once more; then the released figures of both parts go into the ledger,
    outputs/published/ledger, and later editions are protected against them. Nothing in the ledger is
    ever written over.
    """
    path = module("publication").publish(Period.parse(period), project(root))
    module("all_months").write_all_months(project(root))
    click.echo(f"{period} is published; its figures are in {path}")
