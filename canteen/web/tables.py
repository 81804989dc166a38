"""Tables to take away: the same rows as CSV or as XLSX, safe to open in a spreadsheet."""

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Literal
from urllib.parse import quote

import xlsxwriter
from litestar import Response
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from menus.service_days import LOCAL
from subsidies.export import Cell, Digits, csv_bytes
from subsidies.money import Money

TableKind = Literal["csv", "xlsx"]
TABLE_KINDS: tuple[TableKind, ...] = ("csv", "xlsx")
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CREATED = datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)
"""Written into every workbook, so that the same rows make the same file."""
MOST_ROWS = 1_000_000
"""A sheet of Excel holds a few more."""

ColumnKind = Literal["text", "digits", "money", "whole", "day", "instant"]


@dataclass(frozen=True, slots=True)
class TableColumn:
    """One column. `digits`: IDs, cards and telephones, kept as text. `money`: cells are `Money` or fen; the unit is
    added to the title where it is missing. `instant`: aware, shown in Asia/Shanghai. `width` in characters of XLSX."""

    title: str
    kind: ColumnKind = "text"
    width: int = 0

    @property
    def heading(self) -> str:
        """The title, with the unit of money."""
        if self.kind != "money" or "元" in self.title or "yuan" in self.title.lower():
            return self.title
        return f"{self.title} (yuan)" if self.title.isascii() else f"{self.title}（元）"


Rows = Iterable[Sequence[Cell]]
WIDTHS: dict[ColumnKind, int] = {"text": 16, "digits": 22, "money": 13, "whole": 10, "day": 13, "instant": 20}


def kind_of(text: str) -> TableKind:
    """What an address asks for; CSV unless it says XLSX."""
    return "xlsx" if text == "xlsx" else "csv"


def table_answer(name: str, columns: Sequence[TableColumn], rows: Rows, kind: TableKind = "csv") -> Response[bytes]:
    """The file `name` (without ending, Chinese welcome) as an attachment."""
    body = table_bytes(columns, rows, kind)
    return file_answer(f"{name}.{kind}", body, XLSX_TYPE if kind == "xlsx" else "text/csv")


def file_answer(name: str, body: bytes, media_type: str) -> Response[bytes]:
    """`body` as the file `name`; programs that know ASCII only get a name without the rest."""
    plain = re.sub(r"[^0-9A-Za-z.-]+", "_", name, flags=re.ASCII).strip("_-")
    plain = f"table{plain}" if plain.startswith(".") else plain
    disposition = f'attachment; filename="{plain}"'
    if plain != name:
        disposition += f"; filename*=UTF-8''{quote(name)}"
    return Response(body, media_type=media_type, headers={"Content-Disposition": disposition})


def table_bytes(columns: Sequence[TableColumn], rows: Rows, kind: TableKind) -> bytes:
    """The file itself: CSV (UTF-8 with BOM, CRLF) or XLSX (one sheet, frozen header)."""
    if kind == "csv":
        return csv_bytes([column.heading for column in columns], (_csv_row(columns, row) for row in rows))
    sheet = SheetToWrite("", columns, rows)
    return workbook_bytes([sheet])


@dataclass(frozen=True, slots=True)
class SheetToWrite:
    """One sheet of a workbook; without a title it gets Excel's own."""

    title: str
    columns: Sequence[TableColumn]
    rows: Rows


def workbook_bytes(sheets: Sequence[SheetToWrite]) -> bytes:
    """XLSX written row by row, flat in memory; nothing in it is a formula or a link."""
    out = io.BytesIO()
    workbook = xlsxwriter.Workbook(
        out,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
            "default_date_format": "yyyy-mm-dd",
        },
    )
    workbook.set_properties({"created": CREATED})
    for sheet in sheets:
        _write_sheet(workbook, sheet)
    workbook.close()
    return out.getvalue()


def _csv_row(columns: Sequence[TableColumn], row: Sequence[Cell]) -> list[Cell]:
    return [_csv_cell(column.kind, cell) for column, cell in zip(columns, row, strict=True)]


def _csv_cell(kind: ColumnKind, cell: Cell) -> Cell:
    if isinstance(cell, datetime):
        return cell.astimezone(LOCAL) if cell.tzinfo else cell
    if kind == "digits" and isinstance(cell, str):
        return Digits(cell)
    if kind == "money" and type(cell) is int:
        return Money(cell)
    return cell


def _write_sheet(workbook: Workbook, sheet: SheetToWrite) -> None:
    written: Worksheet = workbook.add_worksheet(sheet.title or None)
    head = workbook.add_format({"bold": True, "bg_color": "#E9EFEC", "bottom": 1, "text_wrap": True, "valign": "top"})
    formats: dict[ColumnKind, Format] = {
        "text": workbook.add_format({"valign": "top", "text_wrap": True}),
        "digits": workbook.add_format({"num_format": "@", "valign": "top"}),
        "money": workbook.add_format({"num_format": "#,##0.00", "valign": "top"}),
        "whole": workbook.add_format({"num_format": "0", "valign": "top"}),
        "day": workbook.add_format({"num_format": "yyyy-mm-dd", "valign": "top"}),
        "instant": workbook.add_format({"num_format": "yyyy-mm-dd hh:mm:ss", "valign": "top"}),
    }
    for place, column in enumerate(sheet.columns):
        # the whole column: what somebody types under a card number stays text too
        written.set_column(place, place, column.width or WIDTHS[column.kind], formats[column.kind])
    written.freeze_panes(1, 0)
    for place, column in enumerate(sheet.columns):
        written.write_string(0, place, column.heading, head)
    for number, row in enumerate(sheet.rows, start=1):
        if number > MOST_ROWS:
            raise OverflowError("a sheet holds a million rows")
        for place, (column, cell) in enumerate(zip(sheet.columns, row, strict=True)):
            _write_cell(written, (number, place), cell, column.kind, formats)


def _write_cell(
    sheet: Worksheet, at: tuple[int, int], cell: Cell, kind: ColumnKind, formats: dict[ColumnKind, Format]
) -> None:
    match cell:
        case None | "":
            return
        case Money(fen=fen):
            sheet.write_number(*at, _yuan(fen), formats["money"])
        case datetime():
            local = cell.astimezone(LOCAL).replace(tzinfo=None) if cell.tzinfo else cell
            sheet.write_datetime(*at, local, formats["instant"])
        case date():
            sheet.write_datetime(*at, cell, formats["day"])
        case int() if kind == "money":
            sheet.write_number(*at, _yuan(cell), formats["money"])
        case int():
            sheet.write_number(*at, cell, formats["whole"])
        case _:
            # a string cell is never run; the apostrophe of CSV would only be in the way
            sheet.write_string(*at, cell, formats["digits" if kind == "digits" else "text"])


def _yuan(fen: int) -> float:
    """For the screen of a spreadsheet only; books count in fen."""
    return float(Decimal(fen).scaleb(-2))
