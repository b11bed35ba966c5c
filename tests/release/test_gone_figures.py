"""Figures that a part has published and has no longer: which are told, in which part, and the reason."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from csd_helpers.disclosure.memory import Publication
from csd_helpers.revision_reasons import load_reasons
from csd_helpers.revisions import gone_figures, list_revised, revision_facts, revision_matters
from csd_helpers.suite import Breakdown
from tests.release.revised import NOVEMBER, SHOWN, SUITE, count, figure, write

RATE = figure(90, 10_000, "90.0", indicator="referrals", unit="rate_10k")


def source(number: float, category: str = "Police", **facts: object) -> pd.DataFrame:
    """Return how many referrals came from a source, as released."""
    told = {"indicator": "referrals", "breakdown": "source", "category": category} | facts
    return figure(number, None, f"{number:g}", unit="count", value=number).assign(**told)


def table(*figures: pd.DataFrame) -> pd.DataFrame:
    return pd.concat(figures, ignore_index=True)


def gone(now: pd.DataFrame, *editions: Publication, part: int = 2) -> list[str]:
    """Return what the figures that are gone were."""
    found = gone_figures(now, part, editions, SUITE)
    return [f"{row.category} {row.period}: {row.revised}" for row in found.itertuples()]


def edition(*figures: pd.DataFrame) -> Publication:
    return Publication("2020-09", table(*figures), table(*figures))


@pytest.mark.parametrize(
    ("then", "now", "told"),
    [
        (source(47), [RATE], ["Police 2020-09: 47"]),
        (source(47), [RATE, source(43)], []),  # another now: marked where it is printed
        (source(47), [RATE, source(47, "School")], ["Police 2020-09: 47"]),
        (source(47, status="provisional"), [RATE], ["Police 2020-09: 47 [p]"]),
        (source(0), [RATE], []),  # a source without a case in any month has no row
        (source(0, marker="z", text="[z]"), [RATE], []),
        (
            source(0, text="0.0%", unit="percent", denominator_text="12"), [RATE],
            ["Police 2020-09: 0.0% (0 of 12)"],  # of twelve
        ),
        (source(47, text="[c]", marker="c"), [RATE], []),  # nothing was published
        (source(47, text="[x]", marker="x"), [RATE], []),
        (source(47, text="about 50", marker="a"), [RATE], ["Police 2020-09: about 50"]),
        (source(47, period="2018-09"), [RATE], []),  # a month that is shown no longer
        (source(47, indicator="contacts_by_fax"), [RATE], []),  # dropped by a new edition of the suite
        (source(47, breakdown="by_fax"), [RATE], []),
        (source(47), [RATE.assign(marker="x", text="[x]")], []),  # the month itself is not available
        (source(47), [RATE.assign(marker="c", text="[c]")], ["Police 2020-09: 47"]),
    ],
    ids=[
        "gone", "revised", "recoded", "provisional", "none", "no_cases", "share", "withheld", "unavailable",
        "about", "month", "indicator", "breakdown", "base", "base_withheld",
    ],
)  # fmt: skip
def test_a_figure_is_gone_if_it_was_shown_and_its_month_is_told_without_it(
    then: pd.DataFrame, now: list[pd.DataFrame], told: list[str]
) -> None:
    assert gone(table(*now), edition(RATE, then)) == told


def test_a_figure_that_is_gone_is_told_once() -> None:
    first, without = edition(RATE, source(47)), edition(RATE)
    other = edition(RATE.assign(period="2020-10"))
    assert gone(RATE, first, other) == ["Police 2020-09: 47"]  # the later edition told of another month
    assert gone(RATE, first, without) == []
    assert gone(RATE, first, without, first) == ["Police 2020-09: 47"]  # it was back
    assert gone(RATE) == []


def test_what_stands_counts_for_what_is_gone_before_what_was_withdrawn() -> None:
    stands, wrong, without = edition(RATE, source(47)), edition(RATE, source(50)), edition(RATE)
    for editions, told in [
        ([stands, replace(wrong, is_withdrawn=True)], ["Police 2020-09: 47"]),
        ([stands, replace(without, is_withdrawn=True)], ["Police 2020-09: 47"]),  # as withdrawn: still gone
        ([without, replace(wrong, is_withdrawn=True)], ["Police 2020-09: 50"]),  # others have read it
        ([replace(wrong, is_withdrawn=True), without], []),
    ]:
        assert gone(RATE, *editions) == told


def test_part_1_is_told_that_a_figure_is_gone_only_by_what_it_printed() -> None:
    """Whatever was and is behind it: a row that Part 1 withheld goes without a word."""
    withheld = source(47, text="[c]", marker="c").assign(numerator=None, value=None)
    full = table(RATE, source(47), source(12, "School"))
    told = Publication("2020-09", table(RATE, withheld, source(12, "School")), full)
    assert gone(RATE, told, part=1) == ["School 2020-09: 12"]
    assert gone(RATE, told, part=2) == ["Police 2020-09: 47", "School 2020-09: 12"]
    other = replace(told, full=table(RATE, source(3)))
    assert gone_figures(RATE, 1, [other], SUITE).equals(gone_figures(RATE, 1, [told], SUITE))


def test_a_category_hangs_on_the_companion_whose_cases_it_divides() -> None:
    entry = SUITE.indicators["care_leavers_ete"]
    name = "care_leavers_caseload_nete"
    split = entry.model_copy(update={"breakdowns": {"why": Breakdown(title="Why", of=name)}})
    suite = SUITE.model_copy(update={"indicators": {"care_leavers_ete": split}})
    own = {"indicator": "care_leavers_ete"}
    headline, beside = SHOWN.assign(**own), count(30).assign(**own, breakdown=name)
    told = edition(headline, beside, source(7, **own, breakdown="why"))
    missing = beside.assign(marker="x", text="[x]")
    assert len(gone_figures(table(headline, beside), 2, [told], suite)) == 1
    assert len(gone_figures(table(headline, missing), 2, [told], suite)) == 0


def test_a_figure_that_is_gone_needs_a_reason_as_every_revision_does(tmp_path: Path) -> None:
    now, told = RATE.assign(revised=["80.0"]), edition(RATE, source(47))
    missed = gone_figures(now, 1, [told], SUITE)
    listed = list_revised(now, 1, [], missed)
    assert listed[["was", "now"]].to_numpy().tolist() == [["80.0", "90.0 (90)"], ["47", "no longer there"]]
    [matter] = revision_matters(listed.tail(1), SUITE, NOVEMBER)
    assert (matter.severity, matter.fix) == ("blocking", 'add the line 2020-11,referrals,,1,"WHY",NAME')
    assert matter.what.endswith("Part 1: September 2020, Source: Police, was 47, now no longer there")
    write(tmp_path, "2020-11,referrals,,1,Two sources are one now.,A. Head")
    reasons = load_reasons(tmp_path, NOVEMBER, ["referrals"])
    [fact] = revision_facts(list_revised(RATE, 1, reasons, missed), SUITE.indicators["referrals"])
    assert fact == {
        "month": "Sep 2020", "figure": "Source: Police", "was": "47", "now": "no longer there",
        "reason": "Two sources are one now.",
    }  # fmt: skip
