"""The protector withholds the least that makes every count safe."""

import json
from collections.abc import Callable
from pathlib import Path

from hypothesis import given, settings

from csd_helpers.disclosure.audit import audit
from csd_helpers.disclosure.case import Case, parse_case
from csd_helpers.disclosure.coarse import with_coarser
from csd_helpers.disclosure.commands import protect_case, write_answer
from csd_helpers.disclosure.protect import protect
from tests.disclosure.conftest import Content, cheapest_by_hand, counts, make_case
from tests.disclosure.test_audit import MOST, tables


def unsafe(case: Case, withheld: frozenset[str]) -> set[str]:
    return {entry.target for entry in audit(case, withheld).unsafe}


def test_a_small_part_takes_the_cheapest_other_with_it(wards: Content) -> None:
    wards["statements"][1]["cost"] = 2
    decision = protect(parse_case(wards))
    assert (decision.withheld, decision.cost, decision.proven) == ({"park", "south"}, 2, True)
    assert decision.because == {"park": "park", "south": "park"}


def test_what_is_public_already_is_named_with_what_gave_it_away(wards: Content) -> None:
    wards["statements"] += [s | {"id": f"sep {s['id']}", "frozen": True} for s in wards["statements"][:3]]
    decision = protect(parse_case(wards))
    assert decision.unfixable == {"park": ["sep north", "sep south", "sep total"]}
    assert decision.withheld == frozenset()


def test_a_target_may_have_values_of_its_own() -> None:
    secret = {"all": 6, "in": 6, "out": 0}
    adds = ({"all": 1, "in": -1, "out": -1}, "==", 0)
    nobody_outside = [{"var": "out", "values": [0, 1]}]
    content = make_case(secret, [adds], counts(secret, "all", "in"), nobody_outside)
    decision = protect(parse_case(content))
    assert len(decision.withheld) == 1 and decision.cost == 1


@settings(max_examples=60, deadline=None)
@given(tables())
def test_the_choice_is_safe_and_no_other_is_cheaper(drawn: tuple[Content, set[str]]) -> None:
    case = parse_case(drawn[0])
    decision = protect(case)
    assert unsafe(case, decision.withheld) == set(decision.unfixable)
    assert decision.proven
    assert (decision.cost, set(decision.unfixable)) == cheapest_by_hand(drawn[0], MOST)


@settings(max_examples=40, deadline=None)
@given(tables())
def test_without_time_the_choice_is_still_safe(drawn: tuple[Content, set[str]]) -> None:
    case = parse_case(drawn[0])
    decision = protect(case, seconds=0)
    assert unsafe(case, decision.withheld) == set(decision.unfixable)


def test_the_same_case_gives_the_same_choice(wards: Content) -> None:
    assert protect(parse_case(wards)) == protect(parse_case(wards))


def test_a_figure_is_rounded_before_it_is_withheld_altogether(wards: Content) -> None:
    for entry in wards["statements"][1:3]:
        wards["secret"][entry["var"]] *= 10
        entry["value"] *= 10
    wards["secret"]["total"] = wards["statements"][0]["value"] = 154
    case = parse_case({**wards, "statements": with_coarser(wards)})
    decision = protect(case)
    # South is still told to the nearest 10: half of what it is worth.
    assert decision.withheld in ({"park", "north"}, {"park", "south"})
    assert decision.cost == 1.5
    assert unsafe(case, decision.withheld) == set()


def test_the_exchanged_cases_are_answered_at_the_least_cost(
    shared_data: Path, judged: Callable[..., Content], tmp_path: Path
) -> None:
    for path in sorted((shared_data / "disclosure" / "cases").glob("*.json")):
        content = json.loads(path.read_text())
        asked = tmp_path / path.name
        hidden = ("naive_withheld", "expected", "optimum_withheld", "optimum_cost")
        asked.write_text(json.dumps({key: value for key, value in content.items() if key not in hidden}))
        answer = protect_case(asked, 60.0)
        write_answer(answer, tmp_path / "answer.json")
        verdict = judged("verify", path, tmp_path / "answer.json")
        assert verdict["ok"], verdict
        assert answer["cost"] == content["optimum_cost"] and answer["proven"]


def test_coarsened_answers_are_accepted_too(
    shared_data: Path, judged: Callable[..., Content], tmp_path: Path
) -> None:
    path = shared_data / "disclosure" / "cases" / "29_cla_family_year.json"
    answer = protect_case(path, 60.0, coarsen=True)
    write_answer(answer, tmp_path / "answer.json")
    assert len(answer["published_instead"]) > 10
    assert answer["cost"] < 64  # the cheapest answer that only withholds
    assert judged("verify", path, tmp_path / "answer.json")["ok"]
