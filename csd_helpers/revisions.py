"""Revisions: figures that are not as their part last published them, with old value, new value and reason.

A figure may also be among the figures no longer: a category has vanished, or its row of the returns.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from csd_helpers.disclosure.memory import Publication, publications
from csd_helpers.facts import outturn
from csd_helpers.figures import ALL
from csd_helpers.matter import Matter
from csd_helpers.period import Period
from csd_helpers.release import APPROXIMATE, NO_CASES, NOT_AVAILABLE, SHOWN
from csd_helpers.revision_reasons import REASONS, Reason, reason_for
from csd_helpers.suite import Indicator, Suite
from csd_helpers.working import WORKING

_KEY = ["indicator", "period", "breakdown", "category"]
_TABLE = ["part", *_KEY, "was", "now", "reason"]
_AMOUNTS = ["numerator", "denominator", "value"]
_TEXTS = ["text", "numerator_text", "denominator_text"]
_GONE = "no longer there"  # what stands for the new value of a figure that has none
_OF_CASES = ["percent", "average"]  # units in which zero is not "no cases", which is printed as [z]
_NAMED = 8  # so many indicators have room in a sentence
_EQUAL = 1e-9  # of an amount: less is the work of the computer, not of the council


def mark_revised(released: pd.DataFrame, part: int, editions: Sequence[Publication]) -> pd.DataFrame:
    """Return a part's figures with ``revised``: what the part last published where that was another.

    Only what the part itself has shown, and shows now, is compared, so that Part 1 tells nothing of a
    figure it withholds or withheld. A figure that is withheld now, or was, is therefore not marked.

    Parameters
    ----------
    released
        The part's released figures.
    editions
        What was published before, oldest first. What stands counts, and where the figure is the same
        as there, an edition that was withdrawn since: somebody has read it.
    """
    standing = [edition for edition in editions if not edition.is_withdrawn]
    was = pd.Series("", index=released.index, dtype="str")
    for known in (editions, standing):
        then = _last_published(released, part, known)
        changed = _changed(released, then)
        was[changed] = [outturn(row | {"revised": ""}) for row in then[changed].to_dict("records")]
    return released.assign(revised=was)


def _last_published(released: pd.DataFrame, part: int, editions: Sequence[Publication]) -> pd.DataFrame:
    """Return each figure as a part last published it, in the order of the figures; empty where it did not."""
    told = [released.iloc[:0], *(edition.public if part == 1 else edition.full for edition in editions)]
    last = pd.concat(told).drop_duplicates(_KEY, keep="last")
    return released[_KEY].merge(last, how="left", on=_KEY).set_index(released.index)


def _changed(now: pd.DataFrame, then: pd.DataFrame) -> pd.Series:
    """Say which figures were shown and are others now.

    Other digits of the same amount (a rating asks for them) are no revision, nor is it one that a
    provisional figure has become final. What was not available was not published, and what no longer
    is (an extract reaches back only so far) is printed as [x].
    """
    printed = (now[_TEXTS] != then[_TEXTS]).any(axis=1)
    same = np.isclose(now[_AMOUNTS].astype(float), then[_AMOUNTS].astype(float), rtol=_EQUAL, equal_nan=True)
    exact = then["marker"].isin([SHOWN, NO_CASES]) & now["marker"].isin([SHOWN, NO_CASES])
    about = then["marker"].eq(APPROXIMATE) & now["marker"].eq(APPROXIMATE)
    return printed & (exact & ~same.all(axis=1) | about)


def gone_figures(
    released: pd.DataFrame, part: int, editions: Sequence[Publication], suite: Suite
) -> pd.DataFrame:
    """Return what a part last published and has no longer among its figures, printed as ``revised``.

    A reader who kept the last edition finds a figure in it that the new one does not have, and has to
    be told. Only what the part itself has shown counts: a row that it withheld goes without a word.

    It is no revision, and so not returned,

    - if its month is none of those now shown: the months move on, and nobody expects it there;
    - if the suite has its indicator, companion or breakdown no longer: it was dropped for all months by
      a new edition, which ``csd suite diff`` tells, not corrected in one;
    - if the figure that it divides is printed as [x]: that says that the month is not available;
    - if it was printed as no cases: a category without any is a row only while another month has some.

    Parameters
    ----------
    released
        The part's released figures.
    editions
        What was published before, oldest first. A figure counts as published if the last edition that
        stands has it, or else the last of all, withdrawn ones included.
    suite
        The register by which the figures are told now.
    """
    standing = [edition for edition in editions if not edition.is_withdrawn]
    told = [_last_of_each_month(released, part, known) for known in (editions, standing)]
    then = pd.concat(told).drop_duplicates(_KEY, keep="last", ignore_index=True)
    own = then[_is_missed(then, released, suite)]
    return own.assign(revised=[outturn(row | {"revised": ""}) for row in own.to_dict("records")])


def _last_of_each_month(released: pd.DataFrame, part: int, editions: Sequence[Publication]) -> pd.DataFrame:
    """Return the rows of the last edition of a part that tells of an indicator's month.

    A row that an edition before it had is gone since then, and was listed then.
    """
    tables = [edition.public if part == 1 else edition.full for edition in editions]
    told = pd.concat([released.iloc[:0], *tables], keys=range(len(tables) + 1), names=["edition"])
    at = told.index.get_level_values("edition").to_series(index=told.index)
    last = at.groupby([told["indicator"], told["period"]]).transform("max")
    return told[at.eq(last)].reset_index(drop=True)


def _is_missed(then: pd.DataFrame, released: pd.DataFrame, suite: Suite) -> pd.Series:
    """Say which rows were shown, and are missed among the figures of a month that is told now."""
    there, told = (pd.MultiIndex.from_frame(rows[_KEY]) for rows in (released, then))
    headline = released[released["category"].eq(ALL)].set_index(_KEY[:3])["marker"]
    divided = [_divided(row.indicator, row.breakdown, suite) for row in then.itertuples()]
    base = pd.MultiIndex.from_arrays([then["indicator"], then["period"], divided])
    now = headline.reindex(base).set_axis(then.index)  # empty for another month, or another suite
    cases = then["value"].ne(0) | then["unit"].isin(_OF_CASES)
    shown = then["marker"].eq(SHOWN) & cases | then["marker"].eq(APPROXIMATE)
    return shown & ~told.isin(there) & now.notna() & now.ne(NOT_AVAILABLE)


def _divided(key: str, breakdown: str, suite: Suite) -> str:
    """Return the breakdown of the headline that stands above a row; empty if the suite has it no longer."""
    indicator = suite.indicators.get(key)
    if indicator is None or breakdown == ALL or breakdown in indicator.companions:
        return breakdown
    split = indicator.breakdowns.get(breakdown)
    return (split.of or ALL) if split else ""


def list_revised(
    released: pd.DataFrame, part: int, reasons: Sequence[Reason], gone: pd.DataFrame | None = None
) -> pd.DataFrame:
    """List the figures marked as revised, and those that are gone (`gone_figures`).

    Returns
    -------
    pandas.DataFrame
        Columns part, indicator, period, breakdown, category, was, now and reason, which is empty
        where none is given; the latest month of an indicator first.
    """
    marked = released[released["revised"].ne("")]
    marked = marked.assign(now=[outturn(row | {"revised": ""}) for row in marked.to_dict("records")])
    own = marked if gone is None else pd.concat([marked, gone.assign(now=_GONE)])
    rows = [
        (
            *(part, row.indicator, row.period, row.breakdown, row.category, row.revised, row.now),
            reason_for(reasons, part, row.indicator, row.period),
        )
        for row in own.sort_values("month", ascending=False, kind="stable").itertuples()
    ]
    return pd.DataFrame(rows, columns=_TABLE)


def revision_facts(revised: pd.DataFrame, indicator: Indicator) -> list[dict[str, str]]:
    """Return what a page says of an indicator's revisions: month, figure, was, now, reason."""
    return [
        {
            "month": Period.parse(row.period).short_label,
            "figure": _figure(row, indicator),
            "was": row.was,
            "now": row.now,
            "reason": row.reason,
        }
        for row in revised.itertuples()
    ]


