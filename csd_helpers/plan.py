"""Which pages of a pack are made, and which are kept from the pack there is."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from csd_helpers.errors import CsdError
from csd_helpers.job import NotebookJob, page_name
from csd_helpers.journal import finished
from csd_helpers.manifest import digest, page_key, read_pages
from csd_helpers.period import Period
from csd_helpers.prepared import Prepared
from csd_helpers.root import common
from csd_helpers.staging import failed_folder
from csd_helpers.working import WORKING
from csd_helpers.written import touched


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
    wait
        Seconds to wait for another run on the same pack.
    cluster
        Address of a Dask scheduler that does the notebooks; here if empty.
    """

    only: tuple[str, ...] = ()
    part: int | None = None
    workers: int = 0
    engine: str = "csd"
    force: bool = False
    exporter: str = "csd"
    wait: float = 0
    cluster: str = ""

    def names(self, job: NotebookJob) -> bool:
        """Return whether a job is among those asked for."""
        return (not self.only or job.notebook.stem in self.only) and self.part in (None, job.part)

    @property
    def is_partial(self) -> bool:
        """Whether pages are asked for by name."""
        return bool(self.only) or self.part is not None


@dataclass
class Plan:
    """Which pages are made and why, and which are taken from the pack or from a run broken off."""

    make: list[NotebookJob] = field(default_factory=list)
    keep: list[NotebookJob] = field(default_factory=list)
    keys: dict[str, str] = field(default_factory=dict)
    source: dict[str, Path] = field(default_factory=dict)
    why: dict[str, str] = field(default_factory=dict)


def check_choice(choice: Choice, root: Path) -> None:
    """Refuse the name of a notebook that is not there, before anything is read or counted.

    Raises
    ------
    CsdError
        Naming the notebooks there are.
    """
    _require_known(choice, sorted(path.stem for path in (common(root) / "notebooks").glob("*.ipynb")))


def _require_known(choice: Choice, known: Iterable[str]) -> None:
    names = list(known)
    unknown = sorted(set(choice.only) - set(names))
    if unknown:
        raise CsdError(f"there is no notebook '{unknown[0]}'", expected=f"one of {', '.join(names)}")


def all_jobs(prepared: Prepared, period: Period, root: Path, choice: Choice) -> list[NotebookJob]:
    """List a pack's pages: every notebook for every part."""
    _require_known(choice, dict.fromkeys(name for pages in prepared.pages.values() for name in pages))
    return [
        NotebookJob(
            notebook=common(root) / "notebooks" / f"{name}.ipynb",
            part=part,
            parameters={"period": str(period), "part": part, "release": str(release)},
            page=page,
            html=f"part{part}/{page_name(name)}",
            executed=_working(part, name),
            # an analyst's code is never run where Part 1 is made
            annotated=root / "outputs" / str(period) / _working(part, name) if part == 2 else None,
            engine=choice.engine,
            exporter=choice.exporter,
        )
        for part, release in prepared.releases.items()
        for name, page in prepared.pages[part].items()
    ]


def _working(part: int, name: str) -> str:
    return f"{WORKING}/notebooks/part{part}/{name}.ipynb"


def make_plan(jobs: list[NotebookJob], prepared: Prepared, output: Path, choice: Choice) -> Plan:
    """Decide which pages are made and which are kept.

    A page is kept if it is as its run left it and nothing it is made from has changed since.

    Raises
    ------
    CsdError
        If only some pages are asked for and another one is out of date: a pack is never a
        mixture of two states.
    """
    failed = failed_folder(output)
    known, plan = {output: read_pages(output), failed: finished(failed)}, Plan()
    unreadable = _unreadable(output / WORKING)
    for job in jobs:
        if not job.notebook.is_file():
            raise CsdError("the notebook does not exist", where=str(job.notebook))
        plan.keys[job.html] = page_key(job, prepared.releases[job.part])
        key = plan.keys[job.html]
        current = [pack for pack, pages in known.items() if _is_current(job, key, pages, pack)]
        asked = choice.names(job)
        if not asked and not current:
            raise _out_of_date(job, output)
        damaged = output / str(job.executed) in unreadable
        if asked and (choice.is_partial or choice.force or damaged or not current):
            plan.make.append(job)
            why = _why(job, key, known[output], bool(current))
            plan.why[job.html] = "its working notebook cannot be read" if damaged else why
        else:
            plan.keep.append(job)
            plan.source[job.html] = current[0]
            plan.why[job.html] = "unchanged" if current[0] == output else "finished by the run broken off"
    return plan


def _unreadable(working: Path) -> set[Path]:
    """Return the working notebooks that are there, but cannot be read."""
    changed = touched(working)
    if not changed:
        return set()
    from csd_helpers.notes import is_damaged  # noqa: PLC0415  # nbformat is slow to import

    return {path for path in changed if is_damaged(path)}


def _is_current(job: NotebookJob, key: str, pages: dict[str, dict[str, str]], output: Path) -> bool:
    page, known = output / job.html, pages.get(job.html, {})
    return known.get("key") == key and page.is_file() and digest(page) == known.get("sha256")


def _why(job: NotebookJob, key: str, pages: dict[str, dict[str, str]], is_current: bool) -> str:
    """Say why a page is made."""
    entry = pages.get(job.html)
    if is_current:
        return "asked for, though nothing has changed"
    if entry is None:
        return "not there yet"
    if entry.get("key") == key:
        return "the page is not as its run left it"
    if entry.get("notebook") != digest(job.notebook):
        return "its notebook has changed"
    return "its figures, words, settings or the code have changed"


def _out_of_date(job: NotebookJob, output: Path) -> CsdError:
    return CsdError(
        f"the page {job.html} would be out of date in this pack",
        where=str(output),
        expected="a pack made from the same figures, notebooks and code, when only some pages are made again",
        fix="run the whole period, without --only and --part",
    )
