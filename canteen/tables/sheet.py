"""A table as it was found in a file: rows of raw cells with the line each stands on."""

from typing import TypeAlias

import msgspec

Day: TypeAlias = list[str]
"""A real date cell: `["2026-11-03"]`. JSON has no dates, and this stands apart from text."""
RawCell: TypeAlias = str | int | float | bool | Day | None
Facts: TypeAlias = dict[str, str | int]

MOST_BYTES = 20_000_000
MOST_ROWS = 50_000
MOST_COLUMNS = 200
LONGEST_CELL = 2_000


class Note(msgspec.Struct, frozen=True):
    """Something understood that the reader should know of: `tables.note.<key>`."""

    key: str
    facts: Facts = msgspec.field(default_factory=dict)


class Row(msgspec.Struct, frozen=True):
    """One line; `line` counts from 1 as the spreadsheet or editor shows it."""

    line: int
    cells: list[RawCell]


class Sheet(msgspec.Struct, frozen=True):
    """What one file (or one sheet of a workbook) holds, empty lines left out."""

    name: str
    rows: list[Row]
    notes: list[Note] = msgspec.field(default_factory=list)
    formulas: list[str] = msgspec.field(default_factory=list)
    """Cells that hold a formula, the first few: `B7`."""
    merged: list[str] = msgspec.field(default_factory=list)
    """Merged ranges: `A2:A5`."""
    is_text: bool = False
    """From a text file: there every cell is text, and zeros or digits may have been lost before it was saved."""


def is_empty(cell: RawCell) -> bool:
    """Nothing, or only blanks."""
    return cell is None or (isinstance(cell, str) and not cell.strip(" \t\r\n\u00a0\u3000\ufeff\u200b"))


def column_letter(place: int) -> str:
    """`0` → `A`, `27` → `AB`."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
