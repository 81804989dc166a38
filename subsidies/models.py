"""Tables of entitlement and of the books. Persons are opaque keys here."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel


class FileStatus(StrEnum):
    """Whether an eligibility file grants anything."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    MOVED = "moved"
    DECEASED = "deceased"
    INSTITUTION = "institution"


class EligibilityFile(SQLModel, table=True):
    """What the district knows about one resident's entitlement."""

    __tablename__ = "eligibility_file"
    __table_args__ = (
        CheckConstraint(
            "status IN ('active','suspended','moved','deceased','institution')", name="eligibility_file_status"
        ),
    )
    resident_id: str = Field(primary_key=True, max_length=26)
    born: date | None = None
    register_area: str = ""
    """Path of area codes of the household register (户籍): `jilin/fengman/jianhua/longcheng`."""
    living_area: str = ""
    residence_confirmed_at: datetime | None = None
    residence_confirmed_by: str | None = None
    residence_said_at: datetime | None = None
    """When the present place was put on file; None: with the file itself. The community has 30 days from then."""
    status: str = Field(default=FileStatus.ACTIVE, max_length=12)
    status_since: date | None = None
    status_before: str = Field(default=FileStatus.ACTIVE, max_length=12, sa_column_kwargs={"server_default": "active"})
    """What held until the day before `status_since`. This row is the fast read of what `file_fact` tells."""
    opened_at: datetime
    version: int = 1


class CategoryGrant(SQLModel, table=True):
    """One category on a file, with its own evidence and dates (half-open: `valid_until` is the first day without)."""

    __tablename__ = "category_grant"
    __table_args__ = (
        CheckConstraint("valid_until IS NULL OR valid_from < valid_until", name="category_grant_dates"),
        Index("category_grant_resident", "resident_id"),
    )
    id: str = Field(primary_key=True, max_length=26)
    resident_id: str = Field(foreign_key="eligibility_file.resident_id", max_length=26)
    category: str = Field(max_length=30)
    valid_from: date
    valid_until: date | None = None
    evidence: str
    """What was seen: certificate and its number's last digits, or who confirmed."""
    granted_at: datetime
    granted_by: str
    proposed_by: str = Field(sa_column_kwargs={"server_default": "earlier"})
    """Who applied for it or entered it; never who granted it. `earlier`: from before this was written down."""
    withdrawn_at: datetime | None = None
    withdrawn_from: date | None = None
    """First day it no longer held, which may lie before the day somebody learned it; with `withdrawn_at` only."""


class CategoryProposal(SQLModel, table=True):
    """A category one person has entered, from a file or a list: it counts for nothing until another approves it."""

    __tablename__ = "category_proposal"
    __table_args__ = (
        CheckConstraint("valid_until IS NULL OR valid_from < valid_until", name="category_proposal_dates"),
        CheckConstraint(
            "(decision IS NULL AND decided_at IS NULL AND decided_by IS NULL)"
            " OR (decision IN ('approved','declined') AND decided_at IS NOT NULL AND decided_by IS NOT NULL)",
            name="category_proposal_decided",
        ),
        CheckConstraint(
            "decision IS NULL OR decision <> 'approved' OR decided_by <> entered_by",
            name="category_proposal_two_people",
        ),
        Index("category_proposal_resident", "resident_id"),
        Index(
            "category_proposal_waiting",
            "source",
            sqlite_where=text("decision IS NULL"),
            postgresql_where=text("decision IS NULL"),
        ),
    )
    id: str = Field(primary_key=True, max_length=26)
    resident_id: str = Field(foreign_key="eligibility_file.resident_id", max_length=26)
    category: str = Field(max_length=30)
    valid_from: date
    valid_until: date | None = None
    """The first day without."""
    evidence: str
    source: str = Field(default="", max_length=40)
    """`import:ID` of the list it came with; empty for a single entry."""
    entered_at: datetime
    entered_by: str
    decision: str | None = Field(default=None, max_length=10)
    """approved · declined."""
    decided_at: datetime | None = None
    decided_by: str | None = None
    reason: str = Field(default="", max_length=120)
    """Why it was declined."""
    grant_id: str | None = Field(default=None, foreign_key="category_grant.id", max_length=26)


class FactField(StrEnum):
    """What of a file has a history of its own; categories have theirs in their grants."""

    STATUS = "status"
    BORN = "born"
    REGISTER = "register_area"
    LIVING = "living_area"


class FileFact(SQLModel, table=True):
    """One thing learned about a file: from which day it is so, and when who told. Append-only, in the order it was learned."""

    __tablename__ = "file_fact"
    __table_args__ = (
        CheckConstraint("field IN ('status','born','register_area','living_area')", name="file_fact_field"),
        CheckConstraint("(field = 'born') = (effective_from IS NULL)", name="file_fact_effective"),
        Index("file_fact_resident", "resident_id"),
    )
    id: int | None = Field(default=None, primary_key=True)
    resident_id: str = Field(foreign_key="eligibility_file.resident_id", max_length=26)
    field: str = Field(max_length=14)
    value: str
    was: str
    """What the file had said until then."""
    effective_from: date | None = None
    """The first day it is so; None for a birthday, which always was."""
    known_at: datetime
    known_by: str


