"""A council small enough to be run hundreds of times: one group of indicators, three months, real pages.

The suite, the notebooks and the records are the demonstration's, cut down to one group. It has two
extracts, A and B, so that a run always has something to do, and a month that is published already.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import yaml
from nbformat.v4 import new_markdown_cell

from csd_helpers.demo import write_demo
from csd_helpers.frozen import altered, pack_faults
from csd_helpers.ledger import faults as ledger_faults

PROJECT = Path(__file__).resolve().parents[1]
GROUP = "care_leavers"
MONTH, PUBLISHED = "2020-10", "2020-09"
NOTEBOOKS = ("summary", GROUP, "report", "disclosure")
# Time limits of seconds, so that a notebook that hangs need not be waited for.
DRIVE = """
from csd_helpers import cli, job, workers
start = job.NotebookJob.__init__
start.__defaults__ = (*start.__defaults__[:-2], 4.0, 8.0)
workers.GRACE_SECONDS = 1.0
cli.main()
"""


@dataclass(frozen=True)
class Ended:
    """A command that has ended: its exit code and what it said."""

    code: int
    text: str


class Council:
    """The small council in a folder, with what must never change in it.

    Parameters
    ----------
    root
        Its folder, which is made.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.pack = root / "outputs" / MONTH
        self.notes: list[str] = []
        self.good: dict[str, dict[str, bytes]] = {}
        _write_parameters(root)
        _write_extracts(root)
        self.state = "A"

    def settle(self) -> None:
        """Publish a month, make the pack from both extracts, and time a run."""
        self._take(self.state)
        decided = ("--override", "the words are of another month", "--by", "A. Head of Performance")
        for words in (("run", PUBLISHED), ("publish", PUBLISHED, *decided), ("run", MONTH)):
            _require(self.csd(*words))
        for state in ("B", "A", "B"):
            self.good.setdefault(self.state, self.tree())
            self._take(state)
            start = time.monotonic()
            _require(self.csd("run", MONTH))
            self.seconds = time.monotonic() - start
            if state in self.good and self.good[state] != self.tree():
                raise SystemExit("two undisturbed runs made different packs")
        self.kept = self.kept_now()

    def change(self) -> None:
        """Let the other extract be the one to run."""
        self._take("B" if self.state == "A" else "A")

    def _take(self, state: str) -> None:
        self.state = state
        shutil.copyfile(self.root / f"extract_{state}.csv", self.extract)

    @property
    def extract(self) -> Path:
        """The file that the two extracts differ in."""
        return self.root / "extract" / "care_leavers.csv"

    def start(self, *words: str, **how: Any) -> "subprocess.Popen[str]":
        """Start a command in a session of its own."""
        environment = os.environ | {"TMPDIR": str(self.root / "tmp")}
        return subprocess.Popen(
            [sys.executable, "-c", DRIVE, *words, "--root", str(self.root)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=environment,
            start_new_session=True,
            **how,
        )

    def csd(self, *words: str, **how: Any) -> Ended:
        """Run a command to its end."""
        return end(self.start(*words, **how))

    def annotate(self, text: str) -> None:
        """Write a note into a working notebook, as an analyst does."""
        path = self.pack / "working" / "notebooks" / "part2" / f"{GROUP}.ipynb"
        notebook = nbformat.read(path, 4)
        notebook.cells.insert(3, new_markdown_cell(text, id=f"note-{len(self.notes)}"))
        nbformat.write(notebook, path)
        self.notes.append(text)

    def tree(self) -> dict[str, bytes]:
        """Return every file of the pack but those of the working folder.

        A run that is killed just after it has put the new pack in place leaves a mark, ``.swapping``,
        by which the next one knows to tidy up.
        """
        files = (path for path in sorted(self.pack.rglob("*")) if path.is_file())
        names = {path.relative_to(self.pack).as_posix(): path for path in files}
        return {
            name: path.read_bytes()
            for name, path in names.items()
            if not name.startswith(("working/", ".swapping"))
        }

    def kept_now(self) -> dict[str, str]:
        """Return the hashes of what no run may touch: commentary, parameters, notebooks, publications."""
        folders = ("parameters", "notebooks", "outputs/published")
        files = (path for folder in folders for path in sorted((self.root / folder).rglob("*")))
        return {
            path.relative_to(self.root).as_posix(): sha256(path.read_bytes()).hexdigest()
            for path in files
            if path.is_file() and path.name != ".lock"
        }

    def violations(self) -> list[str]:
        """Say what is not as it must be after any fault whatever."""
        now = self.tree()
        states = [state for state, tree in self.good.items() if tree == now]
        wrong = [] if states else [f"the pack is neither the old one nor the new one: {self._differing(now)}"]
        wrong += [f"the manifest does not fit {name}" for name in (altered(self.pack) if states else [])]
        notebooks = sorted((self.pack / "working" / "notebooks" / "part2").glob("*.ipynb"))
        written = {cell.source for path in notebooks for cell in nbformat.read(path, 4).cells}
        wrong += [f"lost the annotation {note!r}" for note in self.notes if note not in written]
        if self.kept_now() != self.kept:
            wrong.append("parameters, commentary, notebooks or publications have changed")
        wrong += ledger_faults(self.root) + pack_faults(self.root)
        if (self.root / "outputs" / f"{MONTH}.failed" / "manifest.json").exists():
            wrong.append("a failed pack has a manifest")
        return wrong

    def _differing(self, now: dict[str, bytes]) -> str:
        """Name the files in which a pack differs from each of the good ones."""
        told = []
        for state, tree in self.good.items():
            names = sorted(name for name in tree.keys() | now.keys() if tree.get(name) != now.get(name))
            told.append(f"from {state} in {', '.join(names)}")
        return "; ".join(told)

    def leftovers(self) -> list[str]:
        """Return what a good run should have cleared away."""
        outputs = self.root / "outputs"
        names = {path.name for path in outputs.iterdir()}
        known = {MONTH, PUBLISHED, "published", "part1.html", "part2.html"}
        known |= {f"{month}.run.{ending}" for month in (MONTH, PUBLISHED) for ending in ("json", "html")}
        known |= {f".{month}.{what}" for month in (MONTH, PUBLISHED) for what in ("lock", "seal")}
        scratch = {path.name for path in (self.root / "tmp").iterdir() if not path.name.startswith("pymp-")}
        return sorted(names - known) + sorted(scratch)  # pymp: a socket's folder, left by a killed parent

    def record(self) -> dict[str, Any]:
        """Return the machine-readable record of the last run."""
        path = self.root / "outputs" / f"{MONTH}.run.json"
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return found


def end(process: "subprocess.Popen[str]", limit: float = 120) -> Ended:
    """Wait for a command to end."""
    text, _ = process.communicate(timeout=limit)
    return Ended(process.returncode, text)


def _require(ended: Ended) -> None:
    if ended.code:
        raise SystemExit(f"the small council cannot be set up:\n{ended.text}")


def _write_parameters(root: Path) -> None:
    source, target = PROJECT / "parameters", root / "parameters"
    suite = yaml.safe_load((source / "suite" / "2020-21.yaml").read_text(encoding="utf-8"))
    own = {key: entry for key, entry in suite["indicators"].items() if entry["group"] == GROUP}
    links = [
        link
        for link in suite["links"]
        if {name.split(".")[0] for name in [link["total"], *link["parts"]]} <= set(own)
    ]
    suite |= {"groups": {GROUP: suite["groups"][GROUP]}, "indicators": own, "links": links}
    _write_yaml(target / "suite" / "2020-21.yaml", suite)
    month = yaml.safe_load((source / "periods" / f"{MONTH}.yaml").read_text(encoding="utf-8"))
    month |= {"extract": "extract", "months": 3, "reports_by_exception": []}
    _write_yaml(target / "periods" / f"{MONTH}.yaml", month)
    _write_yaml(target / "periods" / f"{PUBLISHED}.yaml", month | {"period": PUBLISHED})
    rules = yaml.safe_load((source / "disclosure.yaml").read_text(encoding="utf-8"))
    _write_yaml(target / "disclosure.yaml", rules | {"whole_indicators": {}})
    shutil.copyfile(source / "benchmarks.csv", target / "benchmarks.csv")
    for month_name in (MONTH, PUBLISHED):
        words = target / "commentary" / month_name / "care_leavers_ete.md"
        words.parent.mkdir(parents=True)
        shutil.copyfile(source / "commentary" / MONTH / "care_leavers_ete.md", words)
    (root / "notebooks").mkdir()
    for name in NOTEBOOKS:
        shutil.copyfile(PROJECT / "notebooks" / f"{name}.ipynb", root / "notebooks" / f"{name}.ipynb")


def _write_yaml(path: Path, content: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=True), encoding="utf-8")


def _write_extracts(root: Path) -> None:
    """Write the group's records; extract B has forty more rows of young people not in touch."""
    whole = root / "demo"
    write_demo(whole)
    (root / "tmp").mkdir()
    (root / "extract").mkdir()
    leavers = pd.read_csv(whole / "care_leavers.csv", dtype="str", keep_default_na=False)
    recent = leavers[leavers["birthday_date"].ge("2020-04-01")]
    recent.to_csv(root / "extract_A.csv", index=False)
    october = recent["birthday_date"].str.startswith("2020-10") & recent["IN_TOUCH"].eq("YES")
    recent[~october].to_csv(root / "extract_B.csv", index=False)
    children = pd.read_csv(whole / "children.csv", dtype="str", keep_default_na=False)
    own = children[children["LAchildID"].isin(recent["CHILD"])]
    own.to_csv(root / "extract" / "children.csv", index=False)
    shutil.copyfile(whole / "population.csv", root / "extract" / "population.csv")
    shutil.rmtree(whole)
