"""Previews of a page, made by hand and marked DRAFT: in a notebook, and in JupyterLab's menu of exports."""

import tempfile
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any

from nbconvert.exporters.html import HTMLExporter
from nbformat import NotebookNode

from csd_helpers.batch import run_notebooks
from csd_helpers.errors import CsdError
from csd_helpers.facts import Fragment
from csd_helpers.notes import notes_for_pages
from csd_helpers.page.exporter import DRAFT
from csd_helpers.page_frame import page_frames
from csd_helpers.period import Period
from csd_helpers.pipeline import load_edition
from csd_helpers.plan import Choice, all_jobs
from csd_helpers.prepared import Prepared, release_folders
from csd_helpers.root import command, find_root, never_run
from csd_helpers.working import WORKING

_WHERE = ("outputs", "", WORKING, "notebooks", "")  # the folders around a working notebook, without its names
_NO_NOTES = "Notes tagged part1 are left out: a run checks them, and puts them on the page."


class Preview(Fragment):
    """A page as a notebook shows it: in a frame of its own, in the pack’s style and without script."""

    def _repr_html_(self) -> str:
        """Return the frame."""
        frame = 'style="width: 100%; height: 44rem; border: 1px solid" title="Draft preview" sandbox=""'
        return f'<iframe {frame} srcdoc="{escape(self.content)}"></iframe>'


def draft_page(name: str, part: int, period: Period, root: Path) -> str:
    """Return a page as the last run's figures and the notebooks of now would have it, marked DRAFT.

    The notebook is executed as a run executes it, in a process that is handed the part's released
    figures and nothing else: what an analyst's own kernel holds is on no preview.

    Parameters
    ----------
    name
        A notebook, ``looked_after``.
    part
        1 or 2.
    root
        The project's root.

    Raises
    ------
    CsdError
        If the month has not been run, the part has no such page, or its notebook fails.
    """
    prepared = _last_run(period, root)
    if name not in prepared.pages.get(part, {}):
        pages = "; ".join(f"part {each}: {', '.join(names)}" for each, names in prepared.pages.items())
        raise CsdError(f"part {part} has no page '{name}'", expected=pages)
    jobs = all_jobs(prepared, period, root, Choice())
    [job] = [job for job in jobs if job.part == part and job.notebook.stem == name]
    draft = replace(job, page=job.page | _draft_facts(job.page), executed=None, annotated=None)
    with tempfile.TemporaryDirectory(prefix="csd-", ignore_cleanup_errors=True) as scratch:
        [result] = run_notebooks([draft], Path(scratch), workers=1)
        if result.error:
            raise CsdError(f"the notebook failed: {result.error}", f"{job.notebook}, {result.cell}")
        return (Path(scratch) / job.html).read_text(encoding="utf-8")


class Part1Draft(HTMLExporter):
    """In JupyterLab's menu: the Part 1 page of the working notebook that is open, as a draft.

    Nothing of the open notebook goes into it but its name: the notebook may hold any figure.
    """

    part = 1
    export_from_notebook = "Part 1 page (draft)"

    def from_notebook_node(  # type: ignore[override]
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **options: Any
    ) -> tuple[str, dict[str, Any]]:
        """Return the page and its resources.

        Raises
        ------
        CsdError
            If the notebook is not a working notebook of a month, or there is no page to preview.
        """
        own = self._init_resources(resources)
        own["output_extension"] = f".part{self.part}-draft.html"
        folder = Path(own["metadata"].get("path", "")).resolve()
        root, period = _month_of(folder)
        return draft_page(own["metadata"]["name"], self.part, period, root), own


class Part2Draft(Part1Draft):
    """In JupyterLab's menu: the Part 2 page of the working notebook that is open, as a draft."""

    part = 2
    export_from_notebook = "Part 2 page (draft)"


def _last_run(period: Period, root: Path) -> Prepared:
    """Return what the last run prepared; the notes of Part 1 are left to the checks of a run."""
    releases = release_folders(root / "outputs" / str(period) / WORKING)
    if not all((folder / "pack.json").is_file() for folder in releases.values()):
        raise never_run(period, root)
    notes = {2: notes_for_pages(period, root)[2]}
    return Prepared(releases, page_frames(load_edition(period, root), releases, notes), {}, {})


def _draft_facts(page: dict[str, Any]) -> dict[str, Any]:
    """Return the facts in which a draft differs: it leads nowhere, and says what it is."""
    marking = f"{DRAFT['marking']} ({page['marking']})"
    footer = " ".join([page["footer"], DRAFT["footer"], *([_NO_NOTES] if page["part"] == 1 else [])])
    bare = {name: DRAFT[name] for name in ("nav", "months", "downloads")}
    return bare | {"title": f"Draft: {page['title']}", "marking": marking, "footer": footer}


def _month_of(folder: Path) -> tuple[Path, Period]:
    """Return the project and the month of a folder of working notebooks."""
    parts = folder.parts[-len(_WHERE) :]
    if len(parts) < len(_WHERE) or any(
        name not in ("", own) for name, own in zip(_WHERE, parts, strict=True)
    ):
        raise CsdError(
            "this is not a working notebook of a month",
            str(folder),
            f"a notebook in outputs/<period>/{WORKING}/notebooks/part2",
            f"run the month, and open it with: {command('csd lab <period>', find_root(folder))}",
        )
    return folder.parents[len(_WHERE) - 1], Period.parse(parts[1])
