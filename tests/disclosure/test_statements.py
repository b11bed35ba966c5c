"""What a printed figure says, in whole numbers."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from csd_helpers.disclosure.coarse import percent_about
from csd_helpers.disclosure.rows import Rows
from csd_helpers.disclosure.statements import Row, rows_of
from csd_helpers.errors import CsdError


def agrees(statement: dict[str, Any], world: dict[str, int]) -> bool:
    return all(row.holds(world) for row in rows_of(statement))


@given(st.integers(0, 400), st.integers(1, 400), st.integers(0, 2), st.sampled_from([100, 10_000, 1]))
def test_a_percentage_is_true_of_exactly_those_counts_that_print_it(
    n: int, d: int, dp: int, scale: int
) -> None:
    exact = Decimal(n * scale) / Decimal(d)
    last = Decimal(1).scaleb(-dp)
    printed = exact.quantize(last, ROUND_HALF_UP)
    world = {"N": n, "D": d}
    statement = {"kind": "percent", "num": "N", "den": "D", "dp": dp, "scale": scale}
    assert agrees(statement | {"value": str(printed)}, world)
    assert not agrees(statement | {"value": str(printed + last)}, world)
    if printed >= last:
        assert not agrees(statement | {"value": str(printed - last)}, world)


@pytest.mark.parametrize(("n", "d", "printed"), [(1, 8, "13"), (1, 3, "33"), (125, 1000, "13"), (0, 7, "0")])
def test_half_is_rounded_up(n: int, d: int, printed: str) -> None:
    assert agrees({"kind": "percent", "num": "N", "den": "D", "value": printed}, {"N": n, "D": d})


@pytest.mark.parametrize(("count", "told"), [(24, 20), (25, 30), (34, 30), (35, 40)])
def test_a_rounded_count(count: int, told: int) -> None:
    statement = {"kind": "rounded", "var": "N", "value": told, "base": 10}
    assert agrees(statement, {"N": count})
    assert not agrees(statement | {"value": told + 10}, {"N": count})


def test_a_rounding_nobody_states_keeps_both_halves() -> None:
    either = {"kind": "rounded", "var": "N", "base": 10, "rounding": "unknown"}
    assert agrees(either | {"value": 20}, {"N": 25}) and agrees(either | {"value": 30}, {"N": 25})


@pytest.mark.parametrize(
    ("n", "d", "share"), [(26, 68, 40), (3, 8, 40), (3, 40, 10), (37, 100, 35), (75, 200, 40)]
)
def test_a_percentage_to_five_points(n: int, d: int, share: int) -> None:
    said = [
        share for share in range(0, 105, 5) if agrees(percent_about("p", "N", "D", share), {"N": n, "D": d})
    ]
    assert said == [share]


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ({"kind": "guess"}, "not known"),
        ({"kind": "count", "var": "x"}, "'value' is missing"),
        ({"kind": "percent", "num": "N", "den": "D", "value": "22.25", "dp": 1}, "not a whole number"),
        ({"kind": "count", "var": "x", "value": "many"}, "cannot be read"),
    ],
)
def test_a_wrong_statement_is_named(statement: dict[str, Any], words: str) -> None:
    with pytest.raises(CsdError, match=words) as error:
        rows_of({"id": "s1", **statement})
    assert error.value.where == "statement s1"


BOUND = st.none() | st.integers(-(10**15), 10**15)
ROW = st.builds(Row, st.dictionaries(st.sampled_from("abcd"), st.integers(-(10**12), 10**12)), BOUND, BOUND)
WORLD = st.fixed_dictionaries({name: st.integers(0, 100_000) for name in "dbca"})


@given(st.lists(ROW), WORLD)
def test_all_rows_at_once_are_the_rows_one_by_one(rows: list[Row], world: dict[str, int]) -> None:
    broken = Rows(rows, world).broken(np.array(list(world.values())))
    assert broken.tolist() == [not row.holds(world) for row in rows]


def test_a_bound_is_kept_to_the_unit_where_a_float_would_not_tell() -> None:
    """2⁵³ + 1 is no float: it would count as 2⁵³."""
    rows = [Row({"N": 1}, 2**53 + 1, None), Row({"N": 1}, None, 2**53 - 1)]
    for count, broken in {2**53 - 1: [True, False], 2**53: [True, True], 2**53 + 1: [False, True]}.items():
        assert Rows(rows, ["N"]).broken(np.array([count])).tolist() == broken
