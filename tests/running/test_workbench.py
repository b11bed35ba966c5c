"""What an analyst uses in a notebook: its examples are true, and its drafts give nothing away."""

import doctest
import html
import shutil
from pathlib import Path

import nbformat
import papermill
import pytest
from nbconvert.exporters import get_exporter
from nbformat.v4 import new_markdown_cell

from csd_helpers import workbench
from csd_helpers.errors import CsdError
from csd_helpers.ledger import Entry, add_entry, next_entry, write_figures
from csd_helpers.pack import open_pack
from csd_helpers.page.gate import reasons_to_refuse
from csd_helpers.period import Period

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.fixture
def month(pack: Path, tmp_path: Path) -> Path:
    """Return a project in which October has been run, with working notebooks that may be written to."""
    council, own = pack.parents[1], tmp_path / "project"
    for name in ("parameters", "notebooks", "outputs/2020-10/working"):
        shutil.copytree(council / name, own / name)
    (own / "outputs" / "demo").symlink_to(council / "outputs" / "demo")
    return own


def test_the_examples_in_its_docstrings_are_true(month: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(month / "outputs" / "2020-10" / "working" / "notebooks" / "part2")
    result = doctest.testmod(workbench, optionflags=doctest.ELLIPSIS)
    assert (result.failed, result.attempted) == (0, 10)


def test_a_month_is_compared_with_what_was_published(month: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(month)
    with pytest.raises(CsdError, match="nothing has been published"):
        workbench.compare("contacts", "2020-10", "published")
    figures = open_pack("2020-10", 2).figures
    june = figures["indicator"].eq("contacts") & figures["period"].eq("2020-06")
    changed = figures.assign(text=figures["text"].mask(june, "1"))
    name, sha = write_figures(month, "0001-2020-09", {1: changed.head(0), 2: changed})
    entry: Entry = next_entry(month, "published", Period.parse("2020-09"), figures=name, figures_sha256=sha)
    add_entry(month, entry)
    both = workbench.compare("contacts", "2020-10", "published")
    assert both[both["differs"]].index.tolist() == ["2020-06"]
    assert both.loc["2020-06", "published 2020-09"] == "1"
    with pytest.raises(CsdError, match="there is no indicator 'contact'"):
        workbench.compare("contacts", "2020-10", "contact")


def draft(month: Path, part: int, name: str) -> str:
    """Export a working notebook of Part 2 as JupyterLab's menu does."""
    path = month / "outputs" / "2020-10" / "working" / "notebooks" / "part2" / f"{name}.ipynb"
    resources = {"metadata": {"name": name, "path": str(path.parent)}}
    return str(get_exporter(f"part{part}_draft")().from_notebook_node(nbformat.read(path, 4), resources)[0])


def test_the_draft_of_part_1_is_the_public_page_but_for_its_marking(month: Path, pack: Path) -> None:
    """Whatever the open notebook holds, even tagged for Part 1, it is not in it."""
    path = month / "outputs" / "2020-10" / "working" / "notebooks" / "part2" / "care_leavers.ipynb"
    written = nbformat.read(path, 4)
    written.cells.append(
        new_markdown_cell("SECRET", id="mine", metadata={"tags": ["part1", "part2", "report"]})
    )
    nbformat.write(written, path)
    public, page = draft(month, 1, "care_leavers"), (pack / "part1" / "care_leavers.html").read_text()
    assert main_of(public) == main_of(page)
    assert "DRAFT: not for circulation (Part 1: public)" in public and "SECRET" not in public
    assert "<nav" not in public and not reasons_to_refuse(public)
    exempt = draft(month, 2, "care_leavers")
    assert "DRAFT: not for circulation (Part 2: exempt" in exempt and "SECRET" in main_of(exempt)


def main_of(page: str) -> str:
    """Return what stands between the head and the foot of a page."""
    return page.split("<main", 1)[1].split("</main>", maxsplit=1)[0]


def test_there_is_no_draft_of_what_a_part_does_not_have(month: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(month)
    with pytest.raises(CsdError, match="part 1 has no page 'disclosure'"):
        workbench.preview("disclosure", "2020-10", 1)
    with pytest.raises(CsdError, match="no run of 2020-09 yet"):
        workbench.preview("summary", "2020-09", 1)
    with pytest.raises(CsdError, match="not a working notebook"):
        get_exporter("part1_draft")().from_notebook_node(
            nbformat.v4.new_notebook(), {"metadata": {"name": "summary", "path": str(month / "notebooks")}}
        )


def test_a_preview_is_shown_in_a_frame_of_its_own_without_script() -> None:
    shown = workbench.Preview('<p title="a">é</p>')._repr_html_()
    assert 'sandbox=""' in shown
    assert html.unescape(shown.split('srcdoc="')[1].split('"')[0]) == '<p title="a">é</p>'


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_each_parameter_of_a_notebook_explains_itself(path: Path) -> None:
    """What ``papermill --help-notebook`` prints of it: a type, a default and what it is."""
    told = papermill.inspect_notebook(str(path))
    assert {name: facts["inferred_type_name"] for name, facts in told.items()} == {
        "period": "str",
        "part": "int",
        "release": "str",
    }
    assert all(len(facts["help"]) > 20 for facts in told.values())
    assert [told[name]["default"] for name in ("part", "release")] == ["2", '""']
