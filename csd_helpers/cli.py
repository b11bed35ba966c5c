"""The command ``csd``."""

import importlib
import sys
import time
from pathlib import Path
from typing import Any

import click

from csd_helpers.errors import CsdError
from csd_helpers.period import Period

_INTERRUPTED = 130  # what shells expect of a program ended with Ctrl-C

_root = click.option(
    "--root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The project's folder, which holds parameters/ and notebooks/. [default: around the current one]",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="childrens-scrutiny-dataset")
def cli() -> None:
    """Make the Children's Scrutiny Dataset pack: from a council's records to the pages of both parts."""


@cli.command()
@click.argument("period")
@click.option("--only", "only", multiple=True, metavar="NOTEBOOK", help="Make this page again (repeatable).")
@click.option("--part", type=click.IntRange(1, 2), help="Make the pages of this part again.")
@click.option("--jobs", type=click.IntRange(1), help="Notebooks at a time. [default: a core and 250 MB each]")
@click.option(
    "--engine",
    type=click.Choice(["csd", "standard"]),
    default="csd",
    show_default=True,
    help="'standard' starts a Jupyter kernel for every notebook: slower, the same pages.",
)
@click.option("--force", is_flag=True, help="Make every page again, even if nothing has changed.")
@_root
def run(
    period: str,
    only: tuple[str, ...],
    part: int | None,
    jobs: int | None,
    engine: str,
    force: bool,
    root: Path | None,
) -> None:
    """Make the pack of PERIOD, a month such as 2020-10.

    Reads parameters/periods/PERIOD.yaml and the extract it names, counts, rates and releases the
    figures, executes every notebook for Part 1 and Part 2, and writes the pages:

    \b
      outputs/PERIOD/part1/index.html   public: small numbers are suppressed
      outputs/PERIOD/part2/index.html   exempt: every figure
      outputs/PERIOD/manifest.json      what the pack was made from, with hashes
      outputs/PERIOD/working/           executed notebooks and full figures: never circulate

    The pack appears whole or not at all: if anything fails, the last good pack stays as it is and
    what was made is kept in outputs/PERIOD.failed to look into. Pages that nothing has changed
    for are kept. With --only or --part the pack's other pages are kept, if they are up to date.

    \b
    Examples:
      csd run 2020-10
      csd run 2020-10 --only looked_after --part 2

    Exit codes: 0 a pack was made, 1 the run failed, 2 something must be put right first.
    """
    month = Period.parse(period)
    _module("server").start_server()  # it imports in a process of its own, while this one does, too
    batch, progress = _module("batch"), _module("progress")
    choice = batch.Choice(only=only, part=part, workers=jobs or 0, engine=engine, force=force)
    start = time.monotonic()
    with progress.display() as show:
        outcome = batch.run_pack(month, _project(root), _module("pipeline").prepare, choice, show)
    click.echo(
        f"{len(outcome.made)} pages made, {len(outcome.kept)} unchanged, in {time.monotonic() - start:.1f} s"
    )
    _say_problems(outcome.pack / "working" / "problems.csv", period)
    for page in ("part1/index.html", "part2/index.html"):
        click.echo(outcome.pack / page)


@cli.command()
@click.argument("period")
@_root
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
    findings = _module("pipeline").check_extract(Period.parse(period), _project(root))
    _module("findings_display").show(findings)
    if findings.blocked:
        sys.exit(2)


@cli.command()
@click.argument("indicator")
@click.argument("period")
@click.option(
    "--records",
    "records",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the cases behind the figure to FILE, children's identifiers included: for the analyst only.",
)
@_root
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
    module, project = _module("explain"), _project(root)
    told = module.explained(indicator, Period.parse(period), project)
    if records:
        _module("case_list").write_cases(told.cases, records, project)
    click.echo(_module("explanation").explanation(told))
    if records:
        click.echo(f"{records}: {len(told.cases)} cases, children's identifiers included; never circulate")


@cli.command()
@_root
def demo(root: Path | None) -> None:
    """Write the extract of an invented council into outputs/demo/extract.

    Then `csd run 2020-10` makes its pack for October 2020.
    """
    folder = _project(root) / "outputs" / "demo" / "extract"
    _module("demo").write_demo(folder)
    click.echo(f"{folder}: the records of Example Borough, all made up. Next: csd run 2020-10")


