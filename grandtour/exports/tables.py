"""Tables as files, CSV and XLSX: numbers and days as such, words that no spreadsheet runs."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from volunteers.exports.hours import disarmed

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DAY = "yyyy-mm-dd"
WIDTHS = (10, 40)  # of a column: at least, at most
Row = list[object]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows below a head, with a name of at most 31 signs."""

    name: str
    head: list[str]
    rows: list[Row]


def as_csv(table: Table) -> bytes:
    """Write a table as CSV; nothing is an empty cell."""
    sheet = io.StringIO()
    writer = csv.writer(sheet)
    writer.writerow(table.head)
    writer.writerows([disarmed(_plain(cell)) for cell in row] for row in table.rows)
    return sheet.getvalue().encode()


def as_xlsx(tables: Iterable[Table]) -> bytes:
    """Write tables as the sheets of a workbook; its heads stand still."""
    book = Workbook(write_only=True)
    for table in tables:
        sheet = book.create_sheet(table.name)
        sheet.freeze_panes = "A2"
        for number, width in enumerate(_widths(table), 1):
            sheet.column_dimensions[get_column_letter(number)].width = width
        sheet.append([_cell(sheet, word, head=True) for word in table.head])
        for row in table.rows:
            sheet.append([_cell(sheet, value) for value in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _plain(value: object) -> str:
    """Write a value as CSV does: sums with their decimals, days as ISO 8601."""
    return f"{value:f}" if isinstance(value, Decimal) else "" if value is None else str(value)


def _widths(table: Table) -> list[int]:
    """Give each column room for what is in it."""
    least, most = WIDTHS
    rows = [table.head, *table.rows]
    longest = [max(len(_plain(cell)) for cell in column) for column in zip(*rows, strict=True)]
    return [min(max(signs + 2, least), most) for signs in longest]


def _cell(sheet: Any, value: Any, *, head: bool = False) -> Any:
    """Make a cell; what people wrote is text, also where it begins like a formula."""
    if isinstance(value, str):
        cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value))
        cell.data_type = "s"
    else:
        cell = WriteOnlyCell(sheet, value)
    if isinstance(value, Decimal):
        places = -int(value.as_tuple().exponent)
        cell.number_format = "#,##0" + ("." + "0" * places if places > 0 else "")
    if isinstance(value, date):
        cell.number_format = DAY
    if head:
        cell.font = Font(bold=True)
    return cell
