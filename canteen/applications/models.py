"""Tables of applications. What people wrote and photographed is sealed; steps and checks are only ever added."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

_OPEN = "state IN ('draft','submitted','returned','verified','reviewed')"


class Application(SQLModel, table=True):
    """One resident's application for one category."""

    __tablename__ = "application"
    __table_args__ = (
        CheckConstraint(
            "state IN ('draft','submitted','returned','verified','reviewed','approved','refused','withdrawn')",
            name="application_state",
        ),
        CheckConstraint("filed_how IN ('resident','family','worker')", name="application_filed_how"),
        CheckConstraint(
            "(due_on IS NOT NULL) = (state IN ('submitted','verified','reviewed'))", name="application_due"
        ),
        CheckConstraint(
            "number IS NOT NULL OR state IN ('draft','withdrawn')", name="application_numbered_when_submitted"
        ),
        Index(
            "application_open",
            "resident_id",
            "category",
            unique=True,
            sqlite_where=text(_OPEN),
            postgresql_where=text(_OPEN),
        ),
        Index("application_waiting", "state", "due_on"),
    )
    id: str = Field(primary_key=True, max_length=26)
    number: str | None = Field(default=None, unique=True, max_length=12)
    """`2026-0001`, given when it is first sent."""
    resident_id: str = Field(foreign_key="resident.id", index=True, max_length=26)
    category: str = Field(max_length=30)
    state: str = Field(max_length=10)
    filed_by: str
    """`resident:ID` or `account:ID` of whoever began it or sent it last."""
    filed_how: str = Field(max_length=8)
    """resident · family · worker."""
    filed_name: str = ""
    """Of a worker; residents are named by their file."""
    answers_sealed: bytes | None = None
    """JSON of `papers.Answers`; gone when withdrawn."""
    begun_at: datetime
    changed_at: datetime
    submitted_at: datetime | None = None
    due_on: date | None = None
    """Last day of the office whose turn it is."""
    version: int = 1
    """Counts sendings and decisions: who decides says which one they saw."""


class ApplicationStep(SQLModel, table=True):
    """Who did what when. `application_one_level` refuses a person who acted on another level of the same application."""

    __tablename__ = "application_step"
    __table_args__ = (
        UniqueConstraint("application_id", "position", name="application_step_position"),
        CheckConstraint(
            "(level = 'applicant' AND decision IN ('submitted','withdrawn'))"
            " OR (level = 'community' AND decision IN ('verified','returned'))"
            " OR (level = 'subdistrict' AND decision IN ('reviewed','returned'))"
            " OR (level = 'district' AND decision IN ('approved','returned','refused'))",
            name="application_step_decision",
        ),
        CheckConstraint(
            "decision NOT IN ('returned','refused') OR reason_sealed IS NOT NULL", name="application_step_reason"
        ),
        CheckConstraint("(decision = 'approved') = (grant_id IS NOT NULL)", name="application_step_grant"),
    )
    id: str = Field(primary_key=True, max_length=26)
    application_id: str = Field(foreign_key="application.id", max_length=26)
    position: int
    """1, 2, 3…"""
    level: str = Field(max_length=12)
    decision: str = Field(max_length=10)
    """The state it led to."""
    at: datetime
    by: str
    by_name: str = ""
    reason_sealed: bytes | None = None
    """What the applicant reads of a return or refusal; of any other step a word for the next office."""
    grant_id: str | None = Field(default=None, foreign_key="category_grant.id", max_length=26)


class Evidence(SQLModel, table=True):
    """One photo of a paper, written anew from bare pixels and sealed."""

    __tablename__ = "application_evidence"
    __table_args__ = (
        UniqueConstraint("application_id", "position", name="application_evidence_position"),
        CheckConstraint("position BETWEEN 1 AND 3", name="application_evidence_three"),
    )
    id: str = Field(primary_key=True, max_length=40)
    application_id: str = Field(foreign_key="application.id", max_length=26)
    position: int
    added_at: datetime
    added_by: str
    width: int
    height: int
    sealed: bytes
    """WebP."""


class CategoryCheck(SQLModel, table=True):
    """The yearly look at a category: the papers were seen again. What ended is the grant's own business."""

    __tablename__ = "category_check"
    __table_args__ = (Index("category_check_grant", "grant_id"),)
    id: str = Field(primary_key=True, max_length=26)
    grant_id: str = Field(foreign_key="category_grant.id", max_length=26)
    checked_at: datetime
    checked_by: str
    checked_name: str = ""
    evidence: str
    """What was seen: certificate and its number's last digits, or who confirmed."""
