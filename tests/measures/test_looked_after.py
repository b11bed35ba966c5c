"""Hand-built children, expected counts typed by hand, on the boundaries the definitions name."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from csd_helpers.extract import read_extract
from csd_helpers.measures import MEASURES, Window, count
from csd_helpers.period import Period
from tests.measures.conftest import Tables, dated, episodes, header, reviews

Counted = Callable[[str, Tables, str], tuple[float, float]]


@pytest.mark.parametrize(
    ("decom", "dec", "counts"),
    [
        ("2020-10-31", None, 1),  # came on the day
        ("2020-11-01", None, 0),
        ("2020-01-01", "2020-10-31", 0),  # ended on the day
        ("2020-01-01", "2020-11-01", 1),
    ],
)
def test_looked_after_on_the_day(counted: Counted, decom: str, dec: str | None, counts: int) -> None:
    tables = {"cla_episodes": episodes({"DECOM": decom, "DEC": dec, "REC": "E4A" if dec else None})}
    assert counted("children_looked_after", tables, "2020-10")[0] == counts


@pytest.mark.parametrize("status", ["V3", "V4"])
def test_short_breaks_are_left_out(counted: Counted, status: str) -> None:
    tables = {"cla_episodes": episodes({"DECOM": "2020-01-01", "LS": status})}
    assert counted("children_looked_after", tables, "2020-10")[0] == 0


def test_a_child_with_overlapping_episodes_is_one_child(counted: Counted) -> None:
    tables = {"cla_episodes": episodes({"DECOM": "2020-01-01"}, {"DECOM": "2020-05-01", "RNE": "P"})}
    assert counted("children_looked_after", tables, "2020-10")[0] == 1


def test_ages_divide_at_the_birthday(counted: Counted) -> None:
    tables = {
        "cla_episodes": episodes({"DECOM": "2019-01-01"}, {"CHILD": "B", "DECOM": "2019-01-01"}),
        "cla_header": header(A="2004-10-31", B="2004-11-01"),
    }
    window = Window(Period.parse("2020-10").ordinal, Period.parse("2020-10").ordinal)
    split = count(MEASURES["children_looked_after"].cases(tables, window), window, "age_band")
    shown = split[split["denominator"].gt(0)]
    assert dict(zip(shown["category"], shown["denominator"], strict=True)) == {
        "10 to 15": 1,
        "16 and over": 1,
    }


@pytest.mark.parametrize(
    ("miles", "band"),
    [
        (0.0, "5 miles or less"),
        (5.0, "5 miles or less"),
        (5.1, "More than 5, up to 20 miles"),
        (20.0, "More than 5, up to 20 miles"),
        (20.1, "More than 20 miles"),
        (999.8, "More than 20 miles"),
        (999.9, "Not known"),
        (None, "Not known"),
    ],
)
def test_bands_of_distance_from_home(miles: float | None, band: str) -> None:
    table = episodes({"DECOM": "2020-01-01", "PL_DISTANCE": miles}).astype({"PL_DISTANCE": "float64"})
    cases = MEASURES["children_looked_after"].cases({"cla_episodes": table}, Window(600, 610))
    assert cases["distance"].tolist() == [band]


@pytest.mark.parametrize(("ceased", "counts"), [(None, 1), ("2020-10-31", 0), ("2020-11-01", 1)])
def test_asylum_status_until_it_ceases(counted: Counted, ceased: str | None, counts: int) -> None:
    seeking = dated([{"CHILD": "A", "DOB": "2003-05-01", "DUC": ceased}], ["DOB", "DUC"])
    tables = {"cla_episodes": episodes({"DECOM": "2020-01-01"}), "uasc": seeking}
    assert counted("asylum_seeking_children", tables, "2020-10")[0] == counts


def moved(*starts: str, **first: object) -> pd.DataFrame:
    """Return one child's placements, each ending where the next begins."""
    rows: list[dict[str, object]] = []
    for at, start in enumerate(starts):
        end = starts[at + 1] if at + 1 < len(starts) else None
        rows.append({"DECOM": start, "DEC": end, "REC": "X1" if end else None, "RNE": "P" if at else "S",
                     "URN": f"SC{at}"})  # fmt: skip
    rows[0] |= first
    return episodes(*rows)


@pytest.mark.parametrize(
    ("second", "hit"),
    [
        ("2019-10-31", 0),  # the first ended 12 months ago to the day: outside (D - 12 months, D]
        ("2019-11-01", 1),  # it was open at the start of the 12 months
    ],
)
def test_the_placement_open_at_the_start_counts(counted: Counted, second: str, hit: int) -> None:
    tables = {"cla_episodes": moved("2019-01-01", second, "2020-10-31")}
    assert counted("three_placements", tables, "2020-10") == (hit, 1)


