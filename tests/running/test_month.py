"""Three months as a new analyst would live them: whatever is typed on the way is still there at the end."""

from pathlib import Path

import nbformat
from click.testing import CliRunner
from nbformat.v4 import new_code_cell, new_markdown_cell

from csd_helpers.cli import cli
from tests.running.small_council import write_council, write_period, write_returns


class Analyst:
    """Somebody at the command line and in JupyterLab, who remembers every word typed."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.typed: dict[tuple[str, str], str] = {}  # by notebook and text: the cell it is under
        self.files: dict[Path, bytes] = {}

    def csd(self, *words: str, code: int = 0) -> str:
        """Type a command and read what it says."""
        ran = CliRunner().invoke(cli, [*words, "--root", str(self.root)])
        told = getattr(ran.exception, "exit_code", ran.exit_code)  # a refusal is an error with a code
        assert told == code, f"{ran.output}{ran.exception}"
        return ran.output

    def notebook(self, name: str) -> Path:
        """Return a working notebook, named ``2022-02/workforce``."""
        period, stem = name.split("/")
        return self.root / "outputs" / period / "working" / "notebooks" / "part2" / f"{stem}.ipynb"

    def note(self, name: str, after: str, text: str, *tags: str, code: bool = False) -> None:
        """Add a cell below one of the run's, and save as JupyterLab does."""
        written = nbformat.read(self.notebook(name), 4)
        place = [cell.id for cell in written.cells].index(after) + 1
        new = new_code_cell if code else new_markdown_cell
        written.cells.insert(place, new(text, metadata={"tags": list(tags)}))
        nbformat.write(written, self.notebook(name))
        self.typed[name, text] = after

    def change(self, name: str, cell: str, text: str) -> None:
        """Write other words into a cell of the run."""
        written = nbformat.read(self.notebook(name), 4)
        [own] = [own for own in written.cells if own.id == cell]
        own.source = text
        nbformat.write(written, self.notebook(name))
        self.typed[name, text] = cell

    def comment(self, period: str, key: str, words: str) -> None:
        """Fill in the file that ``csd commentary`` made."""
        path = self.root / "parameters" / "commentary" / period / f"{key}.md"
        text = path.read_text(encoding="utf-8").replace("date:\n", "date: 2022-06-01\n") + words
        path.write_text(text, encoding="utf-8")
        self.files[path] = path.read_bytes()

    def require_every_word(self) -> None:
        """Check that each note is there once, byte for byte, below the cell it was written under."""
        for (name, text), after in self.typed.items():
            cells = nbformat.read(self.notebook(name), 4).cells
            [place] = [n for n, cell in enumerate(cells) if cell.source == text]
            assert [cell.id for cell in cells[:place] if "csd" not in cell.metadata][-1] == after, text
        assert {path: path.read_bytes() for path in self.files} == self.files

    def pages_with(self, period: str, words: str) -> list[str]:
        """Return the pages of a month that say something."""
        pages = sorted((self.root / "outputs" / period).glob("part*/*.html"))
        return [f"{page.parent.name}/{page.stem}" for page in pages if words in page.read_text("utf-8")]


def test_every_word_typed_in_three_months_is_still_there(tmp_path: Path) -> None:
    analyst = Analyst(write_council(tmp_path / "council"))
    february(analyst)
    march(analyst)
    april(analyst)
    assert sorted(period for period, _ in (name.split("/") for name, _ in analyst.typed)) == (
        ["2022-02"] * 5 + ["2022-03"] * 2 + ["2022-04"] * 2
    )
    analyst.csd("ledger")  # and nothing published has been touched


