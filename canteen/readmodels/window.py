"""Who stands at the window, and what happens when they tap: whose order waits, what is usual, what is owed."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from canteen.orders.models import MealOrder
from canteen.orders.status import OPEN, OrderStatus
from canteen.payments import dues, wallets
from canteen.people import diet_notes, residents, search
from canteen.people.diet_notes import DietNotes
from canteen.people.models import Resident
from canteen.people.sealed import Sealer, mask_name
from canteen.pickup.models import Collection
from canteen.readmodels import quote as quotes
from canteen.readmodels.day_menu import DayMenu, MenuLine, day_menu
from canteen.readmodels.diner_clashes import waiting_allergies
from canteen.readmodels.gone_dishes import AskedQuestion, open_question
from canteen.readmodels.handover_list import OrderedLine, ordered_lines
from canteen.readmodels.quote import LineWish, MealWish
from canteen.readmodels.usual_meal import usual_meal
from canteen.sites import hours, places
from canteen.sites.models import Community
from menus import diet
from menus.diet import Clash
from menus.service_days import MealPeriod, business_day
from subsidies.models import EligibilityFile

MOST_FOUND = 12
"""More people than this do not fit the list: ask for more of the name."""


@dataclass(frozen=True, slots=True)
class MealNow:
    """The meal the window works on. `handing_over`: trays may leave now; else it is the next meal."""

    day: date
    meal: MealPeriod
    opens_at: datetime
    closes_at: datetime
    handing_over: bool


@dataclass(frozen=True, slots=True)
class WaitingOrder:
    """An order of this meal that nobody collected yet; `owed_fen` is what is still to be paid."""

    id: str
    pickup_number: str
    owed_fen: int
    lines: tuple[OrderedLine, ...]


@dataclass(frozen=True, slots=True)
class TakenOrder:
    """A meal handed over earlier today: when (aware UTC) and by whom."""

    id: str
    pickup_number: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class WindowDiner:
    """Somebody at the window, as staff may see them: a shortened name, wishes for the cook, what is to be collected.

    No category, no balance: `wallet_suffices` says all that is needed. `pay_fen` is for the waiting order, else for `usual`.
    `usual` is None when an order waits, when it clashes or is gone, and when the meal no longer sells; it is what staff
    chose where they did. `replaced`: the usual one is sold out (its name, its English name) and `usual` is the nearest.
    """

    resident_id: str
    shown_as: str
    wishes: tuple[str, ...]
    note: str
    waiting: WaitingOrder | None
    taken: TakenOrder | None
    usual: MenuLine | None
    pay_fen: int
    wallet_suffices: bool
    has_open_due: bool
    clashes: tuple[Clash, ...]
    """What the waiting order, or what staff chose, holds that this person must not eat: allergies only."""
    replaced: tuple[str, str] | None = None
    question: AskedQuestion | None = None
    """A dish of the waiting order is gone: what they were asked, to be answered first."""


@dataclass(frozen=True, slots=True)
class FoundDiner:
    """One of the people a name or telephone found, told apart by year of birth, community and the tail of their card."""

    resident_id: str
    shown_as: str
    card_tail: str
    community: str
    born_year: int | None = None


def meal_now(session: Session, canteen_id: str, now: datetime, *, around: timedelta) -> MealNow:
    """The meal being handed over (from `around` before serving until `around` after it), else the next one.

    Raises:
        sites.errors.NoMealAhead: the canteen has no hours.
    """
    today = business_day(now)
    for served in hours.serving(session, canteen_id, today):
        if served.opens_at - around <= now < served.closes_at + around:
            return MealNow(today, served.meal, served.opens_at, served.closes_at, handing_over=True)
    ahead = hours.current_or_next_meal(session, canteen_id, now)
    return MealNow(ahead.day, ahead.meal, ahead.opens_at, ahead.closes_at, handing_over=False)


def window_diner(
    session: Session,
    canteen_id: str,
    resident_id: str,
    at: MealNow,
    *,
    now: datetime,
    sealer: Sealer,
    examples_decide: bool,
    item_id: int | None = None,
    another: bool = False,
) -> WindowDiner:
    """What a tap of this person's card means at the meal `at`; `item_id` is the line staff chose instead of the usual one.

    `another`: a second meal on purpose, whatever they had or ordered.

    Raises:
        people.errors.ResidentUnknown: nobody has this key.
    """
    person = residents.resident(session, resident_id)
    notes = diet_notes.read(session, sealer, resident_id)
    waiting, taken = (None, None) if another else _orders(session, canteen_id, resident_id, at)
    usual: MenuLine | None = None
    replaced: tuple[str, str] | None = None
    clashes: tuple[Clash, ...] = ()
    pay_fen = waiting.owed_fen if waiting else 0
    if waiting is None and taken is None:
        menu = day_menu(session, canteen_id, at.day, at.meal)
        usual, replaced = _offer(session, menu, resident_id, notes, item_id) if now < menu.closes_at else (None, None)
        if usual is not None:
            clashes = diet.clashes([usual], notes.allergies, ())
            wish = MealWish(canteen_id, at.day, at.meal, resident_id, (LineWish(usual.id),), "window")
            pay_fen = quotes.quote(session, wish, now=now, examples_decide=examples_decide).self_pay_fen
    if waiting is not None:
        ids = [line.item_id for line in waiting.lines]
        clashes = waiting_allergies(session, canteen_id, at.day, at.meal, item_ids=ids, notes=notes)
    return WindowDiner(
        resident_id=person.id,
        shown_as=mask_name(person.name),
        wishes=notes.instructions,
        note=notes.note,
        waiting=waiting,
        taken=taken,
        usual=usual,
        pay_fen=pay_fen,
        wallet_suffices=wallet_suffices(session, canteen_id, resident_id, pay_fen),
        has_open_due=dues.open_fen(session, resident_id) is not None,
        clashes=clashes,
        replaced=replaced,
        question=open_question(session, waiting.id) if waiting else None,
    )


def _offer(
    session: Session, menu: DayMenu, resident_id: str, notes: DietNotes, item_id: int | None
) -> tuple[MenuLine | None, tuple[str, str] | None]:
    """The line to sell, and what it stands for when the usual one is gone."""
    if item_id is not None:
        return menu.item(item_id), None
    found = usual_meal(session, menu, resident_id, notes)
    if found is None or found.clashes:
        return None, None
    gone = found.title_key == "replaced"
    return found.item, (found.replaced_name or "", found.replaced_name_en or "") if gone else None


def wallet_suffices(session: Session, canteen_id: str, resident_id: str, fen: int) -> bool:
    """Whether their stored value at this canteen's operator pays `fen`; the balance itself stays private."""
    wallet = wallets.find(session, resident_id, places.canteen(session, canteen_id).operator_id)
    return fen == 0 or (wallet is not None and wallet.balance_fen >= fen)


