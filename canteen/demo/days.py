"""Lives through the demo's days meal by meal, each meal in one transaction that can be left out when it was served."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from canteen.demo.crew import Crew
from canteen.demo.enrolling import Eater
from canteen.demo.history import Service, orders_of
from canteen.demo.meals import early_orders, visits
from canteen.orders.models import MealOrder, OrderLine
from canteen.people.sealed import Sealer
from canteen.readmodels.day_menu import DayMenu, day_menu
from canteen.sites import hours, places
from canteen.usecases.close_menu import MenuOf, close_menu
from canteen.usecases.end_orders import end_orders
from canteen.usecases.record_made import MadeNow, record_made
from canteen.usecases.steps.collecting import AROUND_MEAL
from menus.models import Menu, MenuItem, MenuStatus
from menus.service_days import MealPeriod

EARLY_ORDERS = 26
"""Orders of the meal at which the demo opens, at each canteen."""
KNOWN_VISITORS = (0, 1, 4)
"""张玉兰, 王福顺 and 孙淑琴 have not ordered yet: whoever tries the demo orders for them."""
SPARE = 1.15
"""A kitchen cooks a little more than is ordered."""


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody who plays: the roll, who fetches for whom (roll index → id), who works."""

    people: tuple[Eater, ...]
    fetchers: dict[int, str]
    crew: Crew
    sealer: Sealer


def unserved(session: Session, first: date, now: datetime) -> tuple[tuple[date, MealPeriod], ...]:
    """Meals from `first` on that began before `now` and whose menu is still open, in their order."""
    found: set[tuple[date, datetime, MealPeriod]] = set()
    last = now.date() + timedelta(days=1)
    for canteen in places.all_canteens(session):
        rows = session.execute(
            select(col(Menu.day), col(Menu.meal)).where(
                col(Menu.kitchen_id) == canteen.kitchen_id,
                col(Menu.day) >= first,
                col(Menu.day) <= last,
                col(Menu.status) == MenuStatus.PUBLISHED.value,
            )
        )
        for day, meal in rows:
            served = next((each for each in hours.serving(session, canteen.id, day) if each.meal == meal), None)
            if served is not None and served.opens_at <= now:
                found.add((day, served.opens_at, served.meal))
    return tuple((day, meal) for day, _, meal in sorted(found, key=lambda each: each[1]))


def serve_meal(session: Session, day: date, meal: MealPeriod, cast: Cast, *, until: datetime) -> int:
    """Serve one meal at every canteen as far as `until`; ended meals are closed. Returns the meals handed over.

    Where orders stand already (the demo was used during this meal) nobody new comes: what waits is fetched.
    """
    service = Service(session, day, meal.value, cast.crew, cast.sealer, until)
    menus = [
        day_menu(session, canteen.id, day, meal.value)
        for canteen in places.all_canteens(session)
        if any(each.meal == meal for each in hours.serving(session, canteen.id, day))
    ]
    menus = [menu for menu in menus if menu.status is MenuStatus.PUBLISHED]
    for menu in menus:
        standing, numbers = orders_of(session, menu.canteen.id, day, meal.value)
        if standing:
            if until >= menu.closes_at + AROUND_MEAL:
                service.hand_over_waiting(menu.canteen.id, menu.closes_at, numbers)
        elif menu.opens_at <= until < menu.closes_at:
            service.expect(
                early_orders(menu, cast.people, cast.fetchers, now=until, most=EARLY_ORDERS, but=KNOWN_VISITORS)
            )
        else:
            service.expect(visits(menu, cast.people, cast.fetchers))
    served = service.run()
    for menu in menus:
        _cook(session, menu, cast.crew, until=until)
    _end(session, menus, cast.crew, until=until)
    return served


def _cook(session: Session, menu: DayMenu, crew: Crew, *, until: datetime) -> None:
    """The cook types how many portions are made: while serving a good part of the plan, in the end what was needed."""
    over = until >= menu.closes_at
    at = min(until, menu.closes_at)
    ordered = _ordered(session, menu)
    for item in menu.items:
        if over:
            made = min(item.planned, int(ordered.get(item.id, 0) * SPARE + 0.9))
        else:
            made = min(item.planned, max(ordered.get(item.id, 0), item.planned * 3 // 10))
        if made and made != item.made:
            actor = crew.of(menu.canteen.id).window
            record_made(session, MadeNow(menu.canteen.kitchen_id, item.id, made - item.made), now=at, actor=actor)


def _ordered(session: Session, menu: DayMenu) -> dict[int, int]:
    """Whole portions ordered of each line, halves rounded up."""
    halves: dict[int, int] = {}
    rows = session.execute(
        select(col(OrderLine.menu_item_id), col(OrderLine.portion), col(OrderLine.quantity))
        .join(MealOrder, col(MealOrder.id) == col(OrderLine.order_id))
        .join(MenuItem, col(MenuItem.id) == col(OrderLine.menu_item_id))
        .where(col(MenuItem.menu_id) == menu.id)
    )
    for item_id, portion, quantity in rows:
        halves[item_id] = halves.get(item_id, 0) + quantity * (1 if portion == "half" else 2)
    return {item_id: (count + 1) // 2 for item_id, count in halves.items()}


def _end(session: Session, menus: list[DayMenu], crew: Crew, *, until: datetime) -> None:
    for menu in sorted(menus, key=lambda each: each.closes_at):
        after = menu.closes_at + AROUND_MEAL + timedelta(minutes=1)
        if after > until:
            continue
        while end_orders(session, now=after):
            pass
        ended = MenuOf(menu.canteen.kitchen_id, menu.day, menu.meal)
        close_menu(session, ended, now=after, actor="job:close-menus")
