"""What is said of a released series beyond its latest figure: out of the ordinary, reliable, or chance."""

from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from csd_helpers.period import Period
from csd_helpers.rounding import exact, round_half_up
from csd_helpers.suite import Indicator
from csd_helpers.trend import Limits, Signal, assurance, special_causes, wilson, xmr

_APRIL = 4
_FEW = 20  # cases a month below which limits of a percentage say nothing
_MANY = 1000  # cases above which chance is smaller than what is printed
_SIDES = {
    ("limit", 1): "above the usual range",
    ("limit", -1): "below the usual range",
    ("run", 1): "seven months or more above average",
    ("run", -1): "seven months or more below average",
    ("trend", 1): "rising for seven months",
    ("trend", -1): "falling for seven months",
    ("near", 1): "two of three months near the upper limit",
    ("near", -1): "two of three months near the lower limit",
}
_CHANCE = "The target lies within what chance alone could do, and so does the status."
_NOTHING = {"flow": "", "variation": "", "signal": "", "assurance": "", "interval": "", "chance": ""}


@dataclass(frozen=True)
class Flow:
    """What happened in each month alone: outturns, their unit, and how many cases of each."""

    outturns: list[float | None]
    unit: str
    cases: list[float | None]


def trend_facts(series: pd.DataFrame, indicator: Indicator, period: Period) -> dict[str, str]:
    """Return in words what a released series says beyond its latest figure.

    Everything comes from released figures: a series with a hidden month in the window says nothing of
    what is usual, since a limit or a mean would hold that month.

    Parameters
    ----------
    series
        The released headline of an indicator, one row a month, oldest first.

    Returns
    -------
    dict
        ``flow`` (the month alone and its usual range), ``variation``, ``signal`` (two words for the
        summary, only where something is out of the ordinary), ``assurance``, ``interval``, ``chance``.
    """
    facts = {**_NOTHING, **_chance_facts(series.iloc[-1], indicator, period)}
    if series["marker"].isin(["c", "a"]).any():
        return facts
    flow = flow_of(series, indicator)
    limits = xmr(flow.outturns)
    latest = flow.outturns[-1] if flow.outturns else None
    if limits is None or latest is None or _too_few(flow):
        return facts
    return {**facts, **_flow_facts(flow, limits, latest, indicator, period)}


def flow_of(series: pd.DataFrame, indicator: Indicator) -> Flow:
    """Return what happened in each month alone, where that can be told from what is shown.

    A year to date tells it by the month before; stocks, rolling years and cohorts do not.
    """
    if indicator.basis == "month":
        return Flow(_listed(series["value"]), indicator.unit, _listed(series["denominator"]))
    if indicator.basis != "ytd":
        return Flow([], "", [])
    april = pd.to_datetime(series["as_at"]).dt.month.eq(_APRIL)
    counts = series["value"] if indicator.unit == "count" else series["numerator"]
    added = _added(counts, april)
    if indicator.unit != "percent":
        return Flow(_listed(added), "count", _listed(added))
    cases = _added(series["denominator"], april)
    share = (100 * added / cases.where(cases.gt(0))).where(added.le(cases))
    return Flow(_listed(share), "percent", _listed(cases))


def _added(counts: pd.Series, april: pd.Series) -> pd.Series:
    added = (counts - counts.shift()).where(~april, counts)
    return added.where(added.ge(0))  # less than the month before: revised, and no flow


def _listed(values: pd.Series) -> list[float | None]:
    return [None if pd.isna(value) else float(value) for value in values]


def _too_few(flow: Flow) -> bool:
    known = [cases for cases in flow.cases if cases is not None]
    return flow.unit == "percent" and sum(known) < _FEW * len(known)


def _flow_facts(
    flow: Flow, limits: Limits, latest: float, indicator: Indicator, period: Period
) -> dict[str, str]:
    low, high = max(limits.low, 0.0), limits.high
    high = min(high, 100.0) if flow.unit == "percent" else high
    usual = f"usual {_printed(low, flow.unit)} to {_printed(high, flow.unit)}"
    found = special_causes(flow.outturns, limits)[-1]
    facts = {"flow": f"{_printed(latest, flow.unit)}, {usual}", "variation": "nothing unusual"}
    if found:
        good = _judged(found, indicator)
        facts["variation"] = f"unusual{', ' + good if good else ''}: {_SIDES[found]}"
        facts["signal"] = f"Unusual: {good or ('up' if found.side > 0 else 'down')}"
    if indicator.target and flow.unit == "percent" and indicator.unit == "percent":
        bounds = [float(bound) for bound in indicator.target.bounds(period)]
        told = assurance(limits, bounds[0], bounds[1], indicator.polarity)
        facts["assurance"] = f"{told} in a single month"
    return facts


def _judged(found: Signal, indicator: Indicator) -> str:
    if indicator.polarity not in ("high", "low"):
        return ""
    return "better" if (found.side > 0) == (indicator.polarity == "high") else "worse"


def _printed(value: float, unit: str) -> str:
    digits = round_half_up(exact(round(value, 9)), 1 if unit == "percent" else 0)
    return f"{digits:,}%" if unit == "percent" else f"{digits:,}"


def _chance_facts(latest: pd.Series, indicator: Indicator, period: Period) -> dict[str, str]:
    """Say how far chance alone could move a percentage of few people, and what one of them is worth."""
    told = pd.notna(latest["numerator"]) and pd.notna(latest["denominator"]) and latest["marker"] == ""
    if indicator.unit != "percent" or not indicator.counts_people or not told:
        return {}
    numerator, denominator = int(latest["numerator"]), int(latest["denominator"])
    if not 0 < denominator <= _MANY or not 0 <= numerator <= denominator:
        return {}
    interval = wilson(numerator, denominator)
    worth = round_half_up(Fraction(100, denominator), 1)
    facts = {"interval": f"{interval.low:.0f}% to {interval.high:.0f}%; one case is {worth} points"}
    if indicator.target and latest["rating"] in ("red", "amber", "green"):
        lower, upper = indicator.target.bounds(period)
        ends = {"high": [lower], "low": [upper]}.get(indicator.polarity, [lower, upper])
        if any(interval.low < end < interval.high for end in ends):
            facts["chance"] = _CHANCE
    return facts
