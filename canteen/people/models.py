"""Tables of people. Private fields end in `_sealed` (encrypted with a key id) or `_index` (keyed hash)."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint
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


class Resident(SQLModel, table=True):
    """A person on the roll, elder or not. What they are entitled to lives in subsidies' eligibility file."""

    __tablename__ = "resident"
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
    address_sealed: bytes | None = None
    diet_sealed: bytes | None = None
    """JSON {"instructions": [tag], "allergies": [allergen], "note": str}; never shown as an illness."""
    large_type: bool = False
    language: str = Field(default="zh", max_length=5)
    enrolled_at: datetime
    is_demo: bool = False


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
    data: bytes
    expires_at: datetime = Field(index=True)


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
    """Failed lookups by phone tail and birthday, per device: five pause it a minute."""

    __tablename__ = "attempt"
    purpose: str = Field(primary_key=True, max_length=20)
    subject: str = Field(primary_key=True, max_length=64)
    failures: int = 0
    paused_until: datetime | None = None
