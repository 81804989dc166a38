"""Tables of erasures: who asked that a person's data goes, and who did it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel


class Erasure(SQLModel, table=True):
    """Somebody's data shall go, one person says; a second person does it. No words: they would name the person."""

    __tablename__ = "erasure"
    __table_args__ = (
        CheckConstraint("why IN ('asked', 'family', 'retention')", name="erasure_why"),
        CheckConstraint("decision IS NULL OR decision IN ('done', 'declined')", name="erasure_decision"),
        CheckConstraint(
            "(decision IS NULL) = (decided_at IS NULL) AND (decision IS NULL) = (decided_by IS NULL)",
            name="erasure_decided",
        ),
        CheckConstraint("decided_by IS NULL OR decided_by <> asked_by", name="erasure_second_person"),
        Index(
            "erasure_waiting",
            "resident_id",
            unique=True,
            sqlite_where=text("decision IS NULL"),
            postgresql_where=text("decision IS NULL"),
        ),
    )
    id: str = Field(primary_key=True, max_length=26)
    resident_id: str = Field(foreign_key="resident.id", max_length=26)
    why: str = Field(max_length=10)
    """asked (by the person) · family · retention (nothing has happened for as long as it is kept)."""
    asked_at: datetime
    asked_by: str
    asked_name: str = ""
    decision: str | None = Field(default=None, max_length=10)
    decided_at: datetime | None = None
    decided_by: str | None = None
    decided_name: str = ""


class Erasing(SQLModel, table=True):
    """Whose words are being taken out, inside the one transaction that does it: guards let erasable columns change then.

    Nobody else ever sees a row: it goes before the transaction ends.
    """

    __tablename__ = "erasing"
    resident_id: str = Field(foreign_key="resident.id", primary_key=True, max_length=26)
