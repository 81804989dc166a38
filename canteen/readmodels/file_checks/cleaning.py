"""From a file's raw cells to clean values: which sheet, which columns, and each cell by itself."""

import re
from collections.abc import Iterator, Sequence

from canteen.readmodels.file_checks.checked import CheckedRow, Fault, FileCheck, Value
from canteen.tables import cells, words
from canteen.tables.cells import Wrong
from canteen.tables.columns import ColumnSpec, Header, find_header
from canteen.tables.errors import FileRefused
from canteen.tables.kinds import COLUMNS, EXAMPLE, ImportKind
from canteen.tables.sheet import MOST_ROWS, Note, RawCell, Row, Sheet, column_letter, is_empty

_WORDS: dict[tuple[ImportKind, str], words.Words] = {
    (ImportKind.RESIDENTS, "sex"): words.SEXES,
    (ImportKind.RESIDENTS, "card_kind"): words.CARD_KINDS,
    (ImportKind.RESIDENTS, "categories"): words.CATEGORIES,
    (ImportKind.RESIDENTS, "consent_how"): words.CONSENT_HOW,
    (ImportKind.DISHES, "course"): words.COURSES,
    (ImportKind.DISHES, "diet_tags"): words.DIET,
    (ImportKind.DISHES, "allergens"): words.ALLERGENS,
    (ImportKind.MENUS, "meal"): words.MEALS,
    (ImportKind.MENUS, "kind"): words.ITEM_KINDS,
}
_REFERENCE = re.compile(r"([A-Z]+)([0-9]+)(?::([A-Z]+)([0-9]+))?")


def words_of(kind: ImportKind, column: str) -> words.Words | None:
    """The words a column knows, if it knows words."""
    return _WORDS.get((kind, column))


def clean(sheets: Sequence[Sheet], kind: ImportKind) -> FileCheck:
    """Every line with its clean values; what the database says of them comes later.

    Raises:
        FileRefused: no sheet has such a header, or two have.
    """
    columns = COLUMNS[kind]
    sheet, header = _choose(sheets, columns)
    check = FileCheck(kind, notes=list(sheet.notes))
    check.notes += [Note("other-sheet", {"sheet": other.name}) for other in sheets if other is not sheet]
    if header.row:
        check.notes.append(Note("lines-above", {"count": header.row}))
    check.titles = {key: (title, column_letter(header.places[key])) for key, title in header.titles.items()}
    check.file_faults += _header_faults(header)
    check.notes += [
        Note("column-ignored", {"title": column.title, "letter": column.letter})
        for column in header.unknown
        if column.meant is None
    ]
    if header.is_refused:
        return check
    check.file_faults += _sheet_faults(sheet, header)
    width = max(header.places.values()) + 1 + len(header.unknown)
    present = [column for column in columns if column.key in header.places]
    for row in sheet.rows[header.row + 1 :]:
        if _is_example(row):
            check.notes.append(Note("example-skipped", {"line": row.line}))
        elif row.cells != sheet.rows[header.row].cells:  # the header again: lists are often put together by hand
            check.rows.append(_row(check, row, header, present, width=width, is_text=sheet.is_text))
    if len(check.rows) > MOST_ROWS:
        raise FileRefused("too-many-rows", most=MOST_ROWS)
    if not check.rows and not check.file_faults:
        raise FileRefused("empty")
    return check


def _choose(sheets: Sequence[Sheet], columns: Sequence[ColumnSpec]) -> tuple[Sheet, Header]:
    found = [(sheet, header) for sheet in sheets if (header := find_header(sheet, columns)) is not None]
    # a sheet of explanations may name a column or two; only whole headers compete
    whole = [pair for pair in found if not pair[1].missing] or found
    if not whole:
        raise FileRefused("no-header", names="、".join(column.zh for column in columns if column.required))
    if len(whole) > 1:
        raise FileRefused("two-sheets", names="、".join(sheet.name for sheet, _ in whole))
    return whole[0]


def _header_faults(header: Header) -> Iterator[Fault]:
    for column in header.missing:
        if not any(strange.meant is column for strange in header.unknown):
            yield Fault(header.line, "", column.zh, "column-missing", {"zh": column.zh, "en": column.en})
    for strange in header.unknown:
        if strange.meant is not None:
            facts: dict[str, str | int] = {"zh": strange.meant.zh, "en": strange.meant.en}
            yield Fault(header.line, strange.letter, strange.title, "column-renamed", facts)
    for title in header.twice:
        yield Fault(header.line, "", title, "column-twice")


def _sheet_faults(sheet: Sheet, header: Header) -> Iterator[Fault]:
    """Formulas and merged cells below the header, in the columns that are read."""
    known = {column_letter(place): header.titles[key] for key, place in header.places.items()}
    for kind, references in (("formula-cell", sheet.formulas), ("merged", sheet.merged)):
        for reference in references:
            found = _REFERENCE.fullmatch(reference)
            if found is None:
                continue
            last = int(found[4] or found[2])
            letters = [letter for letter in known if _between(found[1], letter, found[3] or found[1])]
            if last > header.line and letters:
                yield Fault(int(found[2]), found[1], known[letters[0]], kind, {"range": reference})


def _between(first: str, letter: str, last: str) -> bool:
    return (len(first), first) <= (len(letter), letter) <= (len(last), last)


def _is_example(row: Row) -> bool:
    first = next((cell for cell in row.cells if not is_empty(cell)), "")
    return isinstance(first, str) and first.strip().lower().startswith(EXAMPLE)


def _row(
    check: FileCheck, row: Row, header: Header, columns: Sequence[ColumnSpec], *, width: int, is_text: bool
) -> CheckedRow:
    checked = CheckedRow(row.line, "", {})
    if is_text and any(not is_empty(cell) for cell in row.cells[width:]):
        checked.refuse(Fault(row.line, column_letter(width), "", "too-many-cells"))
        return checked
    for column in columns:
        place = header.places[column.key]
        cell = row.cells[place] if place < len(row.cells) else None
        if is_empty(cell):
            if column.required:
                check.fault(checked, column, "required")
            continue
        try:
            checked.values[column.key] = _value(check.kind, column, cell)
        except Wrong as wrong:
            check.fault(checked, column, wrong.key, **wrong.facts)
    return checked


def _value(kind: ImportKind, column: ColumnSpec, cell: RawCell) -> Value:
    known = words_of(kind, column.key)
    match column.reads:
        case "id":
            return cells.id_number(cell)
        case "phone":
            return _or_masked(cell) or cells.phone(cell)
        case "card":
            return cells.card(cell)
        case "day":
            return cells.day(cell).isoformat()
        case "money":
            return cells.fen(cell)
        case "whole":
            return cells.whole(cell, column.most)
        case "yes-no":
            return cells.word(cell, words.YES_NO)
        case "word" if known is not None:
            return cells.word(cell, known)
        case "words":
            return list(cells.several(cell, known) if known is not None else cells.listed(cell))
        case _:
            return cells.text(cell, column.most)


def _or_masked(cell: RawCell) -> str:
    """`199****0001`, as exported lists show it: means what is on file."""
    value = str(cell).strip()
    return value if "*" in value else ""
