"""CSV and XLSX written row by row to disk: a month of any size takes the same memory, the same rows the same bytes."""

import hashlib
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from io import BufferedWriter, TextIOWrapper
from pathlib import Path
from types import TracebackType
from typing import IO, Self
from xml.sax.saxutils import escape

from menus.service_days import LOCAL
from subsidies.export import BOM, Cell, csv_line
from subsidies.money import Money

_EPOCH = date(1899, 12, 30).toordinal()
"""Day 0 of a spreadsheet."""
STAMP = (1980, 1, 1, 0, 0, 0)
"""Date of every member of an archive: the earliest one ZIP has."""
_STYLES = {"text": 0, "head": 1, "money": 2, "day": 3, "instant": 4}
_MOST = 1_048_576


class CsvFile:
    """UTF-8 with BOM, CRLF, no cell that runs as a formula."""

    def __init__(self, path: Path, header: Sequence[str]) -> None:
        self._file: TextIOWrapper = path.open("w", encoding="utf-8", newline="")
        self._file.write(BOM + csv_line(header))

    def write(self, row: Sequence[Cell]) -> None:
        """Money with two decimals, days as `2026-11-23`, instants in Asia/Shanghai."""
        self._file.write(csv_line([_local(cell) for cell in row]))

    def write_text(self, line: str) -> None:
        """A row that is CSV already."""
        self._file.write(line)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._file.close()


class XlsxFile:
    """One workbook, its sheets written one after the other. Strings are written inline: none of them can be a formula.

    Written by hand (ECMA-376, part 1, 18.3): a library takes ten times as long for a sheet of a million cells.
    """

    def __init__(self, path: Path) -> None:
        self._zip = zipfile.ZipFile(path, "w")
        self._titles: list[str] = []
        self._sheet: BufferedWriter | None = None
        self._row = 0

    def sheet(self, title: str, header: Sequence[str], widths: Sequence[int] = ()) -> None:
        """Begin the next sheet."""
        self._end_sheet()
        self._titles.append(title)
        # gathered before it is compressed: a call for each row would cost more than the row
        self._sheet = BufferedWriter(self._open(f"xl/worksheets/sheet{len(self._titles)}.xml"), 1 << 18)
        columns = "".join(
            f'<col min="{at}" max="{at}" width="{width}" customWidth="1"/>' for at, width in enumerate(widths, 1)
        )
        self._sheet.write(
            (
                f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
                '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
                f"{f'<cols>{columns}</cols>' if columns else ''}<sheetData>"
            ).encode()
        )
        self._row = 0
        self.write(header, style="head")

    def write(self, row: Sequence[Cell], style: str = "text") -> None:
        """The next row; money in yuan as a number."""
        number = _STYLES[style]
        self.write_text("".join([_cell(cell, number) for cell in row]))

    def write_text(self, cells: str) -> None:
        """The next row, its cells XML already."""
        if self._sheet is None:
            raise RuntimeError("a row needs a sheet")
        self._row += 1
        if self._row > _MOST:
            raise OverflowError("a sheet of Excel holds 1,048,576 rows")
        self._sheet.write(f"<row>{cells}</row>".encode())

    def close(self) -> None:
        """Write what holds the sheets together."""
        self._end_sheet()
        count = range(1, len(self._titles) + 1)
        parts = {
            "[Content_Types].xml": f'<Types xmlns="{_TYPES}"><Default Extension="rels" ContentType="{_RELS_TYPE}"/>'
            f'<Default Extension="xml" ContentType="application/xml"/>{_override("workbook", "sheet.main")}'
            f"{_override('styles', 'styles')}{''.join(_override(f'worksheets/sheet{n}', 'worksheet') for n in count)}</Types>",
            "_rels/.rels": f'<Relationships xmlns="{_RELS}">{_related(1, "officeDocument", "xl/workbook.xml")}</Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
            + "".join(
                f'<sheet name="{escape(title)}" sheetId="{n}" r:id="rId{n}"/>'
                for n, title in enumerate(self._titles, 1)
            )
            + "</sheets></workbook>",
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_RELS}">'
            + "".join(_related(n, "worksheet", f"worksheets/sheet{n}.xml") for n in count)
            + f"{_related(len(self._titles) + 1, 'styles', 'styles.xml')}</Relationships>",
            "xl/styles.xml": _STYLE_SHEET,
        }
        for name, text in parts.items():
            self._zip.writestr(zip_member(name), _XML + text)
        self._zip.close()

    def _open(self, name: str) -> IO[bytes]:
        return self._zip.open(zip_member(name), "w", force_zip64=True)

    def _end_sheet(self) -> None:
        if self._sheet is not None:
            self._sheet.write(b"</sheetData></worksheet>")
            self._sheet.close()
            self._sheet = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def zip_member(name: str, *, level: int = 1) -> zipfile.ZipInfo:
    """A file of an archive without anything that depends on where or when it is made; level 0 leaves it as it is."""
    info = zipfile.ZipInfo(name, STAMP)
    info.compress_type = zipfile.ZIP_DEFLATED if level else zipfile.ZIP_STORED
    # what a member is opened with by its ZipInfo; the archive's own level counts for names only
    info._compresslevel = level  # type: ignore[attr-defined]  # noqa: SLF001 - no public name before Python 3.13
    info.external_attr, info.create_system = 0o644 << 16, 3
    return info


