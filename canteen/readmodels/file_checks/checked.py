"""What a dry run says: every line with its verdict, every fault with line, column and reason."""

from collections import Counter
from dataclasses import dataclass, field

import msgspec

from canteen.tables.columns import ColumnSpec
from canteen.tables.kinds import COLUMNS, ImportKind
from canteen.tables.models import Verdict
from canteen.tables.sheet import Note

Value = str | int | list[str]
_TITLES = {kind: {column.key: column.zh for column in columns} for kind, columns in COLUMNS.items()}


class Fault(msgspec.Struct, frozen=True):
    """Why a line cannot come in: `tables.cell.<key>`. `title` is what the file calls the column, `letter` where it is."""

    line: int
    letter: str
    title: str
    key: str
    facts: dict[str, str | int] = msgspec.field(default_factory=dict)


class Difference(msgspec.Struct, frozen=True):
    """One field a line would change, as words; private ones masked."""

    field: str
    old: str
    new: str


class CheckedRow(msgspec.Struct):
    """One line. `values` hold clean values by column key; a key that is not there was empty."""

    line: int
    label: str
    values: dict[str, Value]
    verdict: Verdict = Verdict.NEW
    target: str = ""
    """What it changes: a resident's or dish's key."""
    seen: str = ""
    """Fingerprint of what stood there when it was judged; another one means somebody changed it."""
    differences: list[Difference] = msgspec.field(default_factory=list)
    faults: list[Fault] = msgspec.field(default_factory=list)

    @property
    def is_bad(self) -> bool:
        """It cannot come in."""
        return self.verdict is Verdict.BAD

    def refuse(self, fault: Fault) -> None:
        """Mark it."""
        self.verdict = Verdict.BAD
        self.faults.append(fault)


@dataclass
class FileCheck:
    """The whole dry run."""

    kind: ImportKind
    rows: list[CheckedRow] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    file_faults: list[Fault] = field(default_factory=list)
    """Faults of the header or of the sheet, before any line is judged."""
    titles: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Column key → (what the file calls it, its letter)."""

    @property
    def counts(self) -> dict[Verdict, int]:
        """Lines by verdict."""
        found = Counter(row.verdict for row in self.rows)
        return {verdict: found.get(verdict, 0) for verdict in Verdict}

    @property
    def faults(self) -> list[Fault]:
        """All of them, in the order of the lines."""
        of_rows = [fault for row in self.rows for fault in row.faults]
        return [*self.file_faults, *sorted(of_rows, key=lambda fault: fault.line)]

    @property
    def may_apply(self) -> bool:
        """Nothing wrong, and something to do."""
        counts = self.counts
        return not self.file_faults and not counts[Verdict.BAD] and bool(counts[Verdict.NEW] + counts[Verdict.CHANGE])

    def fault(self, row: CheckedRow, column: ColumnSpec | str, key: str, **facts: str | int) -> None:
        """Refuse a line for what stands in one of its columns."""
        name = column if isinstance(column, str) else column.key
        title, letter = self.titles.get(name) or (_TITLES[self.kind].get(name, ""), "")
        row.refuse(Fault(row.line, letter, title, key, facts))
