"""Tables of 结算单: one canteen's claim for one month, who took which step, what was approved, paid and stored."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel


class MonthStatement(SQLModel, table=True):
    """One canteen's month on its way from cut-off to payment. Once locked, nothing in it changes but that it was paid."""

    __tablename__ = "month_statement"
    __table_args__ = (
        UniqueConstraint("canteen_id", "period", name="month_statement_once"),
        CheckConstraint(
            "state IN ('cut-off','reconciling','declared','reviewed','approved','locked','paid','returned')",
            name="month_statement_state",
        ),
        CheckConstraint(
            "(reviewed_by IS NULL OR reviewed_by <> declared_by)"
            " AND (approved_by IS NULL OR (approved_by <> declared_by AND approved_by <> reviewed_by))",
            name="month_statement_three_people",
        ),
        CheckConstraint(
            "state NOT IN ('declared','reviewed','approved','locked','paid') OR (declared_by IS NOT NULL"
            " AND declared_at IS NOT NULL AND head_seq IS NOT NULL AND head_hash IS NOT NULL)",
            name="month_statement_declared",
        ),
        CheckConstraint(
            "state NOT IN ('reviewed','approved','locked','paid') OR (reviewed_by IS NOT NULL AND reviewed_at IS NOT NULL)",
            name="month_statement_reviewed",
        ),
        CheckConstraint(
            "state NOT IN ('approved','locked','paid') OR (approved_by IS NOT NULL AND approved_at IS NOT NULL)",
            name="month_statement_approved",
        ),
        CheckConstraint(
            "state NOT IN ('locked','paid') OR (locked_by IS NOT NULL AND locked_at IS NOT NULL"
            " AND merkle_root IS NOT NULL AND previous_root IS NOT NULL AND signature IS NOT NULL AND key_id IS NOT NULL)",
            name="month_statement_locked",
        ),
    )
    id: str = Field(primary_key=True, max_length=26)
    canteen_id: str = Field(max_length=40)
    period: str = Field(max_length=7)
    """`2026-10`."""
    state: str = Field(max_length=12)
    attempt: int = 0
    """How often it was declared; its lines are those of the last time."""
    since: datetime
    """When it came into this state."""
    cut_off_by: str
    cut_off_at: datetime
    declared_by: str | None = None
    declared_at: datetime | None = None
    head_seq: int | None = None
    """The high-water mark: the chain's last entry when it was declared."""
    head_hash: str | None = Field(default=None, max_length=64)
    reviewed_by: str | None = None
    reviewed_at: datetime | None = None
    approved_by: str | None = None
    approved_at: datetime | None = None
    locked_by: str | None = None
    locked_at: datetime | None = None
    merkle_root: str | None = Field(default=None, max_length=64)
    previous_root: str | None = Field(default=None, max_length=64)
    signature: str | None = None
    key_id: str | None = None


class StatementStep(SQLModel, table=True):
    """One step, who took it and why. Append-only."""

    __tablename__ = "statement_step"
    __table_args__ = (UniqueConstraint("statement_id", "position", name="statement_step_order"),)
    id: int | None = Field(default=None, primary_key=True)
    statement_id: str = Field(foreign_key="month_statement.id", max_length=26)
    position: int
    step: str = Field(max_length=12)
    """The state it led to."""
    by: str
    by_name: str
    at: datetime
    reason: str = Field(default="", max_length=300)


class StatementLine(SQLModel, table=True):
    """What is claimed of one funder and programme, as declared. Append-only; fen."""

    __tablename__ = "statement_line"
    statement_id: str = Field(foreign_key="month_statement.id", primary_key=True, max_length=26)
    attempt: int = Field(primary_key=True)
    funder: str = Field(primary_key=True, max_length=20)
    programme: str = Field(primary_key=True, max_length=40)
    meals: int
    """Meals of the month this funder bears a part of, adjustments not counted."""
    claimed_fen: int


class StatementApproval(SQLModel, table=True):
    """What of a line was approved. Append-only; fen. Both together are what was claimed."""

    __tablename__ = "statement_approval"
    __table_args__ = (
        CheckConstraint("disallowed_fen >= 0", name="statement_approval_disallowed"),
        CheckConstraint("disallowed_fen = 0 OR reason <> ''", name="statement_approval_reason"),
    )
    statement_id: str = Field(foreign_key="month_statement.id", primary_key=True, max_length=26)
    funder: str = Field(primary_key=True, max_length=20)
    programme: str = Field(primary_key=True, max_length=40)
    approved_fen: int
    disallowed_fen: int
    set_off_fen: int = 0
    """Owed back from locked months and taken off this payment."""
    reason: str = Field(default="", max_length=300)


class StatementPayment(SQLModel, table=True):
    """Money that came from a funder for a locked month. Append-only; fen."""

    __tablename__ = "statement_payment"
    __table_args__ = (
        CheckConstraint("fen > 0", name="statement_payment_positive"),
        UniqueConstraint("statement_id", "funder", "programme", "reference", name="statement_payment_once"),
    )
    id: str = Field(primary_key=True, max_length=26)
    statement_id: str = Field(foreign_key="month_statement.id", max_length=26)
    funder: str = Field(max_length=20)
    programme: str = Field(max_length=40)
    fen: int
    paid_on: date
    reference: str = Field(max_length=60)
    by: str
    at: datetime


class StatementFile(SQLModel, table=True):
    """What was exported at the lock, served as it is stored. Append-only."""

    __tablename__ = "statement_file"
    statement_id: str = Field(foreign_key="month_statement.id", primary_key=True, max_length=26)
    name: str = Field(primary_key=True, max_length=80)
    sha256: str = Field(max_length=64)
    content: bytes = Field(sa_type=LargeBinary)
    built_at: datetime
