"""XLSX, looked at before it is opened: a workbook is a packed folder and may hold far more than it weighs."""

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from canteen.tables.errors import FileRefused
from canteen.tables.sheet import (
    LONGEST_CELL,
    MOST_COLUMNS,
    MOST_ROWS,
    Note,
    RawCell,
    Row,
    Sheet,
    column_letter,
    is_empty,
)

MOST_UNPACKED = 200_000_000
_OLE = b"\xd0\xcf\x11\xe0"
_CELL = re.compile(rb"""<c\b[^>]*?\br=["']([A-Z]{1,3})([0-9]{1,7})["'][^>]*?(/?)>(<f\b)?""")
_CHUNK = 1 << 18
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)


def is_workbook(data: bytes) -> bool:
    """By its first bytes: a zip, or the older container of Office."""
    return data.startswith((b"PK", _OLE))


def read_workbook(data: bytes) -> list[Sheet]:
    """Every visible sheet that has cells, in order.

    Raises:
        FileRefused: another kind of file, macros, a password, damage, or far too much in it.
    """
    if data.startswith(_OLE):
        raise FileRefused("encrypted" if "EncryptedPackage".encode("utf-16-le") in data else "old-excel")
    formulas = _look_inside(data)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = [
            _sheet(workbook.get_sheet_by_index(place), meta.name, formulas.get(place, []))
            for place, meta in enumerate(workbook.sheets_metadata)
            if meta.typ == SheetTypeEnum.WorkSheet and meta.visible == SheetVisibleEnum.Visible
        ]
    except (CalamineError, OSError, ValueError) as error:
        raise FileRefused("damaged") from error
    found = [sheet for sheet in sheets if sheet.rows]
    if not found:
        raise FileRefused("empty")
    return found


def _look_inside(data: bytes) -> dict[int, list[str]]:
    """Reads the packed parts in pieces, never whole; returns the cells with formulas, by the place of the sheet file."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            names = {info.filename.lower(): info for info in packed.infolist()}
            _check_kind(packed, names)
            if sum(info.file_size for info in packed.infolist()) > MOST_UNPACKED:
                raise FileRefused("unpacks-too-large", most=MOST_UNPACKED // 1_000_000)
            seen = 0
            formulas: dict[int, list[str]] = {}
            parts = sorted(
                (info for info in packed.infolist() if _SHEET.fullmatch(info.filename)),
                key=lambda info: (len(info.filename), info.filename),
            )
            for place, info in enumerate(parts):
                formulas[place] = []
                for piece in _pieces(packed, info):
                    seen += len(piece)
                    if seen > MOST_UNPACKED:  # the directory of the zip may lie
                        raise FileRefused("unpacks-too-large", most=MOST_UNPACKED // 1_000_000)
                    _look_at_cells(piece, formulas[place])
            return formulas
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, RuntimeError) as error:
        raise FileRefused("damaged") from error


def _check_kind(packed: zipfile.ZipFile, names: dict[str, zipfile.ZipInfo]) -> None:
    if "mimetype" in names and packed.open(names["mimetype"]).read(80).startswith(b"application/vnd.oasis"):
        raise FileRefused("open-document")
    if any(name.endswith("vbaproject.bin") for name in names):
        raise FileRefused("macros")
    if "xl/workbook.bin" in names:
        raise FileRefused("binary-excel")
    if "xl/workbook.xml" not in names:
        raise FileRefused("not-a-table")


def _pieces(packed: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """With the end of the piece before, so that no cell is cut in two."""
    with packed.open(info) as part:
        tail = b""
        while piece := part.read(_CHUNK):
            whole = tail + piece
            cut = whole.rfind(b"<c ")
            tail = whole[cut:] if cut > 0 else b""
            tail = tail[:4096]
            yield whole[:cut] if cut > 0 else whole
        yield tail


def _look_at_cells(piece: bytes, formulas: list[str]) -> None:
    for found in _CELL.finditer(piece):
        letters, digits = found[1], found[2]
        if found[3]:  # formatted, but nothing in it: whole rows and columns often are
            continue
        place = 0
        for letter in letters:
            place = place * 26 + letter - 64
        if place > MOST_COLUMNS:
            raise FileRefused("too-many-columns", most=MOST_COLUMNS, line=int(digits))
        if int(digits) > MOST_ROWS + 20:
            raise FileRefused("too-many-rows", most=MOST_ROWS)
        if found[4] and len(formulas) < 20:
            formulas.append((letters + digits).decode())


def _sheet(sheet: CalamineSheet, name: str, formulas: list[str]) -> Sheet:
    start = sheet.start or (0, 0)
    if sheet.width > MOST_COLUMNS:
        raise FileRefused("too-many-columns", most=MOST_COLUMNS, line=1)
    rows: list[Row] = []
    before: list[RawCell] = [None] * start[1]
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        # the lines above the first cell come as empty ones, the columns before it do not
        row = before + [_cell(cell) for cell in cells]
        if all(is_empty(cell) for cell in row):
            continue
        if any(isinstance(cell, str) and len(cell) > LONGEST_CELL for cell in row):
            raise FileRefused("cell-too-long", line=number, most=LONGEST_CELL)
        rows.append(Row(number, row))
        if len(rows) > MOST_ROWS + 20:
            raise FileRefused("too-many-rows", most=MOST_ROWS)
    merged = [
        f"{column_letter(left)}{top + 1}:{column_letter(right)}{bottom + 1}"
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or []
    ]
    notes = [Note("sheet", {"sheet": name})]
    return Sheet(name=name, rows=rows, notes=notes, formulas=formulas, merged=merged)


def _cell(value: object) -> RawCell:
    match value:
        case datetime():
            return [value.date().isoformat()]
        case date():
            return [value.isoformat()]
        case bool() | int() | float() | str():
            return value
        case time() | timedelta():
            return str(value)
    return None