def find_diners(session: Session, text: str, *, sealer: Sealer) -> tuple[FoundDiner, ...]:
    """People by a part of their name, its spelling (`zyl`), the end of a telephone or card number, or by eight digits:
    end of the telephone and birthday (`00010312`)."""
    people = session.execute(
        select(col(Resident.id), col(Resident.name), col(Community.name).label("community"), col(EligibilityFile.born))
        .outerjoin(Community, col(Community.id) == col(Resident.community_id))
        .outerjoin(EligibilityFile, col(EligibilityFile.resident_id) == col(Resident.id))
        .where(search.matches(text, sealer))
        .order_by(col(Resident.name), col(Resident.id))
        .limit(MOST_FOUND)
    ).all()
    tails = search.card_tails(session, [row.id for row in people])
    return tuple(
        FoundDiner(
            row.id,
            mask_name(row.name),
            tails.get(row.id, ""),
            row.community or "",
            row.born.year if row.born else None,
        )
        for row in people
    )


def _orders(
    session: Session, canteen_id: str, resident_id: str, at: MealNow
) -> tuple[WaitingOrder | None, TakenOrder | None]:
    """The order that waits, oldest first; without one, the last that was handed over."""
    rows = session.execute(
        select(
            col(MealOrder.id),
            col(MealOrder.pickup_number),
            col(MealOrder.status),
            (col(MealOrder.self_pay_fen) - col(MealOrder.paid_fen)).label("owed_fen"),
            col(Collection.collected_at),
            col(Collection.by_name),
        )
        .outerjoin(Collection, (col(Collection.order_id) == col(MealOrder.id)) & col(Collection.undone_at).is_(None))
        .where(
            col(MealOrder.resident_id) == resident_id,
            col(MealOrder.canteen_id) == canteen_id,
            col(MealOrder.day) == at.day,
            col(MealOrder.meal) == at.meal.value,
        )
        .order_by(col(MealOrder.id))
    ).all()
    waiting = next((row for row in rows if OrderStatus(row.status) in OPEN), None)
    if waiting is not None:
        lines = ordered_lines(session, [waiting.id]).get(waiting.id, ())
        return WaitingOrder(waiting.id, waiting.pickup_number, waiting.owed_fen, lines), None
    done = [row for row in rows if row.status == OrderStatus.COLLECTED]
    if not done:
        return None, None
    last = done[-1]
    return None, TakenOrder(last.id, last.pickup_number, last.collected_at, last.by_name)
