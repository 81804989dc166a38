"""Puts the demo's dishes into both kitchens, plans and publishes their menus, and marks the invented papers."""

from contextlib import suppress
from datetime import date, datetime, time, timedelta

from sqlmodel import Session, col, select, update

from canteen.demo.catalogue import dishes, set_meals, weeks
from canteen.demo.crew import Crew
from canteen.demo.cycle import FIRST_MONDAY, DayPlan, plan
from canteen.sites import hours, places
from canteen.sites.models import Operator
from canteen.usecases.plan_menu import MenuPlan, plan_menu
from canteen.usecases.publish_menu import MenuOf, publish_menu
from menus import cycle
from menus.cycle import CycleMenu
from menus.dishes import DishSpec, SetMealSpec, put_dish, put_set_meal
from menus.errors import MenuError
from menus.models import Dish, Menu, MenuStatus, SetMeal
from menus.planning import PlannedLine
from menus.service_days import MealPeriod, business_day, instant

MARK = "（演示）"
PLANNED_AT = time(14, 0)
DAYS_BEFORE = 5
"""Managers plan that many days ahead."""
PUBLISHED_DAYS = 14
"""This week and the next are published; what is planned after that are drafts to look over."""


def mark_operators(session: Session, today: date) -> None:
    """Give the two operators invented papers, marked as such; one food licence runs out soon, to show the warning."""
    for operator in session.exec(select(Operator).where(col(Operator.is_demo).is_(False))).all():
        soon = 25 if operator.id == "shuiyun" else 400
        session.execute(
            update(Operator)
            .where(col(Operator.id) == operator.id)
            .values(
                name=operator.name + MARK,
                agreement_no=f"演示协议-{today.year}-{operator.id}",
                agreement_until=date(today.year + 1, 12, 31),
                food_licence_no=f"演示许可-{operator.id}",
                food_licence_until=today + timedelta(days=soon),
                bank_account_until=date(today.year + 1, 12, 31),
                is_demo=True,
            )
        )


def fill_kitchens(session: Session) -> None:
    """Dishes and kinds of set meal that are missing."""
    for canteen in places.all_canteens(session):
        kitchen = canteen.kitchen_id
        known = set(session.exec(select(Dish.key).where(Dish.kitchen_id == kitchen)).all())
        for dish in dishes().values():
            if dish.key not in known:
                put_dish(
                    session,
                    kitchen,
                    DishSpec(
                        dish.key,
                        dish.name,
                        dish.course,
                        dish.price_fen,
                        dish.form,
                        dish.name_en,
                        dish.colour,
                        dish.half_price_fen,
                        dish.diet_tags,
                        dish.allergens,
                        dish.ingredients,
                        is_demo=True,
                    ),
                )
        sets = set(session.exec(select(SetMeal.key).where(SetMeal.kitchen_id == kitchen)).all())
        for kind in set_meals().values():
            if kind.key not in sets and canteen.id in kind.canteens:
                put_set_meal(
                    session,
                    kitchen,
                    SetMealSpec(
                        kind.key, kind.name, kind.price_fen, kind.name_en, kind.diet_tags, kind.courses, is_demo=True
                    ),
                )


def fill_cycle(session: Session) -> None:
    """The four-week cycle both kitchens cook by, where they keep none yet."""
    for canteen in places.all_canteens(session):
        kitchen = canteen.kitchen_id
        if cycle.kept_weeks(session, kitchen):
            continue
        for week in range(1, cycle.WEEKS + 1):
            monday = FIRST_MONDAY + timedelta(weeks=week - 1)
            menus = {}
            for ahead in range(cycle.DAYS):
                for meal in (served_meal for place, served_meal in weeks() if place == canteen.id):
                    wanted = plan(canteen.id, monday + timedelta(days=ahead), meal)
                    menus[ahead + 1, meal] = CycleMenu(_lines(wanted), wanted.recommended)
            cycle.keep_week(session, kitchen, week, menus, monday=monday)


def days_without_menus(session: Session, first: date, last: date) -> tuple[date, ...]:
    """Open days from `first` to `last`, both counted, on which a meal of some canteen has no menu."""
    planned = {
        tuple(row)
        for row in session.execute(
            select(col(Menu.kitchen_id), col(Menu.day), col(Menu.meal)).where(
                col(Menu.day) >= first, col(Menu.day) <= last
            )
        )
    }
    canteens = places.all_canteens(session)
    days = (first + timedelta(days=ahead) for ahead in range((last - first).days + 1))
    return tuple(
        day
        for day in days
        if any(
            (canteen.kitchen_id, day, served.meal.value) not in planned
            for canteen in canteens
            for served in hours.serving(session, canteen.id, day)
        )
    )


def plan_day(session: Session, day: date, crew: Crew, *, now: datetime) -> None:
    """Plan what is missing of one day, as the managers did it some days before (never after `now`)."""
    at = min(instant(day - timedelta(days=DAYS_BEFORE), PLANNED_AT), now)
    for canteen in places.all_canteens(session):
        for served in hours.serving(session, canteen.id, day):
            _plan_meal(session, canteen.kitchen_id, day, served.meal, at=at, actor=crew.of(canteen.id).manager)


def _plan_meal(session: Session, kitchen: str, day: date, meal: MealPeriod, *, at: datetime, actor: str) -> None:
    standing = select(Menu.id).where(Menu.kitchen_id == kitchen, Menu.day == day, Menu.meal == meal.value)
    if session.exec(standing).first() is not None:
        return
    wanted = plan(kitchen, day, meal.value)
    plan_menu(session, MenuPlan(kitchen, day, meal, _lines(wanted), wanted.recommended), now=at, actor=actor)
    if day <= business_day(at) + timedelta(days=PUBLISHED_DAYS):
        publish_menu(session, MenuOf(kitchen, day, meal), now=at, actor=actor)


def publish_coming(session: Session, *, now: datetime) -> None:
    """Publish the drafts that time has brought near: nobody stands before an empty kiosk after a jump of the clock.

    A draft that cannot be published, because somebody emptied it or retired its dishes, stays one.
    """
    today = business_day(now)
    drafts = session.exec(
        select(Menu)
        .where(Menu.status == MenuStatus.DRAFT, Menu.day >= today, Menu.day <= today + timedelta(days=PUBLISHED_DAYS))
        .order_by(col(Menu.day), col(Menu.id))
    ).all()
    for menu in drafts:
        with suppress(MenuError):
            which = MenuOf(menu.kitchen_id, menu.day, MealPeriod(menu.meal))
            publish_menu(session, which, now=now, actor="demo:clock")


def _lines(wanted: DayPlan) -> tuple[PlannedLine, ...]:
    sets = tuple(PlannedLine("set", line.set_key, line.portions, None, line.parts) for line in wanted.sets)
    return sets + tuple(PlannedLine("dish", line.dish_key, line.portions) for line in wanted.items)
