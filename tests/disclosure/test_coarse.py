"""What "about 20" and "about 50%" tell: their rounding, and from which size on they are said at all."""

from typing import Any

import pandas as pd
import pytest

from csd_helpers.disclosure.coarse import count_about, percent_about, with_coarser
from csd_helpers.disclosure.decision import choose
from csd_helpers.disclosure.memory import Memory, Publication
from csd_helpers.disclosure.proof import Proof, prove
from csd_helpers.disclosure.statements import rows_of
from csd_helpers.release import release
from csd_helpers.suite import Suite
from tests.disclosure.conftest import Content
from tests.disclosure.test_decision import RULES, SUITE, figure

PLANS, STABILITY = "child_protection_plans", "long_term_stability"


def coarse(*keys: str) -> Suite:
    """Return the suite with some indicators that may be told approximately."""
    own = {key: SUITE.indicators[key].model_copy(update={"coarsen": True}) for key in keys}
    return SUITE.model_copy(update={"indicators": SUITE.indicators | own})


COARSE = coarse(PLANS, STABILITY)


def plans(total: int, abuse: int, neglect: int) -> pd.DataFrame:
    """Return a count with two categories, of which one is small."""
    cells = {"Emotional abuse": abuse, "Neglect": neglect}
    rows = [figure(PLANS, total, 73_165)]
    rows += [figure(PLANS, n, breakdown="category", category=c, unit="count") for c, n in cells.items()]
    return pd.DataFrame(rows)


def shown(figures: pd.DataFrame, suite: Suite = COARSE) -> tuple[list[str], pd.DataFrame]:
    """Return what Part 1 prints, which is proved to be safe."""
    chosen = choose(figures, suite, RULES)
    public = release(figures, 1, chosen.withheld)
    prove(public, figures, suite, RULES).require_safe()
    return public["text"].tolist(), public


@pytest.mark.parametrize("truth", [(23, 20, 3), (24, 21, 3), (24, 20, 4), (22, 20, 2)], ids=str)
def test_about_20_is_20_or_more(truth: tuple[int, int, int]) -> None:
    """23 in all and "about 20" of one category leave 0 to 3 of the other, not 0 to 8."""
    figures = plans(*truth)
    printed, _ = shown(figures)
    assert "about 20" not in printed
    assert (printed[2], printed.count("[c]")) == ("[c]", 2)
    leak = release(figures, 1, choose(figures, COARSE, RULES).withheld)
    leak.loc[:1, ["text", "marker"]] = [[str(truth[0]), ""], ["about 20", "a"]]
    leak.loc[0, "numerator"] = truth[0]
    assert unsafe(prove(leak, figures, COARSE, RULES)) == [f"{PLANS}|category|Neglect|2020-06"]


def unsafe(proof: Proof) -> list[str]:
    return [entry.target for entry in proof.audit.unsafe]


def test_about_30_still_says_enough_to_be_said() -> None:
    printed, _ = shown(plans(33, 30, 3))
    assert printed == ["33", "about 30", "[c]"]


def stability(n: int, d: int) -> pd.DataFrame:
    return pd.DataFrame([figure(STABILITY, n, d, value=100 * n / d)])


@pytest.mark.parametrize(("n", "d"), [(3, 6), (4, 8), (9, 11)])
def test_a_percentage_told_approximately_is_of_no_fewer_than_the_smallest_denominator(n: int, d: int) -> None:
    """Half of at least 6 is at least 3: 1 and 2 would be ruled out."""
    printed, public = shown(stability(n, d))
    assert printed == ["[c]"]
    public[["text", "marker"]] = ["about 50%" if n < 9 else "about 80%", "a"]
    assert f"rest of {STABILITY}|2020-06" in unsafe(prove(public, stability(n, d), COARSE, RULES))


def test_a_percentage_of_enough_is_still_told_approximately() -> None:
    """3 to 8 of 100 may be any number there; what has no cases has no percentage."""
    figures = pd.concat([stability(4, 120), stability(0, 1).assign(denominator=0.0, value=float("nan"))])
    figures["month"], figures["period"] = [605, 604], ["2020-06", "2020-05"]
    printed, _ = shown(figures.reset_index(drop=True))
    assert printed[0] == "about 5%"


@pytest.mark.parametrize(("d", "told"), [(8, True), (4, False)])
def test_an_edition_of_other_rules_is_not_taken_to_have_kept_those_of_now(d: int, told: bool) -> None:
    figures = stability(d // 2, d)
    lenient = RULES.model_copy(update={"smallest_denominator": 2})
    public = release(figures, 1, choose(figures, COARSE, lenient).withheld)
    public[["text", "marker"]] = ["about 50%", "a"]
    memory = Memory((Publication("2020-06", public, release(figures, 2)),))
    frozen = choose(figures, COARSE, RULES, memory).exchange["statements"][-1]
    assert frozen["frozen"] and frozen["of"][-1]["lo"] == (6 if told else 1)


def test_a_coarser_statement_is_true_of_its_count_and_says_from_where_on(wards: Content) -> None:
    wards["secret"]["total"] = wards["statements"][0]["value"] = 23
    about = with_coarser(wards)[1]
    assert about["id"] == "about total"
    assert [n for n in range(60) if says(about, {"total": n})] == [20, 21, 22, 23, 24]
    assert [n for n in range(60) if says(count_about("a", "N", 30), {"N": n})] == list(range(25, 35))


def test_a_percentage_to_five_points_says_of_how_many_at_least() -> None:
    about = percent_about("p", "N", "D", 50, 6)
    assert [n for n in range(9) if says(about, {"N": n, "D": 2 * n})] == [3, 4, 5, 6, 7, 8]


def says(statement: dict[str, Any], world: dict[str, int]) -> bool:
    return all(row.holds(world) for row in rows_of(statement))
