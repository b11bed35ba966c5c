"""Commands about where figures come from: ``csd check`` and ``csd explain``."""

import sys
from pathlib import Path

import click

from csd_helpers.commands.common import module, project, root_option
from csd_helpers.period import Period
from csd_helpers.root import command


@click.command()
@click.argument("period")
@click.option("--extract", "only_extract", is_flag=True, help="Check the extract only, row by row.")
@root_option
def check(period: str, only_extract: bool, root: Path | None) -> None:
    """Say what stands between PERIOD, a month such as 2020-10, and its publication.

    The extract, indicators without data, late data dates, commentary that is missing, stale or
    contradicting, pages that failed, and the result of disclosure control: each with the
    command or the file that puts it right. Nothing is changed by the check. It writes
    into outputs/PERIOD/working, which is never circulated:

    \b
      check.html     the same as a page
      extract.html   what is wrong or doubtful in the extract, for those who own the data
      problems.csv   every row of it

    With --extract the extract's findings are listed by table and rule: how many rows, some of them by
    identifier, the indicators they touch and what to do.

    \b
    Exit codes: 0 the month is ready (with --extract: a run can use the extract)
                1 something blocks its publication
                2 the extract, or a file people edit, must be put right first
    """
    month, home = Period.parse(period), project(root)
    if only_extract:
        findings = module("pipeline").check_extract(month, home)
        module("findings_display").show(findings)
        sys.exit(2 if findings.blocked else 0)
    ready = module("readiness").check_month(month, home)
    again = command(f"csd check {period}", home)
    click.echo(module("readiness_page").readiness_text(ready.month, again, ready.matters))
    click.echo(f"\n{ready.page}")
    sys.exit(ready.exit_code)


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
