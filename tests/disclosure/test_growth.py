"""What a month added to a year to date cannot be worked out, whatever the year and wherever it was shown."""

from typing import Any

import pandas as pd
import pytest

from csd_helpers.disclosure.memory import Memory
from csd_helpers.parameters import Named
from csd_helpers.release import release
from tests.disclosure.test_decision import RULES, decided, edition, figure

APRIL, MAY, JUNE, AUGUST, SEPTEMBER = 603, 604, 605, 607, 608


def contacts(n: int, month: int, **more: Any) -> dict[str, Any]:
    return figure("contacts", n, month=month, **more)


def test_an_academic_year_grows_from_september() -> None:
    """3 of May cannot be had from two months of it; September's 100 is not August's and 3 more."""
    rows = [figure("permanent_exclusions", n, 40000, m) for n, m in ((36, APRIL), (39, MAY), (97, AUGUST))]
    shown, _ = decided(*rows, figure("permanent_exclusions", 100, 40000, SEPTEMBER))
    assert shown["marker"].tolist().count("c") == 1
    assert shown["marker"].tolist()[2:] == ["", ""]


def test_pupils_on_roll_do_not_grow_with_the_year() -> None:
    """Three pupils more on roll are no three excluded."""
    rows = [figure("permanent_exclusions", 36, 40000, APRIL), figure("permanent_exclusions", 36, 40003, MAY)]
    shown, _ = decided(*rows)
    assert shown["marker"].tolist() == ["", ""]


def test_who_turned_19_in_a_month_is_as_safe_as_who_was_referred() -> None:
    rows = [figure("care_leavers_ete", n, d, m) for n, d, m in ((20, 40, MAY), (23, 50, JUNE))]
    shown, _ = decided(*rows)
    assert shown["marker"].tolist().count("c") == 1


def test_where_children_leave_the_count_a_difference_is_no_number_of_children() -> None:
    rows = [figure("looked_after_reviews", n, d, m) for n, d, m in ((200, 240, MAY), (203, 250, JUNE))]
    shown, _ = decided(*rows)
    assert shown["marker"].tolist() == ["", ""]


@pytest.mark.parametrize("typed", ["2020-03-31", "2020-04-03"])
def test_the_day_of_the_extract_starts_no_year(typed: str) -> None:
    """Whoever types 3 April as the date of March's data has March protected all the same."""
    shown, _ = decided(contacts(100, 601), contacts(103, 602, as_at=typed))
    assert shown["marker"].tolist().count("c") == 1


def test_a_month_left_out_hides_nothing() -> None:
    """100 in April and 103 in June: 3 in two months are 3 people."""
    shown, _ = decided(contacts(100, APRIL), contacts(103, JUNE))
    assert shown["marker"].tolist().count("c") == 1


def test_what_an_edition_has_printed_is_subtracted_from_the_next() -> None:
    before, _ = edition(contacts(100, APRIL))
    shown, _ = decided(contacts(103, MAY), memory=Memory((before,)))
    assert shown["marker"].tolist() == ["c"]
    shown, _ = decided(contacts(130, MAY), memory=Memory((before,)))
    assert shown["marker"].tolist() == [""]


def test_a_figure_that_people_released_stays_whatever_was_added_since() -> None:
    before, _ = edition(contacts(100, APRIL))
    released = {"indicator": "contacts", "reason": "r", "decided_by": "d", "decided_on": "2020-06-01"}
    rules = type(RULES).model_validate(RULES.model_dump() | {"released": [released]})
    shown, _ = decided(contacts(103, MAY), memory=Memory((before,)), rules=rules)
    assert shown["marker"].tolist() == [""]


def test_a_figure_that_is_not_there_says_nothing() -> None:
    """A return without a numerator, of 4 young people, told that they are four."""
    row = figure("neet_or_not_known", 0, 4.0) | {"numerator": float("nan"), "value": float("nan")}
    shown, _ = decided(row, figure("asylum_seeking_children", 30))
    assert shown.loc[0, "marker"] == "x"
    assert shown.loc[0, ["numerator", "denominator", "value"]].isna().all()
    assert shown.loc[0, ["text", "numerator_text", "denominator_text"]].tolist() == ["[x]", "", ""]
    assert release(pd.DataFrame([row]), 2).loc[0, "denominator"] == 4


def test_the_others_of_two_denominators_are_people_too() -> None:
    """16 care leavers, of whom accommodation asks 13: three are abroad, deported or not to be found."""
    asked = figure("care_leavers_in_touch", 14, 16.0), figure("care_leavers_accommodation", 13, 13.0)
    shown, chosen = decided(*asked)
    assert shown["marker"].tolist().count("c") >= 1
    assert any("without" in target for target in chosen.exchange["targets"])


def test_the_cells_of_a_percentage_add_up_like_those_of_a_count() -> None:
    """250 of 300, 150 of 160 and 97 of 120 leave 3 of 20."""
    cells = {"North": (150, 160.0), "South": (97, 120.0), "Park": (3, 20.0)}
    rows = [figure("looked_after_visits", 250, 300.0)]
    rows += [
        figure("looked_after_visits", n, d, breakdown="area", category=name) for name, (n, d) in cells.items()
    ]
    shown, _ = decided(*rows)
    assert shown["marker"].tolist().count("c") >= 2


def test_one_child_without_a_category_makes_no_relation_untrue() -> None:
    """300 children of whom 100, 120, 76 and 3 have a ward: whoever is hidden, 1 to 5 stay possible."""
    cells = {"North": 100, "South": 120, "West": 76, "Park": 3}
    rows = [figure("children_looked_after", n, breakdown="ward", category=name, unit="count")
            for name, n in cells.items()]  # fmt: skip
    shown, chosen = decided(figure("children_looked_after", 300), *rows)
    assert shown["marker"].tolist().count("c") >= 2
    assert chosen.unlinked == ["children_looked_after|2020-06 is 1 more than its categories"]


def test_the_same_data_told_in_two_months_are_the_same_numbers() -> None:
    """June's 40 less the 37 of May, both of 31 May, are Park's 3."""
    cells = {"North": 37, "Park": 3}
    rows = [
        figure("children_looked_after", n, month=month, as_at="2020-05-31", unit="count", **more)
        for month in (MAY, JUNE)
        for n, more in [(40, {}), *((n, {"breakdown": "ward", "category": c}) for c, n in cells.items())]
    ]
    by = {"reason": "agreed", "decided_by": "Officer", "decided_on": "2020-11-20"}
    total = Named.model_validate({"indicator": "children_looked_after", "period": "2020-05", **by})
    shown, _ = decided(*rows, rules=RULES.model_copy(update={"withheld": [total]}))
    totals, norths, parks = (set(shown["text"].iloc[[at, at + 3]]) for at in range(3))
    assert parks == {"[c]"}
    assert not {"40"} <= totals or not {"37"} <= norths
