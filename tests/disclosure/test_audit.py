"""The auditor finds exactly what a reader can work out."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csd_helpers.disclosure import neighbourhood
from csd_helpers.disclosure.arithmetic import arithmetic
from csd_helpers.disclosure.audit import audit
from csd_helpers.disclosure.case import parse_case
from csd_helpers.disclosure.commands import audit_case
from csd_helpers.disclosure.twins import Twin, covered, faults, require_true
from csd_helpers.errors import CsdError
from tests.disclosure.conftest import Content, counts, make_case, possible_by_hand, printed

MOST = 6


def test_a_total_gives_back_one_masked_part(wards: Content) -> None:
    case = parse_case(wards)
    found = audit(case, {"park"}).verdicts["park"]
    assert (found.low, found.high, found.verdict, found.possible) == (4, 4, "exact", (4,))
    assert found.because == ("north", "south", "total")
    assert arithmetic(case, found) == "total 19 - north 8 - south 7 = 4"


def test_two_masked_parts_are_safe_and_proven_by_worlds(wards: Content) -> None:
    case = parse_case(wards)
    found = audit(case, {"park", "north"})
    assert (found.verdicts["park"].low, found.verdicts["park"].high) == (0, 12)
    assert found.verdicts["park"].verdict == "safe"
    assert covered(found.twins, ["park"], case.secret)["park"] >= {1, 2, 3, 4}


def test_an_earlier_edition_is_not_forgotten(wards: Content) -> None:
    wards["statements"] += [s | {"id": f"sep {s['id']}", "frozen": True} for s in wards["statements"][:3]]
    case = parse_case(wards)
    found = audit(case, {"park", "north", "south", "total"}).verdicts["park"]
    assert found.verdict == "exact"
    assert arithmetic(case, found) == (
        "total 19 (already public) - north 8 (already public) - south 7 (already public) = 4"
    )


def test_a_percentage_leaves_only_whole_children() -> None:
    secret = {"N": 4, "D": 18}
    said = [{"id": "p", "kind": "percent", "num": "N", "den": "D", "value": "22.2", "dp": 1}]
    said += [{"id": "d", "kind": "range", "var": "D", "lo": 1, "hi": 20}]
    found = audit(parse_case(make_case(secret, [], said, ["N"]))).verdicts["N"]
    assert (found.possible, found.verdict) == ((2, 4), "narrow")  # 2 of 9 or 4 of 18


def test_a_contradiction_is_never_called_safe() -> None:
    secret = {"a": 3, "b": 3}
    said = [*counts(secret, "a"), {"id": "b", "kind": "count", "var": "b", "value": 9}]
    content = make_case(secret, [({"a": 1, "b": -1}, "==", 0)], said, ["a"])
    del content["secret"]
    assert audit(parse_case(content)).verdicts["a"].verdict == "contradiction"


SUMS = {
    "linked sums": [({"t": 1, "a": -1, "b": -1}, "==", 0), ({"u": 1, "b": -1, "c": -1}, "==", 0)],
    "a total of totals": [({"t": 1, "a": -1, "b": -1}, "==", 0), ({"u": 1, "t": -1, "c": -1}, "==", 0)],
    "a part, and never less": [({"t": 1, "a": -1, "b": -1}, "==", 0), ({"u": 1, "c": -1}, ">=", 0)],
}


@st.composite
def tables(draw: st.DrawFn) -> tuple[Content, set[str]]:
    """Draw counts that add up, ratios, words, an earlier edition, what each is worth and what is withheld."""
    relations = SUMS[draw(st.sampled_from(sorted(SUMS)))]
    secret = {name: draw(st.integers(0, MOST // 3)) for name in "abc"}
    secret["t"] = secret["a"] + secret["b"]
    secret["u"] = sum(secret[name] * -factor for name, factor in relations[1][0].items() if name != "u")
    said = counts(secret, *secret) + draw(ratios(secret)) + draw(words(secret))
    for entry in said:
        entry["cost"] = draw(st.integers(1, 3))
    earlier = draw(st.lists(st.sampled_from(said), max_size=2, unique_by=lambda entry: entry["id"]))
    said += [entry | {"id": f"old {entry['id']}", "frozen": True} for entry in earlier]
    withheld = draw(st.sets(st.sampled_from([entry["id"] for entry in said if not entry.get("frozen")])))
    nobody = [{"var": "b", "values": [0, 1]}]  # "all of them" names everybody in b's group
    targets = ["a", *draw(st.sampled_from([["b"], nobody])), "c"]
    return make_case(secret, relations, said, targets, (1, 2, 3), MOST), withheld


@st.composite
def ratios(draw: st.DrawFn, secret: dict[str, int]) -> list[Content]:
    """Draw a percentage, a rate or an average of some of the counts."""
    num, den = draw(st.sampled_from(["at", "bt", "cu"]))
    places, scale = draw(st.integers(0, 2)), draw(st.sampled_from([100, 10_000, 1]))
    if not secret[den]:
        return []
    value = printed(secret[num], secret[den], places, scale)
    return [{"id": "r", "kind": "percent", "num": num, "den": den, "value": value, "dp": places,
             "scale": scale}]  # fmt: skip


@st.composite
def words(draw: st.DrawFn, secret: dict[str, int]) -> list[Content]:
    """Draw a rounded count, a range, or a comparison in words, that is true."""
    name, base = draw(st.sampled_from("abctu")), draw(st.sampled_from([2, 3, 5]))
    count, more = secret[name], secret["a"] - secret["c"]
    return draw(st.sampled_from([
        [],
        [{"id": "w", "kind": "rounded", "var": name, "value": (2 * count + base) // (2 * base) * base,
          "base": base}],
        [{"id": "w", "kind": "range", "var": name, "lo": max(count - 1, 0), "hi": count + base}],
        [{"id": "w", "kind": "linear", "terms": {"a": 1, "c": -1}, "lo": more, "hi": more + 1}],
    ]))  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(tables(), st.sampled_from([1, 2, 60]))
def test_the_audit_agrees_with_looking_at_every_world(drawn: tuple[Content, set[str]], near: int) -> None:
    """However few counts near one are let differ from the truth before all are."""
    content, withheld = drawn
    truth = possible_by_hand(content, withheld, MOST)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(neighbourhood, "_NEAR", near)
        verdicts = audit(parse_case(content), withheld).verdicts
    for target, found in verdicts.items():
        assert (found.low, found.high) == (truth[target][0], truth[target][-1])
        assert found.possible == tuple(value for value in found.required if value in truth[target])


@settings(max_examples=80, deadline=None)
@given(tables())
def test_a_reason_gives_the_value_away_and_has_nothing_to_spare(drawn: tuple[Content, set[str]]) -> None:
    content, withheld = drawn
    case = parse_case(content)
    own = {name for name, entry in case.statements.items() if not entry.frozen}
    for target, found in audit(case, withheld).verdicts.items():
        if found.verdict != "safe":
            shown = audit(case, own - set(found.because)).verdicts[target]
            assert shown.possible != found.required
            for spared in found.because:
                less = audit(case, own - set(found.because) | {spared}).verdicts[target]
                assert len(less.possible) > len(shown.possible)


@settings(max_examples=60, deadline=None)
@given(tables(), st.data())
def test_withholding_more_never_makes_a_safe_count_unsafe(
    drawn: tuple[Content, set[str]], data: st.DataObject
) -> None:
    content, withheld = drawn
    case = parse_case(content)
    more = withheld | data.draw(st.sets(st.sampled_from(sorted(case.statements))))
    before, after = audit(case, withheld).verdicts, audit(case, more).verdicts
    for target in case.targets:
        assert set(before[target].possible) <= set(after[target].possible)


def test_a_world_that_contradicts_what_is_shown_is_no_twin(wards: Content) -> None:
    case = parse_case(wards)
    wrong = Twin("park", 3, {"park": 3, "north": 8, "south": 7, "total": 19})
    assert faults(case, {"park"}, wrong) == ["a relation"]
    with pytest.raises(ArithmeticError, match="a relation"):
        require_true(case, {"park"}, [wrong])
    moved = Twin("park", 3, {"park": 3, "north": 9, "south": 7, "total": 19})
    assert faults(case, {"park"}, moved) == ["north"]
    assert faults(case, {"park", "north"}, moved) == []


def test_the_exchanged_cases_have_the_expected_verdicts(shared_data: Path) -> None:
    paths = sorted((shared_data / "disclosure" / "cases").glob("*.json"))
    assert len(paths) == 8
    for path in paths:
        expected: dict[str, Any] = json.loads(path.read_text())["expected"]
        for target, found in audit_case(path)[1].verdicts.items():
            told = {
                "lo": found.low,
                "hi": found.high,
                "possible": list(found.possible),
                "verdict": found.verdict,
            }
            assert told == expected[target], (path.name, target)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"targets": ["nobody"]}, "'nobody' is not among the variables"),
        ({"relations": [{"id": "r", "terms": {"x": 1}, "op": "=", "rhs": 0}]}, "cannot be read"),
        ({"statements": [{"id": "s", "kind": "count", "var": "x", "value": 1}]}, "'x' is not among"),
        ({"secret": {"total": 19}}, "without its secret"),
        ({"relations": [{"id": "r", "terms": {"park": None}, "op": "==", "rhs": 0}]}, "None is no number"),
        ({"relations": [{"id": "r", "terms": {"park": 0.5}, "op": "==", "rhs": 0}]}, "not a whole number"),
        ({"required": {"values": ["few"]}}, "'few' is no number"),
        ({"variables": {"total": {"lb": 3, "ub": 2}}}, "from 3 to 2"),
        (
            {"statements": [{"id": "s", "kind": "count", "var": "park", "value": 4, "cost": "dear"}]},
            "a cost of",
        ),
        ({"statements": [{"id": "s", "kind": "count", "var": "park", "value": 4}] * 2}, "two statements"),
        ({"statements": [{"id": "s", "kind": "rounded", "var": "park", "value": 4, "base": 0}]}, "base is 0"),
        ({"statements": [{"id": "s", "kind": "count", "var": "park", "value": 1e30}]}, "whole number"),
        (
            {
                "relations": [{"id": "r", "terms": {"park": 10**12}, "op": "<=", "rhs": 0}],
                "variables": {name: {"ub": 10**7} for name in ("total", "north", "south", "park")},
            },
            "the numbers of a relation are too large to be added up exactly",
        ),
    ],
)
def test_a_wrong_case_is_refused_with_the_reason(wards: Content, change: Content, words: str) -> None:
    with pytest.raises(CsdError, match=words):
        parse_case(wards | change, "case.json")


def test_a_case_that_its_own_secret_contradicts_is_refused(wards: Content, tmp_path: Path) -> None:
    wards["secret"]["south"] = 8
    (tmp_path / "case.json").write_text(json.dumps(wards))
    with pytest.raises(CsdError, match="a relation of total, north, south, park is not true of the secret"):
        audit_case(tmp_path / "case.json")


def test_a_case_without_a_part_is_refused(wards: Content) -> None:
    del wards["required"]
    with pytest.raises(CsdError, match="no 'required'"):
        parse_case(wards)
