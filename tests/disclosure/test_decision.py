"""From a suite's figures to what Part 1 withholds, and the proof that nothing comes back."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from csd_helpers.disclosure.decision import Chosen, _status_is_public, choose
from csd_helpers.disclosure.memory import NOTHING, Memory, Publication, load_memory
from csd_helpers.disclosure.model import model_of
from csd_helpers.disclosure.proof import check_certificate, prove
from csd_helpers.errors import CsdError
from csd_helpers.parameters import DisclosureRules, Named, load_rules
from csd_helpers.period import Period
from csd_helpers.prepared import Prepared
from csd_helpers.release import release
from csd_helpers.suite import Suite, load_suite

ROOT = Path(__file__).resolve().parents[2]
SUITE: Suite = load_suite(ROOT / "parameters" / "suite" / "2020-21.yaml")
RULES: DisclosureRules = load_rules(ROOT, list(SUITE.indicators))
STARTED = "child_protection_plans_started"


def figure(key: str, n: int, d: float = float("nan"), month: int = 605, **more: Any) -> dict[str, Any]:
    indicator = SUITE.indicators[key]
    period = str(Period(month))
    row = {
        "indicator": key, "period": period, "month": month, "breakdown": "all", "category": "all",
        "numerator": float(n), "denominator": d, "value": float(n), "unit": indicator.unit,
        "basis": indicator.basis, "as_at": f"{period}-30", "status": "final", "rating": "green",
        "text": str(n),
        "source": "records", "numerator_text": str(n), "denominator_text": str(d), "reason": "",
    }  # fmt: skip
    return row | more


def decided(
    *rows: dict[str, Any], rules: DisclosureRules = RULES, **more: Any
) -> tuple[pd.DataFrame, Chosen]:
    figures = pd.DataFrame(rows)
    chosen = choose(figures, SUITE, rules, **more)
    return release(figures, 1, chosen.withheld), chosen


def test_two_year_to_date_figures_do_not_give_the_month_away() -> None:
    rows = [
        figure("child_protection_plans_started", n, month=m) for n, m in ((20, 603), (23, 604), (49, 605))
    ]
    shown, chosen = decided(*rows)
    assert shown["marker"].eq("c").sum() == 1  # the 3 of May need one of April and May to go
    assert shown["marker"].tolist()[2] == ""  # never the latest month, which is worth more
    assert chosen.reasons["detail"].tolist() == [f"new in {STARTED}|2020-05"]


def test_without_that_rule_months_are_left_alone() -> None:
    rows = [
        figure("child_protection_plans_started", n, month=m) for n, m in ((20, 603), (23, 604), (49, 605))
    ]
    shown, _ = decided(*rows, rules=RULES.model_copy(update={"hide_monthly_increases": False}))
    assert shown["marker"].tolist() == ["", "", ""]


def test_a_link_of_the_register_is_known_to_the_reader() -> None:
    activity = {"Higher education": 9, "Other education": 4, "Training or employment": 12}
    rows = [figure("care_leavers_ete", 25, 60)]
    rows += [figure("care_leavers_ete", n, breakdown="activity", category=name, unit="count")
             for name, n in activity.items()]  # fmt: skip
    rows += [
        figure(
            "care_leavers_ete", 35, breakdown="activity", category="Not occupied: other reason", unit="count"
        )
    ]
    shown, chosen = decided(*rows)
    assert shown["marker"].tolist().count("c") == 2  # the 4, and another of the three occupied
    assert shown["marker"].tolist()[4] == "" or shown["marker"].tolist()[0] == "c"
    assert any("Training or employment" in name for name in chosen.case.limits)


def test_the_cells_of_a_companions_cases_add_to_the_companion() -> None:
    key, cells = "ehc_plans_20_weeks", {"No exception": 30, "An exception applies": 3}
    rows = [figure(key, 20, 30), figure(key, 22, 33, breakdown="ehc_plans_20_weeks_all")]
    rows += [figure(key, 2, 3, breakdown="ehc_plans_20_weeks_excepted")]
    rows += [figure(key, n, breakdown="exception", category=c, unit="count") for c, n in cells.items()]
    model = model_of(pd.DataFrame(rows), SUITE, RULES)
    assert model.unlinked == []
    whole = "all of ehc_plans_20_weeks|ehc_plans_20_weeks_all|2020-06"
    cell = "ehc_plans_20_weeks|exception|No exception|2020-06"
    other = "ehc_plans_20_weeks|exception|An exception applies|2020-06"
    assert f"{whole} == {cell} + {other}" in model.relations
    assert f"all of ehc_plans_20_weeks|2020-06 == {cell}" in model.relations
    shown, _ = decided(*rows)
    marked = shown.set_index(["breakdown", "category"])["marker"]
    assert marked["exception", "An exception applies"] == "c"
    assert "c" in (marked["exception", "No exception"], marked["ehc_plans_20_weeks_all", "all"])


def test_a_relation_that_the_figures_contradict_is_listed() -> None:
    rows = [figure("child_protection_plans", 288, 73_175), figure("child_protection_two_years", 7, 286)]
    model = model_of(pd.DataFrame(rows), SUITE, RULES)
    assert model.unlinked == [
        "child_protection_plans|2020-06 is 288, not the 286 of all of child_protection_two_years|2020-06"
    ]


def test_decisions_of_people_are_kept_with_their_names() -> None:
    by = {"reason": "agreed", "decided_by": "Officer", "decided_on": "2020-11-20"}
    rules = RULES.model_copy(update={
        "withheld": [_named(indicator="early_help_assessments", **by)],
        "released": [_named(indicator="asylum_seeking_children", **by)],
    })  # fmt: skip
    shown, chosen = decided(
        figure("early_help_assessments", 600), figure("asylum_seeking_children", 3), rules=rules
    )
    assert shown["marker"].tolist() == ["c", ""]
    assert chosen.reasons["detail"].tolist() == ["decided by Officer: agreed"]


def _named(**fields: Any) -> Any:
    return Named.model_validate(fields)


def edition(*rows: dict[str, Any]) -> tuple[Publication, pd.DataFrame]:
    figures = pd.DataFrame(rows)
    public = release(figures, 1, choose(figures, SUITE, RULES).withheld)
    return Publication("2020-05", public, release(figures, 2)), public


def test_what_an_earlier_edition_withheld_stays_withheld() -> None:
    small, large = (figure("asylum_seeking_children", n, month=604) for n in (4, 26))
    before, public = edition(small)
    assert public["marker"].tolist() == ["c"]
    shown, chosen = decided(large, figure("asylum_seeking_children", 30), memory=Memory((before,)))
    assert shown["marker"].tolist() == ["c", ""]
    assert chosen.reasons["detail"].tolist() == ["withheld before"]


def test_what_was_published_cannot_be_hidden_any_more() -> None:
    rows = [figure("children_in_need", 60, 73_175, month=604)]
    cells = {"A": 40, "B": 17, "C": 3}
    rows += [figure("children_in_need", n, breakdown="need", category=c, unit="count", month=604)
             for c, n in cells.items()]  # fmt: skip
    figures = pd.DataFrame(rows)
    shown = release(figures, 2)  # everything had been published
    before = Publication("2020-05", shown, shown)
    _, chosen = decided(*rows, memory=Memory((before,)))
    assert list(chosen.decision.unfixable) == ["children_in_need|need|C|2020-05"]
    proof = prove(release(figures, 1, chosen.withheld), figures, SUITE, RULES, Memory((before,)))
    assert [entry.verdict for entry in proof.audit.unsafe] == ["exact"]
    with pytest.raises(CsdError, match="can be worked out"):
        proof.require_safe()
    proof.require_safe(chosen.decision.unfixable)


def test_a_revised_figure_is_another_number() -> None:
    before, _ = edition(figure("asylum_seeking_children", 26, month=604))
    shown, _ = decided(figure("asylum_seeking_children", 24, month=604), memory=Memory((before,)))
    assert shown["marker"].tolist() == [""]
    strict = RULES.model_copy(update={"hide_small_revisions": True})
    shown, _ = decided(
        figure("asylum_seeking_children", 24, month=604), memory=Memory((before,)), rules=strict
    )
    assert shown["marker"].tolist() == ["c"]  # the two whose records changed


def test_the_department_has_published_what_we_withhold() -> None:
    columns = ["indicator", "period", "breakdown", "category", "part", "value", "rounded_to", "source"]
    told = ["asylum_seeking_children", "2020-06", "all", "all", "numerator", "4", "", "the department"]
    memory = Memory((), pd.DataFrame([told], columns=columns))
    _, chosen = decided(figure("asylum_seeking_children", 4), memory=memory)
    assert list(chosen.decision.unfixable) == ["asylum_seeking_children|2020-06"]


def test_a_figure_that_slipped_through_is_found_and_named() -> None:
    rows = [figure("looked_after_reviews", 57, 59)]
    figures = pd.DataFrame(rows)
    shown, _ = decided(*rows)
    prove(shown, figures, SUITE, RULES).require_safe()
    leak = release(figures, 2)
    with pytest.raises(CsdError, match=r"all of looked_after_reviews\|2020-06 59 - looked_after_reviews"):
        prove(leak, figures, SUITE, RULES).require_safe()


def test_coarser_words_are_preferred_where_the_suite_allows_them() -> None:
    coarse = SUITE.indicators["children_in_need"].model_copy(update={"coarsen": True})
    suite = SUITE.model_copy(update={"indicators": SUITE.indicators | {"children_in_need": coarse}})
    rows = [figure("children_in_need", 160, 73_175)]
    rows += [figure("children_in_need", n, breakdown="need", category=c, unit="count")
             for c, n in {"A": 77, "B": 80, "C": 3}.items()]  # fmt: skip
    figures = pd.DataFrame(rows)
    chosen = choose(figures, suite, RULES)
    shown = release(figures, 1, chosen.withheld)
    assert sorted(shown["text"]) == ["160", "80", "[c]", "about 80"]
    assert shown.loc[shown["marker"].eq("a"), ["numerator", "value"]].isna().all(axis=None)
    prove(shown, figures, suite, RULES).require_safe()


def test_the_demonstration_is_safe_by_the_independent_attacker(
    prepared: Prepared, judged: Callable[..., Any]
) -> None:
    case = prepared.releases[1].parents[1] / "disclosure" / "case.json"
    found = judged("attack", case)
    assert (found["exact"], found["unsafe"]) == (0, 0)
    assert len(found["targets"]) > 100


def test_the_certificate_of_a_run_is_checked_without_a_solver(prepared: Prepared, tmp_path: Path) -> None:
    working = prepared.releases[1].parents[1]
    figures = pd.read_parquet(working / "figures.parquet")
    released = pd.read_parquet(working / "release" / "part1" / "figures.parquet")
    memory = load_memory(ROOT, Period.parse("2020-10"), SUITE)
    case = prove(released, figures, SUITE, RULES, memory).case
    assert check_certificate(case, working / "disclosure") == []
    forged = json.loads((working / "disclosure" / "twins.json").read_text())
    forged[0]["differs"] = dict.fromkeys(case.targets, 9999)
    (tmp_path / "twins.json").write_text(json.dumps(forged))
    with pytest.raises(CsdError, match="of other figures"):
        check_certificate(case, tmp_path)


def test_february_does_not_foretell_a_total_that_others_publish() -> None:
    key = next(name for name, decision in RULES.whole_indicators.items() if decision.status_public)
    row = {"indicator": key, "breakdown": "all", "rating": "red", "month": 613}
    others = Memory(elsewhere=pd.DataFrame({"indicator": [key]}))
    told = {
        (period, memory is others): _status_is_public(
            pd.DataFrame([row | {"period": period}]), RULES, memory
        ).tolist()
        for period in ("2021-01", "2021-02", "2021-03")
        for memory in (NOTHING, others)
    }
    assert [place for place, public in told.items() if public == [False]] == [("2021-02", True)]
