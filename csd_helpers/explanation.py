"""Explanation: what is known about one figure, in plain text an analyst can hand on."""

from datetime import date
from textwrap import fill

import pandas as pd

from csd_helpers.explain import Explained
from csd_helpers.figures import ALL, exact_value
from csd_helpers.judge import benchmarks_by_indicator
from csd_helpers.layout import WIDTH, entry, wrapped
from csd_helpers.period import Period, long_date
from csd_helpers.provenance import reconciled, sources
from csd_helpers.reasoning import plain_number, rating_reasons
from csd_helpers.release import SHOWN
from csd_helpers.root import command
from csd_helpers.rounding import round_half_up
from csd_helpers.suite import BASIS_TEXT, scale_of

_CAUSES = {
    "primary": "its count is small",
    "too few": "the number it is taken over is small",
    "complement": "the rest of the number it is taken over is small",
    "monthly increase": "with last month's it would give a small count of this month",
    "monthly increase of the complement": "with last month's it would give a small rest of this month",
    "beside a hidden month": "with the month on the other side it would narrow a hidden one down",
    "withheld before": "an earlier edition withheld it",
    "without its parts": "typed in without its parts, it may stand for a handful of people",
    "protects another": "with what else is shown it would give a hidden count away",
}


def explanation(told: Explained) -> str:
    """Return the explanation of one figure.

    Parameters
    ----------
    told
        What `csd_helpers.explain.explained` gathered.

    Returns
    -------
    str
        Plain text of at most 100 columns, a section for each question.
    """
    indicator, period = told.indicator, told.edition.period
    heading = f"{indicator.number}  {indicator.title}"
    sections = {
        "What it is": _what(told),
        "The figure": _figure(told),
        "The cases": _cases(told),
        "Beside it": _companions(told),
        "Where it comes from": sources(told),
        "Records and returns": reconciled(told),
        "Why this rating": _rating(told),
        "In Part 1": _public(told),
        "Before": _before(told),
    }
    lines = [fill(heading, WIDTH), f"{told.key}, {period.label}. Exempt, as Part 2 is: not for publication."]
    for title, body in sections.items():
        if body:
            lines += ["", title.upper(), *body]
    return "\n".join(lines)


def _what(told: Explained) -> list[str]:
    indicator = told.indicator
    months = "1 month" if indicator.lag_months == 1 else f"{indicator.lag_months} months"
    lag = f"; the data are {months} older than the report" if indicator.lag_months else ""
    return [
        *entry("Definition", indicator.definition),
        *entry("Numerator", indicator.numerator),
        *entry("Denominator", indicator.denominator or "none: a count"),
        *entry("Basis", f"{BASIS_TEXT[indicator.basis]}{lag}"),
        *entry("Owner", indicator.owner),
    ]


def _figure(told: Explained) -> list[str]:
    """Print the outturn rounded and unrounded, with the sum it comes from."""
    figure = told.figure
    value = exact_value(figure)
    if value is None:
        return entry("Outturn", f"{figure['status']}{': ' * bool(figure['reason'])}{figure['reason']}")
    digits = len(str(figure["text"]).rstrip("%").partition(".")[2])
    more = "; with fewer digits it would contradict its rating" * (digits > told.indicator.dp)
    inexact = " (to six places)" * (round_half_up(value, 6) != value)
    lines = entry("Printed", f"{figure['text']}{more}")
    if pd.notna(figure["denominator"]):
        lines += entry("Numerator", figure["numerator_text"])
        lines += entry("Denominator", figure["denominator_text"])
    lines += entry("Unrounded", f"{_sum(figure, plain_number(value))}{inexact}")
    as_at = long_date(date.fromisoformat(figure["as_at"]))
    return [*lines, *entry("Data", f"to {as_at}; {figure['status']}; from {figure['source']}")]


def _sum(figure: pd.Series, value: str) -> str:
    """Print the division as it would be typed into a calculator."""
    if pd.isna(figure["denominator"]):
        return value if figure["unit"] == "count" else f"{value} (typed in without its parts)"
    period = Period(int(figure["month"]))
    scale = scale_of(figure["unit"], "", period)
    parts = f"{figure['numerator']:,.10g} ÷ {figure['denominator']:,.10g}"
    parts += f" × {scale.numerator:,}" if scale != 1 else ""
    yearly = scale_of(figure["unit"], figure["basis"], period) != scale
    parts += f" × 12 ÷ {period.months_into_year} (as a yearly rate)" if yearly else ""
    return f"{parts} = {value}"