def _figure(row: Any, indicator: Indicator) -> str:
    """Name a figure other than the indicator's own."""
    if row.breakdown == ALL:
        return ""
    if row.breakdown in indicator.companions:
        return indicator.companions[row.breakdown].title
    return f"{indicator.breakdowns[row.breakdown].title}: {row.category}"


def revision_summary(indicators: list[dict[str, Any]]) -> list[str]:
    """Say in a sentence what was revised since it was published, if anything was."""
    revised = [entry for entry in indicators if entry["revisions"]]
    if not revised:
        return []
    count = sum(len(entry["revisions"]) for entry in revised)
    told = f"{count} published figures are revised [r]" if count > 1 else "A published figure is revised [r]"
    numbers = ", ".join(str(entry["number"]) for entry in revised)
    named = f"indicators {numbers}" if len(revised) > 1 else f"indicator {numbers}"
    whose = named if len(revised) <= _NAMED else f"{len(revised)} indicators"
    return [f"{told}, of {whose}: the committee report lists old and new, and why."]


def revisions(period: Period, root: Path, suite: Suite, reasons: Sequence[Reason]) -> pd.DataFrame:
    """List the revised figures of both parts of a month's last run, with the reasons given by now.

    Returns
    -------
    pandas.DataFrame
        As of `list_revised`; empty if there has been no run.
    """
    release = root / "outputs" / str(period) / WORKING / "release"
    tables = {part: release / f"part{part}" / "figures.parquet" for part in (1, 2)}
    editions, told = publications(root, period, suite), []
    for part, path in tables.items():
        if path.is_file():
            own = pd.read_parquet(path)
            told.append(list_revised(own, part, reasons, gone_figures(own, part, editions, suite)))
    return pd.concat(told, ignore_index=True) if told else pd.DataFrame(columns=_TABLE)


def revision_matters(found: pd.DataFrame, suite: Suite, report: Period) -> Iterator[Matter]:
    """Yield what stands against publishing revised figures: those without a reason, by indicator."""
    lacking = found[found["reason"].eq("")]
    for key, own in lacking.groupby("indicator", sort=False):
        entry, first = suite.indicators[str(key)], own.iloc[0]
        parts = sorted(own["part"].unique())
        figures = own.drop_duplicates(_KEY)
        figure = _figure(first, entry)
        of = f", {figure}," if figure else ""
        named = f"{Period.parse(first['period']).label}{of} was {first['was']}, now {first['now']}"
        more = f", and {len(figures) - 1} more" if len(figures) > 1 else ""
        where = " and ".join(f"Part {part}" for part in parts)
        what = f"{entry.number} {entry.title}: revised without a reason for {where}: {named}{more}"
        part = "both" if len(parts) == 2 else parts[0]
        line = f'{report},{key},,{part},"WHY",NAME'
        yield Matter("revisions", "blocking", what, REASONS.as_posix(), f"add the line {line}")
    if len(found) and lacking.empty:
        what = f"figures that are revised, each with a reason: {len(found.drop_duplicates(_KEY))}"
        yield Matter("revisions", "note", what, REASONS.as_posix(), "")
