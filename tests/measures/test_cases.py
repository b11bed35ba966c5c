import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from csd_helpers.measures.cases import Window, count, exclude, exclusions, make_cases, records, share_cases

runs = st.lists(
    st.tuples(st.integers(580, 640), st.integers(0, 40), st.integers(0, 3)), min_size=1, max_size=30
)


def cases_of(drawn: list[tuple[int, int, int]]) -> pd.DataFrame:
    first = np.array([start for start, *_ in drawn])
    length = np.array([length for _, length, _ in drawn])
    kind = [str(kind) for *_, kind in drawn]
    return make_cases(pd.DataFrame({"child": range(len(drawn)), "kind": kind}), first, first + length)


@given(runs, st.integers(600, 623))
def test_all_months_at_once_are_the_months_one_by_one(drawn: list[tuple[int, int, int]], alone: int) -> None:
    cases = cases_of(drawn)
    together = count(cases, Window(600, 623)).set_index("month")["denominator"]
    assert together.tolist() == [sum(s <= m <= s + n for s, n, _ in drawn) for m in range(600, 624)]
    assert count(cases, Window(alone, alone))["denominator"].tolist() == [together[alone]]


@given(runs)
def test_categories_add_up_to_the_total(drawn: list[tuple[int, int, int]]) -> None:
    cases, window = cases_of(drawn), Window(600, 623)
    split = count(cases, window, "kind").groupby("month")["denominator"].sum()
    assert split.tolist() == count(cases, window)["denominator"].tolist()


@given(runs, st.randoms(use_true_random=False))
def test_the_order_of_rows_never_matters(drawn: list[tuple[int, int, int]], random: object) -> None:
    shuffled = drawn.copy()
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    window = Window(600, 623)
    assert count(cases_of(drawn), window, "kind").equals(count(cases_of(shuffled), window, "kind"))


@given(runs, st.integers(580, 640), st.integers(580, 640))
def test_a_share_counts_each_month_once(drawn: list[tuple[int, int, int]], start: int, stop: int) -> None:
    first = np.array([s for s, *_ in drawn])
    last = first + np.array([n for _, n, _ in drawn])
    rows = pd.DataFrame({"child": range(len(drawn))})
    counted = count(share_cases(rows, first, last, np.full(len(drawn), start), stop), Window(600, 623))
    for month, n, d in zip(counted["month"], counted["numerator"], counted["denominator"], strict=True):
        assert d == sum(s <= month <= s + length for s, length, _ in drawn)
        assert n == (d if start <= month <= stop else 0)


def test_what_is_left_out_is_kept_on_the_list_with_its_reason() -> None:
    cases = make_cases(pd.DataFrame({"child": ["a", "b", "c"]}), np.full(3, 600), np.full(3, 602))
    cases = exclude(cases, cases["child"].eq("b"), "died")
    cases = exclude(cases, cases["child"].isin(["b", "c"]), "abroad")
    assert count(cases, Window(600, 600))[["denominator", "excluded"]].iloc[0].tolist() == [1, 2]
    assert exclusions(cases, 601).to_dict() == {"died": 1, "abroad": 1}
    assert records(cases, 602)["child"].tolist() == ["a", "b", "c"]
    assert records(cases, 603).empty


def test_full_time_equivalents_add_up_without_dust() -> None:
    cases = make_cases(
        pd.DataFrame({"worker": range(3)}), np.full(3, 600), np.full(3, 602), 1, np.full(3, 0.1)
    )
    assert count(cases, Window(600, 602))["denominator"].tolist() == [0.3, 0.3, 0.3]
