"""Sections of a group's page: an indicator, and a look behind its number."""

import re
from html import escape
from typing import Any

from csd_helpers.charts import Trend, bar_chart, trend_chart
from csd_helpers.facts import (
    BREAK,
    NO_REASON,
    broken,
    comment,
    facts,
    marked,
    moved,
    outturn,
    rating_tag,
    target,
)
from csd_helpers.period import Period
from csd_helpers.series import OneSeries, Series
from csd_helpers.suite import BASIS_TEXT
from csd_helpers.tables import Html, table
from csd_helpers.trend import special_causes, xmr

_MONTHS_LISTED = 13
_NOT_SHOWN = "Small numbers: the figures of this indicator are in the Part 2 report."
_VALUE = {"percent": "Percentage", "average": "Average"}
_ORIGIN = {"illustrative": " (illustrative)"}


def indicator_section(entry: dict[str, Any], series: Series) -> Html:
    """Tell everything about one indicator: facts, chart, months, words, definition."""
    key = entry["key"]
    title = f"Indicator {entry['number']}: {escape(entry['title'])}"
    opening = f'<section id="{key}" aria-labelledby="{key}-title"><h2 id="{key}-title">{title}</h2>'
    own = series.of(key)
    if entry["see_part2"] and not any(value is not None for value in own.values):
        content = f"<p>{rating_tag(entry['rating'], hidden=True)} {_withheld(entry)}</p>" + _definition(entry)
        return Html(f"{opening}{content}</section>")
    parts = [
        _facts(entry),
        _data_date(entry),
        _pair(entry, own),
        _revised(entry),
        _companions(entry, series),
        _commentary(entry),
    ]
    return Html(f"{opening}{''.join(parts)}{_definition(entry)}</section>")


def breakdown_section(
    entry: dict[str, Any], breakdown: dict[str, str], series: Series, period: Period
) -> Html:
    """Show how an indicator's cases divide in the latest month."""
    key, name = entry["key"], breakdown["key"]
    what = breakdown["cases"] or _subject(entry["title"])
    title = f"{escape(what)}: {escape(breakdown['title'].lower())}"
    opening = f'<section aria-labelledby="{key}-{name}"><h2 id="{key}-{name}">{title}</h2>'
    cells = series.cells(key, name, str(period))
    if cells.empty:
        return Html(f"{opening}<p>There are no figures for this breakdown.</p></section>")
    if cells["marker"].eq("c").all():
        return Html(
            f"{opening}<p>Not shown [c]: one of the categories is small. See the Part 2 report.</p></section>"
        )
    texts = list(cells["text"])
    values = [
        None if text.startswith(("[", "about")) else float(value)
        for text, value in zip(texts, cells["value"], strict=True)
    ]
    labels = list(cells["category"])
    listed = "; ".join(f"{label} {text}" for label, text in zip(labels, texts, strict=True))
    chart = bar_chart(labels, values, texts, f"Bars: {listed}")
    caption = f"{what} by {breakdown['title'].lower()}, {period.label}"
    header = [breakdown["title"], _VALUE.get(breakdown["unit"], "Number")]
    printed = [text + marked(row) for text, row in zip(texts, cells.to_dict("records"), strict=True)]
    rows = table(caption, header, list(zip(labels, printed, strict=True)), numeric=[1])
    return Html(f'{opening}<div class="pair"><figure class="fig">{chart}</figure>{rows}</div></section>')


def _subject(title: str) -> str:
    """Return a title without how it is measured: ``Referrals`` of ``Referrals, rate per 10,000 children``."""
    return re.sub(r", (number and )?rate per .*", "", title)


