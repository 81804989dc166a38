"""An order being put together at the counter: the dishes chosen so far, what is to be collected, what clashes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from canteen.orders.errors import GuestNotServed
from canteen.payments import dues
from canteen.people import diet_notes, residents
from canteen.people.diet_notes import NOTHING
from canteen.people.sealed import Sealer, mask_name
from canteen.readmodels import quote as quotes
from canteen.readmodels.day_menu import DayMenu, MenuLine, day_menu
from canteen.readmodels.quote import MOST_OF_A_KIND, LineWish, MealWish
from canteen.readmodels.usual_meal import usual_meal
from canteen.readmodels.window import MealNow, wallet_suffices
from menus.diet import Clash, clashes

Basket = Mapping[str, int]
"""How many of what: `12` is menu line 12, `12h` a half portion of it."""


@dataclass(frozen=True, slots=True)
class BasketLine:
    """One line chosen; `key` as in the basket."""

    key: str
    item: MenuLine
    portion: str
    quantity: int


@dataclass(frozen=True, slots=True)
class CounterOrder:
    """The page of S3. `pay_fen` None: nothing is chosen. Diner None: a guest."""

    resident_id: str | None
    shown_as: str
    menu: DayMenu
    usual_id: int | None
    lines: tuple[BasketLine, ...]
    pay_fen: int | None
    clashes: tuple[Clash, ...]
    wishes: tuple[str, ...]
    note: str
    wallet_suffices: bool
    may_owe: bool
    """先吃后付 is possible: known by name, and no earlier meal is still to be paid."""

    @property
    def wish(self) -> tuple[LineWish, ...]:
        """The lines as use cases want them."""
        return tuple(LineWish(line.item.id, line.quantity, line.portion) for line in self.lines)


def counter_order(
    session: Session,
    canteen_id: str,
    resident_id: str | None,
    basket: Basket,
    at: MealNow,
    *,
    now: datetime,
    sealer: Sealer,
    examples_decide: bool,
    channel: str = "window",
) -> CounterOrder:
    """What stands on the counter page for this basket; lines that left the menu are dropped.

    Raises:
        people.errors.ResidentUnknown: nobody has this key.
        orders.errors.OrderingClosed, GuestNotServed: no order can be made.
    """
    menu = day_menu(session, canteen_id, at.day, at.meal)
    if resident_id is None and not menu.canteen.open_to_all:
        raise GuestNotServed(canteen=menu.canteen.name)
    notes = NOTHING if resident_id is None else diet_notes.read(session, sealer, resident_id)
    usual = usual_meal(session, menu, resident_id, notes)
    lines = _chosen(menu, basket)
    pay_fen: int | None = None
    if lines:
        wishes = tuple(LineWish(line.item.id, line.quantity, line.portion) for line in lines)
        wish = MealWish(canteen_id, at.day, at.meal, resident_id, wishes, channel)
        pay_fen = quotes.quote(session, wish, now=now, examples_decide=examples_decide).self_pay_fen
    known = resident_id is not None
    return CounterOrder(
        resident_id=resident_id,
        shown_as=mask_name(residents.resident(session, resident_id).name) if resident_id is not None else "",
        menu=menu,
        usual_id=usual.item.id if usual and known and not usual.clashes else None,
        lines=lines,
        pay_fen=pay_fen,
        clashes=clashes([line.item for line in lines], notes.allergies, notes.instructions),
        wishes=notes.instructions,
        note=notes.note,
        wallet_suffices=resident_id is not None and wallet_suffices(session, canteen_id, resident_id, pay_fen or 0),
        may_owe=resident_id is not None and dues.open_fen(session, resident_id) is None,
    )


def _chosen(menu: DayMenu, basket: Basket) -> tuple[BasketLine, ...]:
    found = []
    for key, quantity in basket.items():
        number = key.removesuffix("h")
        item = menu.item(int(number)) if number.isascii() and number.isdigit() else None
        is_half = key.endswith("h")
        if item is None or quantity < 1 or (is_half and item.half_price_fen is None):
            continue
        found.append(BasketLine(key, item, "half" if is_half else "full", min(quantity, MOST_OF_A_KIND)))
    return tuple(found)
