"""What a part's notebooks are handed: released figures, the words around them, and nothing else."""

import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from csd_helpers.commentary import Commentary
from csd_helpers.direction import NEW_DEFINITION, Movement, movement
from csd_helpers.exception_report import ExceptionReport
from csd_helpers.figures import ALL, exact_value, exact_values, walkable
from csd_helpers.judge import outturn_text
from csd_helpers.marking import marking
from csd_helpers.page.sanitise import markdown_html
from csd_helpers.parameters import PeriodFile
from csd_helpers.period import Period, long_date
from csd_helpers.rag import EXCEPTIONS, held_since, shortfall
from csd_helpers.release import APPROXIMATE, BELOW, SUPPRESSED
from csd_helpers.revision_reasons import Reason
from csd_helpers.revisions import list_revised, revision_facts, revision_summary
from csd_helpers.rounding import exact, round_half_up
from csd_helpers.suite import BASIS_TEXT, Indicator, Suite
from csd_helpers.suite_editions import target_since
from csd_helpers.trend_words import trend_facts

_NO_CONTACT = "the period’s file names no contact"
GOOD_IS = {"high": "high", "low": "low", "in_range": "in the range", "none": "neither"}
_MEASURED = {"percent": "%"}
_TOLD = ["number", "title", "group"]
_AREAS = ("England", "London", "Outer London", "Statistical neighbours")


@dataclass(frozen=True)
class Edition:
    """The parameters a period is told by."""

    settings: PeriodFile
    suite: Suite
    benchmarks: pd.DataFrame
    commentary: dict[str, list[Commentary]]
    reasons: list[Reason] = field(default_factory=list)  # why figures are not as they were published
    earlier: list[Suite] = field(default_factory=list)  # editions of the suite before this one, newest first

    @property
    def period(self) -> Period:
        """The period reported."""
        return Period.parse(self.settings.period)

    @property
    def suites(self) -> list[Suite]:
        """The edition of the suite, and those before it, newest first."""
        return [self.suite, *self.earlier]

    @cached_property
    def areas(self) -> dict[str, dict[str, dict[str, Any]]]:
        """The latest published benchmark by indicator and area."""
        found: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
        for row in self.benchmarks.to_dict("records"):
            found[row["indicator"]][row["geography"]] = row
        return dict(found)


def hand_over(
    released: pd.DataFrame,
    part: int,
    edition: Edition,
    folder: Path,
    account: dict[str, Any] | None = None,
    gone: pd.DataFrame | None = None,
) -> None:
    """Write a part's release folder: ``figures.parquet`` and ``pack.json``.

    The notebooks of a part have no path to anything but this folder.

    Parameters
    ----------
    released
        The released figures of the part.
    folder
        Where to write; made if absent.
    account
        The account of disclosure control; for Part 2 only.
    gone
        What the part has published and has no longer (`csd_helpers.revisions.gone_figures`).
    """
    folder.mkdir(parents=True, exist_ok=True)
    told = _with_register(released, edition.suite)
    told.to_parquet(folder / "figures.parquet", index=False)
    pack = describe(released, part, edition, gone)
    if account is not None and part == 2:
        pack["disclosure"] = account
    pack["run_id"] = hashlib.sha256(json.dumps([pack, told.to_csv()]).encode()).hexdigest()[:12]
    (folder / "pack.json").write_text(json.dumps(pack, indent=1, ensure_ascii=False), encoding="utf-8")


def describe(
    released: pd.DataFrame, part: int, edition: Edition, gone: pd.DataFrame | None = None
) -> dict[str, Any]:
    """Return everything a part's pages say besides the table of figures."""
    settings, suite, period = edition.settings, edition.suite, edition.period
    headline = walkable(released[released["breakdown"].eq(ALL)]).set_index("period")
    series = dict(iter(headline.groupby("indicator", sort=False)))
    listed = list_revised(released, part, edition.reasons, gone)
    revised = dict(iter(listed.groupby("indicator", sort=False)))
    indicators = [
        _indicator(key, series[key], part, edition)
        | {"revisions": revision_facts(revised[key], suite.indicators[key]) if key in revised else []}
        for key in suite.by_number
    ]
    exceptions = [entry for entry in indicators if entry["exception"]]
    exceptions.sort(
        key=lambda entry: (EXCEPTIONS.index(entry["rating"]), -entry["severity"], entry["number"])
    )
    withheld = [entry["key"] for entry in indicators if entry["see_part2"]]
    return {
        "council": settings.council,
        "period": str(period),
        "label": period.label,
        "part": part,
        "marking": marking(part, settings.exempt_paragraph),
        "contact": settings.contact or _NO_CONTACT,
        "accessibility": f"For another format: {settings.asked_for_formats or _NO_CONTACT}.",
        "report_date": long_date(settings.report_date),
        "as_at": long_date(period.as_at),
        "months": [str(month) for month in period.window(settings.months)],
        "groups": [{"key": key, **group.model_dump()} for key, group in suite.groups.items()],
        "indicators": indicators,
        "exceptions": [entry["key"] for entry in exceptions],
        "withheld": withheld,
        "changes": revision_summary(indicators),
        "counts": _counts(indicators, withheld),
        "reports_by_exception": [
            _report_facts(report) for report in settings.reports_by_exception if report.is_for(part)
        ],
    }


