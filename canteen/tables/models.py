"""Tables of files on their way in. What a row says of a person is sealed, and gone when the import ends."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index
from sqlmodel import Field, SQLModel


class BatchState(StrEnum):
    """Where an import stands between the dry run and its end."""

    STAGING = "staging"
    """Rows are being put aside."""
    CHECKED = "checked"
    """The dry run is shown; nothing has changed."""
    ARRIVING = "arriving"
    """New people are being written, seen by nobody; may still be dropped whole."""
    APPLIED = "applied"
    """Decided and in force; what is left to do is finished by whoever comes next."""
    DONE = "done"
    """In force, and its staged rows are gone."""
    DROPPED = "dropped"
    """Nothing of it came in."""


class Verdict(StrEnum):
    """What a row of a file would do."""

    NEW = "new"
    CHANGE = "change"
    SAME = "same"
    BAD = "bad"


class ImportBatch(SQLModel, table=True):
    """One file."""

    __tablename__ = "import_batch"
    __table_args__ = (
        CheckConstraint("kind IN ('residents', 'dishes', 'menus')", name="import_batch_kind"),
        CheckConstraint(
            "state IN ('staging', 'checked', 'arriving', 'applied', 'done', 'dropped')", name="import_batch_state"
        ),
    )
    id: str = Field(primary_key=True, max_length=26)
    kind: str = Field(max_length=10)
    file_name: str = Field(max_length=120)
    scope: str = Field(max_length=40)
    """The kitchen of dishes and menus; the community new people belong to when the file names none, or empty."""
    state: str = Field(default=BatchState.STAGING, max_length=10)
    by: str = Field(index=True)
    began_at: datetime = Field(index=True)
    touched_at: datetime
    """The machine's time at its last step: one that stands still for long was left by a process that died."""
    taken_by: str = Field(default="", max_length=32)
    """Who works on it now: a random word of one run, so that two runs cannot mix."""
    ended_at: datetime | None = None
    new_count: int = 0
    changed_count: int = 0
    same_count: int = 0
    bad_count: int = 0
    told: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    """Notes about the file: keys and facts, nothing of a person."""


class ImportRow(SQLModel, table=True):
    """One line put aside: new and changed ones whole, and the first wrong ones for the page. Gone once it is done."""

    __tablename__ = "import_row"
    __table_args__ = (
        CheckConstraint("verdict IN ('new', 'change', 'same', 'bad')", name="import_row_verdict"),
        Index("import_row_by_verdict", "batch_id", "verdict", "line"),
    )
    batch_id: str = Field(foreign_key="import_batch.id", primary_key=True, max_length=26)
    line: int = Field(primary_key=True)
    verdict: str = Field(max_length=6)
    sealed: bytes
    """JSON of the row as it was judged, sealed for its place."""
    target: str = Field(default="", max_length=60)
    """Whose file it changes, or has made: a resident's key."""