def _cases(told: Explained) -> list[str]:
    """Count the cases left out by reason; nothing where the figure is not counted from records."""
    if not told.from_records:
        return []
    reasons = told.cases["excluded"].dropna().value_counts()
    lines = [f"  {count:>7,}  {reason}" for reason, count in reasons.items()]
    kept = int(told.cases["excluded"].isna().sum())
    listing = command(f"csd explain {told.key} {told.edition.period} --records FILE", told.root)
    return [
        *(lines or ["  No case was left out beyond what the definition says."]),
        *wrapped(f"{kept:,} cases were counted; to list them: {listing}"),
    ]


def _companions(told: Explained) -> list[str]:
    """Print each companion's figure, and what Part 1 says of it."""
    rows = told.public[told.public["period"].eq(str(told.edition.period))].set_index("breakdown")
    own = told.figures[told.figures["period"].eq(str(told.edition.period))].set_index("breakdown")
    lines: list[str] = []
    for key, companion in told.indicator.companions.items():
        figure = own.loc[key]
        parts = "" if pd.isna(figure["denominator"]) else _parts(figure)
        said = figure["text"] or f"{figure['status']}: {figure['reason']}"
        public = (
            "the same in Part 1" if rows.loc[key, "text"] == said else f"{rows.loc[key, 'text']} in Part 1"
        )
        lines += wrapped(f"{companion.title} ({key}): {said}{parts}; {public}.")
    return lines


def _rating(told: Explained) -> list[str]:
    """Print the arithmetic of the rating, with the source of every benchmark it is compared with."""
    edition, key = told.edition, told.key
    areas = benchmarks_by_indicator(edition.benchmarks).get(key, {})
    reasons = rating_reasons(exact_value(told.figure), told.indicator, edition.period, areas)
    table = edition.benchmarks[edition.benchmarks["indicator"].eq(key)]
    used = table[table["geography"].isin(told.indicator.compare_with)]
    if told.indicator.rated_by == "benchmark":
        sources = (
            f"{row.geography}: {row.value:g} in {row.year} ({row.source})." for row in used.itertuples()
        )
        reasons = [*sources, *reasons]
    return [line for reason in reasons for line in wrapped(reason)]


def _public(told: Explained) -> list[str]:
    """Say what Part 1 shows of the figure and its breakdowns, and by which rule it withholds."""
    now = told.public[told.public["period"].eq(str(told.edition.period))]
    headline = now[now["breakdown"].eq(ALL)].iloc[0]
    lines = wrapped(_shown(told, headline))
    names = list(told.indicator.breakdowns)
    cells = now[now["breakdown"].isin(names)]
    hidden = int(cells.index.isin(told.withheld.index).sum())
    if len(cells):
        lines += wrapped(f"Of the {len(cells)} figures of its breakdowns, {hidden} withheld.")
    return lines


def _shown(told: Explained, headline: pd.Series) -> str:
    if headline.name not in told.withheld.index:
        shown = "Shown" if headline["marker"] == SHOWN else "There is no figure to show"
        return f"{shown}: {headline['text']}"
    cause, detail = told.withheld.loc[headline.name, ["cause", "detail"]]
    rule = detail if cause == "settled" else cause
    reason = _CAUSES.get(rule, rule)
    text = f"Withheld, printed as {headline['text']}: {reason}."
    if cause != "settled" and detail:
        text += f" What it protects: {told.labels.of(detail)}."
    return text + " Part 1 says that it is below expectation, and no more." * bool(headline["rating"])


def _before(told: Explained) -> list[str]:
    """Print months before as they are counted now, beside what their own packs said."""
    period = told.edition.period
    wanted = {period - 1, period - 2, period - 3, period - 12, period.year_end}
    months = sorted({str(month) for month in wanted} & set(told.series.index) | set(told.before))
    lines: list[str] = []
    for month in months:
        now = "not in this period's window"
        if month in told.series.index:
            figure = told.series.loc[month]
            now = f"{figure['text'] or figure['status']}{_parts(figure)}"
            now += f" {figure['rating']}" * (figure["rating"] not in ("", "not rated", "no data"))
        then = f"; then {told.before[month]}" if month in told.before else ""
        lines += wrapped(f"{Period.parse(month).short_label}: {now}{then}")
    return lines


def _parts(figure: pd.Series) -> str:
    if pd.isna(figure["denominator"]):
        return ""
    return f" ({figure['numerator_text']} of {figure['denominator_text']})"
