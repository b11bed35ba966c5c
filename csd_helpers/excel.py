"""A part's sheets as an Excel workbook, with tables that are marked as such."""

import io
from collections.abc import Iterator, Sequence
from datetime import datetime, time

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.packaging.core import DocumentProperties
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.worksheet.page import PrintPageSetup
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.table import Table, TableStyleInfo
from openpyxl.xml.functions import tostring

from csd_helpers.period import Period
from csd_helpers.sheets import Cell, Sheet, lines_of
from csd_helpers.zipped import steady

HEADER_ROW = 3  # below the title and the line on the table
_A4 = 9  # as Excel numbers sizes of paper
_TITLE, _BOLD = Font(name="Arial", size=14, bold=True), Font(name="Arial", bold=True)
_LINE_POINTS = 15
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_STYLE = TableStyleInfo(name="TableStyleLight1", showRowStripes=False)


def excel_workbook(sheets: Sequence[Sheet], title: str, author: str, period: Period) -> bytes:
    """Return sheets as an ``.xlsx`` workbook; the same sheets give the same bytes.

    Parameters
    ----------
    title, author
        The workbook's properties; it is dated by the period, not by the clock.
    """
    workbook = Workbook(write_only=True)
    for sheet in sheets:
        _write(workbook.create_sheet(sheet.name), sheet)
    kept = io.BytesIO()
    workbook.save(kept)
    made = datetime.combine(period.as_at, time())
    properties = DocumentProperties(
        title=title, creator=author, lastModifiedBy=author, language="en-GB", created=made, modified=made
    )
    return steady(kept.getvalue(), {"docProps/core.xml": tostring(properties.to_tree())})


def _write(page: WriteOnlyWorksheet, sheet: Sheet) -> None:
    for at, width in enumerate(sheet.widths, 1):
        page.column_dimensions[get_column_letter(at)].width = width
    page.freeze_panes = f"A{HEADER_ROW + 1}"
    page.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
    page.page_setup = PrintPageSetup(page, paperSize=_A4, orientation="landscape", fitToHeight=0)
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.append([_styled(page, sheet.title, _TITLE)])
    page.append([sheet.about])
    page.append([_styled(page, name, _BOLD) for name in sheet.header])
    for at, row in enumerate(sheet.rows, HEADER_ROW + 1):
        lines = lines_of(row, sheet.widths)
        if lines > 1:
            page.row_dimensions[at].height = lines * _LINE_POINTS
        page.append(list(_cells(page, row, lines > 1)))
    page._tables.add(_table(sheet))  # add_table warns that columns must be named, which they are


def _table(sheet: Sheet) -> Table:
    """Mark the table, so that a screen reader knows its headings."""
    last = f"{get_column_letter(len(sheet.header))}{HEADER_ROW + max(1, len(sheet.rows))}"
    table = Table(displayName=f"{sheet.name}_table", ref=f"A{HEADER_ROW}:{last}", tableStyleInfo=_STYLE)
    table._initialise_columns()
    for column, name in zip(table.tableColumns, sheet.header, strict=True):
        column.name = name
    return table


def _cells(page: WriteOnlyWorksheet, row: Sequence[Cell], wrapped: bool) -> Iterator[object]:
    """Yield a row's cells; a number with decimals keeps those it is printed with."""
    for value in row:
        is_decimal = isinstance(value, float)
        if not (is_decimal or wrapped):
            yield value  # a plain one is made by openpyxl, in less time
            continue
        cell = WriteOnlyCell(page, value)
        if is_decimal:
            cell.number_format = f"0.{'0' * len(repr(value).partition('.')[2])}"
        if wrapped:
            cell.alignment = _WRAPPED
        yield cell


def _styled(page: WriteOnlyWorksheet, text: str, font: Font) -> WriteOnlyCell:
    cell = WriteOnlyCell(page, text)
    cell.font = font
    return cell
