"""Which columns a kind of file has, and which of them a header names."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from canteen.tables.sheet import Row, Sheet, column_letter, is_empty
from canteen.tables.words import nearest, plain

HEADER_WITHIN = 10
"""Titles and remarks may stand above the header, no more than this many lines of them."""
_UNIT = re.compile(r"[(（][^()（）]*[)）]$")

Reads = Literal["text", "id", "phone", "card", "day", "money", "whole", "yes-no", "word", "words", "key"]


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """One column of a file. Titles and notes are in both languages, for both are understood in one file."""

    key: str
    zh: str
    en: str
    reads: Reads
    note_zh: str
    note_en: str
    example_zh: str = ""
    example_en: str = ""
    aliases: tuple[str, ...] = ()
    required: bool = False
    most: int = 200
    """Characters of text, or the highest whole number."""

    def title(self, language: str) -> str:
        """As the templates write it."""
        return self.en if language == "en" else self.zh

    @property
    def names(self) -> tuple[str, ...]:
        """Everything it is recognised by."""
        return (self.key, self.zh, self.en, *self.aliases)


@dataclass(frozen=True, slots=True)
class UnknownColumn:
    """A title nobody knows; `meant` is the column it may stand for."""

    title: str
    letter: str
    meant: ColumnSpec | None


@dataclass(frozen=True, slots=True)
class Header:
    """Where each column stands. `row` is its place among the sheet's rows."""

    row: int
    line: int
    places: dict[str, int]
    titles: dict[str, str]
    """What the file calls each column it has."""
    missing: tuple[ColumnSpec, ...]
    unknown: tuple[UnknownColumn, ...]
    twice: tuple[str, ...]

    @property
    def score(self) -> tuple[int, int]:
        """Columns it names, and titles that look like another one."""
        return len(self.places), sum(column.meant is not None for column in self.unknown)

    @property
    def is_refused(self) -> bool:
        """A needed column is missing, one stands twice, or a title looks like a known one that was renamed."""
        return bool(self.missing or self.twice or any(column.meant for column in self.unknown))


def find_header(sheet: Sheet, columns: Sequence[ColumnSpec]) -> Header | None:
    """The row among the first few that names most of the columns; None when none names two of them, one perhaps badly."""
    best: Header | None = None
    for place, row in enumerate(sheet.rows[:HEADER_WITHIN]):
        header = _match(place, row, columns)
        if best is None or header.score > best.score:
            best = header
    return best if best is not None and best.places and sum(best.score) >= min(2, len(columns)) else None


def _match(place: int, row: Row, columns: Sequence[ColumnSpec]) -> Header:
    known = {plain(name): column for column in columns for name in column.names}
    places: dict[str, int] = {}
    titles: dict[str, str] = {}
    twice: list[str] = []
    strange: list[tuple[str, int]] = []
    for at, cell in enumerate(row.cells):
        if is_empty(cell):
            continue
        title = str(cell).strip().strip("\ufeff")
        column = known.get(plain(title)) or known.get(plain(_UNIT.sub("", title)))
        if column is None:
            strange.append((title, at))
        elif column.key in places:
            twice.append(title)
        else:
            places[column.key], titles[column.key] = at, title
    absent = [column for column in columns if column.key not in places]
    unknown = []
    for title, at in strange:
        near = nearest(title, [name for column in absent for name in column.names])
        meant = next((column for column in absent if near in column.names), None)
        unknown.append(UnknownColumn(title[:40], column_letter(at), meant))
    missing = tuple(column for column in absent if column.required)
    return Header(place, row.line, places, titles, missing, tuple(unknown), tuple(twice))