def _report_facts(report: ExceptionReport) -> dict[str, str]:
    """Say what a page says of something outside the suite: words, never a figure of the suite."""
    told = {"title": report.title, "verdict": report.verdict, "figure": report.figure}
    words = {"html": markdown_html(report.text), "author": report.author, "date": long_date(report.date)}
    return told | words


def _with_register(released: pd.DataFrame, suite: Suite) -> pd.DataFrame:
    """Put number, title and group beside each figure."""
    register = {key: (entry.number, entry.title, entry.group) for key, entry in suite.indicators.items()}
    told = pd.DataFrame([register[key] for key in released["indicator"]], columns=_TOLD, index=released.index)
    return pd.concat([released[["indicator"]], told, released.drop(columns="indicator")], axis=1)


def _indicator(key: str, series: pd.DataFrame, part: int, edition: Edition) -> dict[str, Any]:
    """Say everything a page says about one indicator's latest figure."""
    indicator, period = edition.suite.indicators[key], edition.period
    latest = series.loc[str(period)]
    words = [text for text in edition.commentary.get(key, []) if text.is_for(part)]
    hidden = latest["marker"] in (SUPPRESSED, APPROXIMATE)
    changed = indicator.definition_changed
    changed = changed if series.index[0] < changed <= str(period) else ""
    comparable = series[series.index >= changed]
    return {
        "key": key,
        **_register_facts(indicator, period),
        **_figure_facts(latest, period),
        "see_part2": bool(hidden),
        "exception": latest["rating"] in EXCEPTIONS,
        "below_expectation": latest["rating"] == BELOW,
        **_judgement_facts(latest, comparable, indicator, period),
        "definition_changed": changed,
        "target_since": target_since(key, period.window(edition.settings.months), edition.suites),
        "benchmarks": _benchmarks(indicator, edition.areas.get(key, {})),
        "movement": _movements(series, indicator, period, changed),
        "trend": trend_facts(comparable, indicator, period),
        **_commentary_facts(words[0] if words and not hidden else None),
    }


def _register_facts(indicator: Indicator, period: Period) -> dict[str, Any]:
    """What the register says, for the month reported."""
    lower, upper = indicator.target.bounds(period) if indicator.target else (None, None)
    return {
        **indicator.model_dump(
            include={"number", "title", "group", "unit", "polarity", "definition", "numerator"}
        ),
        **indicator.model_dump(include={"denominator", "owner"}),
        "basis": BASIS_TEXT[indicator.basis],
        "good_is": GOOD_IS[indicator.polarity],
        "target_lower": None if lower is None else float(lower),
        "target_upper": None if upper is None else float(upper),
        "target_text": _target_text(indicator, period),
        "target_origin": indicator.target.origin if indicator.target else "",
        "amber_text": _amber_text(indicator),
        "rated_by": indicator.rated_by,
        "compare_with": indicator.compare_with if indicator.rated_by == "benchmark" else [],
        "benchmark_label": indicator.benchmark,
        "companions": [
            {"key": key, "title": c.title, "unit": c.unit} for key, c in indicator.companions.items()
        ],
        "breakdowns": [
            {"key": key, **split.model_dump(include={"title", "unit", "cases"})}
            for key, split in indicator.breakdowns.items()
        ],
    }


def _figure_facts(latest: pd.Series, period: Period) -> dict[str, Any]:
    """The latest figure as printed, with the date of its data."""
    return {
        "rating": latest["rating"],
        "text": latest["text"],
        "numerator_text": latest["numerator_text"],
        "denominator_text": latest["denominator_text"],
        "status": latest["status"],
        "revised": latest["revised"],
        "as_at": long_date(date.fromisoformat(latest["as_at"])),
        "as_at_differs": latest["as_at"] != period.as_at.isoformat(),
    }


