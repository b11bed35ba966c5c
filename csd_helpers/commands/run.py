"""The command that makes packs: ``csd run``."""

import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from csd_helpers.commands.common import module, only_root_option, project
from csd_helpers.errors import CsdError
from csd_helpers.period import Period
from csd_helpers.root import command, common, council_root, is_council, known_councils

_NO_END = """Children's scrutiny dataset: the run did not come to its end

It could not start, or it was killed: the log says more.
"""  # what a summary says until there is more to say


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
@click.option(
    "--summary",
    metavar="FILE",
    help="Write how it went as plain text fit for an e-mail, the subject first; - for the screen.",
)
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
@click.option(
    "--council",
    "councils",
    multiple=True,
    metavar="NAME",
    help="A council of several: the name of its file in parameters/councils (repeatable), or all.",
)
@only_root_option
def run(
    period: str | None,
    latest: bool,
    from_file: str | None,
    root: Path | None,
    summary: str | None,
    councils: tuple[str, ...],
    **how: Any,
) -> None:
    """Make the pack of PERIOD, a month such as 2020-10 or a range such as 2018-04:2020-10.

    Reads parameters/periods/PERIOD.yaml and the extract it names, counts, rates and releases the
    figures, executes every notebook for Part 1 and Part 2, and writes the pages:

    \b
      outputs/PERIOD/part1/index.html   public: small numbers are suppressed
      outputs/PERIOD/part2/index.html   exempt: every figure
      outputs/PERIOD/manifest.json      what the pack was made from, with hashes
      outputs/PERIOD/working/           executed notebooks and full figures: never circulate
      outputs/PERIOD.run.html           how the last run went, and what to do if it failed
      outputs/PERIOD.run.json           the same for a scheduler

    The pack appears whole or not at all: if anything fails, the last good pack stays as it is and
    what was made is kept in outputs/PERIOD.failed to look into; the next run takes finished pages
    from there. Pages that nothing has changed for are kept. With --only or --part the pack's other
    pages are kept, if they are up to date. In a range every month needs a parameter file (see
    --from-file), and --jobs is the number of months at a time. With --council the packs are those of
    councils with a file in parameters/councils, each in councils/NAME/outputs; one that fails does not
    stop the others.

    \b
    Examples:
      csd run 2020-10
      csd run 2020-10 --only looked_after --part 2
      csd run 2018-04:2020-10 --from-file 2020-10
      csd run --latest --wait 600
      csd run 2020-10 --council northmoor --council southmoor
      csd run 2018-04:2020-10 --council all

    Exit codes: 0 a pack was made, 1 the run failed, 2 something must be put right first.
    """
    if latest == (period is not None):
        raise click.UsageError("give either a PERIOD or --latest")
    folder = project(root)
    homes = _homes(folder, councils)
    if summary and summary != "-":
        Path(summary).write_text(_NO_END, encoding="utf-8")
    if latest and len(homes) == 1:
        period = str(module("months").latest_month(homes[0]))
    if period and len(homes) == 1 and _is_unchanged(period, homes[0], from_file, summary, how):
        return
    tasks = [task for home in homes for task in _tasks(period, home, from_file)]
    dry, as_json, jobs = how.pop("dry_run"), how.pop("as_json"), how.pop("jobs")
    choice = module("plan").Choice(workers=jobs or 0, **how)
    if dry:
        for task in tasks:
            _say_plan(task, choice)
    elif len(tasks) > 1:
        sys.exit(_run_many(tasks, choice, as_json, summary))
    else:
        _run_one(tasks[0], choice, as_json, summary)


def _homes(folder: Path, councils: tuple[str, ...]) -> list[Path]:
    """Return the root of every council asked for; the project's own where none is."""
    base = common(folder)
    names = known_councils(base) if "all" in councils else list(dict.fromkeys(councils))
    if councils and not names:
        fix = "write a file for each council: see docs/region.md"
        raise CsdError("there are no councils to run", "parameters/councils", fix=fix)
    return [council_root(base, name) for name in names] or [folder]


def _tasks(period: str | None, home: Path, from_file: str | None) -> list[Any]:
    """Return the packs to make in a root."""
    return [_task(month, home) for month in _months(period, home, from_file)]


def _task(month: Period, home: Path) -> Any:
    return module("task").Task(month, home, home.name if is_council(home) else "")


def _months(period: str | None, folder: Path, from_file: str | None) -> list[Period]:
    """Return the months asked for, each with a parameter file."""
    named = module("months")
    months: list[Period] = [named.latest_month(folder)] if period is None else named.months_of(period)
    model = Period.parse(from_file) if from_file else None
    for path in named.require_files(folder, months, model) if len(months) > 1 or model else []:
        click.echo(f"{path}: written")
    return months


def _is_unchanged(
    period: str, folder: Path, from_file: str | None, summary: str | None, how: dict[str, Any]
) -> bool:
    """Say that nothing has changed since the last run of a month, if so and if that was asked."""
    special = ("only", "part", "dry_run", "force", "as_json")
    if ":" in period or from_file or any(how[name] for name in special):
        return False
    start, clock = datetime.now(UTC), time.monotonic()
    month = Period.parse(period)
    pages = int(module("seal").unchanged_pages(month, folder))
    if pages:
        module("record").write_record(folder, period, start, [], pages)
        click.echo(f"{pages} pages unchanged")
        _say_problems(month, folder)
        for page in ("part1/index.html", "part2/index.html"):
            click.echo(folder / "outputs" / period / page)
        task = _task(month, folder)
        _end([task.result(clock, kept=pages)], [task], summary, False)
    return bool(pages)


