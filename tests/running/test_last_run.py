"""Whether the last run's pack is what a run would make, said from its hashes."""

import json
from pathlib import Path

from csd_helpers.last_run import LastRun
from csd_helpers.manifest import code_digest, digest, versions
from tests.conftest import OCTOBER


def pack(root: Path) -> Path:
    """Write a small pack with one page, and return its folder."""
    folder = root / "outputs" / "2020-10"
    (folder / "working" / "disclosure").mkdir(parents=True)
    (folder / "working" / "disclosure" / "verdicts.csv").write_text("count,verdict\na,safe\nb,safe\n")
    (root / "notebooks").mkdir()
    notebook, page = root / "notebooks" / "summary.ipynb", folder / "index.html"
    notebook.write_text("{}")
    page.write_text("page")
    pages = {"index.html": {"sha256": digest(page), "notebook": digest(notebook)}}
    facts = {"inputs": {"a.csv": "1"}, "code": code_digest(), "versions": versions(), "pages": pages}
    (folder / "manifest.json").write_text(json.dumps(facts))
    return folder


def said(root: Path, digest_now: str = "1") -> list[tuple[str, str, str]]:
    run = LastRun(OCTOBER, root, {"a.csv": digest_now})
    return [(matter.check, matter.severity, matter.what) for matter in run.matters()]


def test_a_current_pack_has_nothing_against_it(tmp_path: Path) -> None:
    pack(tmp_path)
    note = "2 counts are protected, and none can be worked out from Part 1"
    assert said(tmp_path) == [("disclosure", "note", note)]


def test_without_a_pack_there_is_nothing_to_publish(tmp_path: Path) -> None:
    assert said(tmp_path) == [("pack", "blocking", "there is no pack yet")]


def test_a_changed_input_and_an_altered_page_are_named(tmp_path: Path) -> None:
    (pack(tmp_path) / "index.html").write_text("other")
    assert said(tmp_path, "2")[:2] == [
        ("pack", "blocking", "changed since the last run: a.csv"),
        ("pages", "blocking", "missing, or not as the run left it"),
    ]


def test_pages_that_failed_are_told_with_their_cause(tmp_path: Path) -> None:
    pack(tmp_path)
    failed = tmp_path / "outputs" / "2020-10.failed" / "working"
    failed.mkdir(parents=True)
    entry = {"name": "part 1 summary", "error": "KeyError: 'x'", "cell": "cell 3 pack.summary()"}
    (failed / "run.json").write_text(json.dumps({"notebooks": [entry]}))
    what = "part 1 summary was not made: cell 3 pack.summary(): KeyError: 'x'"
    assert said(tmp_path)[0] == ("pages", "blocking", what)


def test_what_was_public_already_is_a_warning(tmp_path: Path) -> None:
    path = pack(tmp_path) / "working" / "disclosure" / "verdicts.csv"
    path.write_text("count,verdict\na,safe\nb,exact\n")
    assert said(tmp_path) == [("disclosure", "warning", "1 of 2 protected counts were public already")]
