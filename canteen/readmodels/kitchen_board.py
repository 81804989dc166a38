"""What must the kitchen cook? Counts for batch kitchens, tickets for to-order ones."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlmodel import Session, col

from canteen.orders.models import HALVES, MealOrder, OrderLine
from canteen.orders.status import OPEN, OrderStatus
from canteen.people import diet_notes
from canteen.people.sealed import Sealer
from canteen.readmodels.handover_list import OrderedLine, ordered_lines
from menus.models import Menu, MenuItem
from menus.portions import FULL

SOON_S = 300
"""A ticket turns yellow after five minutes …"""
LATE_S = 480
"""… and salmon after eight."""

PARTS = ("set", "meat", "veg", "staple")
PART_OF = {"meat": "meat", "half_meat": "meat", "veg": "veg", "cold": "veg"}

_COUNTED = (*(status.value for status in OPEN), OrderStatus.COLLECTED.value)


@dataclass(frozen=True, slots=True)
class BoardLine:
    """One line of the menu in a batch kitchen. Portions; halves count 0.5. `to_make` is what is ordered and not made."""

    item_id: int
    kind: str
    course: str
    name: str
    name_en: str
    ordered: float
    made: int
    served: float
    left: float
    off_sale: bool

    @property
    def part(self) -> str:
        """Which stove it comes from: `set`, `meat`, `veg` or `staple`. A board shows one part, so that nothing scrolls."""
        return "set" if self.kind == "set" else PART_OF.get(self.course, "staple")

    @property
    def to_make(self) -> int:
        """Whole portions, rounded up: half a portion is cooked too."""
        return max(0, -int(-self.ordered // 1) - self.made)


@dataclass(frozen=True, slots=True)
class Board:
    """A meal in a batch kitchen: the lines in the manager's order, and orders by tray."""

    lines: tuple[BoardLine, ...]
    trays_waiting: int
    trays_served: int
    made: int
    to_make: int

    @property
    def parts(self) -> tuple[tuple[str, int], ...]:
        """The parts that have lines, each with what is still to be made."""
        found = {part: [line.to_make for line in self.lines if line.part == part] for part in PARTS}
        return tuple((part, sum(missing)) for part, missing in found.items() if missing)


@dataclass(frozen=True, slots=True)
class Ticket:
    """One order in a to-order kitchen. `age` is going, soon or late; `paid` false: the money comes first."""

    order_id: str
    pickup_number: str
    channel: str
    placed_at: datetime
    age_s: int
    age: str
    is_paid: bool
    lines: tuple[OrderedLine, ...]
    wishes: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class TicketBoard:
    """Tickets oldest first; `totals` are the sums of exactly these tickets; `last_ready` can be called back."""

    tickets: tuple[Ticket, ...]
    totals: tuple[tuple[str, float], ...]
    ready_count: int
    last_ready: tuple[str, str] | None
    """Order id and number."""


def kitchen_board(session: Session, kitchen_id: str, day: date, meal: str) -> Board:
    """Counts of every line; the orders of all service points of the kitchen are in them."""
    lines = _board_lines(session, kitchen_id, day, meal)
    trays = session.execute(
        select(col(MealOrder.status), func.count())
        .where(col(MealOrder.menu_id).in_(_menu_id(kitchen_id, day, meal)))
        .group_by(col(MealOrder.status))
    )
    counts: dict[str, int] = dict(trays.all())
    return Board(
        lines,
        sum(counts.get(status.value, 0) for status in OPEN),
        counts.get(OrderStatus.COLLECTED.value, 0),
        sum(line.made for line in lines),
        sum(line.to_make for line in lines),
    )


def ticket_board(
    session: Session, canteen_id: str, day: date, meal: str, *, opens_at: datetime, now: datetime, sealer: Sealer
) -> TicketBoard:
    """What is still to be cooked, one ticket an order. Whoever orders ahead is waited for from `opens_at` on."""
    rows = session.execute(
        select(
            col(MealOrder.id),
            col(MealOrder.pickup_number),
            col(MealOrder.channel),
            col(MealOrder.placed_at),
            col(MealOrder.status),
            col(MealOrder.resident_id),
            col(MealOrder.ready_at),
        )
        .where(
            col(MealOrder.canteen_id) == canteen_id,
            col(MealOrder.day) == day,
            col(MealOrder.meal) == meal,
            col(MealOrder.status).in_([status.value for status in OPEN]),
        )
        .order_by(col(MealOrder.placed_at), col(MealOrder.id))
    ).all()
    to_cook = [row for row in rows if row.status != OrderStatus.READY]
    ready = [row for row in rows if row.status == OrderStatus.READY]
    lines = ordered_lines(session, [row.id for row in to_cook])
    tickets = []
    totals: dict[str, float] = {}
    for row in to_cook:
        age_s = max(0, int((now - max(row.placed_at, opens_at)).total_seconds()))
        notes = diet_notes.read(session, sealer, row.resident_id) if row.resident_id else diet_notes.NOTHING
        tickets.append(
            Ticket(
                row.id,
                row.pickup_number,
                row.channel,
                row.placed_at,
                age_s,
                "late" if age_s >= LATE_S else "soon" if age_s >= SOON_S else "going",
                row.status == OrderStatus.PAID,
                lines.get(row.id, ()),
                notes.instructions,
                notes.note,
            )
        )
        for line in lines.get(row.id, ()):
            totals[line.name] = totals.get(line.name, 0) + line.quantity * (0.5 if line.portion == "half" else 1)
    last = max(ready, key=lambda row: row.ready_at or row.placed_at, default=None)
    return TicketBoard(
        tuple(tickets), tuple(totals.items()), len(ready), (last.id, last.pickup_number) if last is not None else None
    )


def _menu_id(kitchen_id: str, day: date, meal: str) -> Select[Any]:
    return select(col(Menu.id)).where(col(Menu.kitchen_id) == kitchen_id, col(Menu.day) == day, col(Menu.meal) == meal)


def _board_lines(session: Session, kitchen_id: str, day: date, meal: str) -> tuple[BoardLine, ...]:
    menu = _menu_id(kitchen_id, day, meal)
    counted = session.execute(
        select(
            col(OrderLine.menu_item_id),
            func.sum(HALVES),
            func.sum(case((col(MealOrder.status) == OrderStatus.COLLECTED.value, HALVES), else_=0)),
        )
        .join(MealOrder, col(MealOrder.id) == col(OrderLine.order_id))
        .where(col(MealOrder.menu_id).in_(menu), col(MealOrder.status).in_(_COUNTED))
        .group_by(col(OrderLine.menu_item_id))
    )
    halves: dict[int, tuple[int, int]] = {item: (int(ordered), int(served)) for item, ordered, served in counted}
    rows = session.execute(
        select(
            col(MenuItem.id),
            col(MenuItem.kind),
            col(MenuItem.course),
            col(MenuItem.name),
            col(MenuItem.name_en),
            col(MenuItem.made_portions),
            col(MenuItem.left_halves),
            col(MenuItem.sold_out),
        )
        .where(col(MenuItem.menu_id).in_(menu))
        .order_by(col(MenuItem.position), col(MenuItem.id))
    )
    found = []
    for item_id, kind, course, name, name_en, made, left_halves, sold_out in rows:
        ordered, served = halves.get(item_id, (0, 0))
        found.append(
            BoardLine(
                item_id, kind, course, name, name_en, ordered / FULL, made, served / FULL, left_halves / FULL, sold_out
            )
        )
    return tuple(found)
