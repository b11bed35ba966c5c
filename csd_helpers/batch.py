"""A period's pack, from the extract to the pages: everything or nothing."""

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import psutil

from csd_helpers.job import NotebookJob, NotebookResult
from csd_helpers.journal import enter
from csd_helpers.manifest import (
    MANIFEST,
    Manifest,
    changes_since,
    code_digest,
    digest,
    download_key,
    kept_downloads,
    versions,
)
from csd_helpers.period import Period
from csd_helpers.plan import Choice, Plan, all_jobs, check_choice, make_plan
from csd_helpers.prepared import Prepared
from csd_helpers.server import start_server
from csd_helpers.staging import IncompleteError, failed_folder, staged
from csd_helpers.workers import Progress, Step, check_parameters, run_jobs
from csd_helpers.working import WORKING

_WORKER_MB = 250  # a worker with pandas, figures drawn and the exporter


Prepare = Callable[[Period, Path, Path], Prepared]


@dataclass(frozen=True)
class Outcome:
    """A run that went well: where the pack is, what was made, what was kept as it was.

    ``changed`` names what the pack is made from that is not as it was for the pack before.
    """

    pack: Path
    made: list[NotebookResult]
    kept: list[str]
    changed: dict[str, str] = field(default_factory=dict)


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
    check_choice(choice, root)
    start_server()
    output = root / "outputs" / str(period)
    with staged(output, choice.wait) as pack:
        prepared = prepare(period, root, pack / WORKING)
        jobs = all_jobs(prepared, period, root, choice)
        plan = make_plan(jobs, prepared, output, choice)
        check_parameters(plan.make)
        start, changed = datetime.now(UTC), changes_since(output, prepared.inputs)

        def note(step: Step) -> None:
            """Enter a finished page into the journal before anybody is told of it."""
            if step.state == "done":
                enter(pack, step.job, plan.keys[step.job.html])
            progress(step)

        results = _do(plan.make, pack, choice, note)
        _write_run(pack, start, results, plan, choice)
        _keep_pages(plan, output, pack, progress)
        _refuse_failures(results, output, changed)
        _write_manifest(pack, period, prepared, plan, output)
    return Outcome(output, results, [job.html for job in plan.keep], changed)


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


def default_workers(megabytes: int = _WORKER_MB) -> int:
    """Return how many processes to run at a time: a core each, and memory for each."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(cores, psutil.virtual_memory().available // 1024**2 // megabytes))


def _do(jobs: list[NotebookJob], pack: Path, choice: Choice, progress: Progress) -> list[NotebookResult]:
    """Do jobs here, or on the cluster that was named."""
    if choice.cluster and jobs:
        from csd_helpers.cluster import run_on_cluster  # noqa: PLC0415  # an extra of the package

        return run_on_cluster(jobs, pack, choice.cluster, progress)
    return run_jobs(jobs, pack, choice.workers or default_workers(), progress)


def _keep_pages(plan: Plan, output: Path, pack: Path, progress: Progress) -> None:
    for job in plan.keep:
        (pack / job.html).parent.mkdir(parents=True, exist_ok=True)
        source = plan.source[job.html]
        shutil.copyfile(source / job.html, pack / job.html)
        enter(pack, job, plan.keys[job.html])
        if source != output and job.executed and (source / job.executed).is_file():
            (pack / job.executed).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source / job.executed, pack / job.executed)
        progress(Step(job, "unchanged"))


def _write_manifest(pack: Path, period: Period, prepared: Prepared, plan: Plan, output: Path) -> None:
    manifest = Manifest(str(period), prepared.inputs, prepared.parameters, versions(), code_digest())
    for job in [*plan.make, *plan.keep]:
        manifest.add_page(pack, job, plan.keys[job.html])
    _write_downloads(pack, prepared, output, manifest)
    manifest.write(pack)


def _write_downloads(pack: Path, prepared: Prepared, output: Path, manifest: Manifest) -> None:
    """Write the files beside the pages; those that nothing has changed for are taken from the last pack."""
    keys = {part: download_key(release) for part, release in prepared.releases.items()}
    kept = {part: kept_downloads(output, part, key) for part, key in keys.items()}
    made = prepared.downloads([part for part, files in kept.items() if not files])
    for files in (made, *kept.values()):
        for name, content in files.items():
            (pack / name).write_bytes(content)
            manifest.downloads[name] = digest(pack / name)
    manifest.download_keys |= {f"part{part}": key for part, key in keys.items()}


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


def _refuse_failures(results: list[NotebookResult], output: Path, changed: dict[str, str]) -> None:
    failures = [result for result in results if result.error]
    if failures:
        noun = "notebook" if len(failures) == 1 else "notebooks"
        kept = "the last good pack is as it was" if (output / MANIFEST).exists() else "there is no pack"
        raise IncompleteError(
            f"{len(failures)} {noun} failed; {kept}\n" + "\n".join(_tell(failures)),
            where=f"{failed_folder(output)} (executed notebooks, and run.json with the tracebacks)",
            exit_code=1,
            results=results,
            changed=changed,
        )


def _tell(failures: list[NotebookResult]) -> list[str]:
    """Say what failed, a line for each cause."""
    causes: dict[str, list[str]] = {}
    for failure in failures:
        cause = f"{failure.cell}: {failure.error}" if failure.cell else failure.error
        causes.setdefault(cause, []).append(failure.job.name)
    return [f"  {', '.join(names)}: {cause}" for cause, names in causes.items()]