def sha256_of(path: Path) -> str:
    """Hex, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def yuan(fen: int) -> str:
    """`-98406.05`: a plain number with two decimals."""
    whole, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{whole}.{rest:02d}"


def _local(cell: Cell) -> Cell:
    return cell.astimezone(LOCAL) if isinstance(cell, datetime) else cell


def _cell(cell: Cell, style: int) -> str:
    match cell:
        case None | "":
            return "<c/>"
        case str():
            return text_cell(cell, style)
        case Money(fen=fen):
            return f'<c s="2"><v>{yuan(fen)}</v></c>'
        case datetime():
            return instant_cell(cell.astimezone(LOCAL))
        case date():
            return day_cell(cell)
        case int():
            return f"<c><v>{cell}</v></c>"


def text_cell(text: str, style: int = 0) -> str:
    """A string that is never run."""
    if not text:
        return "<c/>"
    return f'<c s="{style}" t="inlineStr"><is><t xml:space="preserve">{escape(_printable(text))}</t></is></c>'


def day_cell(day: date) -> str:
    """A day as the number a spreadsheet has for it."""
    return f'<c s="3"><v>{day.toordinal() - _EPOCH}</v></c>'


def instant_cell(local: datetime) -> str:
    """An instant in local time, to the second."""
    seconds = local.hour * 3600 + local.minute * 60 + local.second
    return f'<c s="4"><v>{local.toordinal() - _EPOCH + seconds / 86400:.6f}</v></c>'


def _printable(text: str) -> str:
    """XML has no control characters."""
    return text if text.isprintable() else "".join(char if char.isprintable() else " " for char in text)


def _override(name: str, kind: str) -> str:
    return f'<Override PartName="/xl/{name}.xml" ContentType="{_SHEET_TYPE}.{kind}+xml"/>'


def _related(number: int, kind: str, target: str) -> str:
    return f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'


_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELS_TYPE = "application/vnd.openxmlformats-package.relationships+xml"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_STYLE_SHEET = (
    f'<styleSheet xmlns="{_MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd hh:mm:ss"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="宋体"/></font><font><b/><sz val="11"/><name val="宋体"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="5"><xf xfId="0"/><xf xfId="0" fontId="1" applyFont="1"/>'
    '<xf xfId="0" numFmtId="4" applyNumberFormat="1"/><xf xfId="0" numFmtId="14" applyNumberFormat="1"/>'
    '<xf xfId="0" numFmtId="164" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