def test_a_change_of_legal_status_is_no_placement(counted: Counted) -> None:
    table = moved("2020-02-01", "2020-05-01", "2020-08-01")
    table.loc[1, "RNE"] = "L"
    assert counted("three_placements", {"cla_episodes": table}, "2020-10") == (0, 1)


def test_a_stay_under_24_hours_is_no_placement(counted: Counted) -> None:
    table = moved("2020-02-01", "2020-05-01", "2020-05-01")
    assert counted("three_placements", {"cla_episodes": table}, "2020-10") == (0, 1)


def test_a_temporary_stay_and_the_return_are_no_new_placements(counted: Counted) -> None:
    table = moved("2020-02-01", "2020-05-01", "2020-05-15", "2020-09-01")
    table.loc[1, "PLACE"] = "T1"
    table.loc[2, ["URN", "PL_POST"]] = table.loc[0, ["URN", "PL_POST"]].to_numpy()
    assert counted("three_placements", {"cla_episodes": table}, "2020-10") == (0, 1)
    table.loc[2, "URN"] = "SC9"  # not a return: another home
    assert counted("three_placements", {"cla_episodes": table}, "2020-10") == (1, 1)


def test_a_return_to_relatives_whose_home_has_no_number_is_a_return(counted: Counted) -> None:
    table = moved("2020-02-01", "2020-05-01", "2020-05-15", "2020-09-01")
    table.loc[1, "PLACE"] = "T1"
    table.loc[[0, 2], "URN"] = None
    assert counted("three_placements", {"cla_episodes": table}, "2020-10") == (0, 1)
    table.loc[[0, 2], "PL_POST"] = None  # two unknown addresses do not make one
    assert counted("three_placements", {"cla_episodes": table}, "2020-10") == (1, 1)


def test_a_placement_whose_legal_status_changed_on_its_first_day_is_not_short(counted: Counted) -> None:
    table = moved("2020-02-01", "2020-05-01", "2020-08-01", "2020-08-01")
    table.loc[3, "RNE"] = "L"
    assert counted("three_placements", {"cla_episodes": table}, "2020-10") == (1, 1)


@pytest.mark.parametrize(("place", "hit"), [("A3", 0), ("A5", 0), ("A4", 1)])
def test_adoption_by_the_present_carer_is_no_move(counted: Counted, place: str, hit: int) -> None:
    table = moved("2020-02-01", "2020-05-01", "2020-08-01")
    table.loc[2, "PLACE"] = place
    assert counted("three_placements", {"cla_episodes": table}, "2020-10") == (hit, 1)


def test_coming_back_into_care_keeps_the_placements_before(counted: Counted) -> None:
    table = moved("2020-01-01", "2020-03-01", "2020-07-01")
    table.loc[1, ["DEC", "REC"]] = [pd.Timestamp("2020-04-01"), "E4A"]
    table.loc[2, "RNE"] = "S"
    assert counted("three_placements", {"cla_episodes": table}, "2020-10") == (1, 1)
    assert counted("three_placements", {"cla_episodes": table}, "2020-05") == (0, 0)


@pytest.mark.parametrize(
    ("came", "settled", "expected"),
    [
        ("2018-04-30", "2018-10-31", (1, 1)),  # 30 months and 24 months to the day
        ("2018-05-01", "2018-05-01", (0, 0)),  # not yet 30 months
        ("2018-04-30", "2018-11-01", (0, 1)),  # not yet 24 months in the placement
    ],
)
def test_long_term_stability_in_months(
    counted: Counted, came: str, settled: str, expected: tuple[int, int]
) -> None:
    table = moved(came) if came == settled else moved(came, settled)
    tables = {"cla_episodes": table, "cla_header": header(A="2010-01-01")}
    assert counted("long_term_stability", tables, "2020-10") == expected


@pytest.mark.parametrize(("born", "counts"), [("2004-10-31", 0), ("2004-11-01", 1)])
def test_long_term_stability_is_for_children_under_16(counted: Counted, born: str, counts: int) -> None:
    tables = {"cla_episodes": moved("2015-01-01"), "cla_header": header(A=born)}
    assert counted("long_term_stability", tables, "2020-10") == (counts, counts)


