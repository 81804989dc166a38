"""CSV that opens in Excel: UTF-8 with a byte order mark, CRLF, and no cell that Excel would run as a formula."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from subsidies.money import Money


class Digits(str):
    """An ID, card or telephone number: text to a spreadsheet, or it would show 1.1E+17 and lose leading zeros."""

    __slots__ = ()


Cell = str | int | Money | date | datetime | None
BOM = "\ufeff"
"""What a CSV for Excel begins with."""
_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet takes for the start of a formula, full-width forms too."""


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Money as `98406.00` (a plain number with two decimals), days as `2026-11-23`, instants as they are given.

    A number of digits (`Digits`) stands behind a tab, the one mark that keeps it text in Excel and is no formula.
    """
    return (BOM + "".join(csv_line(row) for row in (header, *rows))).encode()


def csv_line(row: Sequence[Cell]) -> str:
    """One row with its end of line."""
    return ",".join(map(_text, row)) + "\r\n"


def _text(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case Money(fen=fen):
            yuan, rest = divmod(abs(fen), 100)
            return f"{'-' if fen < 0 else ''}{yuan}.{rest:02d}"
        case datetime():
            return f"{cell:%Y-%m-%d %H:%M:%S}"
        case date():
            return cell.isoformat()
        case int():
            return str(cell)
        case Digits() if cell.isascii() and cell.isalnum():
            return f"\t{cell}"
    return csv_text(cell)


def csv_text(text: str) -> str:
    """A cell of text: guarded, and quoted where it must be."""
    guarded = safe_text(text)
    return '"' + guarded.replace('"', '""') + '"' if any(c in guarded for c in ',"\r\n') else guarded


def safe_text(text: str) -> str:
    """The text with an apostrophe before what a spreadsheet would take for a formula."""
    return f"'{text}" if text.startswith(_RUNS) else text
