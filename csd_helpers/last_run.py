"""The last run of a month, looked at from outside: is its pack current, whole and proven?"""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from csd_helpers.disclosure.audit import SAFE
from csd_helpers.disclosure.proof import VERDICTS
from csd_helpers.manifest import MANIFEST, code_digest, digest, versions
from csd_helpers.matter import Matter
from csd_helpers.page_frame import DISCLOSURE
from csd_helpers.period import Period
from csd_helpers.root import command, common, from_project
from csd_helpers.staging import failed_folder
from csd_helpers.working import WORKING
from csd_helpers.written import read_json

_LISTED = 5


class LastRun:
    """What the last run of a month left, compared with what a run would read now.

    Nothing is made again: hashes say whether what is there is what a run would make.
    """

    def __init__(self, period: Period, root: Path, inputs: dict[str, str]) -> None:
        self.period, self.root, self.inputs = period, root, inputs
        self.pack = root / "outputs" / str(period)
        self.manifest = read_json(self.pack / MANIFEST)

    @property
    def changed(self) -> list[str]:
        """What is not as it was for the run: files that went in, notebooks, the workbook itself."""
        then = self.manifest.get("inputs", {})
        names = {name for name in {*then, *self.inputs} if then.get(name) != self.inputs.get(name)}
        for page, hashes in self.manifest.get("pages", {}).items():
            notebook = common(self.root) / "notebooks" / _notebook(page)
            if not notebook.is_file() or digest(notebook) != hashes.get("notebook"):
                names.add(f"notebooks/{notebook.name}")
        if self.manifest.get("code") != code_digest():
            names.add("the workbook's own code")
        if self.manifest.get("versions") != versions():
            names.add("the versions of the packages")
        return sorted(names)

    @property
    def is_current(self) -> bool:
        """Whether a run would make the pack that is there."""
        return bool(self.manifest) and not self.changed

    def matters(self) -> Iterator[Matter]:
        """Yield what stands against publishing the pack that is there."""
        run = command(f"csd run {self.period}", self.root)
        pack = from_project(self.pack, self.root)
        yield from self._failed(run)
        if not self.manifest:
            yield Matter("pack", "blocking", "there is no pack yet", pack, run)
            return
        if self.changed:
            more = f" and {len(self.changed) - _LISTED} more" if len(self.changed) > _LISTED else ""
            what = f"changed since the last run: {', '.join(self.changed[:_LISTED])}{more}"
            yield Matter("pack", "blocking", what, pack, run)
        for name in self._altered():
            what = "missing, or not as the run left it"
            yield Matter("pages", "blocking", what, f"{pack}/{name}", f"{run} --force")
        yield from self._disclosure(run)

    def _failed(self, run: str) -> Iterator[Matter]:
        """Tell of the pages that a failed run did not make; a run that goes well clears them away."""
        folder = failed_folder(self.pack)
        where = from_project(folder, self.root)
        for entry in read_json(folder / WORKING / "run.json").get("notebooks", []):
            if entry.get("error"):
                cell = f"{entry['cell']}: " if entry.get("cell") else ""
                what = f"{entry['name']} was not made: {cell}{entry['error']}"
                yield Matter("pages", "blocking", what, where, f"put right what it says, then: {run}")

    def _altered(self) -> list[str]:
        """Return the pages and downloads that are not there, or not as they were written."""
        pages = {name: hashes.get("sha256") for name, hashes in self.manifest.get("pages", {}).items()}
        own = pages | self.manifest.get("downloads", {})
        there = {name: self.pack / name for name in own}
        return sorted(name for name, path in there.items() if not path.is_file() or digest(path) != own[name])

    def _disclosure(self, run: str) -> Iterator[Matter]:
        path = self.pack / WORKING / DISCLOSURE / VERDICTS
        where = from_project(path, self.root)
        if not path.is_file():
            yield Matter("disclosure", "blocking", "there is no audit of Part 1", where, run)
            return
        table = pd.read_csv(path, dtype={"verdict": "str"}, usecols=["verdict"])
        known = int(table["verdict"].ne(SAFE).sum())
        if known:
            what = f"{known} of {len(table):,} protected counts were public already"
            yield Matter("disclosure", "warning", what, where, "nothing here hides them again: read why")
        else:
            what = f"{len(table):,} counts are protected, and none can be worked out from Part 1"
            page = from_project(self.pack / "part2" / f"{DISCLOSURE}.html", self.root)
            yield Matter("disclosure", "note", what, page, "")


def _notebook(page: str) -> str:
    stem = Path(page).stem
    return f"{'summary' if stem == 'index' else stem}.ipynb"
