"""Explanation: what is known about one figure, in plain text an analyst can hand on."""

from collections.abc import Iterable
from datetime import date
from textwrap import fill

import pandas as pd

from csd_helpers.explain import Explained
from csd_helpers.figures import ALL, exact_value
from csd_helpers.judge import benchmarks_by_indicator
from csd_helpers.manifest import digest
from csd_helpers.period import Period, long_date
from csd_helpers.reasoning import plain_number, rating_reasons
from csd_helpers.reconciliation import side_text
from csd_helpers.release import SHOWN
from csd_helpers.suite import BASIS_TEXT, scale_of

_WIDTH, _LABEL, _HASH = 100, 15, 12
_TYPED = ["numerator", "denominator", "value", "as_at", "status", "source"]
_CAUSES = {
    "primary": "its count is small",
    "too few": "the number it is taken over is small",
    "complement": "the rest of the number it is taken over is small",
    "monthly increase": "with last month's it would give a small count of this month",
    "monthly increase of the complement": "with last month's it would give a small rest of this month",
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
        "Left out": _left_out(told),
        "Beside it": _companions(told),
        "Where it comes from": _sources(told),
        "Records and returns": _reconciled(told),
        "Why this rating": _rating(told),
        "In Part 1": _public(told),
        "Before": _before(told),
    }
    lines = [fill(heading, _WIDTH), f"{told.key}, {period.label}. Exempt, as Part 2 is: not for publication."]
    for title, body in sections.items():
        if body:
            lines += ["", title.upper(), *body]
    return "\n".join(lines)


def _what(told: Explained) -> list[str]:
    indicator = told.indicator
    lag = f"; the data are {indicator.lag_months} month(s) older than the report" * bool(indicator.lag_months)
    return [
        *_entry("Definition", indicator.definition),
        *_entry("Numerator", indicator.numerator),
        *_entry("Denominator", indicator.denominator or "none: a count"),
        *_entry("Basis", f"{BASIS_TEXT[indicator.basis]}{lag}"),
        *_entry("Owner", indicator.owner),
    ]


def _figure(told: Explained) -> list[str]:
    """Print the outturn rounded and unrounded, with the sum it comes from."""
    figure = told.figure
    value = exact_value(figure)
    if value is None:
        return _entry("Outturn", f"{figure['status']}{': ' * bool(figure['reason'])}{figure['reason']}")
    lines = _entry("Printed", str(figure["text"]))
    if pd.notna(figure["denominator"]):
        lines += _entry("Numerator", figure["numerator_text"])
        lines += _entry("Denominator", figure["denominator_text"])
    lines += _entry("Unrounded", _sum(figure, plain_number(value)))
    as_at = long_date(date.fromisoformat(figure["as_at"]))
    return [*lines, *_entry("Data", f"to {as_at}; {figure['status']}; from {figure['source']}")]


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


def _left_out(told: Explained) -> list[str]:
    """Count the cases left out by reason; nothing where the figure is not counted from records."""
    if _uncounted(told):
        return []
    reasons = told.cases["excluded"].dropna().value_counts()
    lines = [f"  {count:>7,}  {reason}" for reason, count in reasons.items()]
    return lines or ["  No case was left out."]


def _companions(told: Explained) -> list[str]:
    """Print each companion's figure, and what Part 1 says of it."""
    rows = told.public[told.public["period"].eq(str(told.edition.period))].set_index("breakdown")
    own = told.figures[told.figures["period"].eq(str(told.edition.period))].set_index("breakdown")
    lines = []
    for key, companion in told.indicator.companions.items():
        figure = own.loc[key]
        parts = "" if pd.isna(figure["denominator"]) else _parts(figure)
        said = figure["text"] or f"{figure['status']}: {figure['reason']}"
        public = (
            "the same in Part 1" if rows.loc[key, "text"] == said else f"{rows.loc[key, 'text']} in Part 1"
        )
        lines += _wrapped(f"{companion.title} ({key}): {said}{parts}; {public}.")
    return lines


def _sources(told: Explained) -> list[str]:
    """List the tables that were read, with their files, or the row that was typed in."""
    lines = []
    if _uncounted(told):
        lines += _wrapped(f"Not counted from records: {told.counted['reason']}.")
    else:
        for table in told.tables:
            lines += _files(told, table)
    return lines + _typed_in(told)


