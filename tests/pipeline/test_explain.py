"""Where a figure comes from: of a small extract typed here, and of the demonstration."""

import hashlib
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from csd_helpers import cli, explain
from csd_helpers.errors import CsdError
from csd_helpers.explain import Explained, explained
from csd_helpers.explanation import explanation
from csd_helpers.ledger import add_entry, next_entry, write_figures
from csd_helpers.period import Period
from csd_helpers.pipeline import prepare
from csd_helpers.suite import load_suite

OCTOBER = Period.parse("2020-10")


def sections(text: str) -> dict[str, list[str]]:
    """Return an explanation by its headings, each sentence on a line."""
    found: dict[str, list[str]] = {}
    title = ""
    for line in text.splitlines():
        if line and not line.startswith(" ") and line == line.upper():
            title = line
        elif re.match(r"( {4}| {17})\S", line):  # set in: it goes on
            found[title][-1] += f" {' '.join(line.split())}"
        elif line.strip():
            found.setdefault(title, []).append(" ".join(line.split()))
    return found


def of(key: str, root: Path) -> dict[str, list[str]]:
    return sections(explanation(explained(key, OCTOBER, root)))


def made_once(function: Callable[..., Any]) -> Callable[..., Any]:
    """Let what takes long be done for the first figure that is explained, and taken for the others."""
    made: list[Any] = []

    def take(*given: Any) -> Any:
        if not made:
            made.append(function(*given))
        return made[0]

    return take


@pytest.fixture(scope="module")
def explain_demonstration(council: Path) -> Callable[[str], Explained]:
    """Return what explains a figure of the demonstration, which is read, counted and protected once."""
    kept = {
        name: made_once(getattr(explain, name))
        for name in ("load_edition", "checked_extract", "judged_figures", "choose")
    }

    def explain_one(key: str) -> Explained:
        with pytest.MonkeyPatch.context() as patch:
            for name, function in kept.items():
                patch.setattr(explain, name, function)
            return explained(key, OCTOBER, council)

    return explain_one


def sha(root: Path, name: str) -> str:
    content = (root / "outputs" / "demo" / "extract" / name).read_bytes()
    return hashlib.sha256(content).hexdigest()[:12]


def test_a_figure_is_told_with_its_parts_and_its_sum(small: Path) -> None:
    told = of("looked_after_reviews", small)
    assert told["THE FIGURE"] == [
        "Printed 50.0%",
        "Numerator 1",
        "Denominator 2",
        "Unrounded 1 ÷ 2 × 100 = 50",
        "Data to 31 October 2020; final; from records",
    ]
    assert told["THE CASES"] == [
        "No case was left out beyond what the definition says.",
        "2 cases were counted; to list them: csd explain looked_after_reviews 2020-10 --records FILE",
    ]
    assert told["BESIDE IT"] == [  # due: A on 10 June, B on 2 June (late) and 10 September
        "Reviews held on time, of all reviews due (looked_after_reviews_held): 66.7% (2 of 3); [c] in Part 1."
    ]


def test_every_file_read_is_named_with_its_rows_and_hash(small: Path) -> None:
    assert of("looked_after_reviews", small)["WHERE IT COMES FROM"] == [
        f"cla_episodes: 3 rows read cla_episodes.csv SHA-256 {sha(small, 'cla_episodes.csv')}",
        f"cla_reviews: 5 rows read cla_reviews.csv SHA-256 {sha(small, 'cla_reviews.csv')}",
    ]


def test_the_rating_is_told_step_by_step(small: Path) -> None:
    assert of("looked_after_reviews", small)["WHY THIS RATING"] == [
        "Target: 95 to 100 (evidenced: the council's report of October 2020), the same in every month;"
        " good is high, so only a figure below 95 is outside.",
        "50 is 45 below 95.",
        "Amber reaches 10 from there, to 85: 50 is beyond it.",
        "So: red.",
    ]


