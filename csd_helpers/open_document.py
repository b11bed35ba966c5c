"""A part's sheets as an OpenDocument spreadsheet, which everybody can open without paying for it."""

from collections.abc import Iterator, Sequence
from html import escape

from csd_helpers.period import Period
from csd_helpers.sheets import Cell, Sheet, lines_of
from csd_helpers.zipped import zipped

_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_NAME = "urn:oasis:names:tc:opendocument:xmlns:"
_SPACES = " ".join(
    f'xmlns:{short}="{_NAME}{name}"'
    for short, name in (
        ("office", "office:1.0"), ("table", "table:1.0"), ("text", "text:1.0"), ("style", "style:1.0"),
        ("meta", "meta:1.0"), ("fo", "xsl-fo-compatible:1.0"), ("manifest", "manifest:1.0"),
    )
) + ' xmlns:dc="http://purl.org/dc/elements/1.1/"'  # fmt: skip
_XML = '<?xml version="1.0" encoding="UTF-8"?>'
_FILES = {"content.xml": "text/xml", "styles.xml": "text/xml", "meta.xml": "text/xml", "/": _TYPE}
_STYLES = (
    f'{_XML}<office:document-styles {_SPACES} office:version="1.3"><office:styles>'
    '<style:default-style style:family="table-cell"><style:text-properties style:font-name="Arial" '
    'fo:font-family="Arial" fo:language="en" fo:country="GB"/></style:default-style></office:styles>'
    # on paper: A4 landscape, as wide as a sheet
    '<office:automatic-styles><style:page-layout style:name="paper"><style:page-layout-properties '
    'fo:page-width="297mm" fo:page-height="210mm" style:print-orientation="landscape" style:scale-to-X="1" '
    'style:scale-to-Y="0"/></style:page-layout></office:automatic-styles><office:master-styles>'
    '<style:master-page style:name="sheet" style:page-layout-name="paper"/></office:master-styles>'
    "</office:document-styles>"
)
_BOLD = (
    '<style:style style:name="{name}" style:family="table-cell"><style:text-properties '
    'fo:font-weight="bold" fo:font-size="{size}pt" fo:font-family="Arial"/></style:style>'
)
_WRAPPED = (
    '<style:style style:name="wrapped" style:family="table-cell"><style:table-cell-properties '
    'fo:wrap-option="wrap" style:vertical-align="top"/></style:style>'
)
_SHEET = '<style:style style:name="sheet" style:family="table" style:master-page-name="sheet"/>'
_CHARACTER_MM = 2.2


def open_document(sheets: Sequence[Sheet], title: str, author: str, period: Period) -> bytes:
    """Return sheets as an ``.ods`` spreadsheet; the same sheets give the same bytes.

    Parameters
    ----------
    title, author
        The document's properties; it is dated by the period, not by the clock.
    """
    listed = "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="{kind}"/>'
        for name, kind in _FILES.items()
    )
    files = {
        "mimetype": _TYPE,
        "content.xml": _content(sheets),
        "styles.xml": _STYLES,
        "meta.xml": _meta(title, author, period),
        "META-INF/manifest.xml": f'{_XML}<manifest:manifest {_SPACES} manifest:version="1.3">{listed}'
        "</manifest:manifest>",
    }
    return zipped({name: text.encode() for name, text in files.items()}, stored=("mimetype",))


def _meta(title: str, author: str, period: Period) -> str:
    made = f"{period.as_at.isoformat()}T00:00:00"
    return (
        f'{_XML}<office:document-meta {_SPACES} office:version="1.3"><office:meta>'
        f"<dc:title>{escape(title)}</dc:title><dc:creator>{escape(author)}</dc:creator>"
        f"<dc:language>en-GB</dc:language><meta:creation-date>{made}</meta:creation-date>"
        f"<dc:date>{made}</dc:date></office:meta></office:document-meta>"
    )


def _content(sheets: Sequence[Sheet]) -> str:
    widths = sorted({width for sheet in sheets for width in sheet.widths})
    columns = "".join(
        f'<style:style style:name="w{width}" style:family="table-column"><style:table-column-properties '
        f'style:column-width="{width * _CHARACTER_MM:.1f}mm"/></style:style>'
        for width in widths
    )
    bold = _BOLD.format(name="title", size=14) + _BOLD.format(name="head", size=10)
    ranges = "".join(map(_range, sheets))
    return (
        f'{_XML}<office:document-content {_SPACES} office:version="1.3">'
        f"<office:automatic-styles>{columns}{bold}{_SHEET}{_WRAPPED}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{''.join(map(_sheet, sheets))}"
        f"<table:database-ranges>{ranges}</table:database-ranges></office:spreadsheet></office:body>"
        "</office:document-content>"
    )


def _range(sheet: Sheet) -> str:
    """Mark the table on a sheet as a range with a heading row."""
    last = f"{_letters(len(sheet.header))}{len(sheet.rows) + 3}"
    return (
        f'<table:database-range table:name="{sheet.name}_table" table:contains-header="true" '
        f'table:target-range-address="{sheet.name}.A3:{sheet.name}.{last}"/>'
    )


def _sheet(sheet: Sheet) -> str:
    columns = "".join(f'<table:table-column table:style-name="w{width}"/>' for width in sheet.widths)
    return "".join(
        [
            f'<table:table table:name="{sheet.name}" table:style-name="sheet">{columns}',
            _row([sheet.title], ["title"]),
            _row([sheet.about], [""]),
            f"<table:table-header-rows>{_row(sheet.header, ['head'] * len(sheet.header))}"
            "</table:table-header-rows>",
            *(
                _row(row, ["wrapped" if lines_of(row, sheet.widths) > 1 else ""] * len(row))
                for row in sheet.rows
            ),
            "</table:table>",
        ]
    )


def _row(cells: Sequence[Cell], styles: Sequence[str]) -> str:
    return f"<table:table-row>{''.join(_cells(cells, styles))}</table:table-row>"


def _cells(cells: Sequence[Cell], styles: Sequence[str]) -> Iterator[str]:
    for value, style in zip(cells, styles, strict=True):
        styled = f' table:style-name="{style}"' if style else ""
        kind = (
            'office:value-type="string"'
            if isinstance(value, str)
            else f'office:value-type="float" office:value="{value}"'
        )
        yield f"<table:table-cell{styled} {kind}><text:p>{escape(str(value))}</text:p></table:table-cell>"


def _letters(column: int) -> str:
    """Name a column as a spreadsheet does, up to ZZ."""
    first, last = divmod(column - 1, 26)
    return (chr(64 + first) if first else "") + chr(65 + last)
