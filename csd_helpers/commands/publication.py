"""Commands of publication: ``csd publish``, ``csd ledger`` and ``csd verify``."""

import sys
from pathlib import Path

import click

from csd_helpers.commands.common import module, project, root_option
from csd_helpers.period import Period


@click.command()
@click.argument("period")
@click.option("--override", metavar="REASON", help="Publish although it is not ready, for this reason.")
@click.option("--withdraw", is_flag=True, help="Record that the edition published is withdrawn.")
@click.option("--reason", help="Why it is withdrawn.")
@click.option("--by", metavar="NAME", help="Who decided; needed with --override and --withdraw.")
@root_option
def publish(
    period: str,
    override: str | None,
    withdraw: bool,
    reason: str | None,
    by: str | None,
    root: Path | None,
) -> None:
    """Publish the pack of PERIOD: from now on its figures are known for ever.

    It is refused until it is ready (csd check PERIOD), or a named person overrides that. Part 1 is
    audited once more; the pages are frozen, read-only, in outputs/published/PERIOD; the released
    figures of both parts go into the ledger, outputs/published/ledger. Later editions are protected
    against them, and mark as revised [r] what has changed. Nothing is ever deleted or written over.

    \b
    Examples:
      csd publish 2020-10
      csd publish 2020-10 --override "agreed without 29" --by "A. Head of Performance"
      csd publish 2020-10 --withdraw --reason "wrong extract" --by "A. Head of Performance"
    """
    month, folder = Period.parse(period), project(root)
    if (override or withdraw) and not by:
        raise click.UsageError("a decision needs a name: --by NAME")
    if withdraw != bool(reason):
        raise click.UsageError("--withdraw and --reason go together")
    if withdraw:
        entry = module("publication").withdraw(month, folder, reason, by)
        module("server").ask("all_months.write_all_months", folder)
        click.echo(f"{period} is withdrawn; its pages are in {period}.withdrawn-{entry.of}, and stay there")
        return
    entry = module("publication").publish(month, folder, override or "", by or "")
    module("server").ask("all_months.write_all_months", folder)
    where = module("frozen").PUBLISHED / period
    if override and not entry.overridden:
        click.echo("nothing was in the way: no override is recorded")
    click.echo(f"{period} is published: entry {entry.number} of the ledger; its pages are in {where}")


@click.command()
@root_option
def ledger(root: Path | None) -> None:
    """List what was published and withdrawn, and check that none of it has been changed since.

    Exit codes: 0 all is as it was published, 1 something is not.
    """
    folder = project(root)
    wrong = module("ledger").faults(folder)
    if not wrong:
        for entry in module("ledger").read_ledger(folder):
            of = f" (entry {entry.of})" if entry.of else ""
            why = f": {entry.reason}" if entry.reason else ""
            click.echo(
                f"{entry.number}  {entry.when[:10]}  {entry.period} {entry.act}{of} by {entry.by}{why}"
            )
        wrong = module("frozen").pack_faults(folder)
    for fault in wrong:
        click.echo(f"CHANGED: {fault}", err=True)
    click.echo(
        "the ledger and the published packs are as they were written" if not wrong else "", nl=not wrong
    )
    sys.exit(1 if wrong else 0)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@root_option
def verify(file: Path, root: Path | None) -> None:
    """Say whether FILE, a page or download of a pack, is as it was made, and make it again.

    It says whether the file is unaltered, whether it was published or withdrawn, and which inputs and
    versions made it. If all of these are still there the file is made again and compared.

    \b
    Example:
      csd verify outputs/published/2020-10/part1/index.html

    Exit codes: 0 unaltered, and made again to the same bytes; 1 altered, or not the same bytes;
    2 unaltered, but it cannot be made again; what has changed, or failed, is listed.
    """
    module("server").start_server()
    verdict = module("verification").verify(file, project(root))
    click.echo("\n".join(verdict.said))
    sys.exit(verdict.exit_code)
