"""The committee's own paper: purpose, how to read it, words on the exceptions, the index of indicators."""

from collections.abc import Iterator
from typing import Any

from csd_helpers.blocks import Appendix, Block, Heading, Listing, Paragraph, Rating, Run, Table, plain, prose
from csd_helpers.facts import BREAK, NO_REASON, REVISED, broken, marked, moved, outturn, target
from csd_helpers.summary import marks, see_part2

NONE = "n/a"
_WITHHELD = {
    1: "This part of the report is public. A figure that could tell something about an identifiable person "
    "is left out and printed as [c], and so is every figure from which it could be worked out; its rating "
    "and its movements are left out with it. [c] may stand for any number, none included. The committee "
    "receives every figure in Part 2, which is exempt from publication.",
    2: "This part of the report is exempt from publication and shows every figure. It must not be circulated "
    "beyond those entitled to receive it, nor quoted where the public report (Part 1) prints [c].",
}
_VERDICTS = {"good": "good news", "bad": "below expectation"}
_READING = [
    "Green: within the target range or, without a local target, no worse than the areas compared with. "
    "Amber: outside it by no more than the indicator’s tolerance. Red: further outside. Not rated: a volume, "
    "neither good nor bad in itself.",
    "Better and worse follow what is good for the indicator; points are percentage points.",
]
_WIDTHS = (9, 42, 16, 19, 15, 20, 22, 18, 18, 18, 18, 16, 16, 20)  # mm, of an A4 page on its side
_REVISED_WIDTHS = (9, 60, 45, 20, 36, 36, 61)
_AREAS = ("England", "London", "Statistical neighbours")


def report_blocks(pack: dict[str, Any]) -> list[Block]:
    """Return the content of the paper, in the order of the committee's template.

    The page and the Word document are both written from it, so the two cannot disagree. Sections are
    numbered here and nowhere else.

    Parameters
    ----------
    pack
        ``pack.json`` of the part.
    """
    return [
        Heading(1, title(pack)),
        plain(f"{pack['council']}. {pack['marking']}. Report of {pack['report_date']}.", "lead"),
        *_purpose(pack),
        *_how_to_read(pack),
        *_commentary(pack),
        *_by_exception(pack),
        *_appendix(pack),
    ]


def title(pack: dict[str, Any]) -> str:
    """Return the paper's title."""
    return f"Children’s Scrutiny Dataset: {pack['label']}"


def _purpose(pack: dict[str, Any]) -> Iterator[Block]:
    yield Heading(2, "1 Purpose of this report")
    groups = [group["title"] for group in pack["groups"]]
    yield plain(
        f"This report tells the committee how children’s services performed in {pack['label']}, by "
        f"{len(pack['indicators'])} indicators in {len(groups)} groups: {'; '.join(groups)}. Figures "
        f"are as at {pack['as_at']} unless an indicator says otherwise."
    )
    yield plain(
        "Section 3 explains the indicators that are below expectation. Appendix One lists every indicator. "
        "The committee is asked to consider the performance reported and the explanations given."
    )


def _how_to_read(pack: dict[str, Any]) -> Iterator[Block]:
    yield Heading(2, "2 How to read this report")
    yield Heading(3, "2.1 Ratings, movements and marks")
    lines = [*_READING, *marks(pack)]
    yield Listing(tuple((Run(line),) for line in lines))
    yield Heading(3, "2.2 Figures that are withheld")
    yield plain(_WITHHELD[pack["part"]])


def _commentary(pack: dict[str, Any]) -> Iterator[Block]:
    """Print management's words on each exception, in the order of the index."""
    yield Heading(2, "3 Management commentary on exceptions")
    below = [entry for entry in pack["indicators"] if entry["exception"]]
    if not below:
        yield plain("No indicator shown is below expectation.")
    for number, entry in enumerate(below, 1):
        yield from _exception(entry, f"3.{number}")
    elsewhere = see_part2(pack)
    if elsewhere:
        yield Heading(3, f"3.{len(below) + 1} Reported in Part 2")
        yield plain(elsewhere)


