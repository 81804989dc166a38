"""What whoever closes the day looks at: what is off first, then drawer, kitchen, samples and the day's shifts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, func, or_, select
from sqlmodel import Session, col

from canteen.orders.models import MealOrder
from canteen.orders.status import OPEN, OrderStatus
from canteen.payments import shifts
from canteen.payments.shifts import ShiftView
from canteen.pickup.models import Collection
from canteen.readmodels.kitchen_counts import MealKitchen, kitchen_day
from canteen.readmodels.open_dues import open_dues
from canteen.readmodels.shift_days import shift_days
from canteen.sites.hours import MealHours, serving
from menus import food_samples
from menus.food_samples import SampleView


@dataclass(frozen=True, slots=True)
class Off:
    """One thing that is not right: `kind` names its sentence, `link` leads to where it is mended. Fen."""

    kind: str
    link: str
    count: int = 0
    fen: int = 0
    meal: str = ""
    name: str = ""
    name_en: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class DayClose:
    """The day sheet of one canteen; fen. `moved_fen` is cash in less out of the open shift."""

    day: date
    off: tuple[Off, ...]
    standing: ShiftView | None
    moved_fen: int
    should_hold_fen: int
    shifts: tuple[ShiftView, ...]
    meals: tuple[MealKitchen, ...]
    samples: tuple[SampleView, ...]


def day_close(session: Session, canteen_id: str, kitchen_id: str, day: date, now: datetime) -> DayClose:
    """Everything on one page."""
    standing = shifts.open_shift(session, canteen_id)
    moved = shifts.moved_fen(session, standing.id) if standing else 0
    holds = standing.float_fen + moved if standing else shifts.drawer_fen(session, canteen_id)
    meals = kitchen_day(session, kitchen_id, day)
    samples = food_samples.samples(session, kitchen_id, day)
    days = shift_days(session, canteen_id, day, day)
    of_day = days[0].shifts if days else ()
    off = (
        *_drawer(standing, of_day, day),
        *_trays(session, canteen_id, day, now),
        *_kitchen(meals, samples, serving(session, canteen_id, day), now),
    )
    return DayClose(day, off, standing, moved, holds, of_day, meals, samples)


def _drawer(standing: ShiftView | None, of_day: tuple[ShiftView, ...], day: date) -> Iterator[Off]:
    if standing is not None and standing.day < day:
        yield Off("yesterday-open", "#drawer", day=standing.day)
    for one in of_day:
        if one.closed_at is None:
            if not one.is_counted:
                yield Off("float-not-counted", "#drawer")
            continue
        if one.over_fen:
            yield Off("over" if one.over_fen > 0 else "short", "#shifts", fen=abs(one.over_fen))
        if one.none_on_site:
            yield Off("alone", "#shifts")


def _trays(session: Session, canteen_id: str, day: date, now: datetime) -> Iterator[Off]:
    dues = open_dues(session, canteen_id)
    if dues:
        yield Off("dues", "/staff/dues", count=len(dues), fen=sum(due.fen for due in dues))
    uncollected = session.execute(
        select(func.count())
        .select_from(MealOrder)
        .where(
            col(MealOrder.canteen_id) == canteen_id,
            col(MealOrder.day) == day,
            or_(
                col(MealOrder.status) == OrderStatus.NOT_COLLECTED.value,
                and_(col(MealOrder.status).in_([one.value for one in OPEN]), col(MealOrder.deadline_at) <= now),
            ),
        )
    ).scalar_one()
    if uncollected:
        yield Off("uncollected", "/staff/list", count=uncollected)
    without = session.execute(
        select(func.count())
        .select_from(Collection)
        .where(
            col(Collection.canteen_id) == canteen_id,
            col(Collection.day) == day,
            col(Collection.how) == "number",
            col(Collection.undone_at).is_(None),
        )
    ).scalar_one()
    if without:
        yield Off("no-code", "/staff/list", count=without)


def _kitchen(
    meals: tuple[MealKitchen, ...], samples: tuple[SampleView, ...], hours: tuple[MealHours, ...], now: datetime
) -> Iterator[Off]:
    """What should have been written down by now: samples once a meal is served, counts once it is over."""
    sampled = {(one.day, one.meal, one.dish_id) for one in samples}
    begun = {each.meal for each in hours if each.opens_at <= now}
    over = {each.meal for each in hours if each.closes_at <= now}
    for meal in meals:
        address = f"/staff/kitchen?meal={meal.meal}"
        if meal.not_typed and meal.meal in over:
            yield Off("counts-open", address, count=meal.not_typed, meal=meal.meal)
        for dish in meal.dishes:
            if dish.served_over_made:
                yield Off("counts-over", address, meal=meal.meal, name=dish.name, name_en=dish.name_en)
        missing = sum(1 for dish in meal.dishes if (meal.day, meal.meal.value, dish.dish_id) not in sampled)
        if missing and meal.meal in begun:
            yield Off("no-sample", "#samples", count=missing, meal=meal.meal)
    for one in samples:
        if one.thrown_at is None and one.keep_until <= now:
            yield Off("sample-due", "#samples", name=one.name, name_en=one.name_en)