def february(analyst: Analyst) -> None:
    """Annotate three notebooks, run again with changed data, comment, check, publish."""
    write_period(analyst.root, "2022-02")
    write_returns(analyst.root, "2022-02")
    analyst.csd("run", "2022-02")
    analyst.note("2022-02/summary", "summary", "Ask “Höchst” why:\n\n  38 %  of them\tare late. ")
    analyst.note("2022-02/front_door", "assessments-45-days", "A new form since January.", "part2")
    analyst.change("2022-02/front_door", "meaning", "Contacts in *my* words.")
    analyst.note("2022-02/workforce", "average-caseload", "Two teams have moved.", "part1", "part2")
    analyst.note("2022-02/workforce", "agency-social-workers", "1 / 0  # mine", code=True)
    write_returns(analyst.root, "2022-02", average_caseload=2310)
    assert "annotations: 1 under a figure that has changed: csd notes" in analyst.csd("run", "2022-02")
    analyst.require_every_word()
    assert "part2/workforce  average_caseload  stale  [part1, part2]  Two" in analyst.csd("notes", "2022-02")
    assert "without commentary" in analyst.csd("check", "2022-02", code=1)
    analyst.csd("publish", "2022-02", code=2)
    analyst.csd("commentary", "2022-02")
    for key in ("assessments_45_days", "average_caseload", "agency_social_workers"):
        analyst.comment("2022-02", key, "We have “acted”.\n")
    analyst.csd("run", "2022-02")
    analyst.require_every_word()
    assert analyst.pages_with("2022-02", "A new form") == ["part2/front_door"]
    assert analyst.pages_with("2022-02", "Two teams") == ["part1/workforce", "part2/workforce"]
    assert not [*analyst.pages_with("2022-02", "Höchst"), *analyst.pages_with("2022-02", "my</em> words")]
    assert "February 2022 is ready" in analyst.csd("check", "2022-02")
    analyst.csd("publish", "2022-02")


def march(analyst: Analyst) -> None:
    """The next month, in which a figure of February is another than was published."""
    write_period(analyst.root, "2022-03")
    write_returns(analyst.root, "2022-03", average_caseload=2310, contacts=5600)
    analyst.csd("run", "2022-03")
    analyst.note("2022-03/front_door", "contacts", "Thirty counted twice in February.")
    analyst.note("2022-03/workforce", "heading", "Quoted: \\n stays \\n", "part2")
    analyst.csd("commentary", "2022-03")
    for key in ("assessments_45_days", "average_caseload", "agency_social_workers"):
        analyst.comment("2022-03", key, "Better from May.\n")
    assert "Contacts received: revised without a reason" in analyst.csd("check", "2022-03", code=1)
    reasons = analyst.root / "parameters" / "revisions.csv"
    reasons.write_text(
        'report,indicator,period,part,reason,by\n2022-03,contacts,,both,"Counted twice.",Front door\n'
    )
    analyst.files[reasons] = reasons.read_bytes()
    analyst.csd("run", "2022-03")
    analyst.require_every_word()
    assert "5,600 [r]" in (analyst.root / "outputs/2022-03/part1/front_door.html").read_text("utf-8")
    assert analyst.pages_with("2022-03", "Counted twice.")
    assert "March 2022 is ready" in analyst.csd("check", "2022-03")
    analyst.csd("publish", "2022-03")


def april(analyst: Analyst) -> None:
    """A month that has been annotated when the new year's numbers arrive."""
    write_period(analyst.root, "2022-04")
    write_returns(analyst.root, "2022-04", average_caseload=2310, contacts=5600)
    analyst.csd("run", "2022-04")
    assert analyst.pages_with("2022-04", "Indicator 1: Contacts received")
    analyst.note("2022-04/front_door", "contacts", "A quiet month.", "part2")
    analyst.note("2022-04/workforce", "agency-social-workers", "Six have joined us.", "part2")
    write_period(analyst.root, "2022-04", "2022-23")
    said = analyst.csd("run", "2022-04")
    analyst.require_every_word()
    assert "annotations:" not in said  # none is stale: another number is not another figure
    page = (analyst.root / "outputs/2022-04/part2/front_door.html").read_text("utf-8")
    told = ["Indicator 4: Contacts received", "A quiet month.", "Indicator 1: Assessments in time"]
    assert sorted(told, key=page.index) == told
