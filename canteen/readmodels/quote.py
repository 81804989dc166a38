"""What would this meal cost this diner, who pays how much of it, and why?"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, select
from sqlmodel import Session, SQLModel

from canteen.orders.errors import EmptyOrder, GuestNotServed, NoHalfPortion, OrderingClosed, QuantityOutOfRange
from canteen.people import residents
from canteen.people.errors import ResidentUnknown
from canteen.sites.hours import MealHours
from canteen.sites.places import CanteenView
from canteen.sites.serving_point import ServingPoint, canteen_on
from menus.errors import NotOnMenu
from menus.queries import ItemForOrder, menu_for_order
from menus.service_days import business_day
from subsidies import eligibility, published
from subsidies.models import EntitlementCounter
from subsidies.published import InForce
from subsidies.rules.decide import counters_needed, decide
from subsidies.rules.decision import Decision
from subsidies.rules.facts import CounterKey, DayKind, Diner, FrozenInputs, Meal, MealLine, freeze

MOST_OF_A_KIND = 20
"""One order holds at most this many of one line."""
PHONE_CHANNELS = frozenset({"phone"})
"""Channels that end at the earlier cut-off; kiosk and window sell until the meal ends."""


@dataclass(frozen=True, slots=True)
class LineWish:
    """One line as asked for."""

    item_id: int
    quantity: int = 1
    portion: str = "full"
    note: str = ""


@dataclass(frozen=True, slots=True)
class MealWish:
    """A meal as asked for: `resident_id` is the diner, None for a guest."""

    canteen_id: str
    day: date
    meal: str
    resident_id: str | None
    lines: tuple[LineWish, ...]
    channel: str = "kiosk"


@dataclass(frozen=True, slots=True)
class PricedLine:
    """One line with its item and unit price of the day, in fen."""

    item: ItemForOrder
    quantity: int
    portion: str
    unit_fen: int
    note: str

    @property
    def halves(self) -> int:
        """Stock it takes, in half portions."""
        return self.quantity * (1 if self.portion == "half" else 2)


@dataclass(frozen=True, slots=True)
class AskedMeal:
    """A wish checked against the menu, the hours and the stock keys; nothing decided yet."""

    wish: MealWish
    canteen: CanteenView
    hours: MealHours
    menu_id: int
    dearest_set_fen: int | None
    lines: tuple[PricedLine, ...]
    day_kind: DayKind


@dataclass(frozen=True, slots=True)
class Quote:
    """The price and who pays it: list = shares + self-pay, in fen."""

    asked: AskedMeal
    decision: Decision
    inputs: FrozenInputs
    rules: InForce | None

    @property
    def list_fen(self) -> int:
        """List price of everything."""
        return self.decision.list_fen

    @property
    def self_pay_fen(self) -> int:
        """What the diner owes."""
        return self.decision.self_pay_fen


def quote(session: Session, wish: MealWish, *, now: datetime, examples_decide: bool) -> Quote:
    """The quote for `wish` at `now`. Raises as `read_meal` does."""
    return decide_meal(session, read_meal(session, wish, now=now), now=now, examples_decide=examples_decide)


def read_meal(session: Session, wish: MealWish, *, now: datetime, eaten: bool = False) -> AskedMeal:
    """Check `wish` against menu and hours. `eaten`: the meal was served without the system and may be over.

    Raises:
        EmptyOrder, QuantityOutOfRange, NoHalfPortion: the lines make no order.
        OrderingClosed: that meal is over, past the channel's cut-off, or the canteen is shut.
        menus.errors.NotOnMenu, MenuNotPublished, MenuClosed: not for sale then.
        GuestNotServed: this canteen serves residents only.
        sites.errors.CanteenUnknown: no such canteen.
    """
    if not wish.lines:
        raise EmptyOrder()
    for line in wish.lines:
        if not 1 <= line.quantity <= MOST_OF_A_KIND:
            raise QuantityOutOfRange(quantity=line.quantity, most=MOST_OF_A_KIND)
    point = canteen_on(session, wish.canteen_id, wish.day)
    canteen = point.canteen
    if wish.resident_id is None and not canteen.open_to_all:
        raise GuestNotServed(canteen=canteen.name)
    meal_hours = _orderable(point, wish, now, eaten=eaten)
    menu = menu_for_order(
        session,
        canteen.kitchen_id,
        wish.day,
        wish.meal,
        sorted({line.item_id for line in wish.lines}),
        closed_too=eaten,
    )
    return AskedMeal(
        wish,
        canteen,
        meal_hours,
        menu.id,
        menu.dearest_set_fen,
        tuple(_priced(line, menu.items) for line in wish.lines),
        point.day_kind,
    )


def decide_meal(
    session: Session, asked: AskedMeal, *, now: datetime, examples_decide: bool, lock: bool = False
) -> Quote:
    """Decide who pays. With `lock` the diner's counters are held until the transaction ends.

    Raises:
        ResidentUnknown: with `lock`, when the diner has no file; everyone on the roll has one.
        ResidentMerged: the file was taken over by another.
    """
    wish = asked.wish
    rules = published.in_force(session, wish.canteen_id, asked.canteen.area, wish.day, examples_decide=examples_decide)
    diner: Diner | None = None
    if wish.resident_id is not None:
        facts = eligibility.locked_diner_facts if lock else eligibility.diner_facts
        diner = facts(session, wish.resident_id, wish.day)
        if diner is None:
            raise ResidentUnknown
        if diner.status == "suspended":  # also how a file stands that another took over: nothing is ordered on it
            residents.require_own_file(session, wish.resident_id)
    meal = Meal(
        canteen=wish.canteen_id,
        canteen_area=asked.canteen.area,
        date=wish.day,
        meal=wish.meal,  # type: ignore[arg-type]  # checked against the menu table
        ordered_at=now,
        day_kind=asked.day_kind,
        lines=tuple(
            MealLine(item=str(line.item.id), kind=line.item.kind, unit_fen=line.unit_fen, quantity=line.quantity)
            for line in asked.lines
        ),
        dearest_set_fen=asked.dearest_set_fen,
    )
    if rules is None:
        total = sum(line.unit_fen * line.quantity for line in asked.lines)
        nothing = Decision("", 0, total, total, 0, (), (), (), (), False)
        return Quote(asked, nothing, freeze(diner, meal, {}), None)
    used = _used(session, wish.resident_id, counters_needed(rules.rule_set, diner, meal))
    return Quote(asked, decide(rules.rule_set, diner, meal, used), freeze(diner, meal, used), rules)


def _orderable(point: ServingPoint, wish: MealWish, now: datetime, *, eaten: bool) -> MealHours:
    canteen = point.canteen
    served: dict[str, MealHours] = {meal.meal: meal for meal in point.meals}
    found = served.get(wish.meal)
    if found is None:
        raise OrderingClosed(reason="closed-day", canteen=canteen.name, day=wish.day.isoformat(), meal=wish.meal)
    until = found.phone_cutoff_at if wish.channel in PHONE_CHANNELS else found.closes_at
    if now >= until and not eaten:
        over = wish.day < business_day(now) or now >= found.closes_at
        raise OrderingClosed(
            reason="over" if over else "cutoff",
            canteen=canteen.name,
            day=wish.day.isoformat(),
            meal=wish.meal,
            until=until.isoformat(),
        )
    return found


def _priced(line: LineWish, items: dict[int, ItemForOrder]) -> PricedLine:
    item = items.get(line.item_id)
    if item is None:
        raise NotOnMenu(line.item_id)
    if line.portion == "half":
        if item.half_price_fen is None:
            raise NoHalfPortion(item=item.id, name=item.name)
        return PricedLine(item, line.quantity, "half", item.half_price_fen, line.note)
    return PricedLine(item, line.quantity, "full", item.price_fen, line.note)


def _used(session: Session, resident_id: str | None, keys: tuple[CounterKey, ...]) -> dict[CounterKey, int]:
    if resident_id is None or not keys:
        return {}
    periods = sorted({key.period for key in keys})
    asked = {f"p{place}": periods[min(place, len(periods) - 1)] for place in range(_MOST_PERIODS)}
    rows = session.execute(_COUNTERS, {"r": resident_id, **asked}).all()
    standing = {(row.name, row.period, row.canteen): row.used for row in rows}
    return {key: standing.get((key.name, key.period, key.canteen), 0) for key in keys}


_MOST_PERIODS = 5
"""A meal lies in one meal, day, week, month and year; a list of fixed length is compiled once."""
_USED = SQLModel.metadata.tables[str(EntitlementCounter.__tablename__)].c
_COUNTERS = select(_USED.name, _USED.period, _USED.canteen, _USED.used).where(
    _USED.resident_id == bindparam("r"), _USED.period.in_([bindparam(f"p{place}") for place in range(_MOST_PERIODS)])
)
