"""Verification: is a file as its run made it, what was it made from, and can it be made again?"""

import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path

from csd_helpers.batch import run_notebooks
from csd_helpers.errors import CsdError
from csd_helpers.frozen import PUBLISHED, folder_of
from csd_helpers.ledger import Entry, editions, faults, read_ledger, withdrawn
from csd_helpers.manifest import MANIFEST, Manifest, code_digest, differences, digest, read_manifest, versions
from csd_helpers.period import Period
from csd_helpers.pipeline import inputs_now, prepare
from csd_helpers.plan import Choice, all_jobs
from csd_helpers.root import common
from csd_helpers.working import WORKING

_SHOWN = 12  # digits of a hash on the screen


@dataclass
class Verdict:
    """What is known of a file.

    Parameters
    ----------
    said
        Sentences, in the order they are to be read.
    altered
        Whether it, or what vouches for it, is not as it was made.
    remade
        Whether it has been made again, to the same bytes.
    """

    said: list[str] = field(default_factory=list)
    altered: bool = False
    remade: bool = False

    @property
    def exit_code(self) -> int:
        """0 unaltered and made again, 1 altered, 2 unaltered, but it cannot be made again."""
        return 1 if self.altered else 0 if self.remade else 2


def verify(path: Path, root: Path) -> Verdict:
    """Verify a file of a pack, wherever it is; by its hash if it is no longer in its pack.

    Raises
    ------
    CsdError
        If there is no such file.
    """
    if not path.is_file():
        raise CsdError(f"there is no file {path}", expected="a file of a pack")
    pack = _pack_of(path.resolve(), root) or _pack_with(digest(path), root)
    if pack is None:
        what = "no pack here has a file with these bytes: it was altered, or not made here"
        return Verdict([f"ALTERED OR UNKNOWN: {what}"], altered=True)
    manifest, name = read_manifest(pack), _name_in(pack, path.resolve())
    verdict = Verdict([f"{name} of {pack.relative_to(root).as_posix()}"])
    _compare(verdict, path, manifest.files.get(name))
    _vouch(verdict, pack, root)
    if not verdict.altered:
        _trace(verdict, manifest, name, root)
    return verdict


def _pack_of(path: Path, root: Path) -> Path | None:
    """Return the pack a file lies in."""
    inside = path.is_relative_to(root / "outputs")
    folders = [folder for folder in path.parents if (folder / MANIFEST).is_file()] if inside else []
    return folders[0] if folders else None


def _pack_with(sha: str, root: Path) -> Path | None:
    """Return the pack, published ones first, whose manifest has a file of a hash."""
    outputs = root / "outputs"
    for path in [*sorted((root / PUBLISHED).glob(f"*/{MANIFEST}")), *sorted(outputs.glob(f"*/{MANIFEST}"))]:
        if sha in read_manifest(path.parent).files.values():
            return path.parent
    return None


def _name_in(pack: Path, path: Path) -> str:
    if path.is_relative_to(pack):
        return path.relative_to(pack).as_posix()
    names = {sha: name for name, sha in read_manifest(pack).files.items()}
    return names[digest(path)]


def _compare(verdict: Verdict, path: Path, expected: str | None) -> None:
    if expected is None:
        verdict.altered = True
        verdict.said.append("UNKNOWN: the manifest names no such file; the run did not make it")
    elif digest(path) != expected:
        verdict.altered = True
        verdict.said.append("ALTERED: its bytes are not those the run made")
    else:
        verdict.said.append("unaltered: its bytes are those the run made")


def _vouch(verdict: Verdict, pack: Path, root: Path) -> None:
    """Say what the ledger says of the pack: a published one must be in it."""
    if pack.parent != root / PUBLISHED:
        verdict.said.append("not published: nothing but the manifest beside it vouches for it")
        return
    wrong = faults(root)
    entries = [] if wrong else read_ledger(root)
    sha, gone = digest(pack / MANIFEST), withdrawn(entries)
    own = [entry for entry in editions(entries) if entry.manifest_sha256 == sha]
    if own:  # the same pack may have been published, withdrawn and published again
        here = [entry for entry in own if folder_of(root, entry, gone) == pack]
        verdict.said += _published((here or own)[-1], entries)
    else:
        verdict.altered = True
        verdict.said += [f"ALTERED: {fault}" for fault in wrong or ["the ledger does not know its manifest"]]


def _published(entry: Entry, entries: list[Entry]) -> list[str]:
    said = [f"published on {entry.when[:10]} by {entry.by}: entry {entry.number} of the ledger"]
    if entry.reason:
        said.append(f"published although not ready: {entry.reason} ({'; '.join(entry.overridden)})")
    if entry.number in withdrawn(entries):
        act = next(other for other in entries if other.of == entry.number)
        said.append(f"WITHDRAWN on {act.when[:10]} by {act.by}: {act.reason}")
    return said


def _trace(verdict: Verdict, manifest: Manifest, name: str, root: Path) -> None:
    """Say what a file was made from, and make it again if all of that is still there."""
    notebook = manifest.pages.get(name, {}).get("notebook")
    own = f"notebooks/{Path(name).stem.replace('index', 'summary')}.ipynb"
    then = manifest.inputs | ({own: notebook} if notebook else {})
    then |= {"code of csd_helpers": manifest.code} | manifest.versions
    verdict.said.append("made from:")
    verdict.said += [f"  {what} {sha[:_SHOWN]}" for what, sha in then.items()]
    period = Period.parse(manifest.period)
    try:
        now = inputs_now(period, root) | {"code of csd_helpers": code_digest()} | versions()
    except CsdError as error:
        verdict.said.append(f"cannot be made again: {error.what}")
        return
    if notebook and (common(root) / own).is_file():
        now[own] = digest(common(root) / own)
    changed = differences(then, now)
    if changed:
        verdict.said.append("cannot be made again, since what it was made from is not as it was:")
        verdict.said += [f"  {what} {how}" for what, how in changed.items()]
    else:
        _remake(verdict, name, manifest.files[name], period, root)


def _remake(verdict: Verdict, name: str, expected: str, period: Period, root: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="csd-") as scratch:
        file = Path(scratch) / name
        prepared = prepare(period, root, Path(scratch) / WORKING)
        jobs = [  # an analyst's own code is on no page
            replace(job, annotated=None)
            for job in all_jobs(prepared, period, root, Choice())
            if job.html == name
        ]
        failed = [result for result in run_notebooks(jobs, Path(scratch), 1) if result.error]
        if failed:
            cause = f"{failed[0].cell}: {failed[0].error}".removeprefix(": ")
            verdict.said.append(f"cannot be made again: {failed[0].job.name}: {cause}")
            return
        file.parent.mkdir(exist_ok=True)
        if not jobs:
            file.write_bytes(prepared.downloads([int(name.removeprefix("part")[0])]).get(name, b""))
        verdict.remade = file.is_file() and digest(file) == expected
    verdict.altered = not verdict.remade
    said = "identical, byte for byte" if verdict.remade else "NOT the same bytes"
    verdict.said.append(f"made again from the same inputs: {said}")
