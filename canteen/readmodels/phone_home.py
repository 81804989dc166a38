"""What does somebody see who opens the canteen on their phone: their usual meal, until when, what they have ordered?"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from canteen.people import diet_notes, fetchers, residents
from canteen.people.errors import ResidentUnknown
from canteen.people.models import Resident
from canteen.people.sealed import Sealer, greeting
from canteen.readmodels import quote as quotes
from canteen.readmodels.day_menu import DayMenu, day_menu
from canteen.readmodels.phone_order import OwnOrder, own_orders
from canteen.readmodels.quote import LineWish, MealWish
from canteen.readmodels.resident_home import FetchedFor, fetched_for, shown_as
from canteen.readmodels.usual_meal import UsualMeal, usual_meal
from canteen.readmodels.window import wallet_suffices
from canteen.sites import hours
from menus.service_days import MealPeriod, business_day

AHEAD_DAYS = 7


@dataclass(frozen=True, slots=True)
class PastCutOff:
    """A meal that phones order no more while kiosk and window still sell it. Instants are aware UTC."""

    meal: MealPeriod
    cutoff_at: datetime
    closes_at: datetime


@dataclass(frozen=True, slots=True)
class PhoneHome:
    """P1. `offered` is the meal to be ordered (None: no menu is out); `for_whom` names the diner where it is another.

    `has_this_meal`: the diner has an order for the offered meal already.
    """

    resident_id: str
    diner_id: str
    greeting: str
    for_whom: str
    today: date
    offered: DayMenu | None
    usual: UsualMeal | None
    pay_fen: int | None
    wallet_suffices: bool
    past: PastCutOff | None
    orders: tuple[OwnOrder, ...]
    has_this_meal: bool
    fetched_for: tuple[FetchedFor, ...]


def phone_home(
    session: Session,
    canteen_id: str,
    resident_id: str,
    diner_id: str,
    *,
    now: datetime,
    sealer: Sealer,
    examples_decide: bool,
    lang: str,
) -> PhoneHome:
    """P1 of `resident_id`, or of `diner_id` whom they carry for; a diner who no longer lets them is left out.

    Raises:
        people.errors.ResidentUnknown: nobody has this key.
        sites.errors.CanteenUnknown: no such canteen.
    """
    person = residents.resident(session, resident_id)
    carries = diner_id != resident_id and fetchers.may_fetch(session, diner_id, resident_id)
    diner = diner_id if carries else resident_id
    past, menus = _ahead(session, canteen_id, now)
    notes = diet_notes.read(session, sealer, diner)
    offered, usual = menus[0] if menus else None, None
    for menu in menus:
        usual = usual_meal(session, menu, diner, notes)
        if usual is not None:
            offered = menu
            break
    pay_fen: int | None = None
    if usual is not None and offered is not None:
        wish = MealWish(canteen_id, offered.day, offered.meal, diner, (LineWish(usual.item.id),), "phone")
        pay_fen = quotes.quote(session, wish, now=now, examples_decide=examples_decide).self_pay_fen
    orders = own_orders(session, resident_id, now=now)
    whom = shown_as(session, diner) if carries else ""
    return PhoneHome(
        resident_id=resident_id,
        diner_id=diner,
        greeting=greeting(person.name, person.title, lang),
        for_whom=whom,
        today=business_day(now),
        offered=offered,
        usual=usual,
        pay_fen=pay_fen,
        wallet_suffices=wallet_suffices(session, canteen_id, diner, pay_fen or 0),
        past=past,
        orders=orders,
        has_this_meal=offered is not None
        and any(order.day == offered.day and order.meal == offered.meal and order.for_whom == whom for order in orders),
        fetched_for=fetched_for(session, resident_id),
    )


def liked_display(session: Session, resident_id: str) -> tuple[int, str]:
    """How somebody likes the pages of their phone: size of type 1 to 4, language.

    Raises:
        people.errors.ResidentUnknown: nobody has this key.
    """
    row = session.execute(
        select(col(Resident.text_size), col(Resident.language)).where(col(Resident.id) == resident_id)
    ).first()
    if row is None:
        raise ResidentUnknown
    return row.text_size, row.language


def _ahead(session: Session, canteen_id: str, now: datetime) -> tuple[PastCutOff | None, list[DayMenu]]:
    """The meal just missed, and the menus phones may order from: of the missed kind first, then by time."""
    today = business_day(now)
    past: PastCutOff | None = None
    menus: list[DayMenu] = []
    for day in hours.next_open_days(session, canteen_id, today, AHEAD_DAYS):
        for served in hours.serving(session, canteen_id, day):
            if served.closes_at <= now:
                continue
            menu = day_menu(session, canteen_id, day, served.meal)
            if not menu.items:
                continue
            if now < served.phone_cutoff_at:
                menus.append(menu)
            else:
                past = PastCutOff(served.meal, served.phone_cutoff_at, served.closes_at)
        if menus and (past is None or any(menu.meal == past.meal for menu in menus)):
            break
    if past is not None:
        wanted = past.meal
        menus.sort(key=lambda menu: menu.meal != wanted)
    return past, menus
