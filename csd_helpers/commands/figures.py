"""Commands about where figures come from: ``csd check`` and ``csd explain``."""

import sys
from pathlib import Path

import click

from csd_helpers.commands.common import module, project, root_option
from csd_helpers.period import Period


@click.command()
@click.argument("period")
@root_option
def check(period: str, root: Path | None) -> None:
    """Check the extract of PERIOD, a month such as 2020-10, and report what is wrong or doubtful.

    What was found is listed by table and rule: how many rows, some of them by identifier, the
    indicators it touches and what to do. Blocking findings stop a run; rows with a warning count
    as they are; notes are good to know. Where an indicator comes both from records and from
    returns.csv, the months in which they differ are listed. Nothing is put right by the check. It
    also writes

    \b
      outputs/PERIOD/working/check.html     the same as a page for those who own the data
      outputs/PERIOD/working/problems.csv   every row

    Both hold identifiers of children: never circulate them.

    Exit codes: 0 a run can use the extract, 2 something must be put right first.
    """
    findings = module("pipeline").check_extract(Period.parse(period), project(root))
    module("findings_display").show(findings)
    if findings.blocked:
        sys.exit(2)


@click.command()
@click.argument("indicator")
@click.argument("period")
@click.option(
    "--records",
    "records",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the cases behind the figure to FILE, children's identifiers included: for the analyst only.",
)
@root_option
def explain(indicator: str, period: str, records: Path | None, root: Path | None) -> None:
    """Say where the figure of INDICATOR for PERIOD comes from, such as looked_after_reviews 2020-10.

    Definition, numerator and denominator, what was left out and why, source files with their hashes,
    the arithmetic of the rating, what Part 1 shows, and the months before: enough to do it again by
    hand. What is printed is exempt, as Part 2 is.

    \b
    Examples:
      csd explain looked_after_reviews 2020-10
      csd explain looked_after_reviews 2020-10 --records cases.csv

    Exit codes: 0 it was explained, 2 something must be put right first.
    """
    teller, home = module("explain"), project(root)
    told = teller.explained(indicator, Period.parse(period), home)
    if records:
        module("case_list").write_cases(told.cases, records, home)
    click.echo(module("explanation").explanation(told))
    if records:
        click.echo(f"{records}: {len(told.cases)} cases, children's identifiers included; never circulate")
