"""The list of cases behind a figure: for the analyst, and nowhere that leaves."""

from pathlib import Path

import pandas as pd
import pytest

from csd_helpers.case_list import cases_csv, leaves, write_cases
from csd_helpers.errors import CsdError
from csd_helpers.explain import explained
from csd_helpers.period import Period

OCTOBER = Period.parse("2020-10")


def test_the_list_of_cases_adds_up_to_the_figure(council: Path) -> None:
    told = explained("looked_after_reviews", OCTOBER, council)
    kept = told.cases[told.cases["excluded"].isna()]
    assert (kept["numerator"].sum(), kept["denominator"].sum()) == (
        told.figure["numerator"],
        told.figure["denominator"],
    )


def test_the_list_of_cases_is_a_table_no_spreadsheet_runs(small: Path, tmp_path: Path) -> None:
    told = explained("looked_after_reviews", OCTOBER, small)
    write_cases(told.cases, tmp_path / "cases.csv", small)
    content = (tmp_path / "cases.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.decode("utf-8-sig").split("\r\n") == [
        "CHILD,came,left,reviews_due,numerator,denominator,excluded",
        "'=B,2020-05-01,,3,0,1,",
        "A,2019-09-02,,2,1,1,",
        "",
    ]


def test_cases_left_out_are_listed_with_the_reason(small: Path) -> None:
    cases = explained("care_leavers_ete", OCTOBER, small).cases
    reasons = dict(zip(cases["CHILD"], cases["excluded"].fillna("counted"), strict=True))
    assert reasons == {
        "L1": "counted", "L2": "counted", "L3": "died", "L4": "not a 19th, 20th or 21st birthday"
    }  # fmt: skip
    assert b"L3,2000-06-02,2020-06-02,DIED," in cases_csv(cases)


@pytest.mark.parametrize(
    "place",
    [
        "outputs/2020-10/part1/cases.csv",
        "outputs/2020-10/part2/deeper/cases.csv",
        "outputs/2020-10/working/../part1/cases.csv",
        "outputs/2020-10/working/release/part1/cases.csv",
        "outputs/.2020-10.building/part2/cases.csv",
        "outputs/published/cases.csv",
        "outputs/published/ledger/cases.csv",
        "innocent/cases.csv",  # a link to part 1
        "linked.csv",  # a link to a file that is not there yet, in part 2
        "shared/2020-10/cases.csv",  # where part 1 of another pack is a link to
    ],
)
def test_no_list_of_children_is_written_where_things_leave(tmp_path: Path, place: str) -> None:
    outputs = tmp_path / "outputs"
    folders = ["2020-10/part1", "2020-10/part2/deeper", "2020-10/working/release/part1", "2020-09"]
    for name in [*folders, ".2020-10.building/part2", "published/ledger"]:
        (outputs / name).mkdir(parents=True)
    (tmp_path / "shared" / "2020-10").mkdir(parents=True)
    (tmp_path / "innocent").symlink_to(outputs / "2020-10" / "part1")
    (tmp_path / "linked.csv").symlink_to(outputs / "2020-10" / "part2" / "cases.csv")
    (outputs / "2020-09" / "part1").symlink_to(tmp_path / "shared" / "2020-10")
    with pytest.raises(CsdError, match="must not lie in a folder that is circulated"):
        write_cases(pd.DataFrame({"numerator": [1], "denominator": [1], "excluded": [""]}),
                    tmp_path / place, tmp_path)  # fmt: skip
    assert not list(tmp_path.rglob("cases.csv"))


def test_the_working_folder_and_any_other_place_may_hold_it(tmp_path: Path) -> None:
    assert not leaves(tmp_path / "outputs" / "2020-10" / "working" / "cases.csv", tmp_path)
    assert not leaves(tmp_path / "part1" / "cases.csv", tmp_path)


def test_no_file_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "cases.csv").write_text("mine", encoding="utf-8")
    with pytest.raises(CsdError, match="there already"):
        write_cases(pd.DataFrame({"numerator": [1], "denominator": [1], "excluded": [""]}),
                    tmp_path / "cases.csv", tmp_path)  # fmt: skip
    assert (tmp_path / "cases.csv").read_text(encoding="utf-8") == "mine"