def _files(told: Explained, table: str) -> list[str]:
    if table not in told.extract.tables:
        return []
    files = told.extract.sources.get(table, [])
    lines = [f"  {table}: {len(told.extract.tables[table]):,} rows read"]
    if not files:
        return [f"{lines[0]}, from a database without a file"]
    return lines + [f"    {path.name}  SHA-256 {digest(path)[:_HASH]}" for path in files]


def _typed_in(told: Explained) -> list[str]:
    """Show the row of the returns as it was typed."""
    table = told.extract.tables.get("returns")
    if table is None:
        return []
    own = table[table["indicator"].eq(told.key) & table["period"].eq(str(told.edition.period))]
    own = own[own["breakdown"].isna()] if "breakdown" in own else own
    if own.empty:
        return []
    row = own.iloc[0]
    said = {name: row[name] for name in _TYPED if name in row and pd.notna(row[name])}
    words = [f"{name} {_cell(value)}" for name, value in said.items()]
    return [*_files(told, "returns"), *_wrapped(f"The row typed in: {', '.join(words)}.")]


def _cell(value: object) -> str:
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    return f"{value:,.10g}" if isinstance(value, float) else str(value)


def _reconciled(told: Explained) -> list[str]:
    """Put this month's two sources side by side, and count the months in which they differ."""
    table = told.reconciliation
    if table.empty:
        return []
    lines = []
    for row in table[table["period"].eq(str(told.edition.period))].itertuples():
        both = f"{side_text(row, 'records')}; {side_text(row, 'returns')}"
        verdict = "they differ" if row.differs else "they agree"
        apart = "" if pd.isna(row.difference) else f" (records less returns: {row.difference:,.4f})"
        lines += _wrapped(f"{both}: {verdict}{apart}. Published from {row.published_from}.")
    months = f"{int(table['differs'].sum())} of the {len(table)} months with both differ."
    return [*lines, *_wrapped(months)]


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
    return [line for reason in reasons for line in _wrapped(reason)]


def _public(told: Explained) -> list[str]:
    """Say what Part 1 shows of the figure and its breakdowns, and by which rule it withholds."""
    now = told.public[told.public["period"].eq(str(told.edition.period))]
    headline = now[now["breakdown"].eq(ALL)].iloc[0]
    lines = _wrapped(_shown(told, headline))
    names = list(told.indicator.breakdowns)
    cells = now[now["breakdown"].isin(names)]
    hidden = int(cells.index.isin(told.withheld.index).sum())
    if len(cells):
        lines += _wrapped(f"Of the {len(cells)} figures of its breakdowns {hidden} are withheld.")
    return lines


def _shown(told: Explained, headline: pd.Series) -> str:
    if headline.name not in told.withheld.index:
        return f"Shown: {headline['text']}" + "." * (headline["marker"] == SHOWN)
    cause, detail = told.withheld.loc[headline.name, ["cause", "detail"]]
    reason = detail if cause == "settled" else _CAUSES[cause]
    text = f"Withheld, printed as {headline['text']}: {reason}."
    if cause != "settled" and detail:
        text += f" What it protects: {told.labels.of(detail)}."
    return text + " Part 1 says that it is below expectation, and no more." * bool(headline["rating"])


def _before(told: Explained) -> list[str]:
    """Print months before as they are counted now, beside what their own packs said."""
    period = told.edition.period
    wanted = {period - 1, period - 2, period - 3, period - 12, period.year_end}
    months = sorted({str(month) for month in wanted} & set(told.series.index) | set(told.before))
    lines = []
    for month in months:
        now = "not in this period's window"
        if month in told.series.index:
            figure = told.series.loc[month]
            now = f"{figure['text'] or figure['status']}{_parts(figure)}"
            now += f" {figure['rating']}" * (figure["rating"] not in ("", "not rated", "no data"))
        then = f"; then {told.before[month]}" if month in told.before else ""
        lines += _wrapped(f"{Period.parse(month).short_label}: {now}{then}")
    return lines


def _parts(figure: pd.Series) -> str:
    if pd.isna(figure["denominator"]):
        return ""
    return f" ({figure['numerator_text']} of {figure['denominator_text']})"


def _uncounted(told: Explained) -> bool:
    return told.counted["status"] in ("no data", "not computable")


def _entry(label: str, text: str) -> list[str]:
    start = f"  {label:<{_LABEL}}"
    return fill(text, _WIDTH, initial_indent=start, subsequent_indent=" " * len(start)).splitlines()


def _wrapped(text: str) -> Iterable[str]:
    return fill(text, _WIDTH, initial_indent="  ", subsequent_indent="    ").splitlines()