def test_a_placement_for_adoption_and_the_one_before_count_together(counted: Counted) -> None:
    table = moved("2018-01-01", "2018-10-31", "2020-06-01")
    table.loc[2, "PLACE"] = "A4"
    tables = {"cla_episodes": table, "cla_header": header(A="2016-01-01")}
    assert counted("long_term_stability", tables, "2020-10") == (1, 1)
    tables["cla_episodes"].loc[2, "PLACE"] = "U4"
    assert counted("long_term_stability", tables, "2020-10") == (0, 1)


def test_adoption_by_the_present_carer_reaches_back_no_further_than_that_carer(counted: Counted) -> None:
    table = moved("2018-01-01", "2018-10-31", "2018-11-01", "2020-06-01")
    table.loc[3, "PLACE"] = "A3"  # with the carer of November 2018: 23 months and 30 days
    tables = {"cla_episodes": table, "cla_header": header(A="2016-01-01")}
    assert counted("long_term_stability", tables, "2020-10") == (0, 1)
    assert counted("long_term_stability", tables, "2020-11") == (1, 1)


def test_a_temporary_start_is_no_part_of_a_placement_of_an_earlier_time_in_care(counted: Counted) -> None:
    table = moved("2015-01-01", "2018-01-01")
    table.loc[0, ["DEC", "REC"]] = [pd.Timestamp("2017-01-01"), "E4A"]
    table.loc[1, ["RNE", "PLACE"]] = ["S", "T0"]
    tables = {"cla_episodes": table, "cla_header": header(A="2010-01-01")}
    assert counted("long_term_stability", tables, "2020-10") == (0, 1)


OTHERS = [("Z", "2017-01-15")]  # reviews are on record from 2017


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        ("2020-06-29", (1, 1)),  # the 20th working day: 25 May is a bank holiday
        ("2020-06-30", (0, 1)),
    ],
)
def test_the_first_review_is_due_in_20_working_days(
    counted: Counted, held: str, expected: tuple[int, int]
) -> None:
    tables = {"cla_episodes": episodes({"DECOM": "2020-06-01"}), "cla_reviews": reviews(*OTHERS, ("A", held))}
    assert counted("looked_after_reviews", tables, "2020-08") == expected


@pytest.mark.parametrize(("second", "expected"), [("2020-08-31", (1, 1)), ("2020-09-01", (0, 1))])
def test_the_second_review_is_due_in_three_months(
    counted: Counted, second: str, expected: tuple[int, int]
) -> None:
    tables = {
        "cla_episodes": episodes({"DECOM": "2020-05-20"}),
        "cla_reviews": reviews(*OTHERS, ("A", "2020-05-31"), ("A", second)),
    }
    assert counted("looked_after_reviews", tables, "2020-10") == expected


@pytest.mark.parametrize(("third", "expected"), [("2020-08-29", (1, 1)), ("2020-08-30", (0, 1))])
def test_later_reviews_are_due_in_six_months(counted: Counted, third: str, expected: tuple[int, int]) -> None:
    held = [("A", "2019-12-20"), ("A", "2020-02-29"), ("A", third)]
    tables = {"cla_episodes": episodes({"DECOM": "2019-12-01"}), "cla_reviews": reviews(*OTHERS, *held)}
    assert counted("looked_after_reviews", tables, "2020-10") == expected


def test_one_late_review_keeps_the_child_late_until_march(counted: Counted) -> None:
    held = [
        ("A", "2019-12-20"),
        ("A", "2020-02-01"),
        ("A", "2020-08-20"),
        ("A", "2021-02-01"),
        ("A", "2021-07-01"),
    ]
    tables = {"cla_episodes": episodes({"DECOM": "2019-12-01"}), "cla_reviews": reviews(*OTHERS, *held)}
    assert counted("looked_after_reviews", tables, "2020-07") == (0, 0)  # none due yet this year
    assert counted("looked_after_reviews", tables, "2020-08") == (0, 1)  # due 1 August, held 20 August
    assert counted("looked_after_reviews", tables, "2021-03") == (0, 1)
    assert counted("looked_after_reviews", tables, "2021-08") == (1, 1)  # a new year, held on time
    assert counted("looked_after_reviews_held", tables, "2021-03") == (1, 2)


def test_an_overdue_review_stays_overdue_into_the_next_year(counted: Counted) -> None:
    tables = {
        "cla_episodes": episodes({"DECOM": "2019-12-01"}),
        "cla_reviews": reviews(*OTHERS, ("A", "2019-12-20"), ("A", "2020-02-01")),
    }
    assert counted("looked_after_reviews", tables, "2020-08") == (0, 1)
    assert counted("looked_after_reviews", tables, "2021-05") == (0, 1)


