"""Commands that make a pack: ``csd demo`` and ``csd run``."""

import contextlib
import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

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
@click.argument("period", required=False)
@click.option("--latest", is_flag=True, help="The latest month that has a parameter file and an extract.")
@click.option(
    "--from-file",
    metavar="MONTH",
    help="Write the parameter files that months of the range lack, as copies of this month's.",
)
@click.option("--only", "only", multiple=True, metavar="NOTEBOOK", help="Make this page again (repeatable).")
@click.option("--part", type=click.IntRange(1, 2), help="Make the pages of this part again.")
@click.option("--dry-run", is_flag=True, help="Say what would be made and why; change nothing.")
@click.option("--jobs", type=click.IntRange(1), help="Notebooks at a time. [default: a core and 250 MB each]")
@click.option("--wait", type=click.FloatRange(0), default=0, help="Seconds to wait for another run.")
@click.option("--json", "as_json", is_flag=True, help="Print progress as JSON, an object to a line.")
@click.option("--cluster", default="", metavar="ADDRESS", help="A Dask scheduler that does the notebooks.")
@click.option(
    "--engine",
    type=click.Choice(["csd", "standard"]),
    default="csd",
    show_default=True,
    help="'standard' starts a Jupyter kernel for every notebook: slower, the same pages.",
)
@click.option("--force", is_flag=True, help="Make every page again, even if nothing has changed.")
@root_option
def run(period: str | None, latest: bool, from_file: str | None, root: Path | None, **how: Any) -> None:
    """Make the pack of PERIOD, a month such as 2020-10 or a range such as 2018-04:2020-10.

    Reads parameters/periods/PERIOD.yaml and the extract it names, counts, rates and releases the
    figures, executes every notebook for Part 1 and Part 2, and writes the pages:

    \b
      outputs/PERIOD/part1/index.html   public: small numbers are suppressed
      outputs/PERIOD/part2/index.html   exempt: every figure
      outputs/PERIOD/manifest.json      what the pack was made from, with hashes
      outputs/PERIOD/working/           executed notebooks and full figures: never circulate
      outputs/PERIOD.run.json           how the last run went, for a scheduler

    The pack appears whole or not at all: if anything fails, the last good pack stays as it is and
    what was made is kept in outputs/PERIOD.failed to look into; the next run takes finished pages
    from there. Pages that nothing has changed for are kept. With --only or --part the pack's other
    pages are kept, if they are up to date. In a range every month needs a parameter file (see
    --from-file), and --jobs is the number of months at a time.

    \b
    Examples:
      csd run 2020-10
      csd run 2020-10 --only looked_after --part 2
      csd run 2018-04:2020-10 --from-file 2020-10
      csd run --latest --wait 600

    Exit codes: 0 a pack was made, 1 the run failed, 2 something must be put right first.
    """
    if latest == (period is not None):
        raise click.UsageError("give either a PERIOD or --latest")
    folder = project(root)
    if period and _is_unchanged(period, folder, from_file, how):
        return
    named = module("months")
    months = [named.latest_month(folder)] if period is None else named.months_of(period)
    model = Period.parse(from_file) if from_file else None
    for path in named.require_files(folder, months, model) if len(months) > 1 or model else []:
        click.echo(f"{path}: written")
    dry, as_json, jobs = how.pop("dry_run"), how.pop("as_json"), how.pop("jobs")
    choice = module("plan").Choice(workers=jobs or 0, **how)
    if dry:
        for month in months:
            _say_plan(month, folder, choice)
    elif len(months) > 1:
        _run_months(months, folder, choice, as_json)
    else:
        _run_month(months[0], folder, choice, as_json)


