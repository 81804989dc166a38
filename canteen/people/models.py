"""Tables of people. Private fields end in `_sealed` (encrypted with a key id) or `_index` (keyed hash)."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel


class Role(StrEnum):
    """What an account may do, and how far it sees."""

    MANAGER = "manager"
    """店长: everything at one canteen, day and month included."""
    STAFF = "staff"
    """食堂员工: window, board, hand-over and cash at one canteen."""
    COMMUNITY = "community"
    """社区工作人员: enrols residents of one community."""
    SUBDISTRICT = "subdistrict"
    """街道: reads and reviews one subdistrict."""
    OFFICER = "officer"
    """区民政局: reads and decides for the whole district."""
    AUDITOR = "auditor"
    """审计: reads everything, changes nothing."""
    ADMIN = "admin"
    """系统管理员: accounts, devices, settings; no subsidy decisions."""
    KIOSK = "kiosk"
    """A program or device that orders for whoever taps a card (tokens only)."""


class CardState(StrEnum):
    """Whether a card number finds its resident."""

    ACTIVE = "active"
    LOST = "lost"
    BLOCKED = "blocked"


class Arrival(SQLModel, table=True):
    """People of one list, who come onto the roll together: nobody finds them until `arrived_at` is set."""

    __tablename__ = "arrival"
    id: str = Field(primary_key=True, max_length=26)
    began_at: datetime
    arrived_at: datetime | None = None


class Resident(SQLModel, table=True):
    """A person on the roll, elder or not. What they are entitled to lives in subsidies' eligibility file."""

    __tablename__ = "resident"
    __table_args__ = (CheckConstraint("text_size BETWEEN 1 AND 4", name="resident_text_size"),)
    id: str = Field(primary_key=True, max_length=26)
    name: str = Field(index=True)
    title: str = ""
    """What the kiosk calls them after the surname: 奶奶, 爷爷, 老师… Empty: only 您好."""
    sex: str = Field(default="", max_length=1)
    community_id: str | None = Field(default=None, foreign_key="community.id", index=True)
    grid_id: str | None = Field(default=None, foreign_key="grid.id")
    national_id_sealed: bytes | None = None
    national_id_index: str | None = Field(default=None, unique=True, max_length=64)
    phone_sealed: bytes | None = None
    phone_tail_index: str | None = Field(default=None, index=True, max_length=64)
    """Keyed hash of the last four digits and the birthday (MMDD), for sign-in without a card on paired devices."""
    phone_end_index: str | None = Field(default=None, index=True, max_length=64)
    """Keyed hash of the last four digits alone, for search by those who may see the roll."""
    initials: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """Spellings a name is found by, each after a blank: ` slh dlh clh shanlihua`. Kept by `people.spelling`."""
    address_sealed: bytes | None = None
    diet_sealed: bytes | None = None
    """JSON {"instructions": [tag], "allergies": [allergen], "note": str}; never shown as an illness."""
    large_type: bool = False
    text_size: int = Field(default=1, sa_column_kwargs={"server_default": "1"})
    """How large they read on their phone: 1 标准, 2 大, 3 特大, 4 最大."""
    language: str = Field(default="zh", max_length=5)
    enrolled_at: datetime
    is_demo: bool = False
    merged_into: str | None = Field(default=None, foreign_key="resident.id", index=True, max_length=26)
    """The file that took this one over: the same person had been enrolled twice. The row stays as a pointer."""
    arrival_id: str | None = Field(default=None, foreign_key="arrival.id", index=True, max_length=26)
    """The list they came with, if any; see `residents.on_roll`."""
    erased_at: datetime | None = None
    """Since when this row is a pseudonym: see `usecases.erase_person`."""


class Card(SQLModel, table=True):
    """An opaque number a reader can type. Several per person; no rights by itself."""

    __tablename__ = "card"
    __table_args__ = (CheckConstraint("state IN ('active', 'lost', 'blocked')", name="card_state"),)
    number: str = Field(primary_key=True, max_length=32)
    resident_id: str = Field(foreign_key="resident.id", index=True)
    kind: str = Field(default="canteen", max_length=20)
    """canteen · social_security · transit."""
    state: str = Field(default=CardState.ACTIVE, max_length=10)
    bound_at: datetime
    changed_at: datetime


class Consent(SQLModel, table=True):
    """Which text somebody agreed to, when, how, and when they took it back."""

    __tablename__ = "consent"
    __table_args__ = (CheckConstraint("kind IN ('service', 'health', 'family')", name="consent_kind"),)
    id: str = Field(primary_key=True, max_length=26)
    resident_id: str = Field(foreign_key="resident.id", index=True)
    kind: str = Field(max_length=10)
    text_version: str
    how: str
    """signed · spoken · guardian."""
    given_at: datetime
    recorded_by: str
    withdrawn_at: datetime | None = None


class Fetcher(SQLModel, table=True):
    """`fetcher_id` may bring meals to `resident_id`, who said so."""

    __tablename__ = "fetcher"
    resident_id: str = Field(foreign_key="resident.id", primary_key=True)
    fetcher_id: str = Field(foreign_key="resident.id", primary_key=True)
    named_at: datetime
    withdrawn_at: datetime | None = None


