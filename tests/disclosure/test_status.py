"""Whether Part 1 may tell a status does not depend on it, and what it leaves unsaid tells nothing either."""

from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import Any

import pandas as pd
import pytest

from csd_helpers.disclosure import decision
from csd_helpers.disclosure.decision import Chosen, choose
from csd_helpers.disclosure.memory import NOTHING, Memory, Publication
from csd_helpers.disclosure.proof import Proof, prove
from csd_helpers.disclosure.status import Announced, Question, Span, may_be_asked, narrowed
from csd_helpers.figures import walkable
from csd_helpers.parameters import DisclosureRules
from csd_helpers.period import Period
from csd_helpers.release import BELOW, release
from csd_helpers.suite import Suite
from tests.disclosure.test_decision import RULES, SUITE, figure

SMALL = RULES.small_counts
ADOPTED, CARERS = "looked_after_adopted", "foster_carers_recruited"
SEPTEMBER, OCTOBER, NOVEMBER, DECEMBER = 608, 609, 610, 611  # adopted: below 6, 7, 8, 9
Answers = tuple[bool | None, ...]
WITH_STATUS = RULES.whole_indicators[ADOPTED]


def rated(key: str, n: int, month: int, suite: Suite = SUITE, **more: Any) -> dict[str, Any]:
    """Return a figure with its rating by a target for which few are bad."""
    target = suite.indicators[key].target
    assert target
    lower, upper = target.bounds(Period(month))
    bad = n < lower if suite.indicators[key].polarity == "high" else n > upper
    return figure(key, n, month=month, rating="red" if bad else "green") | more


class Told:
    """One edition: what it said, and the proof of it."""

    def __init__(
        self,
        *rows: dict[str, Any],
        memory: Memory = NOTHING,
        suite: Suite = SUITE,
        rules: DisclosureRules = RULES,
    ) -> None:
        figures = pd.DataFrame(rows)
        self.chosen: Chosen = choose(figures, suite, rules, memory)
        self.public = release(figures, 1, self.chosen.withheld)
        self.proof: Proof = prove(self.public, figures, suite, rules, memory)
        self.proof.require_safe()
        period = str(rows[-1]["period"])
        label = f"{period}, again" if any(e.period == period for e in memory.editions) else ""
        self.memory = Memory(
            (*memory.editions, Publication(period, self.public, release(figures, 2), label=label))
        )

    @property
    def answer(self) -> str:
        """What Part 1 says of the last figure, and whether its silence says something in the proof."""
        if self.public.iloc[-1]["rating"] == BELOW:
            return "below"
        return "not below" if any(name.startswith("no status") for name in self.proof.case.statements) else ""


def editions(*series: tuple[int, int], **more: Any) -> list[Told]:
    """Publish an edition for each month and count."""
    found: list[Told] = []
    for at, _ in enumerate(series):
        rows = [rated(ADOPTED, n, month, **more) for month, n in series[: at + 1]]
        found.append(Told(*rows, memory=found[-1].memory if found else NOTHING))
    return found


def test_the_demonstrations_october_is_told() -> None:
    said = Told(rated(CARERS, 8, OCTOBER), rated(ADOPTED, 0, OCTOBER)).public["rating"]
    assert said.tolist() == [BELOW, BELOW]


def test_two_answers_that_pin_a_month_are_followed_by_none_that_bounds_the_next() -> None:
    """October 7 or more, November 7 at most: that December is 8 at most would leave it 0 or 1."""
    answers = [
        [each.answer for each in editions((OCTOBER, 7), (NOVEMBER, 7), (DECEMBER, december))]
        for december in (8, 9)
    ]
    assert answers == [["not below", "below", ""]] * 2


def test_a_month_without_an_edition_is_a_step_like_any_other() -> None:
    """September 6 or more, November 7 at most: October or November would be known to have added 0 or 1."""
    assert [each.answer for each in editions((SEPTEMBER, 6), (NOVEMBER, 7))] == ["not below", ""]
    assert [each.answer for each in editions((SEPTEMBER, 5), (NOVEMBER, 7))] == ["below", "below"]


def test_the_same_announcements_ask_the_same_whatever_is_hidden() -> None:
    for november in (0, 6, 9, 60):
        answers = [each.answer for each in editions((SEPTEMBER, 6 + november), (NOVEMBER, 7 + november))]
        assert answers == ["not below", ""]


def test_a_safe_answer_is_not_told_where_the_other_is_not() -> None:
    """October 6 at most: "8 or more" would say that November added at least 2."""
    for november in (6, 7, 8, 30):
        assert [each.answer for each in editions((OCTOBER, 6), (NOVEMBER, november))] == ["below", ""]


def test_a_year_begins_with_nothing_known() -> None:
    """Exactly 7 in October and November: for March 11 at most is no question, for the next October it is."""
    memory = editions((OCTOBER, 7), (NOVEMBER, 7))[-1].memory
    assert Told(rated(ADOPTED, 9, DECEMBER + 3), memory=memory).answer == ""
    assert Told(rated(ADOPTED, 3, OCTOBER + 12), memory=memory).answer == "below"