def _run_one(task: Any, choice: Any, as_json: bool, summary: str | None) -> None:
    """Run one month with its notebooks shown as they go."""
    ask = module("server").ask

    def prepare(*arguments: Any) -> Any:
        """Let a worker count and protect: it has the imports done, and this process never holds a figure."""
        return ask("preparation.prepare_once", *arguments)

    clock = time.monotonic()
    month, folder = task.month, task.root
    _warn_of_damage(month, folder)
    try:
        with module("progress").display(as_json) as show:
            outcome = module("attempt").attempt(month, folder, prepare, choice, show)
    except BaseException as error:
        result = task.result(clock, error=str(error), exit_code=getattr(error, "exit_code", 1))
        _end([result], [task], summary, as_json)
        raise
    ask("all_months.write_all_months", folder)
    result = task.result(clock, made=len(outcome.made), kept=len(outcome.kept))
    if not as_json:
        click.echo(f"{result.made} pages made, {result.kept} unchanged, in {result.seconds:.1f} s")
        _say_problems(month, folder)
        _say_notes(month, folder)
        for page in ("part1/index.html", "part2/index.html"):
            click.echo(outcome.pack / page)
    _end([result], [task], summary, as_json)


def _run_many(tasks: list[Any], choice: Any, as_json: bool, summary: str | None) -> int:
    """Run several months side by side, a line for each as it is done; return the exit code."""

    def tell(result: Any) -> None:
        """Print a result as it comes."""
        if as_json:
            click.echo(json.dumps(vars(result)))
        elif result.error:
            click.echo(f"{result.name}: failed: {result.error}")
        else:
            made = f"{result.made} pages made, {result.kept} unchanged"
            click.echo(f"{result.name}: {made}, in {result.seconds:.1f} s")

    results = module("campaign").run_months(tasks, choice, tell)
    for root in dict.fromkeys(task.root for task in tasks):
        module("server").ask("all_months.write_all_months", root)
    _end(results, tasks, summary, False)
    return max(result.exit_code for result in results)


def _end(results: list[Any], tasks: list[Any], summary: str | None, as_json: bool) -> None:
    """Write what programs and people are told of the run as a whole."""
    if as_json:
        click.echo(json.dumps(vars(results[0])))
    if summary:
        homes = {task.council: task.root for task in tasks}
        text = module("run_summary").run_summary(results, homes, _waiting(results, tasks))
        if summary == "-":
            click.echo(text)
        else:
            Path(summary).write_text(text, encoding="utf-8")


def _waiting(results: list[Any], tasks: list[Any]) -> dict[str, str]:
    """Say what stands between each council's latest month and its publication, in numbers of matters."""
    latest = {task.council: (result, task) for result, task in zip(results, tasks, strict=True)}
    said = {}
    for result, task in latest.values():
        if not result.error:
            said[result.name] = f"{_counted(task)}: {command(f'csd check {task.month}', task.root)}"
    return said


def _counted(task: Any) -> str:
    """Count what stands between a month and its publication; the run itself went well all the same."""
    try:
        found = [matter.severity for matter in module("readiness").matters(task.month, task.root)]
    except (CsdError, OSError):
        return "the check could not be made"
    return f"{found.count('blocking')} blocking matters, {found.count('warning')} warnings"


def _say_plan(task: Any, choice: Any) -> None:
    """Print what a run would do, and why."""
    plan = module("preparation").plan_only(task.month, task.root, choice)
    name = f"{task.council} {task.month}".strip()
    click.echo(f"{name}: {len(plan.make)} pages would be made, {len(plan.keep)} kept")
    made = {job.html for job in plan.make}
    for html, why in plan.why.items():
        click.echo(f"  {'make' if html in made else 'keep'}  {html}: {why}")


def _say_problems(month: Period, root: Path) -> None:
    """Say how many rows of the extract are doubtful, and where they are listed."""
    path = root / "outputs" / str(month) / "working" / "problems.csv"
    lines = path.read_text(encoding="utf-8").splitlines()[1:] if path.exists() else []
    warnings = sum(line.startswith("warning,") for line in lines)
    if warnings:
        click.echo(
            f"{warnings} rows or months of the extract are doubtful: {command(f'csd check {month}', root)}"
        )


def _warn_of_damage(month: Period, root: Path) -> None:
    """Warn that notes of a damaged notebook cannot be told, so that they reach no page of this run."""
    for note in _notes(month, root):
        if note.state == "unreadable":
            what = f"{note.notebook}.ipynb cannot be read; what you wrote in it is on no page of this run"
            click.echo(f"warning: {what}, and the file is kept beside the new one", err=True)


def _notes(month: Period, root: Path) -> list[Any]:
    """List the analyst's notes, if somebody has written in a working notebook: reading them takes a while."""
    working = root / "outputs" / str(month) / "working"
    return module("notes").notes_of(month, root) if module("written").touched(working) else []


def _say_notes(month: Period, root: Path) -> None:
    """Say how many of the analyst's notes want a look, and how they are listed."""
    found = _notes(month, root)
    for note in found:
        if note.misses_its_page:
            words = " ".join(note.text.split())[:60]
            click.echo(f"warning: {note.notebook}.ipynb: tagged for a page, but on none: {words}", err=True)
    states = [note.state for note in found]
    said = {
        "under a figure that has changed": sum("stale" in state for state in states),
        "moved": states.count("moved"),
        "not in Part 1, which withholds their figure": sum("withheld" in state for state in states),
    }
    if any(said.values()):
        told = ", ".join(f"{count} {what}" for what, count in said.items() if count)
        click.echo(f"annotations: {told}: {command(f'csd notes {month}', root)}")