def test_what_was_left_out_is_counted_by_reason(small: Path) -> None:
    told = of("care_leavers_ete", small)
    assert sorted(told["THE CASES"][:2]) == [
        "1 died",
        "1 not a 19th, 20th or 21st birthday",
    ]
    assert told["THE CASES"][2].startswith("2 cases were counted; ")
    assert told["WHAT IT IS"][3] == "Basis year to date; the data are 1 month older than the report"
    assert told["THE FIGURE"][-1] == "Data to 30 September 2020; final; from records"


def test_records_and_returns_are_compared(small: Path) -> None:
    told = of("children_looked_after", small)
    assert told["RECORDS AND RETURNS"] == [
        "records 2.0000 (2 of 10,000); returns 5.0000 (5 of 10,000): they differ (records less returns:"
        " -3.0000). Published from records.",
        "1 of the 2 months with both differ.",
    ]
    assert told["WHERE IT COMES FROM"][-1] == (
        "The row typed in: numerator 5, denominator 10,000, as_at 2020-10-31, status final, source dashboard."
    )


def test_a_return_shows_the_row_that_was_typed_in(small: Path) -> None:
    told = of("persistent_absence", small)
    assert told["WHERE IT COMES FROM"] == [
        "Not counted from records: its outturn is typed into returns.csv.",
        f"returns: 4 rows read returns.csv SHA-256 {sha(small, 'returns.csv')}",
        "The row typed in: value 8.85, as_at 2020-10-31, status provisional, source schools team.",
    ]
    assert told["THE FIGURE"][1] == "Unrounded 8.85 (typed in without its parts)"
    assert told["IN PART 1"] == [
        "Withheld, printed as [c]: typed in without its parts, it may stand for a handful of people."
    ]
    assert "THE CASES" not in told


def test_a_target_of_the_year_is_told_as_profiled_to_the_month(small: Path) -> None:
    assert of("foster_carers_recruited", small)["WHY THIS RATING"] == [
        "Target: 20 to 24 for the year (illustrative); 7 of 12 even shares are due by then, so 11.666667"
        " to 14 in October 2020; good is high, so only a figure below 11.666667 is outside.",
        "11 is 0.666667 below 11.666667.",
        "Amber reaches 1.166667 (10% of 11.666667) from there, to 10.5: 11 is within it.",
        "So: amber.",
    ]


def test_what_cannot_be_computed_says_why(small: Path) -> None:
    told = of("conferences_15_days", small)
    assert told["THE FIGURE"] == ["Outturn not computable: the extract has no table section47"]
    assert told["WHERE IT COMES FROM"] == ["Not counted from records: the extract has no table section47."]
    assert told["WHY THIS RATING"] == ["There is no outturn to rate.", "So: no data."]
    assert told["IN PART 1"] == ["There is no figure to show: [x]"]


def test_every_line_fits_a_hundred_columns_and_every_rating_is_the_figures_own(
    council: Path, explain_demonstration: Callable[[str], Explained]
) -> None:
    suite = load_suite(council / "parameters" / "suite" / "2020-21.yaml")
    for key in suite.indicators:
        told = explain_demonstration(key)
        text = explanation(told)
        assert max(map(len, text.splitlines())) <= 100
        assert sections(text)["WHY THIS RATING"][-1] == f"So: {told.figure['rating']}."
        assert str(suite.indicators[key].number) == text.split()[0]


def test_the_demonstration_tells_which_decision_withholds_from_part_1(
    explain_demonstration: Callable[[str], Explained],
) -> None:
    told = sections(explanation(explain_demonstration("looked_after_adopted")))
    assert told["THE FIGURE"][0] == "Printed 4"
    assert told["IN PART 1"][0] == (
        "Withheld, printed as [c]: whole indicator, Director of Children's Services (demonstration):"
        " a small number of children, known in their neighbourhoods. Part 1 says that it is below"
        " expectation, and no more."
    )


def test_the_readme_shows_what_is_printed(
    root: Path, explain_demonstration: Callable[[str], Explained]
) -> None:
    article = (root / "README.md").read_text(encoding="utf-8")
    sample = article.split("    THE FIGURE\n")[1].split("\n\n")[0].splitlines()
    said = explanation(explain_demonstration("looked_after_reviews")).splitlines()
    assert [line for line in sample if line != "    ..." and line.removeprefix("    ") not in said] == []
    assert len(sample) > 10


