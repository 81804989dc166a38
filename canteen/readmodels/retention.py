"""How long is what kept, why, and what has come to the end of it?"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, or_, select
from sqlmodel import Session, col

from canteen.audit.models import AuditEntry
from canteen.confirmations.models import CallDraw, MealDispute
from canteen.orders.models import MealOrder
from canteen.people.models import Resident
from canteen.readmodels.past_orders import key_at
from canteen.sites.models import Canteen
from menus.service_days import LOCAL, business_day
from subsidies.models import LedgerTransaction

BOOKS_YEARS = 30
RECONCILIATION_YEARS = 10
PERSON_YEARS = 3
"""A person is no longer needed when they have not eaten for this long; a district may say otherwise."""
MOST = 50


@dataclass(frozen=True, slots=True)
class Kept:
    """One kind of record. Its words are `erasing.kept.{key}` and `.why`; `years` None: it ends with something else."""

    key: str
    years: int | None
    over: int
    """How many have come to their end."""


@dataclass(frozen=True, slots=True)
class PersonOver:
    """Somebody not needed any more: no meal since `last` (enrolled then, if they never ate)."""

    resident_id: str
    name: str
    last: date


@dataclass(frozen=True, slots=True)
class Retention:
    """The table, and the first people whose time is over."""

    kept: tuple[Kept, ...]
    people: tuple[PersonOver, ...]

    @property
    def over(self) -> int:
        """Everything that has come to its end."""
        return sum(line.over for line in self.kept)


def retention(session: Session, *, now: datetime) -> Retention:
    """As of `now`. Nothing is taken away by itself: people decide."""
    today = business_day(now)
    people = _people(session, today)
    ten, thirty = _before(today, RECONCILIATION_YEARS), _before(today, BOOKS_YEARS)
    points = select(col(Canteen.id))  # the indexes begin with the canteen
    booked = (col(LedgerTransaction.canteen_id).in_(points), col(LedgerTransaction.period) < f"{thirty:%Y-%m}")
    ordered = (col(MealOrder.canteen_id).in_(points), col(MealOrder.day) < thirty)
    return Retention(
        (
            Kept("books", BOOKS_YEARS, _count(session, LedgerTransaction, *booked)),
            Kept("orders", BOOKS_YEARS, _count(session, MealOrder, *ordered)),
            Kept(
                "reconciliations",
                RECONCILIATION_YEARS,
                _count(session, MealDispute, col(MealDispute.period) < f"{ten:%Y-%m}")
                + _count(session, CallDraw, col(CallDraw.period) < f"{ten:%Y-%m}"),
            ),
            Kept(
                "audit",
                RECONCILIATION_YEARS,
                _count(session, AuditEntry, col(AuditEntry.id) < key_at(datetime.combine(ten, time.min, LOCAL))),
            ),
            Kept("people", PERSON_YEARS, len(people)),
            Kept("papers", None, 0),
            Kept("sessions", None, 0),
        ),
        people[:MOST],
    )


def _people(session: Session, today: date) -> tuple[PersonOver, ...]:
    """Nobody who ate or came on the roll within the time; of the deceased the time runs the same."""
    limit = _before(today, PERSON_YEARS)
    last = select(func.max(col(MealOrder.day))).where(col(MealOrder.resident_id) == col(Resident.id)).scalar_subquery()
    rows = session.execute(
        select(col(Resident.id), col(Resident.name), last, col(Resident.enrolled_at))
        .where(
            col(Resident.erased_at).is_(None),
            col(Resident.merged_into).is_(None),
            col(Resident.enrolled_at) < datetime.combine(limit, time.min, LOCAL),
            or_(last.is_(None), last < limit),
        )
        .order_by(col(Resident.id))
    )
    return tuple(PersonOver(key, name, day or business_day(at)) for key, name, day, at in rows)


def _count(session: Session, table: type, *conditions: object) -> int:
    return int(session.execute(select(func.count()).select_from(table).where(*conditions)).scalar_one())  # type: ignore[arg-type]  # a condition of any shape


def _before(today: date, years: int) -> date:
    """The same day so many years ago; 29 February counts as 1 March."""
    try:
        return today.replace(year=today.year - years)
    except ValueError:
        return today.replace(year=today.year - years, day=28) + timedelta(days=1)