@cli.command()
@click.argument("subject")
@click.option(
    "--answer", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="What is withheld."
)
@click.option("--json", "as_json", is_flag=True, help="Print the verdicts as JSON.")
@_root
def audit(subject: str, answer: Path | None, as_json: bool, root: Path | None) -> None:
    """Say what a reader can work out of what is shown.

    SUBJECT is a month such as 2020-10, whose pack has been run, or a file CASE.json in the exchange
    format. For a month, Part 1 as released is audited against everything published before, and the
    kept proof is checked again without a solver.

    Exit codes: 0 nothing hidden can be worked out, 1 something can, 2 the input must be put right.
    """
    commands = _module("disclosure.commands")
    if subject.endswith(".json"):
        case, found = commands.audit_case(Path(subject), answer)
        unsafe = bool(found.unsafe)
    else:
        case, found, unsafe, said = _module("publication").audit_pack(Period.parse(subject), _project(root))
        click.echo(said, err=as_json)
    table = commands.verdict_table(case, found)
    click.echo(table.to_json(orient="records", indent=1) if as_json else commands.verdict_text(case, found))
    sys.exit(1 if unsafe else 0)


@cli.command()
@click.argument("case", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The answer.")
@click.option("--seconds", type=click.FloatRange(min=0.1), default=60.0, show_default=True)
@click.option("--coarsen", is_flag=True, help="Round to 10 or to 5 points before withholding altogether.")
def protect(case: Path, out: Path, seconds: float, coarsen: bool) -> None:
    """Find the cheapest figures to withhold in CASE.json, and write them to the answer.

    After --seconds the answer is as safe, but not proven to be the cheapest.

    Exit codes: 0 every count is protected, 1 some are public already (named as unfixable).
    """
    commands = _module("disclosure.commands")
    answer = commands.protect_case(case, seconds, coarsen)
    commands.write_answer(answer, out)
    proven = "the least possible" if answer["proven"] else "not proven to be the least"
    click.echo(
        f"{len(answer['withheld'])} statements withheld at a cost of {answer['cost']:g}, {proven}: {out}"
    )
    for target in answer["unfixable"]:
        click.echo(f"public already: {target} ({', '.join(answer['gave_away'][target])})")
    sys.exit(1 if answer["unfixable"] else 0)


@cli.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--examples", type=click.IntRange(0), default=10, show_default=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write every finding as CSV.")
def attack(folder: Path, examples: int, out: Path | None) -> None:
    """Work out what the published tables in FOLDER give away.

    FOLDER holds CSV tables as published, and tables.yaml, which names their marks, totals and parts
    (docs/disclosure.md shows one).

    Exit codes: 0 nothing withheld can be worked out, 1 something can, 2 the input must be put right.
    """
    attacks = _module("disclosure.attack")
    found = attacks.attack(folder)
    if out:
        found.to_csv(out, index=False)
    click.echo(attacks.summary(found, examples))
    sys.exit(1 if found["verdict"].ne("safe").any() else 0)


@cli.command()
@click.argument("period")
@_root
def publish(period: str, root: Path | None) -> None:
    """Record the pack of PERIOD as published: from now on its figures are known for ever.

    Part 1 is audited once more; then the released figures of both parts go into the ledger,
    outputs/published/ledger, and later editions are protected against them. Nothing in the ledger is
    ever written over.
    """
    path = _module("publication").publish(Period.parse(period), _project(root))
    click.echo(f"{period} is published; its figures are in {path}")


def _say_problems(path: Path, period: str) -> None:
    """Say how many rows of the extract are doubtful, and where they are listed."""
    lines = path.read_text(encoding="utf-8").splitlines()[1:] if path.exists() else []
    warnings = sum(line.startswith("warning,") for line in lines)
    if warnings:
        click.echo(f"{warnings} rows or months of the extract are doubtful: csd check {period}")


def main() -> None:
    """Run the command; turn a user's mistake into one message and an exit code."""
    try:
        sys.exit(cli(standalone_mode=False))
    except CsdError as error:
        _fail(f"csd: {error}", error.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        _fail("csd: stopped; the last good pack is as it was", _INTERRUPTED)
    except OSError as error:  # a full disk, a folder that may not be written
        _fail(f"csd: {error}; the last good pack is as it was", 1)


def _fail(message: str, code: int) -> None:
    click.echo(message, err=True)
    sys.exit(code)


def _project(root: Path | None) -> Path:
    return root.resolve() if root else Path(_module("workbench").find_root())


def _module(name: str) -> Any:
    """Import a module of the package when it is needed: ``--help`` must not wait for pandas."""
    return importlib.import_module(f"csd_helpers.{name}")


if __name__ == "__main__":
    main()