def test_a_bound_that_stays_is_asked_until_it_is_passed() -> None:
    """Not below the year's 12 in October: later months are not either, so they need not be asked."""
    indicator = SUITE.indicators[ADOPTED]
    assert indicator.target
    flat = indicator.model_copy(update={"target": indicator.target.model_copy(update={"profile": None})})
    suite = SUITE.model_copy(update={"indicators": SUITE.indicators | {ADOPTED: flat}})
    memory, answers = NOTHING, []
    for month, n in ((SEPTEMBER, 3), (OCTOBER, 12), (NOVEMBER, 13)):
        told = Told(rated(ADOPTED, n, month, suite), memory=memory, suite=suite)
        memory = told.memory
        answers.append(told.answer)
    assert answers == ["below", "not below", ""]


def test_where_many_are_bad_silence_says_few() -> None:
    low = SUITE.indicators[ADOPTED].model_copy(update={"polarity": "low"})
    suite = SUITE.model_copy(update={"indicators": SUITE.indicators | {ADOPTED: low}})
    few, many = (Told(rated(ADOPTED, n, OCTOBER, suite), suite=suite) for n in (3, 20))
    assert (few.answer, many.answer) == ("not below", "below")
    name = f"no status of {ADOPTED}|2020-10"
    assert few.proof.case.statements[name].rows == (({f"{ADOPTED}|2020-10": 1}, 0, 9),)
    # October 10 or more, November 10 at most: exactly 10 in both, and no answer for December
    memory = Told(rated(ADOPTED, 10, NOVEMBER, suite), memory=many.memory, suite=suite).memory
    assert Told(rated(ADOPTED, 11, DECEMBER, suite), memory=memory, suite=suite).answer == ""


def test_the_status_of_a_percentage_is_never_told() -> None:
    key = "looked_after_reviews"
    rules = RULES.model_copy(update={"whole_indicators": {key: WITH_STATUS}})
    assert Told(figure(key, 20, 90.0, rating="red"), rules=rules).answer == ""


def test_a_figure_that_is_no_year_to_date_stands_alone() -> None:
    """Neither month is known to have come from the other, but none may be known to be 1 or 2."""
    more = {"basis": "month"}
    twice = editions((OCTOBER, 7), (NOVEMBER, 7), (DECEMBER, 8), **more)
    assert [each.answer for each in twice] == ["not below", "below", "below"]
    assert Told(rated(ADOPTED, 1, 605), memory=NOTHING).answer == ""  # June: 2 at most, or 3 and more


def test_a_second_edition_of_a_month_answers_the_same_question() -> None:
    first = editions((OCTOBER, 5))[0]
    again = Told(rated(ADOPTED, 5, OCTOBER), memory=first.memory)
    revised = Told(rated(ADOPTED, 12, OCTOBER), memory=first.memory)
    assert (again.answer, revised.answer) == ("below", "not below")
    assert Told(rated(ADOPTED, 6, DECEMBER), memory=again.memory).answer == "below"
    assert narrowed({OCTOBER: (0, 8)}, OCTOBER, (6, 20)) == {OCTOBER: (6, 8)}
    assert narrowed({OCTOBER: (0, 6)}, OCTOBER, (7, 20)) == {OCTOBER: (7, 20)}


def test_what_silence_says_is_frozen_and_stays_known() -> None:
    first, second = editions((OCTOBER, 9), (NOVEMBER, 9))
    october, november = (f"no status of {ADOPTED}|2020-{month}" for month in (10, 11))
    for case in (first.chosen.case, first.proof.case):
        assert case.statements[october].frozen
        assert case.statements[october].rows == (({f"{ADOPTED}|2020-10": 1}, 7, None),)
    assert {f"2020-10: {october}", november} <= second.proof.case.statements.keys()


def test_what_is_not_true_is_never_stated(monkeypatch: pytest.MonkeyPatch) -> None:
    """An older version was silent for reasons of its own."""
    with monkeypatch.context() as patched:
        patched.setattr(decision, "_status_is_public", lambda figures, *_: figures["value"].lt(0))
        quiet = Told(rated(ADOPTED, 3, OCTOBER))
    assert quiet.answer == ""
    after = Told(rated(ADOPTED, 12, NOVEMBER), memory=quiet.memory)
    assert not any(name.startswith("2020-10: no status") for name in after.proof.case.statements)


def test_a_status_that_others_make_unsafe_is_withheld_and_its_silence_states_nothing() -> None:
    """Others say 6 for September: with 7 at most in November, October or November would have added 0 or 1."""
    columns = ["indicator", "period", "breakdown", "category", "part", "value", "rounded_to", "source"]
    six = [ADOPTED, "2020-09", "all", "all", "numerator", "6", "", "minutes"]
    rows = [rated(ADOPTED, n, month) for month, n in ((SEPTEMBER, 6), (OCTOBER, 6), (NOVEMBER, 7))]
    told = Told(*rows, memory=Memory((), pd.DataFrame([six], columns=columns)))
    assert f"status of {ADOPTED}|2020-11" in told.chosen.decision.withheld
    assert told.answer == ""


