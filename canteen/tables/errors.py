"""What is refused about a file, as data: a stable code and facts, never a sentence or an HTTP status."""

from collections.abc import Mapping
from typing import ClassVar

Fact = str | int | bool | None


class TableError(Exception):
    """Base of every expected refusal in `canteen.tables`; `data` holds what a sentence needs."""

    code: ClassVar[str] = "tables.refused"

    def __init__(self, **data: Fact) -> None:
        self.data: Mapping[str, Fact] = data
        super().__init__(self.code, data)


class FileRefused(TableError):
    """A file that cannot be read as a table; `data["why"]` is one of `WHY`, the rest are facts about it."""

    code = "tables.file"

    def __init__(self, why: str, **data: Fact) -> None:
        self.why = why
        super().__init__(why=why, **data)


WHY = frozenset(
    {
        "empty",
        "too-large",
        "too-many-rows",
        "too-many-columns",
        "cell-too-long",
        "unpacks-too-large",
        "old-excel",
        "encrypted",
        "macros",
        "binary-excel",
        "open-document",
        "html",
        "not-a-table",
        "damaged",
        "encoding",
        "full-width-comma",
        "quotes",
        "took-too-long",
        "no-header",
        "two-sheets",
        "formulas",
        "merged",
        "columns",
    }
)
"""Every reason has a sentence `tables.file.<why>` in both languages; a test compares."""


class BatchUnknown(TableError):
    """No such import, it has ended, or it is somebody else's."""

    code = "tables.batch-unknown"


class BatchHasErrors(TableError):
    """Rows are wrong: all or nothing, so nothing; `data["bad"]` counts them."""

    code = "tables.bad-rows"


class ChangedMeanwhile(TableError):
    """Between the dry run and now somebody changed what the file is about; `data["rows"]` counts them."""

    code = "tables.changed-meanwhile"


class BatchBusy(TableError):
    """It is being brought in at this moment, or has been."""

    code = "tables.batch-busy"


class RangeRefused(TableError):
    """Days of an export that end before they begin, or are too many."""

    code = "tables.range"
