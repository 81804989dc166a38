"""A dry run in words, for pages and for the command line."""

from collections.abc import Mapping
from dataclasses import dataclass

from canteen.readmodels.file_checks.checked import CheckedRow, Difference, Fault
from canteen.readmodels.file_checks.cleaning import words_of
from canteen.tables.columns import ColumnSpec
from canteen.tables.errors import FileRefused
from canteen.tables.kinds import COLUMNS, ImportKind
from canteen.tables.models import Verdict
from canteen.tables.words import CATEGORIES, MEALS, YES_NO, shown
from canteen.web.language import Language, Translate


@dataclass(frozen=True, slots=True)
class FaultLine:
    """One fault: where, and why with what to do."""

    line: int
    where_line: str
    where_column: str
    why: str


@dataclass(frozen=True, slots=True)
class RowLine:
    """One line that would come in, and what it changes."""

    line: int
    label: str
    verdict: Verdict
    changes: tuple[str, ...]


def refused_words(t: Translate, error: FileRefused) -> str:
    """Why the file cannot be read."""
    facts = {key: value for key, value in error.data.items() if key != "why"}
    return t(f"tables.file.{error.why}", **facts)


def fault_line(t: Translate, fault: Fault, language: Language) -> FaultLine:
    """`第 7 行`, `B 列「身份证号」`, and the sentence."""
    if fault.letter and fault.title:
        column = t("tables.column", letter=fault.letter, title=fault.title)
    elif fault.letter:
        column = t("tables.column-without-title", letter=fault.letter)
    else:
        column = t("tables.field-missing", title=fault.title) if fault.title else ""
    facts: dict[str, object] = dict(fault.facts)
    if "category" in facts:
        facts["category"] = shown(CATEGORIES, str(facts["category"]), language)
    if fault.key == "category-held" and not facts.get("until"):
        facts["until"] = "…"
    where = t("tables.line", line=fault.line) if fault.line else t("tables.whole-file")
    return FaultLine(fault.line, where, column, t(f"tables.cell.{fault.key}", **facts))


def row_line(t: Translate, kind: ImportKind, row: CheckedRow, language: Language) -> RowLine:
    """A line that would come in."""
    columns = {column.key: column for column in COLUMNS[kind]}
    changes = tuple(_change(t, columns, kind, difference, language) for difference in row.differences)
    label = row.label
    if kind is ImportKind.MENUS:
        label = f"{row.values.get('day', '')} {shown(MEALS, str(row.values.get('meal', '')), language)} {label}"
    return RowLine(row.line, label, row.verdict, changes)


def _change(
    t: Translate, columns: Mapping[str, ColumnSpec], kind: ImportKind, difference: Difference, language: Language
) -> str:
    known = YES_NO if difference.field in {"register_here", "recommended"} else words_of(kind, difference.field)

    def word(value: str) -> str:
        if not value:
            return t("tables.empty")
        return shown(known, value, language) if known else value

    title = columns[difference.field].title(language)
    return t("tables.change", field=title, old=word(difference.old), new=word(difference.new))