class SignInSlip(SQLModel, table=True):
    """A one-time code on paper, by which a resident signs in on their phone. Its times are real time, also in demos."""

    __tablename__ = "sign_in_slip"
    __table_args__ = (
        Index(
            "sign_in_slip_standing",
            "resident_id",
            unique=True,
            sqlite_where=text("used_at IS NULL AND revoked_at IS NULL"),
            postgresql_where=text("used_at IS NULL AND revoked_at IS NULL"),
        ),
    )
    id: str = Field(primary_key=True, max_length=26)
    resident_id: str = Field(foreign_key="resident.id")
    code_hash: str = Field(unique=True, max_length=64)
    """Keyed hash of the twelve digits."""
    issued_at: datetime
    issued_by: str
    valid_until: datetime
    used_at: datetime | None = None
    revoked_at: datetime | None = None
    """Taken back, or ended by a newer slip."""


class KnownAt(SQLModel, table=True):
    """A canteen's staff may open this person's page: enrolled there, or looked up there by card or ID number."""

    __tablename__ = "known_at"
    canteen_id: str = Field(foreign_key="canteen.id", primary_key=True)
    resident_id: str = Field(foreign_key="resident.id", primary_key=True, index=True)
    how: str = Field(max_length=12)
    """enrolled · card · id."""
    since: datetime
    by: str


class MergeProposal(SQLModel, table=True):
    """Somebody says two files are one person; a second person decides. `gone_id` is the file that would end."""

    __tablename__ = "merge_proposal"
    __table_args__ = (
        CheckConstraint("kept_id <> gone_id", name="merge_two_files"),
        CheckConstraint("decision IS NULL OR decision IN ('merged', 'declined')", name="merge_decision"),
        CheckConstraint("(decision IS NULL) = (decided_at IS NULL)", name="merge_decided"),
        CheckConstraint("decided_by IS NULL OR decided_by <> proposed_by", name="merge_second_person"),
        Index(
            "merge_open",
            "gone_id",
            unique=True,
            sqlite_where=text("decision IS NULL"),
            postgresql_where=text("decision IS NULL"),
        ),
    )
    id: str = Field(primary_key=True, max_length=26)
    kept_id: str = Field(foreign_key="resident.id", index=True)
    gone_id: str = Field(foreign_key="resident.id")
    reason: str
    proposed_at: datetime
    proposed_by: str
    """`account:ID`."""
    proposed_name: str = ""
    decision: str | None = Field(default=None, max_length=10)
    """merged · declined; None while it waits."""
    decided_at: datetime | None = None
    decided_by: str | None = None
    decided_name: str = ""
    decided_reason: str = ""


class Account(SQLModel, table=True):
    """Someone who signs in."""

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint(
            "role IN ('manager','staff','community','subdistrict','officer','auditor','admin')", name="account_role"
        ),
        CheckConstraint("role NOT IN ('manager','staff') OR canteen_id IS NOT NULL", name="account_canteen_scope"),
    )
    id: str = Field(primary_key=True, max_length=26)
    username: str = Field(unique=True, max_length=60)
    name: str
    role: str = Field(max_length=12)
    canteen_id: str | None = Field(default=None, foreign_key="canteen.id")
    community_id: str | None = Field(default=None, foreign_key="community.id")
    subdistrict_id: str | None = Field(default=None, foreign_key="subdistrict.id")
    password_hash: str
    created_at: datetime
    left_at: datetime | None = None
    """When they left: sign-in ends and every session with it."""
    failures: int = 0
    paused_until: datetime | None = None


class WebSession(SQLModel, table=True):
    """Server-side session data, found by the hash of the cookie."""

    __tablename__ = "web_session"
    key_hash: str = Field(primary_key=True, max_length=64)
    account_id: str | None = Field(default=None, index=True)
    resident_id: str | None = Field(default=None, index=True, max_length=26)
    """Whose phone it is; a kiosk's visit belongs to the kiosk."""
    data: bytes
    expires_at: datetime = Field(index=True)


class PhonePin(SQLModel, table=True):
    """The six digits a resident signs in with on a phone, hashed with argon2."""

    __tablename__ = "phone_pin"
    resident_id: str = Field(foreign_key="resident.id", primary_key=True, max_length=26)
    pin_hash: str
    chosen_at: datetime
    """Real time, also in demos."""


class ApiToken(SQLModel, table=True):
    """A bearer token for a program; only its hash is stored."""

    __tablename__ = "api_token"
    id: str = Field(primary_key=True, max_length=26)
    token_hash: str = Field(unique=True, max_length=64)
    name: str
    role: str = Field(max_length=12)
    canteen_id: str | None = Field(default=None, foreign_key="canteen.id")
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None


class Attempt(SQLModel, table=True):
    """Failures of one kind (`attempts.Rule`) of one device or person: five pause it."""

    __tablename__ = "attempt"
    purpose: str = Field(primary_key=True, max_length=20)
    subject: str = Field(primary_key=True, max_length=64)
    failures: int = 0
    paused_until: datetime | None = None
