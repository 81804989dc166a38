"""Templates people fill in: one example line, and a sheet that explains every column."""

from litestar import Response

from canteen.tables.columns import ColumnSpec, Reads
from canteen.tables.kinds import COLUMNS, ImportKind
from canteen.web.language import Language, Translate
from canteen.web.tables import (
    XLSX_TYPE,
    ColumnKind,
    SheetToWrite,
    TableColumn,
    TableKind,
    file_answer,
    table_bytes,
    workbook_bytes,
)

_DIGITS: frozenset[Reads] = frozenset({"id", "phone", "card", "day"})


def table_column(column: ColumnSpec, language: Language) -> TableColumn:
    """As a template or an export that can be brought in again writes it; numbers of digits and days are text."""
    kinds: dict[Reads, ColumnKind] = {"money": "money", "whole": "whole"}
    kind: ColumnKind = "digits" if column.reads in _DIGITS else kinds.get(column.reads, "text")
    return TableColumn(column.title(language), kind, 22 if kind == "digits" else 18)


def template_answer(kind: ImportKind, t: Translate, language: Language, as_kind: TableKind) -> Response[bytes]:
    """The template as a file."""
    name = f"{t(f'tables.kind.{kind.value}')}-{'template' if language == 'en' else '模板'}.{as_kind}"
    if as_kind == "csv":
        return file_answer(name, template_bytes(kind, t, language, "csv"), "text/csv")
    return file_answer(name, template_bytes(kind, t, language, "xlsx"), XLSX_TYPE)


def template_bytes(kind: ImportKind, t: Translate, language: Language, as_kind: TableKind) -> bytes:
    """One example line; a workbook explains itself on a second sheet."""
    specs = COLUMNS[kind]
    columns = [table_column(column, language) for column in specs]
    example = [(column.example_en if language == "en" else column.example_zh) for column in specs]
    if as_kind == "csv":
        return table_bytes(columns, [example], "csv")
    notes = [
        TableColumn(t("tables.template.column"), width=20),
        TableColumn(t("tables.template.needed"), width=8),
        TableColumn(t("tables.template.what"), width=70),
        TableColumn(t("tables.template.example"), width=26),
    ]
    lines = [
        (
            column.title(language),
            t("tables.template.yes") if column.required else "",
            column.note_en if language == "en" else column.note_zh,
            column.example_en if language == "en" else column.example_zh,
        )
        for column in specs
    ]
    return workbook_bytes(
        [
            SheetToWrite(t("tables.template.sheet"), columns, [example]),
            SheetToWrite(t("tables.template.notes-sheet"), notes, [*lines, ("", "", t("tables.template.hint"), "")]),
        ]
    )
