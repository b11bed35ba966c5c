"""A period's pack, from the extract to the pages: everything or nothing."""

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from csd_helpers.errors import CsdError
from csd_helpers.job import NotebookJob, NotebookResult
from csd_helpers.manifest import Manifest, code_digest, digest, page_key, read_pages, versions
from csd_helpers.period import Period
from csd_helpers.server import start_server
from csd_helpers.staging import IncompleteError, staged
from csd_helpers.workers import Progress, Step, check_parameters, run_jobs
from csd_helpers.working import WORKING

_SUMMARY = "summary"
_WORKER_MB = 250  # a worker with pandas, figures drawn and the exporter


class Prepared(Protocol):
    """What the batch is given of a period: released figures, and what the pages say around them."""

    @property
    def releases(self) -> dict[int, Path]:
        """The release folder of each part."""

    @property
    def inputs(self) -> dict[str, Path]:
        """Every file that went in, by the name the manifest gives it."""

    @property
    def notebooks(self) -> list[str]:
        """Names of the notebooks, the summary first."""

    @property
    def parameters(self) -> dict[str, Any]:
        """The period's settings."""

    def page(self, part: int, notebook: str) -> dict[str, Any]:
        """Return what a page says around its notebook's content."""

    def downloads(self, part: int) -> dict[str, bytes]:
        """Return the files that go beside a part's pages."""


Prepare = Callable[[Period, Path, Path], Prepared]


@dataclass(frozen=True)
class Choice:
    """What to run, and how.

    Parameters
    ----------
    only
        Notebooks to make again, all if empty; the pack's other pages are kept.
    part
        The part to make again, both if ``None``.
    workers
        Notebooks at a time; 0 for as many as the machine can take.
    engine
        ``csd``, or ``standard`` for a kernel per notebook.
    force
        Make pages again even if nothing they are made from has changed.
    exporter
        Name of the nbconvert exporter.
    """

    only: tuple[str, ...] = ()
    part: int | None = None
    workers: int = 0
    engine: str = "csd"
    force: bool = False
    exporter: str = "csd"

    def names(self, job: NotebookJob) -> bool:
        """Return whether a job is among those asked for."""
        return (not self.only or job.notebook.stem in self.only) and self.part in (None, job.part)

    @property
    def is_partial(self) -> bool:
        """Whether pages are asked for by name."""
        return bool(self.only) or self.part is not None


@dataclass(frozen=True)
class Outcome:
    """A run that went well: where the pack is, what was made, what was kept as it was."""

    pack: Path
    made: list[NotebookResult]
    kept: list[str]


@dataclass
class Plan:
    """Which pages are made, and which are taken from the pack there is."""

    make: list[NotebookJob] = field(default_factory=list)
    keep: list[NotebookJob] = field(default_factory=list)
    keys: dict[str, str] = field(default_factory=dict)


def run_pack(
    period: Period, root: Path, prepare: Prepare, choice: Choice, progress: Progress = lambda step: None
) -> Outcome:
    """Make a period's pack; the last good one stays until the new one is complete.

    Parameters
    ----------
    root
        The project's root; the pack is ``outputs/<period>`` in it.
    prepare
        Turns the period's extract into what each part is handed (`csd_helpers.pipeline.prepare`).
    progress
        Called whenever a notebook has moved on.

    Raises
    ------
    CsdError
        For anything to be put right in the input, before a notebook is started; or naming every
        notebook that failed, with cell and message.
    """
    start_server()
    output = root / "outputs" / str(period)
    with staged(output) as pack:
        prepared = prepare(period, root, pack / WORKING)
        jobs = all_jobs(prepared, period, root, choice)
        plan = make_plan(jobs, prepared, output, choice)
        check_parameters(plan.make)
        start = datetime.now(UTC)
        results = run_jobs(plan.make, pack, choice.workers or default_workers(), progress)
        _write_run(pack, start, results, plan, choice)
        _refuse_failures(results, output)
        _keep_pages(plan, output, pack, progress)
        _write_manifest(pack, period, prepared, plan)
    return Outcome(output, results, [job.html for job in plan.keep])


def run_notebooks(
    jobs: list[NotebookJob], pack: Path, workers: int, progress: Progress = lambda step: None
) -> list[NotebookResult]:
    """Execute notebooks and write their pages, each in a process of its own.

    Parameters
    ----------
    pack
        Folder that the jobs' pages and executed notebooks are written into.
    workers
        Notebooks at a time; 0 for as many as the machine can take.

    Returns
    -------
    list of NotebookResult
        In the order of the jobs; a failure is a result with an ``error``.

    Raises
    ------
    CsdError
        If a notebook lacks a parameter, before anything is started.
    """
    check_parameters(jobs)
    return run_jobs(jobs, pack, workers or default_workers(), progress)


