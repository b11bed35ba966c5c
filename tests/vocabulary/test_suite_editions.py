"""A later edition is what changed since an earlier one: by key, strictly checked, its numbers printed."""

from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from csd_helpers.cli import cli
from csd_helpers.errors import CsdError
from csd_helpers.handover import Edition, describe
from csd_helpers.prepared import Prepared
from csd_helpers.suite import Suite, load_suite
from csd_helpers.suite_extension import files_of
from tests.vocabulary.test_suite import GOOD, SECOND

PARENT = GOOD + SECOND.replace("number: 21", "number: 22").replace("title: Reviews", "title: Visits")
ADDED = SECOND.replace("  visits:", "  carers:").replace("number: 21", "number: 5")
HEAD = "extends: 2020-21\nsuite: 2022-23\nstart: 2022-04\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    suites = tmp_path / "parameters" / "suite"
    suites.mkdir(parents=True)
    (suites / "2020-21.yaml").write_text(PARENT, encoding="utf-8")
    return suites


def edition(folder: Path, text: str) -> Suite:
    path = folder / "2022-23.yaml"
    path.write_text(text, encoding="utf-8")
    return load_suite(path)


def test_the_public_numbers_of_2022_23_are_printed_for_the_same_keys(root: Path) -> None:
    old, new = (load_suite(root / "parameters" / "suite" / f"{year}.yaml") for year in ("2020-21", "2022-23"))
    expected = {
        "looked_after_reviews": 17,
        "looked_after_adopted": 21,
        "second_child_protection_plan": 12,
        "foster_carers_recruited": 18,
        "average_caseload": 25,
        "average_caseload_safeguarding": 26,
        "ehc_plans_20_weeks": 32,
    }
    assert {key: new.indicators[key].number for key in expected} == expected
    assert set(new.indicators) == set(old.indicators) and new.links == old.links
    assert sorted(indicator.number for indicator in new.indicators.values()) == list(range(1, 37))
    assert not [key for key, one in new.indicators.items() if one.target and one.target.origin == "evidenced"]


def test_pages_print_the_new_numbers_of_the_same_series(
    prepared: Prepared, told_by: Edition, root: Path
) -> None:
    own = told_by
    later = Edition(
        own.settings, load_suite(root / "parameters" / "suite" / "2022-23.yaml"), own.benchmarks, {}
    )
    released = pd.read_parquet(prepared.releases[2] / "figures.parquet").drop(
        columns=["number", "title", "group"]
    )
    told = [describe(released, 2, told)["indicators"] for told in (own, later)]
    before, after = ({entry["key"]: entry for entry in entries} for entries in told)
    assert (before["looked_after_reviews"]["number"], after["looked_after_reviews"]["number"]) == (21, 17)
    assert before["looked_after_reviews"]["text"] == after["looked_after_reviews"]["text"]
    assert before["looked_after_reviews"]["movement"] == after["looked_after_reviews"]["movement"]


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        (HEAD + "indicators:\n  reveiws: {number: 3}\n", 5, "no indicator 'reveiws'"),
        (HEAD + "indicators:\n  reviews:\n    numbr: 3\n", 6, "numbr: this name is not known here"),
        (HEAD + "indicators:\n  reviews: {number: 22}\n", 5, "number 22 is given to both reviews and visits"),
        (HEAD + "dropped:\n  - visits\n  - adopted\n", 6, "no indicator 'adopted'"),
        (HEAD + "indicator: {}\n", 4, "indicator: this name is not known here"),
        (HEAD + "added:\n" + ADDED.replace("number: 5", "number: x"), 6, "indicators.carers.number"),
        (HEAD + "added:\n  visits: {number: 3}\n", 5, "visits is added but 2020-21 has it"),
        (HEAD + "indicators:\n  reviews: {definition_changed: 2022-13}\n", 5, "not a month such as 2022-04"),
        (HEAD + "reworded:\n  - reviews\n  - adopted\n", 6, "no indicator 'adopted'"),
        (HEAD.replace("2020-21", "2019-20"), 1, "no edition '2019-20' to extend"),
        (HEAD.replace("2020-21", "2022-23"), 1, "in a circle: 2022-23 -> 2022-23"),
    ],
    ids=[
        "key",
        "field",
        "number",
        "dropped",
        "name",
        "added",
        "there",
        "month",
        "reworded",
        "parent",
        "circle",
    ],
)
def test_a_mistake_has_its_file_and_line(folder: Path, text: str, line: int, says: str) -> None:
    with pytest.raises(CsdError) as error:
        edition(folder, text)
    assert says in str(error.value) and "2022-23.yaml" in str(error.value)
    assert f"line {line}" in str(error.value)


