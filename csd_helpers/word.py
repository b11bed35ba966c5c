"""The committee's paper as a Word document that can be pasted into a council's own template."""

import io
from collections.abc import Sequence
from datetime import datetime, time

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table as WordTable
from docx.text.paragraph import Paragraph as WordParagraph

from csd_helpers.blocks import Appendix, Block, Heading, Listing, Paragraph, Rating, Run, Table
from csd_helpers.facts import rating_word
from csd_helpers.page.sanitise import plain_characters
from csd_helpers.period import Period
from csd_helpers.zipped import steady

_FONT, _INK = "Arial", RGBColor(0x0B, 0x0C, 0x0C)
_SIZES = {"Normal": 11, "Title": 22, "Heading 1": 16, "Heading 2": 13, "Caption": 10}
_TITLES = {1: "Title", 2: "Heading 1", 3: "Heading 2"}
_KINDS = {"note": "Caption"}
_SHADES = {"red": ("6B0F0A", "FFFFFF"), "amber": ("FFC84A", "0B0C0C"), "green": ("1A7F5A", "FFFFFF")}
_LONG, _SHORT, _MARGIN = Mm(297), Mm(210), Mm(15)
_CELL_SIZE = Pt(8)


def word_document(blocks: Sequence[Block], title: str, author: str, period: Period) -> bytes:
    """Return blocks as a Word document: real styles, table headings that repeat, British English.

    The same blocks give the same bytes: the document is dated by the period, not by the clock.

    Parameters
    ----------
    blocks
        The content (`csd_helpers.committee_report.report_blocks`).
    title, author
        The document's properties.
    """
    document = docx.Document()
    _style(document)
    _describe(document, title, author, period)
    _lay_out(document, portrait=True)
    for block in blocks:
        _write(document, block)
    kept = io.BytesIO()
    document.save(kept)
    return steady(kept.getvalue())


def _style(document: Document) -> None:
    """Set one typeface in dark ink: the library's own template is in blue."""
    for name, size in _SIZES.items():
        style = document.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = _FONT, Pt(size), _INK
        fonts = style.element.rPr.rFonts
        for kind in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{kind}"), None)
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "en-GB")


def _describe(document: Document, title: str, author: str, period: Period) -> None:
    properties, made = document.core_properties, datetime.combine(period.as_at, time())
    properties.title, properties.author, properties.last_modified_by = title, author, author
    properties.comments, properties.language = "", "en-GB"
    properties.created = properties.modified = made


def _lay_out(document: Document, portrait: bool) -> None:
    section = document.sections[-1]
    section.orientation = WD_ORIENT.PORTRAIT if portrait else WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = (_SHORT, _LONG) if portrait else (_LONG, _SHORT)
    for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
        setattr(section, side, _MARGIN)


def _write(document: Document, block: Block) -> None:
    match block:
        case Heading(level, text):
            document.add_paragraph(plain_characters(text), style=_TITLES[level])
        case Paragraph(runs, kind):
            _runs(document.add_paragraph(style=_KINDS.get(kind)), runs)
        case Listing(items, ordered):
            for item in items:
                _runs(document.add_paragraph(style="List Number" if ordered else "List Bullet"), item)
        case Table():
            _table(document, block)
        case Appendix():
            document.add_section(WD_SECTION.NEW_PAGE)
            _lay_out(document, portrait=False)


def _runs(paragraph: WordParagraph, runs: Sequence[Run]) -> None:
    """Write text; a link is printed after its words, since a paper is read on paper."""
    for run in runs:
        address = f" ({run.link})" if run.link.startswith(("https:", "mailto:")) else ""
        written = paragraph.add_run(plain_characters(run.text + address))
        written.bold, written.italic = run.bold or None, run.italic or None


def _table(document: Document, block: Table) -> None:
    caption = document.add_paragraph(plain_characters(block.caption), style="Caption")
    caption.paragraph_format.keep_with_next = True
    table = document.add_table(len(block.rows) + 1, len(block.header), style="Table Grid")
    _name(table, block.caption)
    table.autofit = not block.widths
    for column, width in zip(table.columns, block.widths, strict=False):
        column.width = Mm(width)
    rows = [block.header, *block.rows]
    for at, (row, cells) in enumerate(zip(table.rows, rows, strict=True)):
        _mark(row._tr, "w:cantSplit")
        if at == 0:
            _mark(row._tr, "w:tblHeader")
        for column, (cell, content) in enumerate(zip(row.cells, cells, strict=True)):
            _fill(cell, content, bold=at == 0)
            if block.widths:
                cell.width = Mm(block.widths[column])


def _name(table: WordTable, caption: str) -> None:
    """Give the table a title and say that its first row is a heading."""
    properties = table._tbl.tblPr
    named = OxmlElement("w:tblCaption")
    named.set(qn("w:val"), plain_characters(caption))
    properties.append(named)


def _mark(row: object, name: str) -> None:
    row.get_or_add_trPr().append(OxmlElement(name))  # type: ignore[attr-defined]


def _fill(cell: object, content: str | Rating, bold: bool) -> None:
    """Write a cell; a rating is a word first and a colour second."""
    is_rating = isinstance(content, Rating)
    text = rating_word(content.rating, content.hidden) if isinstance(content, Rating) else content
    run = cell.paragraphs[0].add_run(plain_characters(text))  # type: ignore[attr-defined]
    run.font.size, run.bold = _CELL_SIZE, bold or is_rating or None
    if isinstance(content, Rating) and content.rating in _SHADES:
        fill, ink = _SHADES[content.rating]
        run.font.color.rgb = RGBColor.from_string(ink)
        shade = OxmlElement("w:shd")
        for name, value in (("val", "clear"), ("color", "auto"), ("fill", fill)):
            shade.set(qn(f"w:{name}"), value)
        cell._tc.get_or_add_tcPr().append(shade)  # type: ignore[attr-defined]