def _exception(entry: dict[str, Any], number: str) -> Iterator[Block]:
    yield Heading(3, f"{number} Indicator {entry['number']}: {entry['title']}")
    month = entry["movement"]["last_month"]
    facts = [
        outturn(entry),
        f"data as at {entry['as_at']}" if entry["as_at_differs"] else "",
        f"target range {target(entry)}",
        entry["distance_text"],
        broken(entry).rstrip("."),
        f"since {month['period']}: {moved(month)[:1].lower()}{moved(month)[1:]}" if moved(month) else "",
    ]
    told = "; ".join(fact for fact in facts if fact)
    yield Paragraph((Run(f"{entry['rating'].capitalize()}. ", bold=True), Run(f"{told}.")))
    if not entry["commentary_html"]:
        yield plain("No commentary has been provided.")
        return
    yield from prose(entry["commentary_html"])
    yield plain(f"{entry['commentary_author']}, {entry['commentary_date']}", "note")


def _by_exception(pack: dict[str, Any]) -> Iterator[Block]:
    """List what is reported by exception, outside the suite; a part may have none."""
    reports = pack.get("reports_by_exception", [])
    if not reports:
        return
    yield Heading(2, "4 Reports by exception")
    for number, report in enumerate(reports, 1):
        yield Heading(3, f"4.{number} {report['title']}: {_VERDICTS[report['verdict']]}")
        if report["figure"]:
            yield Paragraph((Run(report["figure"], bold=True),))
        yield from prose(report["html"])
        yield plain(f"{report['author']}, {report['date']}", "note")


def _appendix(pack: dict[str, Any]) -> Iterator[Block]:
    yield Appendix()
    yield Heading(2, "Appendix One: index of indicators")
    first = pack["indicators"][0]["movement"]
    header = (
        *("No.", "Indicator", "Good is", "Covers", "Number", "Percentage, average or rate"),
        *("Target range", "Rating"),
        f"Previous period ({first['last_month']['period']})",
        f"Same period last year ({first['last_year']['period']})",
        f"Last year end ({first['year_end']['period']})",
        *_AREAS,
    )
    rows = tuple(_row(entry) for entry in pack["indicators"])
    yield Table(f"All indicators, {pack['label']}", header, rows, (0, 4, 5, 8, 9, 10), "index", _WIDTHS)
    yield from _revised(pack)


def _revised(pack: dict[str, Any]) -> Iterator[Block]:
    """List the figures that were published otherwise, with old and new and why; there may be none."""
    rows = tuple(
        (
            *(str(entry["number"]), entry["title"], row["figure"] or NONE, row["month"]),
            *(row["was"], row["now"], row["reason"] or NO_REASON),
        )
        for entry in pack["indicators"]
        for row in entry["revisions"]
    )
    if rows:
        yield Heading(2, "Appendix Two: figures revised since they were last published")
        header = ("No.", "Indicator", "Companion or category", "Month", "Was", "Now", "Reason")
        yield Table("Revised figures [r], latest months first", header, rows, (0,), "", _REVISED_WIDTHS)


def _row(entry: dict[str, Any]) -> tuple[str | Rating, ...]:
    number, percentage = _outturns(entry)
    moves = [entry["movement"][name] for name in ("last_month", "last_year", "year_end")]
    before = [
        move["was"] + REVISED * move["revised"] + BREAK * (move["direction"] == "new definition")
        for move in moves
    ]
    return (
        *(str(entry["number"]), _titled(entry), entry["good_is"], entry["basis"]),
        *(number, percentage, target(entry), Rating(entry["rating"], entry["see_part2"])),
        *before,
        *(_benchmark(entry, area) for area in _AREAS),
    )


def _titled(entry: dict[str, Any]) -> str:
    return f"{entry['title']} (as at {entry['as_at']})" if entry["as_at_differs"] else str(entry["title"])


def _outturns(entry: dict[str, Any]) -> tuple[str, str]:
    """Return the number, and the percentage or rate where the indicator is one."""
    text = entry["text"] + marked(entry)
    if entry["unit"] == "count":
        return text, NONE
    number = entry["numerator_text"] or "[x]"
    return number, text


def _benchmark(entry: dict[str, Any], area: str) -> str:
    """Return an area's latest benchmark with its year; Outer London stands in where there is no London."""
    if entry["unit"] == "count":
        return NONE
    for benchmark in entry["benchmarks"]:
        named = benchmark["geography"].removeprefix("Outer ")
        if named == area:
            outer = "Outer London " if named != benchmark["geography"] else ""
            return f"{outer}{benchmark['text']} ({benchmark['year']})"
    return "[x]"