def test_a_figure_found_small_says_by_which_rule_it_is_withheld(small: Path) -> None:
    told = of("looked_after_reviews", small)
    assert told["IN PART 1"] == ["Withheld, printed as [c]: the number it is taken over is small."]


def test_what_earlier_packs_said_stands_beside_what_is_counted_now(small: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(small, tmp_path / "council")
    periods, episodes = folder / "parameters" / "periods", folder / "outputs" / "demo" / "extract"
    settings = (periods / "2020-10.yaml").read_text(encoding="utf-8").replace("2020-10 ", "2020-09 ")
    (periods / "2020-09.yaml").write_text(settings, encoding="utf-8")
    made = prepare(OCTOBER - 1, folder, folder / "outputs" / "2020-09" / "working")
    table = (episodes / "cla_reviews.csv").read_text(encoding="utf-8")
    late = table.replace("2020-06-01", "2020-06-11")  # recorded wrongly, and put right since
    (episodes / "cla_reviews.csv").write_text(late, encoding="utf-8")
    before = of("looked_after_reviews", folder)["BEFORE"]
    assert before[-1] == "Sep 2020: 0.0% (0 of 2) red; then 50.0% (pack made)"
    parts = {part: pd.read_parquet(made.releases[part] / "figures.parquet") for part in (1, 2)}
    name, sha = write_figures(folder, "0001-2020-09", parts)
    add_entry(folder, next_entry(folder, "published", OCTOBER - 1, figures=name, figures_sha256=sha))
    before = of("looked_after_reviews", folder)["BEFORE"]
    assert before[-1] == "Sep 2020: 0.0% (0 of 2) red; then 50.0% (published)"


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("looked_after_review", "expected: one of looked_after_reviews"),
        ("reviews", "expected: one of child_protection_reviews, looked_after_reviews"),
        ("26", "expected: one of care_leavers_ete"),
        ("care_leavers_caseload_nete", "to fix: explain care_leavers_ete"),
    ],
)
def test_an_unknown_indicator_gets_its_neighbours(key: str, message: str, small: Path) -> None:
    with pytest.raises(CsdError) as caught:
        explained(key, OCTOBER, small)
    assert message in str(caught.value)


def test_an_unknown_period_is_the_message_of_every_command(small: Path) -> None:
    with pytest.raises(CsdError, match="the period 2020-11 has no parameter file"):
        explained("looked_after_reviews", OCTOBER + 1, small)


def csd(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["csd", *arguments])
    with pytest.raises(SystemExit) as caught:
        cli.main()
    return int(caught.value.code or 0)


def test_the_command_prints_and_writes(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "cases.csv"
    words = ("explain", "looked_after_reviews", "2020-10", "--records", str(file), "--root", str(small))
    assert csd(monkeypatch, *words) == 0
    out = capsys.readouterr().out.splitlines()
    assert out[1] == "looked_after_reviews, October 2020. Exempt, as Part 2 is: not for publication."
    assert out[-1] == f"{file}: 2 cases, children's identifiers included; never circulate"
    assert len(file.read_text(encoding="utf-8-sig").splitlines()) == 3


def test_a_return_has_no_list_of_cases(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "cases.csv"
    words = ("explain", "permanent_exclusions", "2020-10", "--records", str(file), "--root", str(small))
    assert csd(monkeypatch, *words) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "csd: 'permanent_exclusions' is not counted from records for 2020-10" in shown.err
    assert not file.exists()


def test_check_says_how_records_and_returns_compare(
    small: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert csd(monkeypatch, "check", "2020-10", "--extract", "--root", str(small)) == 0
    assert capsys.readouterr().out.splitlines()[-4:-2] == [
        "1 indicator comes from both records and returns; 1 month differs:",
        "  children_looked_after 2020-10: records 2.0000 (2 of 10,000); returns 5.0000 (5 of 10,000);"
        " published from records",
    ]