def _facts(entry: dict[str, Any]) -> str:
    moves, rated = entry["movement"], entry["rated_by"] != "none"
    pairs: list[tuple[str, object]] = [
        ("Status", rating_tag(entry["rating"], entry["see_part2"])),
        ("Latest", outturn(entry)),
        ("Target range", target(entry) + _ORIGIN.get(entry["target_origin"], "") if rated else ""),
        ("Distance", entry["distance_text"]),
        ("Good is", entry["good_is"] if rated else ""),
        ("Covers", entry["basis"]),
    ]
    for name, label in (("last_month", "Since"), ("last_year", "Since"), ("year_end", "Since year end")):
        pairs.append((f"{label} {moves[name]['period']}", moved(moves[name])))
    if entry["rating"] in ("red", "amber", "green"):
        pairs.append(("Status held", entry["since_text"]))
    trend = entry["trend"]
    pairs += [
        ("In the month alone", trend["flow"]),
        ("Variation", trend["variation"]),
        ("Target", trend["assurance"]),
        ("95% interval", trend["interval"]),
    ]
    chance = f'<p class="note">{escape(trend["chance"])}</p>' if trend["chance"] else ""
    return facts(pairs) + chance


def _data_date(entry: dict[str, Any]) -> str:
    """Say what a reader must know before the figures: older data, a changed definition."""
    dated = f"<strong>Data as at {escape(entry['as_at'])}</strong>, earlier than the rest of this report."
    told = [dated if entry["as_at_differs"] else "", broken(entry)]
    return "".join(f"<p>{sentence}</p>" for sentence in told if sentence)


def _pair(entry: dict[str, Any], own: OneSeries) -> str:
    """Put the chart beside the table of its latest months."""
    trend = Trend(
        months=[Period.parse(month) for month in own.months],
        values=own.values,
        hidden=own.hidden,
        unit=entry["unit"],
        latest_text=entry["text"],
        target=None if entry["target_lower"] is None else (entry["target_lower"], entry["target_upper"]),
        open_side=entry["polarity"],
        benchmarks=[(_short(benchmark), benchmark["value"]) for benchmark in entry["benchmarks"]],
        break_at=own.place(entry["definition_changed"]),
        target_from=own.place(entry["target_since"]),
        **_usual(entry, own),
    )
    chart = trend_chart(trend, _alt(entry, own))
    key = f'<p class="note">{_key(entry, own)}</p>'
    figure = f'<figure class="fig"><figcaption>{escape(_caption(entry))}</figcaption>{chart}{key}</figure>'
    return f'<div class="pair">{figure}{_months(entry, own)}</div>'


def _usual(entry: dict[str, Any], own: OneSeries) -> dict[str, Any]:
    """Return the usual range and the months out of the ordinary, of a series of single months only."""
    start = own.place(entry["definition_changed"])
    values = own.values[start:]
    single = entry["basis"] == BASIS_TEXT["month"] and not any(own.hidden[start:])
    limits = xmr(values) if single else None
    if limits is None:
        return {}
    found = special_causes(values, limits)
    unusual = [at for at, signal in enumerate(found, start) if signal]
    return {"usual": (limits.low, limits.high), "unusual": unusual}


def _short(benchmark: dict[str, Any]) -> str:
    """Name a benchmark as briefly as a chart has room for."""
    area = benchmark["geography"].replace("Statistical neighbours", "Neighbours")
    return f"{area} {benchmark['text']} ({benchmark['year']})"


def _caption(entry: dict[str, Any]) -> str:
    """Say what the chart shows, as a sentence."""
    title = _subject(entry["title"])
    if entry["rating"] == "green":
        where = (
            "within its target range"
            if entry["rated_by"] == "target"
            else "no worse than the areas compared with"
        )
        return f"{title}: {entry['text']}, {where}"
    if entry["distance_text"]:
        return f"{title}: {entry['text']}, {entry['distance_text']}"
    return f"{title}: {entry['text']}"


def _alt(entry: dict[str, Any], own: OneSeries) -> str:
    """Describe the chart: where it starts, where it stands, what it is compared with."""
    known = [(month, value) for month, value in zip(own.months, own.values, strict=True) if value is not None]
    first, last = Period.parse(own.months[0]).label, Period.parse(own.months[-1]).label
    sentence = f"Line chart of {entry['title']}, {first} to {last}: now {entry['text']}"
    if entry["target_lower"] is not None:
        sentence += f", target range {entry['target_text']}"
    if entry["benchmarks"]:
        sentence += "; " + ", ".join(f"{b['geography']} {b['text']}" for b in entry["benchmarks"])
    if entry["trend"]["variation"]:
        sentence += f"; {entry['trend']['variation']}"
    if entry["definition_changed"]:
        sentence += f"; definition changed in {Period.parse(entry['definition_changed']).label}"
    hidden = sum(own.hidden)
    if hidden:
        sentence += f"; {hidden} of {len(own.months)} months not shown"
    return sentence + ("." if known else "; no month can be shown.")