def all_jobs(prepared: Prepared, period: Period, root: Path, choice: Choice) -> list[NotebookJob]:
    """List a pack's pages: every notebook for every part."""
    unknown = sorted(set(choice.only) - set(prepared.notebooks))
    if unknown:
        names = ", ".join(prepared.notebooks)
        raise CsdError(f"there is no notebook '{unknown[0]}'", expected=f"one of {names}")
    return [
        NotebookJob(
            notebook=root / "notebooks" / f"{name}.ipynb",
            part=part,
            parameters={"period": str(period), "part": part, "release": str(release)},
            page=prepared.page(part, name),
            html=f"part{part}/{'index' if name == _SUMMARY else name}.html",
            executed=f"{WORKING}/notebooks/part{part}/{name}.ipynb",
            engine=choice.engine,
            exporter=choice.exporter,
        )
        for part, release in prepared.releases.items()
        for name in prepared.notebooks
    ]


def make_plan(jobs: list[NotebookJob], prepared: Prepared, output: Path, choice: Choice) -> Plan:
    """Decide which pages are made and which are kept.

    A page is kept if it is as its run left it and nothing it is made from has changed since.

    Raises
    ------
    CsdError
        If only some pages are asked for and another one is out of date: a pack is never a
        mixture of two states.
    """
    pages, plan = read_pages(output), Plan()
    for job in jobs:
        if not job.notebook.is_file():
            raise CsdError("the notebook does not exist", where=str(job.notebook))
        plan.keys[job.html] = page_key(job, prepared.releases[job.part])
        is_current = _is_current(job, plan.keys[job.html], pages, output)
        asked = choice.names(job)
        if not asked and not is_current:
            raise _out_of_date(job, output)
        remake = asked and (choice.is_partial or choice.force or not is_current)
        (plan.make if remake else plan.keep).append(job)
    return plan


def default_workers() -> int:
    """Return how many notebooks to run at a time: a core each, and memory for each."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    meminfo = Path("/proc/meminfo")
    if not meminfo.exists():
        return cores
    available = next(line for line in meminfo.read_text().splitlines() if line.startswith("MemAvailable"))
    return max(1, min(cores, int(available.split()[1]) // 1024 // _WORKER_MB))


def _is_current(job: NotebookJob, key: str, pages: dict[str, dict[str, str]], output: Path) -> bool:
    page, known = output / job.html, pages.get(job.html, {})
    return known.get("key") == key and page.is_file() and digest(page) == known.get("sha256")


def _out_of_date(job: NotebookJob, output: Path) -> CsdError:
    return CsdError(
        f"the page {job.html} would be out of date in this pack",
        where=str(output),
        expected="a pack made from the same figures, notebooks and code, when only some pages are made again",
        fix="run the whole period, without --only and --part",
    )


def _keep_pages(plan: Plan, output: Path, pack: Path, progress: Progress) -> None:
    for job in plan.keep:
        (pack / job.html).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(output / job.html, pack / job.html)
        progress(Step(job, "unchanged"))


def _write_manifest(pack: Path, period: Period, prepared: Prepared, plan: Plan) -> None:
    inputs = {name: digest(path) for name, path in prepared.inputs.items()}
    manifest = Manifest(str(period), inputs, prepared.parameters, versions(), code_digest())
    for job in [*plan.make, *plan.keep]:
        manifest.add_page(pack, job, plan.keys[job.html])
    for part in prepared.releases:
        for name, content in prepared.downloads(part).items():
            file = pack / f"part{part}" / name
            file.write_bytes(content)
            manifest.downloads[f"part{part}/{name}"] = digest(file)
    manifest.write(pack)


def _write_run(
    pack: Path, start: datetime, results: list[NotebookResult], plan: Plan, choice: Choice
) -> None:
    """Write what a person or a scheduler wants to know of this run, times included."""
    notebooks = [
        {
            "name": result.job.name,
            "state": "failed" if result.error else "made",
            **{name: value for name, value in vars(result).items() if name != "job"},
        }
        for result in results
    ]
    run = {
        "started": start.isoformat(timespec="seconds"),
        "seconds": round((datetime.now(UTC) - start).total_seconds(), 3),
        "state": "failed" if any(result.error for result in results) else "complete",
        "choice": asdict(choice),
        "notebooks": notebooks,
        "unchanged": [job.name for job in plan.keep],
    }
    (pack / WORKING).mkdir(parents=True, exist_ok=True)
    (pack / WORKING / "run.json").write_text(json.dumps(run, indent=1), encoding="utf-8")


def _refuse_failures(results: list[NotebookResult], output: Path) -> None:
    failures = [result for result in results if result.error]
    if failures:
        noun = "notebook" if len(failures) == 1 else "notebooks"
        kept = "the last good pack is as it was" if output.exists() else "there is no pack"
        raise IncompleteError(
            f"{len(failures)} {noun} failed; {kept}\n" + "\n".join(f"  {failure}" for failure in failures),
            where=f"{IncompleteError.folder(output)} (executed notebooks, and run.json with the tracebacks)",
            exit_code=1,
        )
