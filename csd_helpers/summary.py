"""The summary: the state of the service on one page."""

from html import escape
from typing import Any

from csd_helpers.facts import comment, moved, outturn, rating_tag, rating_word
from csd_helpers.period import Period
from csd_helpers.rag import RATED
from csd_helpers.series import Series
from csd_helpers.sparklines import sparkline
from csd_helpers.suite import BASIS_TEXT
from csd_helpers.tables import Html, grouped_table, table

_MONTHS = 13  # of a sparkline: as far back as the same month last year
_HEADER = ["Indicator", "Status", "Latest", "Target range", "Since last month"]
_READING = [
    "Green: within the target range. Amber: outside it by no more than the indicator’s tolerance. Red: "
    "further outside. Not rated: a volume, neither good nor bad in itself.",
    "Where areas stand in place of a target range, green is no worse than their latest published figures.",
    "Better and worse follow what is good for the indicator; percentages change by percentage points.",
    "Unusual: the month alone is out of the ordinary by statistical process control (NHS Making Data "
    "Count), which fits single months only.",
    "Definitions and earlier months: follow an indicator’s link.",
]
_MARKS = [
    "[c]: not shown, to protect people; it may be any number, including none",
    "[x]: not available; [z]: no cases, so no percentage; [p]: provisional, may still change",
]
_REVISED = "[r]: revised since it was last published"
_BREAK = "[b]: a break: the definition changed, so earlier months are not comparable"
_ACCESSIBLE = "Made to be read by everyone (WCAG 2.2 AA): each chart stands beside a table of its figures."
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
    cells = [f"<li><span>{count}</span>{rating_tag(name)}</li>" for count, name in shown]
    if pack["counts"]["part2"]:
        cells.append(f"<li><span>{pack['counts']['part2']}</span>{rating_tag('', hidden=True)}</li>")
    return Html(f'<ul class="tiles">{"".join(cells)}</ul>')


def exceptions(pack: dict[str, Any], series: Series) -> Html:
    """List the indicators below expectation, worst first, and point to those told in Part 2 only."""
    own = {entry["key"]: entry for entry in pack["indicators"]}
    header = [*_HEADER[:4], "Distance from target", *_HEADER[4:], "Since last year", _shape(pack)]
    rows = [_in_full(own[key], series) for key in pack["exceptions"]]
    listed = table("Worst first", header, rows, css="wide")
    return _section("below", "Below expectation", (listed if rows else _NONE) + _see_part2(pack))


def others(pack: dict[str, Any], series: Series) -> Html:
    """List every other indicator by group."""
    rest = [entry for entry in pack["indicators"] if not entry["exception"]]
    groups = [
        (group["title"], [_row(entry, series) for entry in rest if entry["group"] == group["key"]])
        for group in pack["groups"]
    ]
    told = [(title, rows) for title, rows in groups if rows]
    header = [*_HEADER, _shape(pack)]
    listed = grouped_table("By group", header, told, css="wide")
    return _section("others", "All other indicators", listed)


def commentary(pack: dict[str, Any]) -> Html:
    """Print management's words on each exception; say where there are none."""
    own = {entry["key"]: entry for entry in pack["indicators"]}
    told = "".join(_comment(own[key]) for key in pack["exceptions"])
    words = f'<div class="cols">{told}</div>' if told else _NONE
    return _section("commentary", "Management commentary", words + _see_part2(pack))


def changes(pack: dict[str, Any]) -> Html:
    """Say what changed since the last publication; nothing where nothing did."""
    told = "".join(f"<li>{escape(sentence)}</li>" for sentence in pack.get("changes", []))
    return _section("changes", "Changed since the last publication", f"<ul>{told}</ul>") if told else Html()


def notes(pack: dict[str, Any]) -> Html:
    """Explain marks, dates and ratings, and say whom to ask."""
    dates = f"Figures are as at {pack['as_at']} unless an indicator says otherwise."
    lines = [dates, *_READING, *marks(pack), f"{_ACCESSIBLE} {pack['accessibility']}"]
    listed = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return _section("notes", "How to read this report", f'<ul class="note">{listed}</ul>')


def marks(pack: dict[str, Any]) -> list[str]:
    """Say what each mark means that a part prints: Part 2 withholds nothing."""
    revised = any(entry["revisions"] for entry in pack["indicators"])
    broken = any(entry["definition_changed"] for entry in pack["indicators"])
    others = [mark for mark, used in ((_REVISED, revised), (_BREAK, broken)) if used]
    return [*_MARKS[pack["part"] - 1 :], *others]


def _section(name: str, title: str, content: str) -> Html:
    return Html(f'<section aria-labelledby="{name}"><h2 id="{name}">{title}</h2>{content}</section>')


def _row(entry: dict[str, Any], series: Series) -> list[object]:
    link = Html(
        f'<a href="{entry["group"]}.html#{entry["key"]}">{entry["number"]}. {escape(entry["title"])}</a>'
    )
    tag = _status(entry)
    if entry["see_part2"]:
        return [link, tag, entry["text"], _target(entry), "[c]", "[c]"]
    return [link, tag, _latest(entry), _target(entry), _since("last_month", entry), _spark(entry, series)]


def _status(entry: dict[str, Any]) -> str:
    """Return the rating's tag; what is never rated keeps quiet beside what is."""
    if entry["rating"] == "not rated":
        return rating_word(entry["rating"])
    return rating_tag(entry["rating"], entry["see_part2"])


def _in_full(entry: dict[str, Any], series: Series) -> list[object]:
    """Tell an exception also by its distance to the target, and by what it was a year ago."""
    *told, month, shape = _row(entry, series)
    distance = entry["distance_text"].removesuffix(" the target range")
    return [*told, distance, month, _since("last_year", entry), shape]


def _since(when: str, entry: dict[str, Any]) -> str:
    """Say a movement; that a count since April has grown in a month says nothing."""
    if when == "last_month" and entry["unit"] == "count" and entry["basis"] == BASIS_TEXT["ytd"]:
        return ""
    return moved(entry["movement"][when]).replace(" points", "")


def _latest(entry: dict[str, Any]) -> Html:
    """Print the latest figure, and the date of its data where that is another."""
    dated = f"<br><small>at {escape(entry['as_at'])}</small>" if entry["as_at_differs"] else ""
    return Html(escape(outturn(entry)) + dated)


def _target(entry: dict[str, Any]) -> str:
    """Print the target range of the month as briefly as a row has room for."""
    if entry["rated_by"] == "benchmark":
        return " and ".join(entry["compare_with"])
    return str(entry["target_text"]).partition(" (")[0]


def _shape(pack: dict[str, Any]) -> str:
    months = pack["months"][-_MONTHS:]
    return f"{len(months)} months from {Period.parse(months[0]).short_label}"


def _spark(entry: dict[str, Any], series: Series) -> Html:
    """Draw the last months of what is rated, with what is out of the ordinary in words beside them.

    Volumes have no shape here: most are counts since April, which fall back every April.
    """
    signal = escape(entry["trend"]["signal"])
    if entry["rating"] not in RATED:
        return Html(signal)
    own = series.of(entry["key"])
    last = own.frame.tail(_MONTHS)
    bounds = None if entry["target_lower"] is None else (entry["target_lower"], entry["target_upper"])
    alt = f"from {last['text'].iloc[0]}"  # the column's heading says since when
    break_at = max(own.place(entry["definition_changed"]) - len(own.months) + len(last), 0)
    alt += ", by another definition" if break_at else ""
    shape = sparkline(own.values[-_MONTHS:], bounds, alt, break_at)
    return Html(f"{shape} {signal}".rstrip())


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