def asked_of(history: Announced, row: dict[str, Any]) -> list[Question]:
    return history.asked(walkable(pd.DataFrame([row])), SUITE)


def test_what_an_older_version_told_has_been_told() -> None:
    """June's 2 at most was no question to be asked; whoever read it knows of no July that may be."""
    figures = pd.DataFrame([rated(ADOPTED, 1, 605)])
    public = release(figures, 1, choose(figures, SUITE, RULES).withheld).assign(rating=BELOW)
    history = Announced(RULES)
    history.take_in(walkable(public), walkable(figures), SUITE)
    assert list(history.years.values()) == [{605: (0, 2)}]
    assert asked_of(history, rated(ADOPTED, 9, OCTOBER)) == []


def test_what_was_printed_counts_as_announced() -> None:
    """May printed 6, withheld since: that November is 7 at most would leave 0 or 1 to all months between."""
    may = pd.DataFrame([rated(ADOPTED, 6, 604)])
    shown = release(may, 1, choose(may, SUITE, RULES.model_copy(update={"whole_indicators": {}})).withheld)
    memory = Memory((Publication("2020-05", shown, release(may, 2)),))
    assert shown.iloc[0]["numerator"] == 6
    assert [Told(rated(ADOPTED, n, NOVEMBER), memory=memory).answer for n in (6, 9)] == ["", ""]
    assert Told(rated(ADOPTED, 6, NOVEMBER)).answer == "below"


def test_an_edition_is_read_by_its_own_register() -> None:
    """October's target was 24 then: silence said 14 or more, which no target of November asks again."""
    indicator = SUITE.indicators[ADOPTED]
    assert indicator.target
    more = indicator.target.model_copy(update={"lower": indicator.target.lower * 2})
    higher = indicator.model_copy(update={"target": more})
    other = SUITE.model_copy(update={"indicators": SUITE.indicators | {ADOPTED: higher}})
    figures = pd.DataFrame([rated(ADOPTED, 14, OCTOBER, other)])
    history = Announced(RULES)
    public = release(figures, 1, choose(figures, other, RULES).withheld)
    history.take_in(walkable(public), walkable(figures), other)
    assert [year[OCTOBER][0] for year in history.years.values()] == [14]
    assert asked_of(history, rated(ADOPTED, 15, NOVEMBER)) == []


def paths(months: int, most: int, at_least: int = 0) -> Iterator[tuple[int, ...]]:
    """Yield every year to date of some months, up to a number that no answer comes near."""
    if months == 0:
        yield ()
        return
    for n in range(at_least, most + 1):
        yield from ((n, *rest) for rest in paths(months - 1, most, n))


Bounds = tuple[int, ...]


@cache
def announced(said: Answers, bounds: Bounds) -> dict[int, Span]:
    """Return what the answers of a year's first months leave to them; None is no answer."""
    year: dict[int, Span] = {}
    for month, (few, bound) in enumerate(zip(said, bounds, strict=False)):
        if few is not None:
            year = narrowed(year, month, (0, bound - 1) if few else (bound, 99))
    return year


@cache
def is_asked(said: Answers, bounds: Bounds) -> bool:
    """Say whether the month after some answers is asked whether it is below its bound."""
    month, bound = len(said), bounds[len(said)]
    return may_be_asked(announced(said, bounds), month, ((0, bound - 1), (bound, 99)), SMALL)


def answers(path: tuple[int, ...], bounds: Bounds) -> Answers:
    """Say what monthly editions of a year to date say: by what they said before, and by nothing hidden."""
    said: Answers = ()
    for n, bound in zip(path, bounds, strict=True):
        said = (*said, n < bound if is_asked(said, bounds) else None)
    return said


@pytest.mark.parametrize(
    "bounds",
    [
        *((1, 2, 3, 4, 5), (2, 4, 5, 7, 9), (6, 7, 7, 8, 9), (7, 7, 8, 8, 8), (1, 6, 8, 12, 12)),
        *((0, 6, 6, 14), (6, 12, 13, 19), (12, 12, 6, 7)),
    ],
)
def test_no_answers_confine_a_count_or_an_increase(bounds: Bounds) -> None:
    """All years to date: whoever says the same has each of 1 to 5, or none, in each month and increase."""
    alike: dict[Answers, list[set[int]]] = defaultdict(lambda: [set() for _ in range(2 * len(bounds))])
    for path in paths(len(bounds), max(bounds) + max(SMALL)):
        added = [after - before for before, after in pairwise((0, *path))]
        for seen, count in zip(alike[answers(path, bounds)], (*path, *added), strict=True):
            seen.add(count)
    for said, numbers in alike.items():
        assert all(len({count in seen for count in SMALL}) == 1 for seen in numbers), said
    assert max(bounds) < 6 or len(alike) > 1  # something is told
