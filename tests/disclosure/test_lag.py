"""Data told earlier than before, by a new suite: the same counts under another month are the same counts."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from csd_helpers.disclosure.decision import choose
from csd_helpers.disclosure.memory import Memory, load_memory
from csd_helpers.disclosure.printed import status_of
from csd_helpers.disclosure.proof import prove
from csd_helpers.ledger import add_entry, next_entry, write_figures
from csd_helpers.period import Period
from csd_helpers.release import release
from csd_helpers.revisions import mark_revised
from csd_helpers.suite import Suite, Target, load_suite, suite_path
from tests.disclosure.test_decision import ROOT, RULES, SUITE, figure

KEY, FEBRUARY, MARCH = "care_leavers_ete", 601, 602
CELLS = ("Higher education", "Not known", "Other education", "Training or employment")
EXTENDING = (
    "extends: 2020-21\nsuite: 2021-22\nstart: 2020-02\nindicators:\n  care_leavers_ete: {lag_months: 0}\n"
)


def told(month: int, *counts: int) -> list[dict[str, Any]]:
    """Return a headline and its activities, told in a month."""
    studying_or_working = counts[0] + counts[2] + counts[3]
    cells = [figure(KEY, n, month=month, breakdown="activity", category=c, unit="count")
             for c, n in zip(CELLS, counts, strict=True)]  # fmt: skip
    return [figure(KEY, studying_or_working, sum(counts), month), *cells]


@pytest.fixture(params=[True, False], ids=["extending", "alone"])
def promptly(request: pytest.FixtureRequest, tmp_path: Path) -> Suite:
    """Return a suite that tells March's data in March and no longer in April, by either way to write one."""
    suites = tmp_path / "parameters" / "suite"
    suites.mkdir(parents=True)
    whole = suite_path(ROOT, "2020-21").read_text(encoding="utf-8")
    (suites / "2020-21.yaml").write_text(whole, encoding="utf-8")
    alone = whole.replace("lag_months: 1", "lag_months: 0").replace("\nsuite: 2020-21", "\nsuite: 2021-22")
    (suites / "2021-22.yaml").write_text(EXTENDING if request.param else alone, encoding="utf-8")
    return load_suite(suites / "2021-22.yaml")


def published(root: Path, rows: list[dict[str, Any]], now: Suite) -> Memory:
    """Publish March by the suite of 2020-21, whose data are a month behind, and remember it by another."""
    figures = pd.DataFrame(rows)
    parts = {1: release(figures, 1, choose(figures, SUITE, RULES).withheld), 2: release(figures, 2)}
    name, sha = write_figures(root, "0001-2020-03", parts)
    facts = {"suite": SUITE.suite, "figures": name, "figures_sha256": sha}
    add_entry(root, next_entry(root, "published", Period(MARCH), **facts))
    return load_memory(root, Period(MARCH + 1), now)


def test_the_same_data_told_in_another_month_are_the_same_counts(promptly: Suite, tmp_path: Path) -> None:
    """19 at work in February, as March's report has printed, and 21 in March would leave two who began."""
    memory = published(tmp_path, told(MARCH, 40, 4, 30, 19), promptly)
    assert memory.editions[0].public["period"].unique().tolist() == ["2020-02"]
    figures = pd.DataFrame(told(FEBRUARY, 40, 4, 30, 19) + told(MARCH, 55, 4, 39, 21))
    chosen = choose(figures, promptly, RULES, memory)
    assert not [name for name in chosen.exchange["secret"] if "@" in name]
    public = release(figures, 1, chosen.withheld)
    assert public["marker"].iloc[-1] == "c"
    assert not mark_revised(public, 1, memory.editions)["revised"].any()
    prove(public, figures, promptly, RULES, memory).require_safe(chosen.decision.unfixable)
    public.iloc[-1] = release(figures, 2).iloc[-1]
    began = f"new in {KEY}|activity|{CELLS[3]}|2020-03"
    leaks = [entry.target for entry in prove(public, figures, promptly, RULES, memory).audit.unsafe]
    assert began in leaks and began not in chosen.decision.unfixable


def test_an_edition_that_alone_has_the_month_before_is_subtracted_from(
    promptly: Suite, tmp_path: Path
) -> None:
    memory = published(tmp_path, told(MARCH, 40, 9, 30, 19), promptly)
    figures = pd.DataFrame(told(MARCH, 55, 16, 39, 21))
    chosen = choose(figures, promptly, RULES, memory)
    began = f"new in {KEY}|activity|{CELLS[3]}|2020-03 since {KEY}|activity|{CELLS[3]}|2020-02"
    assert chosen.exchange["secret"][began] == 2
    assert release(figures, 1, chosen.withheld)["marker"].iloc[-1] == "c"


def test_data_corrected_since_are_other_counts(promptly: Suite, tmp_path: Path) -> None:
    memory = published(tmp_path, told(MARCH, 40, 9, 30, 19), promptly)
    chosen = choose(pd.DataFrame(told(FEBRUARY, 40, 9, 30, 29)), promptly, RULES, memory)
    secret = chosen.exchange["secret"]
    cell = f"{KEY}|activity|{CELLS[3]}|2020-02"
    assert (secret[cell], secret[f"{cell}@2020-03"]) == (29, 19)


def test_a_status_goes_by_the_target_of_the_month_it_was_told_in(promptly: Suite, tmp_path: Path) -> None:
    target = Target.model_validate({"lower": 50, "upper": 60, "origin": "illustrative", "profile": "even"})
    entry = SUITE.indicators[KEY].model_copy(update={"target": target})
    suite = SUITE.model_copy(update={"indicators": {KEY: entry}})
    public = published(tmp_path, told(MARCH, 8, 9, 8, 9), promptly).editions[0].public
    row = next(public.itertuples())
    assert status_of(row, suite)["terms"][f"{KEY}|2020-02"] == 2  # type: ignore[index]  # a half, all of it