def _key(entry: dict[str, Any], own: OneSeries) -> str:
    parts = []
    if entry["target_lower"] is not None:
        since = f", since {Period.parse(entry['target_since']).label}" if entry["target_since"] else ""
        parts.append(f"Shaded: target range, this month's{since}.")
    if entry["definition_changed"]:
        parts.append("Upright dashes: the definition changed.")
    if entry["benchmarks"]:
        parts.append("Dashed: latest published benchmarks, with their year.")
    if _usual(entry, own):
        parts.append("Dotted: usual range; diamonds: months out of the ordinary.")
    if any(own.hidden):
        parts.append("[c]: not shown, small numbers.")
    return " ".join(parts)


def _months(entry: dict[str, Any], own: OneSeries) -> str:
    """List the latest months, newest first."""
    rows = own.frame.iloc[::-1].head(_MONTHS_LISTED)
    bare = entry["unit"] == "count"
    value = _VALUE.get(entry["unit"], "Rate")
    header = ["Month", "Number"] if bare else ["Month", "Number", "Out of", value]
    numeric, rated = range(1, len(header)), entry["rated_by"] != "none"
    listed = []
    for row in rows.itertuples():
        text = row.text + marked(row._asdict())
        parts = [text] if bare else [row.numerator_text or "[x]", row.denominator_text or "[x]", text]
        tags = [rating_tag(row.rating, row.marker in ("c", "a"))] if rated else []
        mark = BREAK if row.period == entry["definition_changed"] else ""
        listed.append([Period.parse(row.period).short_label + mark, *parts, *tags])
    caption = f"{_subject(entry['title'])}, latest months first"
    return table(caption, [*header, *(["Status"] if rated else [])], listed, numeric)


def _revised(entry: dict[str, Any]) -> str:
    """List what was published otherwise: old figure, new figure, and why."""
    rows = [
        (row["month"], row["figure"] or "The indicator", row["was"], row["now"], row["reason"] or NO_REASON)
        for row in entry["revisions"]
    ]
    title = f"{_subject(entry['title'])}: revised since last published [r]"
    return table(title, ["Month", "Figure", "Was", "Now", "Reason"], rows) if rows else ""


def _companions(entry: dict[str, Any], series: Series) -> str:
    """Print the figures beside the indicator's own, each on its own base."""
    pairs: list[tuple[str, object]] = []
    for companion in entry["companions"]:
        latest = series.of(entry["key"], companion["key"]).frame.tail(1).query("marker != 'x'")
        for row in latest.itertuples():
            pairs.append((companion["title"], outturn(row._asdict())))
    return f"<h3>Beside this indicator</h3>{facts(pairs)}" if pairs else ""


def _commentary(entry: dict[str, Any]) -> str:
    if entry["commentary_html"]:
        return comment(entry, "<h3>Management commentary</h3>")
    if entry["exception"]:
        return (
            '<div class="comment"><h3>Management commentary</h3><p>No commentary has been provided.</p></div>'
        )
    return ""


def _withheld(entry: dict[str, Any]) -> str:
    told = (
        "This indicator is below expectation: see the Part 2 report. " if entry["below_expectation"] else ""
    )
    return told + _NOT_SHOWN


def _definition(entry: dict[str, Any]) -> str:
    """Return the definition, one click away on screen and open in print."""
    rows = [
        ("Definition", entry["definition"]),
        ("Numerator", entry["numerator"]),
        ("Denominator", entry["denominator"]),
        ("Amber", entry["amber_text"]),
        ("Benchmark", f"DfE LAIT {entry['benchmark_label']}" if entry["benchmark_label"] else ""),
        ("Data as at", entry["as_at"]),
        ("Owner", entry["owner"]),
    ]
    listed = "".join(f"<dt>{name}</dt><dd>{escape(str(text))}</dd>" for name, text in rows if text)
    return f"<details><summary>Definition of indicator {entry['number']}</summary><dl>{listed}</dl></details>"
