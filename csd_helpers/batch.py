"""A period's pack, from the extract to the pages: everything or nothing."""

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from csd_helpers.job import NotebookJob, NotebookResult
from csd_helpers.manifest import Manifest, code_digest, digest, versions
from csd_helpers.period import Period
from csd_helpers.plan import Choice, Plan, Prepared, all_jobs, make_plan
from csd_helpers.server import start_server
from csd_helpers.staging import IncompleteError, staged
from csd_helpers.workers import Progress, Step, check_parameters, run_jobs
from csd_helpers.working import WORKING

_WORKER_MB = 250  # a worker with pandas, figures drawn and the exporter


Prepare = Callable[[Period, Path, Path], Prepared]


@dataclass(frozen=True)
class Outcome:
    """A run that went well: where the pack is, what was made, what was kept as it was."""

    pack: Path
    made: list[NotebookResult]
    kept: list[str]


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


def default_workers() -> int:
    """Return how many notebooks to run at a time: a core each, and memory for each."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    meminfo = Path("/proc/meminfo")
    if not meminfo.exists():
        return cores
    available = next(line for line in meminfo.read_text().splitlines() if line.startswith("MemAvailable"))
    return max(1, min(cores, int(available.split()[1]) // 1024 // _WORKER_MB))


def _keep_pages(plan: Plan, output: Path, pack: Path, progress: Progress) -> None:
    for job in plan.keep:
        (pack / job.html).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(output / job.html, pack / job.html)
        progress(Step(job, "unchanged"))


def _write_manifest(pack: Path, period: Period, prepared: Prepared, plan: Plan) -> None:
    manifest = Manifest(str(period), prepared.inputs, prepared.parameters, versions(), code_digest())
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
            f"{len(failures)} {noun} failed; {kept}\n" + "\n".join(_tell(failures)),
            where=f"{IncompleteError.folder(output)} (executed notebooks, and run.json with the tracebacks)",
            exit_code=1,
        )


def _tell(failures: list[NotebookResult]) -> list[str]:
    """Say what failed, a line for each cause."""
    causes: dict[str, list[str]] = {}
    for failure in failures:
        cause = f"{failure.cell}: {failure.error}" if failure.cell else failure.error
        causes.setdefault(cause, []).append(failure.job.name)
    return [f"  {', '.join(names)}: {cause}" for cause, names in causes.items()]
