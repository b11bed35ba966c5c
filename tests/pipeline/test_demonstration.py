"""October 2020 tells the story of the source report."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from csd_helpers.demo import write_demo
from csd_helpers.part_files import part_files
from csd_helpers.prepared import Prepared


@pytest.fixture(scope="module")
def packs(prepared: Prepared) -> dict[int, dict[str, Any]]:
    return {
        part: json.loads((folder / "pack.json").read_text()) for part, folder in prepared.releases.items()
    }


@pytest.fixture(scope="module")
def tables(prepared: Prepared) -> dict[int, pd.DataFrame]:
    return {part: pd.read_parquet(folder / "figures.parquet") for part, folder in prepared.releases.items()}


def by_number(pack: dict[str, Any]) -> dict[int, dict[str, Any]]:
    return {entry["number"]: entry for entry in pack["indicators"]}


def numbers(pack: dict[str, Any], keys: list[str]) -> list[int]:
    return [entry["number"] for key in keys for entry in pack["indicators"] if entry["key"] == key]


def test_part_1_lists_exactly_21_26_and_29(packs: dict[int, dict[str, Any]]) -> None:
    pack = packs[1]
    ratings = {n: by_number(pack)[n]["rating"] for n in numbers(pack, pack["exceptions"])}
    assert ratings == {26: "red", 29: "amber", 21: "amber"}
    assert numbers(pack, pack["exceptions"])[0] == 26  # worst first


def test_part_1_says_only_that_22_and_23_are_below_expectation(packs: dict[int, dict[str, Any]]) -> None:
    entries = by_number(packs[1])
    for number in (22, 23):
        entry = entries[number]
        assert (entry["see_part2"], entry["below_expectation"], entry["exception"]) == (True, True, False)
        assert (entry["text"], entry["numerator_text"], entry["distance_text"]) == ("[c]", "[c]", "")
        assert entry["commentary_html"] is None
    below = [n for n, entry in entries.items() if entry["below_expectation"]]
    assert below == [22, 23]


def test_part_2_lists_all_five_with_figures(packs: dict[int, dict[str, Any]]) -> None:
    pack = packs[2]
    assert sorted(numbers(pack, pack["exceptions"])) == [21, 22, 23, 26, 29]
    for number in (21, 22, 23, 26, 29):
        assert by_number(pack)[number]["text"][0].isdigit()
        assert by_number(pack)[number]["commentary_html"]
    assert pack["withheld"] == []


def test_26_is_38_percent_at_the_end_of_september(packs: dict[int, dict[str, Any]]) -> None:
    entry = by_number(packs[1])[26]
    assert entry["text"].startswith("38.")
    assert (entry["as_at"], entry["as_at_differs"]) == ("30 September 2020", True)
    assert entry["target_text"] == "47% to 52%"


def test_the_whole_caseload_is_told_on_its_own_base(tables: dict[int, pd.DataFrame]) -> None:
    table = tables[2]
    row = table[table["breakdown"].eq("care_leavers_caseload_nete") & table["period"].eq("2020-10")].iloc[0]
    assert (row["numerator"], row["denominator"], row["text"]) == (122, 228, "53.5%")


def test_7_and_8_are_green_by_comparison_without_a_local_target(packs: dict[int, dict[str, Any]]) -> None:
    for number in (7, 8):
        entry = by_number(packs[2])[number]
        assert (entry["rating"], entry["target_text"]) == ("green", "no local target")


def test_every_other_target_is_met_and_every_indicator_has_a_figure(packs: dict[int, dict[str, Any]]) -> None:
    entries = by_number(packs[2])
    assert len(entries) == 36
    assert {entry["status"] for entry in entries.values()} <= {"final", "provisional"}
    assert packs[2]["counts"]["no_data"] == 0
    rated = {n for n, entry in entries.items() if entry["rating"] in ("red", "amber", "green")}
    green = {n for n in rated if entries[n]["rating"] == "green"}
    assert rated - green == {21, 22, 23, 26, 29}
    assert len(green) == 22


def test_the_council_is_the_size_of_the_published_one(packs: dict[int, dict[str, Any]]) -> None:
    entries = by_number(packs[2])
    assert 44 <= float(entries[17]["text"]) <= 48  # looked after, per 10,000
    assert 20 <= int(entries[18]["text"]) <= 32  # seeking asylum


def test_88_percent_in_april(tables: dict[int, pd.DataFrame]) -> None:
    table = tables[2]
    own = table[table["indicator"].eq("looked_after_reviews") & table["breakdown"].eq("all")].set_index(
        "period"
    )
    assert 86 <= own.loc["2020-04", "value"] <= 90
    assert 90 <= own.loc["2020-10", "value"] < 95


def test_no_suppressed_value_is_handed_to_part_1(prepared: Prepared, tables: dict[int, pd.DataFrame]) -> None:
    hidden = tables[1]["marker"].eq("c")
    assert hidden.any()
    amounts = tables[1].loc[hidden, ["numerator", "denominator", "value"]]
    assert amounts.isna().all(axis=None)
    assert set(tables[1].loc[hidden, "text"]) == {"[c]"}
    files = sorted(path.name for path in prepared.releases[1].iterdir())
    assert files == ["figures.parquet", "pack.json"]


def test_the_download_prints_what_the_page_prints(
    prepared: Prepared, tables: dict[int, pd.DataFrame]
) -> None:
    content = part_files(prepared.releases[1])["data.csv"].decode("utf-8-sig").splitlines()
    assert content[0] == (
        "indicator,number,title,period,breakdown,category,numerator,denominator,value,unit,rating,as_at,status,"
        "revised"
    )
    adopted = [line for line in content if line.startswith("looked_after_adopted,23") and ",all,all," in line]
    assert len(adopted) == 24
    assert all(",[c],[c],[c]," in line for line in adopted)
    assert len(content) == len(tables[1]) + 1


def test_the_demonstration_is_the_same_every_time(tmp_path: Path) -> None:
    once, again = write_demo(tmp_path / "once"), write_demo(tmp_path / "again")
    assert [path.read_bytes() for path in once] == [path.read_bytes() for path in again]


def test_everything_the_register_says_belongs_together_does(packs: dict[int, dict[str, Any]]) -> None:
    account = packs[2]["disclosure"]
    assert account["unlinked"] == [] and account["unfixable"] == []
    assert account["proven"]  # no cheaper choice would do
