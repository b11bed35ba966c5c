"""Notebooks done on an existing Dask cluster, with the results a run on one machine has.

What a job needs travels with it, and what it made travels back: no shared drive is asked for.
Every notebook has a process of its own on its machine, as here.
"""

import dataclasses
import tempfile
from concurrent.futures import CancelledError
from pathlib import Path

from csd_helpers.errors import CsdError
from csd_helpers.job import NotebookJob, NotebookResult
from csd_helpers.workers import Progress, Step, run_jobs

_PATIENCE = "20s"  # until a scheduler that does not answer is taken for absent
Made = tuple[NotebookResult, dict[str, bytes]]


def run_on_cluster(
    jobs: list[NotebookJob], pack: Path, address: str, progress: Progress
) -> list[NotebookResult]:
    """Do all jobs on a cluster; return their results in order.

    A job whose worker is lost is done by another: Dask hands it on.

    Raises
    ------
    CsdError
        If ``distributed`` is not installed or no scheduler answers at the address.
    """
    try:
        from distributed import Client, as_completed  # noqa: PLC0415  # the extra csd[cluster]
    except ImportError:
        fix = 'install it: python -m pip install "childrens-scrutiny-dataset[cluster]"'
        raise CsdError("--cluster needs the package distributed", fix=fix) from None
    try:
        client = Client(address, timeout=_PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        expected = "a Dask scheduler, such as tcp://127.0.0.1:8786"
        raise CsdError(f"no scheduler answers: {error}", address, expected, exit_code=1) from None
    results: dict[int, NotebookResult] = {}
    with client:
        futures = {client.submit(do_far, job, bundle(job), pure=False): n for n, job in enumerate(jobs)}
        for future in as_completed(futures, loop=client.loop):
            number = futures[future]
            results[number] = _received(future, jobs[number], pack)
            progress(Step.ended(results[number]))
    return [results[number] for number in range(len(jobs))]


def _received(future: object, job: NotebookJob, pack: Path) -> NotebookResult:
    """Write what came back into the pack."""
    try:
        result, files = future.result()  # type: ignore[attr-defined]
    except CancelledError:  # one cause, told once for all notebooks
        return NotebookResult(job, 0.0, "the cluster's scheduler was lost before it was done: run again")
    except Exception as error:  # its workers were lost too often, or cannot import what it needs
        return NotebookResult(job, 0.0, f"the cluster gave it up: {error}")
    for name, content in files.items():
        (pack / name).parent.mkdir(parents=True, exist_ok=True)
        (pack / name).write_bytes(content)
    return dataclasses.replace(result, job=job)


def bundle(job: NotebookJob) -> dict[str, bytes]:
    """Return the files a job needs: its notebook and its part's released figures, nothing else."""
    release = Path(job.parameters["release"]) if job.parameters.get("release") else None
    files = {job.notebook.name: job.notebook.read_bytes()}
    for path in sorted(release.iterdir()) if release else []:
        files[f"release/{path.name}"] = path.read_bytes()
    return files


def do_far(job: NotebookJob, files: dict[str, bytes]) -> Made:
    """Do a job on the worker it was sent to; return its result and the files it made."""
    with tempfile.TemporaryDirectory(prefix="csd-") as name:
        folder, pack = Path(name), Path(name) / "pack"
        for file, content in files.items():
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_bytes(content)
        here = {"release": str(folder / "release")} if "release" in job.parameters else {}
        own = dataclasses.replace(job, notebook=folder / job.notebook.name, parameters=job.parameters | here)
        pack.mkdir()
        result = run_jobs([own], pack, 1, lambda step: None)[0]
        made = [path for path in pack.rglob("*") if path.is_file()]
        return result, {path.relative_to(pack).as_posix(): path.read_bytes() for path in made}
