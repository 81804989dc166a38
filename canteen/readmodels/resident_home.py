"""What does somebody see who has just tapped their card, and on the card page that hides itself?"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from canteen.orders.models import MealOrder, OrderLine
from canteen.orders.status import OPEN
from canteen.payments.models import Wallet
from canteen.people import diet_notes, fetchers, residents
from canteen.people.diet_notes import DietNotes
from canteen.people.models import Resident
from canteen.people.sealed import Sealer, called, greeting, mask_name
from canteen.readmodels import quote as quotes
from canteen.readmodels.day_menu import DayMenu, menu_now
from canteen.readmodels.quote import LineWish, MealWish
from canteen.readmodels.usual_meal import UsualMeal, usual_meal
from canteen.sites.models import Canteen
from menus.service_days import business_day


@dataclass(frozen=True, slots=True)
class StandingOrder:
    """An order for this meal that waits to be collected."""

    id: str
    canteen_id: str
    canteen_name: str
    pickup_number: str
    status: str
    owed_fen: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FetchedFor:
    """Somebody they may bring a meal to, named as on a public surface."""

    resident_id: str
    shown_as: str


@dataclass(frozen=True, slots=True)
class ResidentHome:
    """Fit for a public surface: no full name, no balance, no subsidy, only what they pay for the usual meal.

    `notes` is for the server's own checks and the wish shown to the cook; a page never prints the allergies.
    """

    resident_id: str
    greeting: str
    shown_as: str
    large_type: bool
    language: str
    menu: DayMenu
    usual: UsualMeal | None
    pay_fen: int | None
    orders: tuple[StandingOrder, ...]
    fetched_for: tuple[FetchedFor, ...]
    notes: DietNotes


@dataclass(frozen=True, slots=True)
class PastMeal:
    """A meal of the last seven days."""

    day: date
    meal: str
    canteen_name: str
    status: str
    names: tuple[str, ...]
    self_pay_fen: int


@dataclass(frozen=True, slots=True)
class MyCard:
    """Private, shown on a tap and hidden after ten seconds (K7): balance in fen, the last seven days."""

    balance_fen: int
    meals: tuple[PastMeal, ...]


def resident_home(
    session: Session,
    canteen_id: str,
    resident_id: str,
    *,
    now: datetime,
    sealer: Sealer,
    examples_decide: bool,
    lang: str = "zh",
    channel: str = "kiosk",
) -> ResidentHome:
    """K1 and P1 at `now`.

    Raises:
        people.errors.ResidentUnknown: nobody has this key.
        sites.errors.CanteenUnknown, NoMealAhead: no such canteen, or it has no hours.
    """
    person = residents.resident(session, resident_id)
    menu = menu_now(session, canteen_id, now, by_phone=channel in quotes.PHONE_CHANNELS)
    notes = diet_notes.read(session, sealer, resident_id)
    usual = usual_meal(session, menu, resident_id, notes)
    pay_fen = None
    if usual is not None:
        wish = MealWish(canteen_id, menu.day, menu.meal, resident_id, (LineWish(usual.item.id),), channel)
        pay_fen = quotes.quote(session, wish, now=now, examples_decide=examples_decide).self_pay_fen
    return ResidentHome(
        resident_id=person.id,
        greeting=greeting(person.name, person.title, lang),
        shown_as=mask_name(person.name),
        large_type=person.large_type,
        language=person.language,
        menu=menu,
        usual=usual,
        pay_fen=pay_fen,
        orders=_standing(session, resident_id, menu),
        fetched_for=fetched_for(session, resident_id),
        notes=notes,
    )


def my_card(session: Session, canteen_id: str, resident_id: str, *, now: datetime) -> MyCard:
    """The stored value at this canteen's operator and the meals of the last seven days, latest first."""
    balance = session.execute(
        select(col(Wallet.balance_fen))
        .join(Canteen, col(Canteen.operator_id) == col(Wallet.operator_id))
        .where(col(Wallet.resident_id) == resident_id, col(Canteen.id) == canteen_id)
    ).scalar()
    rows = session.execute(
        select(
            col(MealOrder.id),
            col(MealOrder.day),
            col(MealOrder.meal),
            col(Canteen.short_name),
            col(MealOrder.status),
            col(MealOrder.self_pay_fen),
        )
        .join(Canteen, col(Canteen.id) == col(MealOrder.canteen_id))
        .where(
            col(MealOrder.resident_id) == resident_id,
            col(MealOrder.day) > business_day(now) - timedelta(days=7),
        )
        .order_by(col(MealOrder.day).desc(), col(MealOrder.placed_at).desc())
    ).all()
    names = _names(session, [row.id for row in rows])
    return MyCard(
        balance or 0,
        tuple(
            PastMeal(row.day, row.meal, row.short_name, row.status, names.get(row.id, ()), row.self_pay_fen)
            for row in rows
        ),
    )


def _standing(session: Session, resident_id: str, menu: DayMenu) -> tuple[StandingOrder, ...]:
    rows = session.execute(
        select(
            col(MealOrder.id),
            col(MealOrder.canteen_id),
            col(Canteen.short_name),
            col(MealOrder.pickup_number),
            col(MealOrder.status),
            col(MealOrder.self_pay_fen),
            col(MealOrder.paid_fen),
        )
        .join(Canteen, col(Canteen.id) == col(MealOrder.canteen_id))
        .where(
            col(MealOrder.resident_id) == resident_id,
            col(MealOrder.day) == menu.day,
            col(MealOrder.meal) == menu.meal.value,
            col(MealOrder.status).in_([status.value for status in OPEN]),
        )
        .order_by(col(MealOrder.placed_at))
    ).all()
    names = _names(session, [row.id for row in rows])
    return tuple(
        StandingOrder(
            row.id,
            row.canteen_id,
            row.short_name,
            row.pickup_number,
            row.status,
            row.self_pay_fen - row.paid_fen,
            names.get(row.id, ()),
        )
        for row in rows
    )


def _names(session: Session, order_ids: list[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    rows = session.execute(
        select(col(OrderLine.order_id), col(OrderLine.name))
        .where(col(OrderLine.order_id).in_(order_ids))
        .order_by(col(OrderLine.order_id), col(OrderLine.position))
    )
    for order_id, name in rows:
        found[order_id] = (*found.get(order_id, ()), name)
    return found


def shown_as(session: Session, resident_id: str) -> str:
    """How somebody is named where others may read it: 张奶奶, else 张*兰.

    Raises:
        people.errors.ResidentUnknown: nobody has this key.
    """
    person = residents.resident(session, resident_id)
    return called(person.name, person.title) or mask_name(person.name)


def fetched_for(session: Session, resident_id: str) -> tuple[FetchedFor, ...]:
    """Everybody whose meal they may carry."""
    ids = fetchers.fetched_for(session, resident_id)
    if not ids:
        return ()
    rows = session.execute(
        select(col(Resident.id), col(Resident.name), col(Resident.title)).where(col(Resident.id).in_(ids))
    )
    names = {key: called(name, title) or mask_name(name) for key, name, title in rows}
    return tuple(FetchedFor(key, names[key]) for key in ids if key in names)
