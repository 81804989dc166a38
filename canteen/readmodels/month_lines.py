"""Which orders make up a figure of the month page? By day, then order by order."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from canteen.orders.models import MealOrder
from canteen.people.models import Resident
from canteen.people.sealed import mask_name
from canteen.readmodels.month_facts import MonthFacts, month_facts
from canteen.sites import places
from subsidies.months import read_month
from subsidies.reconciliation import Kind, MealFact, Received

PAGE = 60
TENDERS = ("wallet", "cash", "online", "later")


@dataclass(frozen=True, slots=True)
class LineFilter:
    """Which orders of the month; nothing set: all that were collected or are in the books."""

    day: date | None = None
    meal: str = ""
    funder: str = ""
    tender: str = ""
    kind: str = ""
    """Only those with this difference."""
    person: str = ""
    """Only the meals of this person, by their key."""
    over_budget: bool = False
    """Only those placed when a budget was used up."""

    @property
    def is_set(self) -> bool:
        """Whether anything narrows the month."""
        return bool(self.day or self.meal or self.funder or self.tender or self.kind or self.person or self.over_budget)


@dataclass(frozen=True, slots=True)
class MonthDay:
    """One day; fen."""

    day: date
    collected: int
    redecided_fen: int
    ledger_fen: int
    due_fen: int
    received_fen: int
    differences: int


@dataclass(frozen=True, slots=True)
class MonthLine:
    """One order; fen. `diner` is shortened (张*兰), empty for a guest."""

    order_id: str
    day: date
    meal: str
    pickup_number: str
    diner: str
    list_fen: int
    redecided_fen: int
    ledger_fen: int
    self_pay_fen: int
    wallet_fen: int
    cash_fen: int
    online_fen: int
    later_fen: int
    served_at: datetime | None
    by_hand: bool
    kinds: tuple[Kind, ...]


@dataclass(frozen=True, slots=True)
class MonthLines:
    """One canteen's month: every day, and one page of the orders that fit the filter with their sums.

    Where one funder is asked for, `redecided_fen` and `ledger_fen`, here and in each line, are that funder's share only;
    `tender_fen` is what came in by the tender asked for. So the sums are the figure of the month's page that led here.
    """

    month: str
    canteen_id: str
    name: str
    short_name: str
    as_of: datetime
    days: tuple[MonthDay, ...]
    lines: tuple[MonthLine, ...]
    total: int
    redecided_fen: int
    ledger_fen: int
    self_pay_fen: int
    tender_fen: int
    page: int
    pages: int


def month_lines(
    session: Session, month: str, canteen_id: str, wanted: LineFilter, *, page: int | None, now: datetime
) -> MonthLines:
    """`page` None gives every line, for an export. A page past the end is the last one.

    Raises:
        subsidies.months.MonthUnreadable: it is no month.
        sites.errors.CanteenUnknown: no such canteen.
    """
    canteen = places.canteen(session, canteen_id)
    facts = month_facts(session, read_month(month), [canteen_id])
    kinds: dict[str, list[Kind]] = defaultdict(list)
    for one in facts.result.differences:
        kinds[one.order].append(one.kind)
    over = _over_budget(session, facts) if wanted.over_budget else frozenset[str]()
    chosen = sorted(
        (
            meal
            for meal in facts.meals.values()
            if (meal.collected or meal.order in facts.booked)
            and _fits(meal, wanted, facts, kinds)
            and (not wanted.over_budget or meal.order in over)
        ),
        key=lambda meal: (meal.day, meal.served_at is None, meal.served_at or now, meal.order),
    )
    pages = max(1, -(-len(chosen) // PAGE))
    at = None if page is None else min(max(1, page), pages)
    shown = chosen if at is None else chosen[(at - 1) * PAGE : at * PAGE]
    return MonthLines(
        month,
        canteen_id,
        canteen.name,
        canteen.short_name,
        now,
        _days(facts, kinds),
        _lines(session, shown, facts, kinds, wanted.funder),
        len(chosen),
        sum(_of(meal.expected, wanted.funder) for meal in chosen),
        sum(_booked(facts, meal.order, wanted.funder) for meal in chosen),
        sum(meal.self_pay_fen for meal in chosen),
        sum(_by_tender(facts, meal.order, wanted.tender) for meal in chosen) if wanted.tender else 0,
        at or 1,
        pages,
    )


def _fits(meal: MealFact, wanted: LineFilter, facts: MonthFacts, kinds: Mapping[str, list[Kind]]) -> bool:
    if wanted.day is not None and meal.day != wanted.day:
        return False
    if wanted.meal and meal.meal != wanted.meal:
        return False
    if wanted.person and meal.person != wanted.person:
        return False
    if wanted.kind and wanted.kind not in kinds.get(meal.order, ()):
        return False
    if wanted.tender and not _by_tender(facts, meal.order, wanted.tender):
        return False
    if wanted.funder:
        keys = [*meal.expected, *facts.booked.get(meal.order, {})]
        return any(funder == wanted.funder for funder, _ in keys)
    return True


def _by_tender(facts: MonthFacts, order: str, tender: str) -> int:
    return int(getattr(facts.received.get(order, Received("")), f"{tender}_fen"))


def _of(shares: Mapping[tuple[str, str], int], funder: str) -> int:
    """The sum of (funder, programme) → fen; of one funder, or of all where none is named."""
    return sum(fen for (key, _), fen in shares.items() if funder in ("", key))


def _booked(facts: MonthFacts, order: str, funder: str = "") -> int:
    return _of(facts.booked.get(order, {}), funder)


def _days(facts: MonthFacts, kinds: Mapping[str, list[Kind]]) -> tuple[MonthDay, ...]:
    by_day: dict[date, list[MealFact]] = defaultdict(list)
    for meal in facts.meals.values():
        if meal.collected or meal.order in facts.booked:
            by_day[meal.day].append(meal)
    return tuple(
        MonthDay(
            day,
            sum(1 for meal in meals if meal.collected),
            sum(sum(meal.expected.values()) for meal in meals),
            sum(_booked(facts, meal.order) for meal in meals),
            sum(meal.self_pay_fen for meal in meals),
            sum(facts.received[meal.order].total_fen for meal in meals if meal.order in facts.received),
            sum(len(kinds.get(meal.order, ())) for meal in meals),
        )
        for day, meals in sorted(by_day.items())
    )


def _lines(
    session: Session, meals: list[MealFact], facts: MonthFacts, kinds: Mapping[str, list[Kind]], funder: str
) -> tuple[MonthLine, ...]:
    numbers: dict[str, tuple[str, int, str]] = {}
    ids = [meal.order for meal in meals]
    for start in range(0, len(ids), 500):  # databases bound the number of parameters
        for row in session.execute(
            select(col(MealOrder.id), col(MealOrder.pickup_number), col(MealOrder.list_fen), col(Resident.name))
            .outerjoin(Resident, col(Resident.id) == col(MealOrder.resident_id))
            .where(col(MealOrder.id).in_(ids[start : start + 500]))
        ):
            numbers[row.id] = (row.pickup_number, row.list_fen, mask_name(row.name) if row.name else "")
    found: list[MonthLine] = []
    for meal in meals:
        number, list_fen, diner = numbers[meal.order]
        till = facts.received.get(meal.order, Received(meal.order))
        found.append(
            MonthLine(
                meal.order,
                meal.day,
                meal.meal,
                number,
                diner,
                list_fen,
                _of(meal.expected, funder),
                _booked(facts, meal.order, funder),
                meal.self_pay_fen,
                till.wallet_fen,
                till.cash_fen,
                till.online_fen,
                till.later_fen,
                meal.served_at,
                meal.by_hand,
                tuple(kinds.get(meal.order, ())),
            )
        )
    return tuple(found)


def _over_budget(session: Session, facts: MonthFacts) -> frozenset[str]:
    if not facts.meals:
        return frozenset()
    days = [meal.day for meal in facts.meals.values()]
    found = session.execute(
        select(col(MealOrder.id)).where(
            col(MealOrder.over_budget).is_(True), col(MealOrder.day).between(min(days), max(days))
        )
    )
    return frozenset(found.scalars())