def _is_unchanged(period: str, folder: Path, from_file: str | None, how: dict[str, Any]) -> bool:
    """Say that nothing has changed since the last run of a month, if so and if that was asked."""
    special = ("only", "part", "dry_run", "force", "as_json")
    if ":" in period or from_file or any(how[name] for name in special):
        return False
    start = datetime.now(UTC)
    pages = int(module("seal").unchanged_pages(Period.parse(period), folder))
    if pages:
        module("record").write_record(folder, period, start, [], pages)
        click.echo(f"{pages} pages unchanged")
        _say_problems(folder / "outputs" / period / "working" / "problems.csv", period)
        for page in ("part1/index.html", "part2/index.html"):
            click.echo(folder / "outputs" / period / page)
    return bool(pages)


def _run_month(month: Period, folder: Path, choice: Any, as_json: bool) -> None:
    module("server").start_server()  # it imports while this process does, and while figures are counted
    batch, record = module("batch"), module("record")
    prepare = module("preparation").prepare_once
    start, clock = datetime.now(UTC), time.monotonic()
    before = module("seal").circumstances(month, folder)
    _warn_of_damage(month, folder)
    try:
        with module("progress").display(as_json) as show:
            outcome = batch.run_pack(month, folder, prepare, choice, show)
    except BaseException as error:
        with contextlib.suppress(OSError):  # a full disk: the message says it
            record.write_failure(folder, str(month), start, error)
        raise
    record.write_record(folder, str(month), start, outcome.made, len(outcome.kept))
    module("all_months").write_all_months(folder)
    module("seal").seal(month, folder, before)
    if as_json:
        return
    click.echo(
        f"{len(outcome.made)} pages made, {len(outcome.kept)} unchanged, in {time.monotonic() - clock:.1f} s"
    )
    _say_problems(outcome.pack / "working" / "problems.csv", str(month))
    _say_notes(month, folder)
    for page in ("part1/index.html", "part2/index.html"):
        click.echo(outcome.pack / page)


def _run_months(months: list[Period], folder: Path, choice: Any, as_json: bool) -> None:
    def tell(result: Any) -> None:
        if as_json:
            click.echo(json.dumps(vars(result)))
        elif result.error:
            click.echo(f"{result.period}: failed: {result.error}")
        else:
            made = f"{result.made} pages made, {result.kept} unchanged"
            click.echo(f"{result.period}: {made}, in {result.seconds:.1f} s")

    results = module("campaign").run_months(months, folder, choice, tell)
    module("all_months").write_all_months(folder)
    sys.exit(max(result.exit_code for result in results))


def _say_plan(month: Period, folder: Path, choice: Any) -> None:
    """Print what a run would do, and why."""
    plan = module("preparation").plan_only(month, folder, choice)
    click.echo(f"{month}: {len(plan.make)} pages would be made, {len(plan.keep)} kept")
    made = {job.html for job in plan.make}
    for html, why in plan.why.items():
        click.echo(f"  {'make' if html in made else 'keep'}  {html}: {why}")


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


def _warn_of_damage(month: Period, root: Path) -> None:
    """Warn that notes of a damaged notebook cannot be told, so that they reach no page of this run."""
    if not (root / "outputs" / str(month) / "working" / "notebooks").is_dir():
        return
    for note in module("notes").notes_of(month, root):
        if note.state == "unreadable":
            what = f"{note.notebook}.ipynb cannot be read; what you wrote in it is on no page of this run"
            click.echo(f"warning: {what}, and the file is kept beside the new one", err=True)


def _say_notes(month: Period, root: Path) -> None:
    """Say how many of the analyst's notes want a look, and how they are listed."""
    found = module("notes").notes_of(month, root)
    for note in found:
        if note.misses_its_page:
            words = " ".join(note.text.split())[:60]
            click.echo(f"warning: {note.notebook}.ipynb: tagged for a page, but on none: {words}", err=True)
    states = [note.state for note in found]
    stale, moved = states.count("stale"), states.count("moved")
    if stale or moved:
        click.echo(f"annotations: {stale} under a figure that has changed, {moved} moved: csd notes {month}")