def test_a_review_overdue_for_years_keeps_the_child_in_the_count(counted: Counted) -> None:
    tables = {
        "cla_episodes": episodes({"DECOM": "2017-06-01"}),
        "cla_reviews": reviews(*OTHERS),
    }
    assert counted("looked_after_reviews", tables, "2017-06") == (0, 1)
    assert counted("looked_after_reviews", tables, "2023-05") == (0, 1)


@pytest.mark.parametrize(("held", "expected"), [("2020-07-31", (1, 1)), ("2020-08-01", (0, 1))])
def test_a_review_due_on_the_last_day_of_the_month(
    counted: Counted, held: str, expected: tuple[int, int]
) -> None:
    table = episodes({"DECOM": "2020-07-03"})  # 20 working days to 31 July
    tables = {"cla_episodes": table, "cla_reviews": reviews(*OTHERS, ("A", held))}
    assert counted("looked_after_reviews", tables, "2020-07") == expected
    assert counted("looked_after_reviews_held", tables, "2020-07") == expected


@pytest.mark.parametrize(("held", "expected"), [("2020-05-29", (1, 1)), ("2020-06-30", (0, 1))])
def test_reviews_before_a_child_left_count_when_the_child_comes_back(
    counted: Counted, held: str, expected: tuple[int, int]
) -> None:
    table = moved("2020-05-01", "2020-10-20")
    table.loc[0, ["DEC", "REC"]] = [pd.Timestamp("2020-07-15"), "E4A"]
    table.loc[1, "RNE"] = "S"  # no review of this time in care is due yet
    tables = {"cla_episodes": table, "cla_reviews": reviews(*OTHERS, ("A", held))}
    assert counted("looked_after_reviews", tables, "2020-07") == (0, 0)
    assert counted("looked_after_reviews", tables, "2020-10") == expected


def test_a_child_who_left_before_the_review_was_due_is_not_counted(counted: Counted) -> None:
    table = episodes({"DECOM": "2020-06-01", "DEC": "2020-06-20", "REC": "E4A"})
    tables = {"cla_episodes": table, "cla_reviews": reviews(*OTHERS)}
    assert counted("looked_after_reviews", tables, "2020-06") == (0, 0)


@pytest.mark.parametrize(("reason", "counts"), [("E11", 1), ("E12", 1), ("E4A", 0), ("X1", 0)])
def test_adopted_since_april(counted: Counted, reason: str, counts: int) -> None:
    table = episodes({"DECOM": "2019-01-01", "DEC": "2020-04-01", "REC": reason})
    assert counted("looked_after_adopted", {"cla_episodes": table}, "2020-10")[0] == counts
    assert counted("looked_after_adopted", {"cla_episodes": table}, "2020-03")[0] == 0
    assert counted("looked_after_adopted", {"cla_episodes": table}, "2021-04")[0] == 0


def test_two_times_in_care_that_ended_on_one_day_count_by_the_later(counted: Counted) -> None:
    table = moved("2019-01-01", "2020-06-01")
    table.loc[0, "REC"] = "E4A"
    table.loc[1, ["RNE", "DEC", "REC"]] = ["S", pd.Timestamp("2020-06-01"), "E11"]
    assert counted("looked_after_adopted", {"cla_episodes": table}, "2020-10")[0] == 1


def test_the_five_real_returns_give_the_published_counts(shared_data: Path) -> None:
    extract = read_extract(shared_data / "ssda903_2017-2021")
    extract.require_sound()
    assert len(extract.tables["cla_episodes"]) == 2_827
    window = Window(Period.parse("2018-03").ordinal, Period.parse("2020-10").ordinal)
    counts = count(MEASURES["children_looked_after"].cases(extract.tables, window), window).set_index("month")
    found = [
        counts["numerator"][Period.parse(month).ordinal]
        for month in ("2018-03", "2019-03", "2020-03", "2020-10")
    ]
    assert found == [466, 288, 181, 142]


@pytest.mark.parametrize("far", ["2999-01-01", "9999-12-31"])
def test_an_end_written_for_never_is_an_open_one(counted: Counted, far: str) -> None:
    """Some systems write a far day where nothing has ended; no date may be too far to be counted with."""
    held = reviews(*OTHERS, ("A", "2020-02-01"))
    for key in (
        "looked_after_reviews",
        "looked_after_reviews_held",
        "children_looked_after",
        "three_placements",
    ):
        told = [
            counted(
                key,
                {"cla_episodes": episodes({"DECOM": "2020-01-06", "DEC": end}), "cla_reviews": held},
                "2020-10",
            )
            for end in (far, None)
        ]
        assert told[0] == told[1], key