def test_an_indicator_whose_counts_are_linked_is_not_dropped_silently(folder: Path) -> None:
    link = "links:\n  - {total: reviews.denominator, parts: [visits.denominator]}\n"
    (folder / "2020-21.yaml").write_text(PARENT + link, encoding="utf-8")
    with pytest.raises(CsdError, match="links its counts to others"):
        edition(folder, HEAD + "dropped: [visits]\n")
    assert list(edition(folder, HEAD + "dropped: [visits]\nlinks: []\n").indicators) == ["reviews"]


OTHER = "indicators:\n  reviews:\n    number: 17\n    {}: children seen by then\n"


@pytest.mark.parametrize("field", ["definition", "numerator", "denominator"])
def test_other_words_for_what_is_counted_are_not_taken_silently(folder: Path, field: str) -> None:
    with pytest.raises(CsdError) as error:
        edition(folder, HEAD + OTHER.format(field))
    assert str(error.value) == (
        f"reviews has another {field} than in 2020-21, and nothing says whether it counts the same\n"
        f"  where: {folder / '2022-23.yaml'}, line 7\n"
        "  expected: definition_changed where something else is counted, or the key under reworded\n"
        "  to fix: write beside it definition_changed: 2022-04, and the line breaks there; if only the "
        "wording was improved, add reworded: [reviews] to the file"
    )


@pytest.mark.parametrize(
    "more",
    [
        OTHER.format("definition") + "    definition_changed: 2022-04\n",
        OTHER.format("numerator") + "reworded: [reviews]\n",
        "indicators:\n  reviews:\n    definition: >-\n      d\n",  # the same words, otherwise broken
        "indicators:\n  reviews: {title: Reviews held in time}\n",
    ],
    ids=["changed", "reworded", "the_same", "title"],
)
def test_an_edition_says_whether_other_words_mean_the_same(folder: Path, more: str) -> None:
    assert "reviews" in edition(folder, HEAD + more).indicators


def test_what_one_edition_said_of_its_words_does_not_excuse_the_next(folder: Path) -> None:
    edition(
        folder, HEAD + OTHER.format("definition") + "    definition_changed: 2022-04\nreworded: [visits]\n"
    )
    head = "extends: 2022-23\nsuite: 2023-24\nstart: 2023-04\nindicators:\n"
    third = folder / "2023-24.yaml"
    for key in ("reviews", "visits"):
        third.write_text(f"{head}  {key}: {{definition: another}}\n", encoding="utf-8")
        with pytest.raises(CsdError, match=f"{key} has another definition than in 2022-23"):
            load_suite(third)


def test_an_edition_is_made_of_its_own_file_and_those_it_extends(folder: Path) -> None:
    edition(folder, HEAD)
    assert files_of(folder / "2022-23.yaml") == [folder / "2022-23.yaml", folder / "2020-21.yaml"]


def test_suite_diff_prints_what_changed(folder: Path) -> None:
    changed = (
        "indicators:\n  reviews:\n    number: 17\n    title: Reviews on time\n    definition: new\n"
        "    owner: p\n"
        "    definition_changed: 2022-04\n"
        "    target: {lower: 90, upper: 100, origin: illustrative}\n    amber: {percent_of_target: 5}\n"
    )
    edition(folder, HEAD + changed + "dropped: [visits]\nadded:\n" + ADDED)
    home = ["--root", str(folder.parents[1])]
    result = CliRunner().invoke(cli, ["suite", "diff", "2020-21", "2022-23", *home])
    assert result.exit_code == 1
    assert result.output == (
        "Renumbered (1)\n  reviews: 21 -> 17\n\n"
        "Retitled (1)\n  reviews: Reviews -> Reviews on time\n\n"
        "Targets (1)\n  reviews: 95 to 100 (evidenced) -> 90 to 100 (illustrative)\n\n"
        "Tolerance (1)\n  reviews: 10 points -> 5% of target\n\n"
        "Definition (2)\n  reviews: d -> new\n"
        "  reviews: changed from 2022-04 on: the line breaks there\n\n"
        "Otherwise changed (1)\n  reviews: owner\n\n"
        "Added (1)\n  carers: 5 Reviews\n\n"
        "Dropped (1)\n  visits: 22 Visits\n"
    )
    same = CliRunner().invoke(cli, ["suite", "diff", "2020-21", "2020-21", *home])
    assert (same.exit_code, same.output) == (0, "nothing changed\n")
