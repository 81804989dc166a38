"""Tables of places: a canteen is data, never code. A kitchen cooks, a canteen (service point) serves."""

from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import CheckConstraint, false, text
from sqlmodel import Field, SQLModel


class KitchenMode(StrEnum):
    """How a kitchen works."""

    BATCH = "batch"
    """Cooks trays for everyone; the board counts portions made, served and left."""
    TO_ORDER = "to_order"
    """Cooks ticket by ticket; the board shows tickets with timers."""


class DeviceKind(StrEnum):
    """What a paired device may do."""

    KIOSK = "kiosk"
    """Orders for whoever taps a card."""
    WINDOW = "window"
    """Staff tablet at the window."""
    BOARD = "board"
    """Kitchen board, shows only."""
    DISPLAY = "display"
    """Public pick-up display, shows only."""


class Operator(SQLModel, table=True):
    """A company or body that runs canteens, with papers that expire."""

    __tablename__ = "operator"
    id: str = Field(primary_key=True, max_length=40)
    name: str
    kind: str
    """company · nonprofit · community."""
    agreement_no: str = ""
    agreement_until: date | None = None
    food_licence_no: str = ""
    food_licence_until: date | None = None
    bank_account_until: date | None = None
    is_demo: bool = False


class Subdistrict(SQLModel, table=True):
    """街道."""

    __tablename__ = "subdistrict"
    id: str = Field(primary_key=True, max_length=40)
    name: str
    area: str
    """Path of area codes down to here, e.g. `jilin/fengman/jianhua`."""


class Community(SQLModel, table=True):
    """社区, inside a subdistrict."""

    __tablename__ = "community"
    id: str = Field(primary_key=True, max_length=40)
    subdistrict_id: str = Field(foreign_key="subdistrict.id", index=True)
    name: str
    area: str


class Grid(SQLModel, table=True):
    """网格: the few streets one grid worker knows."""

    __tablename__ = "grid"
    id: str = Field(primary_key=True, max_length=40)
    community_id: str = Field(foreign_key="community.id", index=True)
    name: str


class Kitchen(SQLModel, table=True):
    """Where food is cooked. Portions belong here."""

    __tablename__ = "kitchen"
    __table_args__ = (CheckConstraint("mode IN ('batch', 'to_order')", name="kitchen_mode"),)
    id: str = Field(primary_key=True, max_length=40)
    operator_id: str = Field(foreign_key="operator.id")
    name: str
    mode: str = Field(default=KitchenMode.BATCH, max_length=10)
    board_distance_mm: int = 2000


class Canteen(SQLModel, table=True):
    """A service point: elders come here; collection and the month's statement belong to it."""

    __tablename__ = "canteen"
    id: str = Field(primary_key=True, max_length=40)
    kitchen_id: str = Field(foreign_key="kitchen.id")
    operator_id: str = Field(foreign_key="operator.id")
    community_id: str = Field(foreign_key="community.id")
    name: str
    short_name: str
    name_en: str
    address: str = ""
    phone: str = ""
    open_to_all: bool = False
    """Guests without a card may order."""
    refuse_when_budget_short: bool = False
    """The district says: no order when the budget is used up. Otherwise it is flagged."""
    number_letter: str = "A"
    skip_four: bool = False
    """Leave out pick-up numbers ending in 4."""
    daily_card_cap: int = 6
    """Orders one card may place in a business day."""
    no_show_forfeit_percent: int = 0
    """Share of a prepaid self-pay that stays with the operator when the meal is not collected; the rest goes back."""
    refund_alone_fen: int = Field(default=20_000, sa_column_kwargs={"server_default": text("20000")})
    """Stored value one person may pay out alone; above it a second one must agree."""
    position: int = 0


class ServiceHours(SQLModel, table=True):
    """When one meal is served on one weekday, in local time (Asia/Shanghai)."""

    __tablename__ = "service_hours"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="service_hours_weekday"),
        CheckConstraint("opens < closes", name="service_hours_order"),
        CheckConstraint("meal IN ('breakfast', 'lunch', 'dinner')", name="service_hours_meal"),
    )
    canteen_id: str = Field(foreign_key="canteen.id", primary_key=True)
    weekday: int = Field(primary_key=True)
    """Monday is 0."""
    meal: str = Field(primary_key=True, max_length=10)
    opens: time
    closes: time
    phone_cutoff: time
    """Phones may order until then; kiosk and window sell until `closes`."""


class ClosingDay(SQLModel, table=True):
    """A day one canteen stays shut."""

    __tablename__ = "closing_day"
    canteen_id: str = Field(foreign_key="canteen.id", primary_key=True)
    day: date = Field(primary_key=True)
    reason: str


class Holiday(SQLModel, table=True):
    """A statutory holiday or make-up workday. Editable; seeded from a calendar library."""

    __tablename__ = "holiday"
    __table_args__ = (CheckConstraint("kind IN ('holiday', 'makeup_workday')", name="holiday_kind"),)
    day: date = Field(primary_key=True)
    kind: str = Field(max_length=20)
    name: str


class Device(SQLModel, table=True):
    """A paired kiosk, window tablet, board or display. Revocable; its cookie is stored hashed."""

    __tablename__ = "device"
    id: str = Field(primary_key=True, max_length=26)
    canteen_id: str = Field(foreign_key="canteen.id", index=True)
    kind: str = Field(max_length=10)
    name: str
    token_hash: str | None = Field(default=None, unique=True)
    pairing_hash: str | None = Field(default=None, unique=True)
    pairing_until: datetime | None = None
    paired_at: datetime | None = None
    revoked_at: datetime | None = None
    large_type: bool = False
    """大字 by default: panels under 19 inches."""
    prints_tickets: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """A ticket printer stands at this kiosk, and its browser prints without asking."""
    last_seen_at: datetime | None = None


class HelpCall(SQLModel, table=True):
    """Somebody at a kiosk asked for staff."""

    __tablename__ = "help_call"
    id: str = Field(primary_key=True, max_length=26)
    canteen_id: str = Field(foreign_key="canteen.id", index=True)
    device_id: str | None = Field(default=None, foreign_key="device.id")
    reason: str
    """asked · card-stopped · printer."""
    resident_id: str | None = Field(default=None, foreign_key="resident.id")
    called_at: datetime
    answered_at: datetime | None = None
    answered_by: str | None = None