def _judgement_facts(
    latest: pd.Series, series: pd.DataFrame, indicator: Indicator, period: Period
) -> dict[str, Any]:
    """How far from the next band, how bad beside the others, and since when."""
    value = exact_value(latest)
    facts = {"distance_text": "", "severity": 0.0, "since_text": ""}
    if value is None or latest["rating"] not in ("red", "amber", "green"):
        return facts
    outside = shortfall(value, indicator, period)
    if outside and indicator.target and indicator.amber:
        lower, upper = indicator.target.bounds(period)
        side, bound = ("below", lower) if value < lower else ("above", upper)
        unit = " points" if indicator.unit == "percent" else ""
        facts["distance_text"] = (
            f"{round_half_up(outside, max(indicator.dp, 1))}{unit} {side} the target range"
        )
        facts["severity"] = float(outside / (indicator.amber.reach(bound) or Fraction(1)))
    since = Period.parse(held_since(series["rating"]))
    start = series.index[0]
    before = ", by another definition before" if start == indicator.definition_changed else " or earlier"
    facts["since_text"] = f"since {since.label}{before if str(since) == start else ''}"
    return facts


def _movements(
    series: pd.DataFrame, indicator: Indicator, period: Period, changed: str
) -> dict[str, dict[str, Any]]:
    """Direction of travel against last month, last year and last year end, from shown figures only.

    None across a change of definition: the two figures do not tell of the same.
    """
    before = {"last_month": period - 1, "last_year": period - 12, "year_end": period.year_end}
    told = series[series.index.isin([str(month) for month in (period, *before.values())])]
    shown = dict(zip(told.index, exact_values(told), strict=True))
    now = shown[str(period)]
    moves = {}
    for name, other in before.items():
        move = movement(now, shown.get(str(other)), indicator)
        if move.direction and str(other) < changed:
            move = Movement("", NEW_DEFINITION)
        then = series["text"].get(str(other), "[x]")
        moves[name] = {
            "period": other.short_label,
            "was": then,
            "revised": bool(series["revised"].get(str(other), "")),
            "text": move.text,
            "direction": move.direction,
        }
    return moves


def _benchmarks(indicator: Indicator, areas: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """The latest benchmarks; none for a plain count, which says nothing beside an area of another size."""
    if indicator.unit == "count":
        return []
    order = [area for area in _AREAS if area in areas]
    if "London" in order and "Outer London" in order:
        order.remove("Outer London")
    return [
        {
            "geography": area,
            "year": int(areas[area]["year"]),
            "value": float(areas[area]["value"]),
            "text": outturn_text(round_half_up(exact(areas[area]["value"]), indicator.dp), indicator.unit),
            "source": areas[area]["source"],
        }
        for area in order
    ]


def _commentary_facts(words: Commentary | None) -> dict[str, Any]:
    if words is None:
        return {"commentary_html": None, "commentary_author": "", "commentary_date": ""}
    return {
        "commentary_html": markdown_html(words.text),
        "commentary_author": words.header.author,
        "commentary_date": long_date(words.header.date),
    }


def _counts(indicators: list[dict[str, Any]], withheld: list[str]) -> dict[str, int]:
    """Count the ratings of the indicators shown; what is withheld is counted apart."""
    shown = [entry["rating"] for entry in indicators if entry["key"] not in withheld]
    counts = {rating.replace(" ", "_"): shown.count(rating) for rating in _RATINGS}
    return {**counts, "part2": len(withheld)}


_RATINGS = ("red", "amber", "green", "not rated", "no data")


def _target_text(indicator: Indicator, period: Period) -> str:
    """Print the target range that applies in the month."""
    if indicator.target is None:
        return "no local target" if indicator.rated_by == "benchmark" else "none"
    lower, upper = indicator.target.bounds(period)
    sign = _MEASURED.get(indicator.unit, "")
    low, high = (f"{_plain(bound)}{sign}" for bound in (lower, upper))
    text = low if low == high else f"{low} to {high}"
    if indicator.target.profile is None:
        return text
    return f"{text} by now ({indicator.target.lower} to {indicator.target.upper} for the year)"


def _amber_text(indicator: Indicator) -> str:
    if indicator.amber is None:
        return ""
    if indicator.amber.points is None:
        return f"within {indicator.amber.percent_of_target}% of the target range"
    unit = " points" if indicator.unit == "percent" else ""
    return f"within {indicator.amber.points}{unit} of the target range"


def _plain(value: Fraction) -> str:
    """Print a bound without needless decimals."""
    return str(value.numerator) if value.denominator == 1 else str(round_half_up(value, 1))
