"""Blocks: the content of a paper, said once and written as a page or as a Word document."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape

import lxml.html

from csd_helpers.facts import rating_tag
from csd_helpers.tables import Html, table

_BOLD, _ITALIC = {"b", "strong", "th"}, {"em", "i"}
_LISTS = ("ul", "ol")
_PARTING = {"blockquote", "br", "div", "p", "pre", "td", "th", "tr"}  # what follows is not the same word


@dataclass(frozen=True)
class Run:
    """A stretch of text of one kind."""

    text: str
    bold: bool = False
    italic: bool = False
    link: str = ""


@dataclass(frozen=True)
class Heading:
    """A heading of a level, 1 to 3; its number is part of the text."""

    level: int
    text: str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; ``kind`` is empty, ``lead`` or ``note``."""

    runs: tuple[Run, ...]
    kind: str = ""


@dataclass(frozen=True)
class Listing:
    """A list of items."""

    items: tuple[tuple[Run, ...], ...]
    ordered: bool = False


@dataclass(frozen=True)
class Rating:
    """A cell that holds a rating, or the word that stands in its place."""

    rating: str
    hidden: bool = False


@dataclass(frozen=True)
class Table:
    """A table; the first cell of a row is its heading, and ``numeric`` are columns of numbers."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str | Rating, ...], ...]
    numeric: tuple[int, ...] = ()
    css: str = ""
    widths: tuple[int, ...] = ()  # of the columns on paper, in mm


@dataclass(frozen=True)
class Appendix:
    """From here on the paper lies on its side, so that a wide table fits."""


Block = Heading | Paragraph | Listing | Table | Appendix


def plain(text: str, kind: str = "") -> Paragraph:
    """Return a paragraph of plain text."""
    return Paragraph((Run(text),), kind)


def page_of(blocks: Sequence[Block]) -> Html:
    """Write blocks as HTML, everything in them escaped.

    Examples
    --------
    >>> page_of([Heading(2, "1 Purpose"), plain("More < before.")])
    '<h2>1 Purpose</h2><p>More &lt; before.</p>'
    """
    return Html("".join(map(_html, blocks)))


def _html(block: Block) -> str:
    match block:
        case Heading(level, text):
            return f"<h{level}>{escape(text)}</h{level}>"
        case Paragraph(runs, kind):
            return f'<p class="{kind}">{_inline(runs)}</p>' if kind else f"<p>{_inline(runs)}</p>"
        case Listing(items, ordered):
            tag = "ol" if ordered else "ul"
            return f"<{tag}>{''.join(f'<li>{_inline(item)}</li>' for item in items)}</{tag}>"
        case Table():
            cells = [[_cell(cell) for cell in row] for row in block.rows]
            return table(block.caption, block.header, cells, block.numeric, block.css)
        case Appendix():
            return ""


def _cell(cell: str | Rating) -> str:
    return rating_tag(cell.rating, cell.hidden) if isinstance(cell, Rating) else cell


def _inline(runs: Sequence[Run]) -> str:
    return "".join(map(_run, runs))


def _run(run: Run) -> str:
    text = escape(run.text)
    text = f"<strong>{text}</strong>" if run.bold else text
    text = f"<em>{text}</em>" if run.italic else text
    return f'<a href="{escape(run.link)}">{text}</a>' if run.link else text


def prose(html: str) -> list[Block]:
    """Return commentary, which is sanitised HTML by now, as blocks.

    A heading in it becomes a bold paragraph: the paper's own headings are numbered by the paper.

    Examples
    --------
    >>> [run.text for run in prose("<p>Fewer <strong>were</strong> late.</p>")[0].runs]
    ['Fewer ', 'were', ' late.']
    """
    return list(_blocks(lxml.html.fragment_fromstring(html, create_parent="div")))


def _blocks(parent: lxml.html.HtmlElement) -> Iterator[Block]:
    for child in parent:
        if child.tag in _LISTS:
            yield from _listing(child)
        elif child.tag == "table":
            yield from _table(child)
        elif child.tag in ("div", "blockquote"):
            yield from _blocks(child)
        elif _text(child):
            yield Paragraph(_runs(child, Run("", bold=bool(re.fullmatch("h[1-6]", child.tag)))))


def _listing(element: lxml.html.HtmlElement) -> Iterator[Block]:
    """Return a list, and the lists within its items after it."""
    items = list(element.iterchildren("li"))
    yield Listing(tuple(_runs(item) for item in items), element.tag == "ol")
    for item in items:
        for inner in item.iterchildren(*_LISTS):
            yield from _listing(inner)


def _table(element: lxml.html.HtmlElement) -> Iterator[Block]:
    rows = [tuple(_text(cell) for cell in row.iterchildren("th", "td")) for row in element.iter("tr")]
    caption = "".join(_text(found) for found in element.iterchildren("caption"))
    if rows:
        yield Table(caption, rows[0], tuple(rows[1:]))


def _text(element: lxml.html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def _runs(element: lxml.html.HtmlElement, style: Run = Run("")) -> tuple[Run, ...]:
    """Return the text of an element; lists within it are listed after it."""
    runs = [replace(style, text=_spaced(element.text))]
    for child in element:
        if child.tag not in _LISTS:
            runs += _runs(child, _styled(style, child))
        parted = " " if child.tag in _PARTING else ""
        runs.append(replace(style, text=parted + _spaced(child.tail)))
    return tuple(run for run in runs if run.text)


def _styled(style: Run, element: lxml.html.HtmlElement) -> Run:
    return replace(
        style,
        bold=style.bold or element.tag in _BOLD,
        italic=style.italic or element.tag in _ITALIC,
        link=style.link or element.get("href", ""),
    )


def _spaced(text: str | None) -> str:
    return re.sub(r"\s+", " ", text or "")
