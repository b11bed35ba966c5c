"""The summary: the state of the service on one page."""

from html import escape
from typing import Any

from csd_helpers.facts import comment, moved, outturn, rating_tag, target
from csd_helpers.period import Period
from csd_helpers.series import Series
from csd_helpers.sparklines import sparkline
from csd_helpers.tables import Html, table

_HEADER = [
    "Indicator",
    "Status",
    "Latest",
    "Target range",
    "Since last month",
    "Since last year",
    "Trend",
]
_READING = [
    "Green: within the target range or, without a local target, no worse than the areas compared with. "
    "Amber: outside it by no more than the tolerance printed with the indicator. Red: further outside. "
    "Not rated: a volume, neither good nor bad in itself.",
    "Unusual, beside a trend: the month alone is out of the ordinary by the rules of statistical process "
    "control (NHS Making Data Count), which chance seldom does. They are applied to single months only: "
    "stocks, rolling years and cohorts would raise false alarms.",
    "Better and worse follow what is good for the indicator; points are percentage points.",
]
_MARKS = [
    "[c]: not shown, to protect people; it may be any number, including none",
    "[x]: not available",
    "[z]: no cases, so no percentage",
    "[p]: provisional, may still change",
]
_NONE = "<p>No indicator shown is below expectation.</p>"
_TILES = {"red": "red", "amber": "amber", "green": "green", "not_rated": "not rated", "no_data": "no data"}


def state(pack: dict[str, Any]) -> Html:
    """Say the state of the service in one sentence, from what is shown."""
    counts = pack["counts"]
    rated = counts["red"] + counts["amber"] + counts["green"]
    below = counts["red"] + counts["amber"]
    verb = "is" if below == 1 else "are"
    colours = [f"{counts[name]} {name}" for name in ("red", "amber") if counts[name]]
    detail = f": {', '.join(colours)}" if colours else ""
    sentence = f"<strong>{below} of the {rated} rated indicators {verb} below expectation</strong>{detail}."
    return Html(f'<p class="lead">{sentence}{_elsewhere(pack)}</p>')


def tiles(pack: dict[str, Any]) -> Html:
    """Count the ratings; what Part 1 withholds is counted apart."""
    shown = [(counts, name) for key, name in _TILES.items() if (counts := pack["counts"][key])]
    cells = [f"<li><b>{count}</b>{rating_tag(name)}</li>" for count, name in shown]
    if pack["counts"]["part2"]:
        cells.append(f"<li><b>{pack['counts']['part2']}</b>{rating_tag('', hidden=True)}</li>")
    return Html(f'<ul class="tiles">{"".join(cells)}</ul>')


def exceptions(pack: dict[str, Any], series: Series) -> Html:
    """List the indicators below expectation, worst first, and point to those told in Part 2 only."""
    own = {entry["key"]: entry for entry in pack["indicators"]}
    header = [*_HEADER[:4], "Distance", *_HEADER[4:]]
    rows = [_with_distance(own[key], series) for key in pack["exceptions"]]
    listed = table("Indicators rated red or amber, worst first", header, rows, numeric=[2], css="wide")
    return _section("below", "Below expectation", (listed if rows else _NONE) + _see_part2(pack))


def others(pack: dict[str, Any], series: Series) -> Html:
    """List every other indicator by group."""
    rest = [entry for entry in pack["indicators"] if not entry["exception"]]
    tables = []
    for group in pack["groups"]:
        rows = [_row(entry, series) for entry in rest if entry["group"] == group["key"]]
        if rows:
            tables.append(table(group["title"], _HEADER, rows, numeric=[2], css="wide"))
    return _section("others", "All other indicators", "".join(tables))


def commentary(pack: dict[str, Any]) -> Html:
    """Print management's words on each exception; say where there are none."""
    own = {entry["key"]: entry for entry in pack["indicators"]}
    told = "".join(_comment(own[key]) for key in pack["exceptions"])
    words = f'<div class="cols">{told}</div>' if told else _NONE
    return _section("commentary", "Management commentary", words + _see_part2(pack))


def notes(pack: dict[str, Any]) -> Html:
    """Explain marks, dates and ratings."""
    dates = f"Figures are as at {pack['as_at']} unless an indicator says otherwise."
    lines = [dates, *_READING, *marks(pack)]
    listed = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return _section("notes", "How to read this report", f'<ul class="note">{listed}</ul>')


def marks(pack: dict[str, Any]) -> list[str]:
    """Say what each mark means that a part prints; Part 2 withholds nothing."""
    return _MARKS if pack["part"] == 1 else _MARKS[1:]


def _section(name: str, title: str, content: str) -> Html:
    return Html(f'<section aria-labelledby="{name}"><h2 id="{name}">{title}</h2>{content}</section>')


def _row(entry: dict[str, Any], series: Series) -> list[object]:
    link = Html(
        f'<a href="{entry["group"]}.html#{entry["key"]}">{entry["number"]}. {escape(entry["title"])}</a>'
    )
    tag = rating_tag(entry["rating"], entry["see_part2"])
    latest = outturn(entry) if not entry["as_at_differs"] else f"{outturn(entry)} at {entry['as_at']}"
    if entry["see_part2"]:
        return [link, tag, entry["text"], target(entry), "[c]", "[c]", "[c]"]
    moves = [moved(entry["movement"][name]) for name in ("last_month", "last_year")]
    return [link, tag, latest, target(entry), *moves, _spark(entry, series)]


def _with_distance(entry: dict[str, Any], series: Series) -> list[object]:
    row = _row(entry, series)
    return [*row[:4], entry["distance_text"], *row[4:]]


def _spark(entry: dict[str, Any], series: Series) -> Html:
    own = series.of(entry["key"])
    bounds = None if entry["target_lower"] is None else (entry["target_lower"], entry["target_upper"])
    first = Period.parse(own.months[0]).short_label
    alt = f"{entry['title']} from {first}, now {entry['text']}"
    signal = escape(entry["trend"]["signal"])
    return Html(f'<span class="spark">{sparkline(own.values, bounds, alt)}</span> {signal}'.rstrip())


def _comment(entry: dict[str, Any]) -> str:
    heading = f"<h3>{entry['number']}. {escape(entry['title'])} {rating_tag(entry['rating'])}</h3>"
    if entry["commentary_html"]:
        return comment(entry, heading)
    return f'<div class="comment">{heading}<p>No commentary has been provided.</p></div>'


def _elsewhere(pack: dict[str, Any]) -> str:
    count = len(pack["withheld"])
    if not count:
        return ""
    noun = "indicator is" if count == 1 else "indicators are"
    return f" {count} {noun} reported in Part 2 only, because numbers are small."


def _see_part2(pack: dict[str, Any]) -> str:
    sentence = see_part2(pack)
    return f"<p>{sentence}</p>" if sentence else ""


def see_part2(pack: dict[str, Any]) -> str:
    """Point to Part 2 for what is below expectation there, where a decision makes that public."""
    below = [str(entry["number"]) for entry in pack["indicators"] if entry["below_expectation"]]
    if not below:
        return ""
    named = f"{', '.join(below[:-1])} and {below[-1]}" if len(below) > 1 else below[0]
    noun, verb = ("indicators", "are") if len(below) > 1 else ("indicator", "is")
    return f"{noun.capitalize()} {named} {verb} below expectation: see the Part 2 report."
