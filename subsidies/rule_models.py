"""Tables of how rule sets come to be and go: drafts, and from when to when each published one decides."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel


class RuleSetInForce(SQLModel, table=True):
    """Where, for whose money and from when to when a published set decides. Its end may come nearer, nothing else moves."""

    __tablename__ = "rule_set_in_force"
    __table_args__ = (
        CheckConstraint("valid_until IS NULL OR valid_from <= valid_until", name="rule_set_in_force_dates"),
    )
    rule_set_id: int = Field(foreign_key="rule_set.id", primary_key=True)
    place: str = Field(primary_key=True, max_length=120)
    """'' is everywhere, an area path all canteens in it, an area path with a canteen's id below it that canteen."""
    funder: str = Field(primary_key=True, max_length=64)
    is_example: bool
    valid_from: date
    valid_until: date | None = None
    """Half-open; equal to `valid_from` when it was superseded before it began."""


class DraftState(StrEnum):
    """Where a rule set stands on its way to publication."""

    DRAFT = "draft"
    """Its author is writing it."""
    SUBMITTED = "submitted"
    """A second person reads it; nobody may change it."""
    RETURNED = "returned"
    """The second person sent it back with a reason; its author may change it again."""
    PUBLISHED = "published"
    """It stands as a rule set, for good."""
    WITHDRAWN = "withdrawn"
    """Its author gave it up."""


class RuleDraft(SQLModel, table=True):
    """A rule document before it is published. Only its author changes it; only somebody else publishes it."""

    __tablename__ = "rule_draft"
    __table_args__ = (
        CheckConstraint(
            "state IN ('draft', 'submitted', 'returned', 'published', 'withdrawn')", name="rule_draft_state"
        ),
        CheckConstraint("decided_by IS NULL OR decided_by <> author", name="rule_draft_second_person"),
        CheckConstraint(
            "(state = 'published') = (rule_set_id IS NOT NULL) AND (state <> 'published' OR decided_by IS NOT NULL)",
            name="rule_draft_published",
        ),
    )
    id: str = Field(primary_key=True, max_length=26)
    code: str = Field(max_length=60)
    version: int
    title: str
    text: str
    revision: int = 1
    """Goes up with each save: who decides says which one they read."""
    state: str = Field(default=DraftState.DRAFT, max_length=10)
    author: str
    author_name: str = Field(max_length=60)
    started_at: datetime
    saved_at: datetime
    submitted_at: datetime | None = None
    decided_at: datetime | None = None
    decided_by: str | None = None
    decided_name: str = Field(default="", max_length=60)
    reason: str = Field(default="", max_length=400)
    """Why it was returned, or what is said at publication."""
    rule_set_id: int | None = Field(default=None, foreign_key="rule_set.id")
