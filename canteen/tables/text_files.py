"""CSV in whatever encoding and with whatever separator an office saved it."""

import codecs
import csv
import io

from canteen.tables.errors import FileRefused
from canteen.tables.sheet import LONGEST_CELL, MOST_COLUMNS, MOST_ROWS, Note, Row, Sheet, is_empty

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_SEPARATORS = ((",", ","), (";", ";"), ("\t", "Tab"), ("|", "|"))


def read_text(data: bytes) -> Sheet:
    """The table in a text file.

    Raises:
        FileRefused: no text, an unknown encoding, full-width commas, quotes that never close, or too much of it.
    """
    text, encoding = _decode(data)
    notes = [] if encoding == "UTF-8" else [Note("encoding", {"encoding": encoding})]
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise FileRefused("empty")
    start = text.lstrip()[:500].lower()
    if start.startswith(("<html", "<!doctype html", "<table", "<?xml")):
        raise FileRefused("html")
    separator = _separator(text)
    if separator != ",":
        shown = dict(_SEPARATORS)[separator]
        notes.append(Note("separator", {"separator": shown}))
    return Sheet(name="", rows=_rows(text, separator), notes=notes, is_text=True)


def _decode(data: bytes) -> tuple[str, str]:
    for mark, codec, name in _MARKS:
        if data.startswith(mark):
            try:
                return data.decode(codec), name
            except UnicodeDecodeError as error:
                raise FileRefused("encoding") from error
    if b"\0" in data[:4000]:
        # UTF-16 without its mark: every second byte of ASCII is zero
        codec = "utf-16-le" if data[:4000][1::2].count(0) >= data[:4000][::2].count(0) else "utf-16-be"
        try:
            text = data.decode(codec)
        except UnicodeDecodeError as error:
            raise FileRefused("not-a-table") from error
        if not text.isprintable() and any(ord(c) < 9 for c in text[:4000]):
            raise FileRefused("not-a-table")
        return text, "UTF-16"
    try:
        return data.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError:
        pass
    try:
        # GB18030 holds GBK and GB2312; text of another encoding rarely passes it whole
        text = data.decode("gb18030")
    except UnicodeDecodeError as error:
        raise FileRefused("encoding") from error
    if any(ord(c) < 9 for c in text[:4000]):
        raise FileRefused("not-a-table")
    return text, "GB18030"


def _separator(text: str) -> str:
    """The one that stands most often outside quotes in the first lines.

    Raises:
        FileRefused: the cells are parted by full-width commas.
    """
    first = [line for line in text.split("\n", 12)[:12] if line.strip()]
    bare = ["".join(part for place, part in enumerate(line.split('"')) if place % 2 == 0) for line in first]
    counts = {mark: max((line.count(mark) for line in bare), default=0) for mark, _ in _SEPARATORS}
    best = max(counts, key=lambda mark: counts[mark])
    if not counts[best] and any(line.count("，") >= 2 for line in bare):
        raise FileRefused("full-width-comma")
    return best if counts[best] else ","


def _rows(text: str, separator: str) -> list[Row]:
    csv.field_size_limit(LONGEST_CELL * 8)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[Row] = []
    line = 1
    try:
        for cells in reader:
            if len(cells) > MOST_COLUMNS:
                raise FileRefused("too-many-columns", line=line, most=MOST_COLUMNS)
            if any(len(cell) > LONGEST_CELL for cell in cells):
                raise FileRefused("cell-too-long", line=line, most=LONGEST_CELL)
            if not all(is_empty(cell) for cell in cells):
                rows.append(Row(line, list(cells)))
            if len(rows) > MOST_ROWS + 20:
                raise FileRefused("too-many-rows", most=MOST_ROWS)
            line = reader.line_num + 1
    except csv.Error as error:
        if "field larger" in str(error):
            raise FileRefused("cell-too-long", line=line, most=LONGEST_CELL) from error
        raise FileRefused("quotes", line=line) from error
    return rows
