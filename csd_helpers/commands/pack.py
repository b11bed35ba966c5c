"""Commands that make a pack: ``csd demo`` and ``csd run``."""

import time
from pathlib import Path

import click

from csd_helpers.commands.common import module, project, root_option
from csd_helpers.period import Period


@click.command()
@root_option
def demo(root: Path | None) -> None:
    """Write the extract of an invented council into outputs/demo/extract.

    Then `csd run 2020-10` makes its pack for October 2020.
    """
    folder = project(root) / "outputs" / "demo" / "extract"
    module("demo").write_demo(folder)
    click.echo(f"{folder}: the records of Example Borough, all made up. Next: csd run 2020-10")


@click.command()
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
@root_option
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
    module("server").start_server()  # it imports in a process of its own, while this one does, too
    batch, progress = module("batch"), module("progress")
    choice = batch.Choice(only=only, part=part, workers=jobs or 0, engine=engine, force=force)
    start = time.monotonic()
    with progress.display() as show:
        outcome = batch.run_pack(month, project(root), module("pipeline").prepare, choice, show)
    click.echo(
        f"{len(outcome.made)} pages made, {len(outcome.kept)} unchanged, in {time.monotonic() - start:.1f} s"
    )
    module("all_months").write_all_months(project(root))
    _say_problems(outcome.pack / "working" / "problems.csv", period)
    _say_notes(month, project(root))
    for page in ("part1/index.html", "part2/index.html"):
        click.echo(outcome.pack / page)


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


def _say_problems(path: Path, period: str) -> None:
    """Say how many rows of the extract are doubtful, and where they are listed."""
    lines = path.read_text(encoding="utf-8").splitlines()[1:] if path.exists() else []
    warnings = sum(line.startswith("warning,") for line in lines)
    if warnings:
        click.echo(f"{warnings} rows or months of the extract are doubtful: csd check {period}")


def _say_notes(month: Period, root: Path) -> None:
    """Say how many of the analyst's notes want a look, and how they are listed."""
    states = [note.state for note in module("notes").notes_of(month, root)]
    stale, moved = states.count("stale"), states.count("moved")
    if stale or moved:
        click.echo(f"annotations: {stale} under a figure that has changed, {moved} moved: csd notes {month}")
