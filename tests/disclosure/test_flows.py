"""What the months of a stock, of its starts and of sums of twelve months say of each other."""

from typing import Any

import pandas as pd
import pytest

from csd_helpers.disclosure.memory import NOTHING, Memory
from csd_helpers.disclosure.model import model_of
from csd_helpers.disclosure.proof import Proof, prove
from csd_helpers.period import Period
from csd_helpers.release import release
from tests.disclosure.test_decision import RULES, SUITE, decided, edition, figure

MARCH, APRIL, MAY = 602, 603, 604
NO_INCREASES = RULES.model_copy(update={"hide_monthly_increases": False})


def plans(n: int, month: int) -> dict[str, Any]:
    return figure("child_protection_plans", n, 73_000.0, month)


def started(n: int, month: int) -> dict[str, Any]:
    return figure("child_protection_plans_started", n, month=month)


def reviewed(n: int, d: int, month: int) -> dict[str, Any]:
    return figure("child_protection_reviews", n, float(d), month)


def first_time(n: int, month: int) -> dict[str, Any]:
    return figure("first_time_entrants", n, 30_000.0, month)


def proof_of(*rows: dict[str, Any], memory: Memory = NOTHING) -> Proof:
    figures = pd.DataFrame(rows)
    shown, _ = decided(*rows, memory=memory)
    return prove(shown, figures, SUITE, RULES, memory)


def test_a_stock_that_rose_by_four_says_that_four_started() -> None:
    """60 and 64 plans at month end: the 4 that started in April, hidden, cannot be fewer than 4."""
    shown, chosen = decided(plans(60, MARCH), plans(64, APRIL), started(4, APRIL))
    assert shown["marker"].tolist().count("c") == 2  # the 4, and one of the plans
    assert chosen.unlinked == []


def test_a_stock_that_fell_says_nothing_of_who_started() -> None:
    shown, _ = decided(plans(70, MARCH), plans(60, APRIL), started(4, APRIL))
    assert shown["marker"].tolist() == ["", "", "c"]


@pytest.mark.parametrize(("ended", "hidden"), [(0, False), (1, True), (5, True), (6, False)])
def test_how_many_ended_is_protected_like_what_was_added(ended: int, hidden: bool) -> None:
    rows = plans(60, MARCH), plans(60 + 10 - ended, APRIL), started(10, APRIL)
    assert decided(*rows)[0]["marker"].eq("c").any() == hidden
    assert not decided(*rows, rules=NO_INCREASES)[0]["marker"].eq("c").any()


def test_more_plans_than_can_be_is_listed_and_no_relation() -> None:
    _, chosen = decided(plans(60, MARCH), plans(80, APRIL), started(10, APRIL))
    assert chosen.unlinked == ["ended in child_protection_plans|2020-04 would be -10"]


def test_a_plan_without_a_review_due_started_in_the_last_three_months() -> None:
    """July's plans without a review due started from May to July: April's end is three months before."""
    rows = [started(n, month) for n, month in ((8, APRIL), (11, MAY), (20, 605), (30, 606))]
    rows += [plans(80, month) for month in (APRIL, MAY, 605, 606)]
    rows += [reviewed(60, 60, 606)]
    relations = proof_of(*rows).case.relations
    july = {"child_protection_plans_started|2020-07": 1, "child_protection_plans_started|2020-04": -1,
            "child_protection_plans|2020-07": -1, "all of child_protection_reviews|2020-07": 1}  # fmt: skip
    assert any(row.terms == july and (row.low, row.high) == (0, None) for row in relations)


def test_three_months_before_the_end_of_june_are_in_march() -> None:
    """30 June less three months is 30 March: who started on the 31st is not three months old."""
    rows = [started(n, 605 - back) for back, n in enumerate((20, 11, 8))]
    rows += [started(70, 602), started(66, 601), plans(80, 605), reviewed(60, 60, 605)]
    relations = proof_of(*rows).case.relations
    june = {"child_protection_plans_started|2020-06": 1, "child_protection_plans_started|2020-03": 1,
            "child_protection_plans_started|2020-02": -1, "child_protection_plans|2020-06": -1,
            "all of child_protection_reviews|2020-06": 1}  # fmt: skip
    assert any(row.terms == june for row in relations)


def test_a_year_less_the_months_behind_bounds_a_hidden_one() -> None:
    """10 in the year to July, 6 in that to October before: the year from there to October has 4 or more."""
    sums = dict.fromkeys(range(595, 606), 6) | {606: 10, 607: 9, 608: 7, 609: 5}
    shown, chosen = decided(*(first_time(n, month) for month, n in sums.items()))
    marks = shown.set_index("month")["marker"]
    assert marks[609] == "c"
    assert "c" in (marks[597], marks[606])
    assert chosen.unlinked == []


def test_a_month_that_only_an_edition_has_counts_in_the_sum_too() -> None:
    """The 6 of the October before are public for ever, so July's 10 go with October's 5."""
    rows = first_time(10, 606), first_time(5, 609)
    assert decided(*rows)[0]["marker"].tolist() == ["", "c"]
    before, _ = edition(first_time(6, 597))
    assert decided(*rows, memory=Memory((before,)))[0]["marker"].tolist() == ["c", "c"]


def test_sums_that_no_months_add_up_to_are_listed() -> None:
    """Nobody in the years to May and to February leaves nobody for the year to November between them."""
    rows = [first_time(0, 604), first_time(9, 610), first_time(0, 613)]
    _, chosen = decided(*rows)
    what = "the sums of first_time_entrants over twelve months are of no single months: revised"
    assert chosen.unlinked == [what]


def test_a_share_typed_without_its_whole_is_withheld() -> None:
    """94.0 % and 47 people are 47 of 50: three others, whom no relation knows."""
    shown, chosen = decided(figure("neet_or_not_known", 47, value=94.0, month=609))
    assert shown["marker"].tolist() == ["c"]
    assert chosen.reasons["detail"].tolist() == ["without its parts"]


def test_nothing_is_proven_of_such_a_share_if_it_is_shown() -> None:
    figures = pd.DataFrame([figure("neet_or_not_known", 47, value=94.0, month=609)])
    with pytest.raises(ArithmeticError, match="neet_or_not_known is shown without its parts"):
        prove(release(figures, 2), figures, SUITE, RULES)


def test_those_left_over_of_a_year_to_date_grow_like_it() -> None:
    """40 of whom 32 have somewhere, then 60 of whom 50: two more are abroad or not to be found."""
    rows = [figure("care_leavers_in_touch", n - 5, float(n), month) for month, n in ((MAY, 40), (605, 60))]
    rows += [
        figure("care_leavers_accommodation", n - 8, float(n), month) for month, n in ((MAY, 32), (605, 50))
    ]
    model = model_of(pd.DataFrame(rows), SUITE, RULES)
    name = "all of care_leavers_in_touch|{0} without all of care_leavers_accommodation|{0}"
    assert model.secret["new in " + name.format(Period(605))] == 2
    assert "new in " + name.format(Period(605)) in model.targets