class RuleSetVersion(SQLModel, table=True):
    """A published rule document. Its text never changes."""

    __tablename__ = "rule_set"
    __table_args__ = (UniqueConstraint("code", "version", name="rule_set_version"),)
    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(max_length=60)
    version: int
    title: str
    text: str
    sha256: str = Field(max_length=64)
    is_example: bool
    effective_from: date
    effective_until: date | None = None
    """Half-open: the first day it no longer applies."""
    published_at: datetime
    published_by: str
    drafted_by: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """Who wrote it; never who published it. Empty: shipped, and published at set-up."""


class EntitlementCounter(SQLModel, table=True):
    """次数: subsidised meals used in one period. `canteen` is '' when shared across canteens."""

    __tablename__ = "entitlement_counter"
    __table_args__ = (CheckConstraint("used >= 0 AND used <= cap", name="entitlement_counter_cap"),)
    resident_id: str = Field(primary_key=True, max_length=26)
    name: str = Field(primary_key=True, max_length=60)
    period: str = Field(primary_key=True, max_length=24)
    canteen: str = Field(primary_key=True, max_length=40)
    used: int
    cap: int


class Budget(SQLModel, table=True):
    """Book B of one funder and programme at one canteen for one year. Cached from its postings."""

    __tablename__ = "budget"
    __table_args__ = (
        CheckConstraint("reserved_fen >= 0 AND earned_fen >= 0 AND settled_fen >= 0", name="budget_not_negative"),
        CheckConstraint(
            "appropriated_fen = available_fen + reserved_fen + earned_fen + settled_fen + disallowed_fen"
            " + recoverable_fen",
            name="budget_sum",
        ),
    )
    canteen_id: str = Field(primary_key=True, max_length=40)
    funder: str = Field(primary_key=True, max_length=20)
    programme: str = Field(primary_key=True, max_length=40)
    year: int = Field(primary_key=True)
    appropriated_fen: int = 0
    available_fen: int = 0
    """May fall below zero: short budgets are flagged, not refused, unless the district says so."""
    reserved_fen: int = 0
    earned_fen: int = 0
    settled_fen: int = 0
    disallowed_fen: int = 0
    recoverable_fen: int = 0


class LedgerTransaction(SQLModel, table=True):
    """One entry of a canteen's books. Append-only; chained by hash; holds no identity."""

    __tablename__ = "ledger_transaction"
    __table_args__ = (
        UniqueConstraint("canteen_id", "seq", name="ledger_transaction_seq"),
        Index("ledger_transaction_period", "canteen_id", "period", "kind"),
        Index("ledger_transaction_subject", "subject"),
    )
    id: str = Field(primary_key=True, max_length=26)
    key: str = Field(unique=True, max_length=80)
    """Caller-made: `reserve:{order}`, `earn:{order}`…: the same thing cannot be booked twice."""
    canteen_id: str = Field(max_length=40)
    seq: int
    """1, 2, 3… without gaps in one canteen's chain."""
    kind: str = Field(max_length=20)
    """reserve · earn · release · pay · settle_due · top_up · load · adjust · unearn …"""
    subject: str = Field(max_length=60)
    """`order:ID`, `budget:…`, `payment:ID`."""
    resolves: str | None = Field(default=None, unique=True, max_length=80)
    """Key of the reservation this earn or release resolves: exactly once, by constraint."""
    effective_date: date
    """The date it is for."""
    period: str = Field(max_length=7)
    """The open month it is booked in, `2026-11`."""
    posted_at: datetime
    rule_set_id: int | None = None
    actor: str
    reason: str = ""
    corrects: str | None = Field(default=None, max_length=80)
    """Key of the posted entry this one corrects."""
    prev_hash: str = Field(max_length=64)
    hash: str = Field(max_length=64)


class Posting(SQLModel, table=True):
    """One leg of an entry. Debits are positive fen, credits negative; each book sums to zero."""

    __tablename__ = "posting"
    __table_args__ = (
        CheckConstraint("book IN ('B', 'F')", name="posting_book"),
        CheckConstraint("fen <> 0", name="posting_not_zero"),
        Index("posting_account", "book", "account", "funder"),
    )
    transaction_id: str = Field(foreign_key="ledger_transaction.id", primary_key=True, max_length=26)
    position: int = Field(primary_key=True)
    book: str = Field(max_length=1)
    account: str = Field(max_length=20)
    funder: str = Field(default="", max_length=20)
    programme: str = Field(default="", max_length=40)
    rule: str = Field(default="", max_length=60)
    category: str = Field(default="", max_length=40)
    owner: str = Field(default="", max_length=26)
    """Wallet reference on account 2000; never a person's key."""
    fen: int


class ChainHead(SQLModel, table=True):
    """Last link of a canteen's chain; locked last in every transaction."""

    __tablename__ = "chain_head"
    canteen_id: str = Field(primary_key=True, max_length=40)
    seq: int = 0
    hash: str = Field(default="", max_length=64)
    open_from: str = Field(default="", max_length=7, sa_column_kwargs={"server_default": ""})
    """The first month that still takes entries, `2026-11`; empty while no month was declared."""
