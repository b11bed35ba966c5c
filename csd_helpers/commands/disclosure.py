"""Commands of disclosure control: ``csd audit``, ``csd protect`` and ``csd attack``."""

import sys
from pathlib import Path

import click

from csd_helpers.commands.common import module, project, root_option
from csd_helpers.period import Period


@click.command()
@click.argument("subject")
@click.option(
    "--answer", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="What is withheld."
)
@click.option("--json", "as_json", is_flag=True, help="Print the verdicts as JSON.")
@root_option
def audit(subject: str, answer: Path | None, as_json: bool, root: Path | None) -> None:
    """Say what a reader can work out of what is shown.

    SUBJECT is a month such as 2020-10, whose pack has been run, or a file CASE.json in the exchange
    format. For a month, Part 1 as released is audited against everything published before, and the
    kept proof is checked again without a solver.

    Exit codes: 0 nothing hidden can be worked out, 1 something can, 2 the input must be put right.
    """
    commands = module("disclosure.commands")
    if subject.endswith(".json"):
        case, found = commands.audit_case(Path(subject), answer)
        unsafe = bool(found.unsafe)
    else:
        case, found, unsafe, said = module("publication").audit_pack(Period.parse(subject), project(root))
        click.echo(said, err=as_json)
    table = commands.verdict_table(case, found)
    click.echo(table.to_json(orient="records", indent=1) if as_json else commands.verdict_text(case, found))
    sys.exit(1 if unsafe else 0)


@click.command()
@click.argument("case", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The answer.")
@click.option("--seconds", type=click.FloatRange(min=0.1), default=60.0, show_default=True)
@click.option("--coarsen", is_flag=True, help="Round to 10 or to 5 points before withholding altogether.")
def protect(case: Path, out: Path, seconds: float, coarsen: bool) -> None:
    """Find the cheapest figures to withhold in CASE.json, and write them to the answer.

    After --seconds the answer is as safe, but not proven to be the cheapest.

    Exit codes: 0 every count is protected, 1 some are public already (named as unfixable).
    """
    commands = module("disclosure.commands")
    answer = commands.protect_case(case, seconds, coarsen)
    commands.write_answer(answer, out)
    proven = "the least possible" if answer["proven"] else "not proven to be the least"
    click.echo(
        f"{len(answer['withheld'])} statements withheld at a cost of {answer['cost']:g}, {proven}: {out}"
    )
    for target in answer["unfixable"]:
        click.echo(f"public already: {target} ({', '.join(answer['gave_away'][target])})")
    sys.exit(1 if answer["unfixable"] else 0)


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--examples", type=click.IntRange(0), default=10, show_default=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write every finding as CSV.")
def attack(folder: Path, examples: int, out: Path | None) -> None:
    """Work out what the published tables in FOLDER give away.

    FOLDER holds CSV tables as published, and tables.yaml, which names their marks, totals and parts
    (docs/disclosure.md shows one).

    Exit codes: 0 nothing withheld can be worked out, 1 something can, 2 the input must be put right.
    """
    attacks = module("disclosure.attack")
    found = attacks.attack(folder)
    if out:
        found.to_csv(out, index=False)
    click.echo(attacks.summary(found, examples))
    sys.exit(1 if found["verdict"].ne("safe").any() else 0)
