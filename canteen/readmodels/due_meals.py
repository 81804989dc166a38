"""Which menus are still open although their meal is over?"""

from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from canteen.sites import hours, places
from menus.models import Menu, MenuStatus
from menus.service_days import MealPeriod, business_day


def due_menus(session: Session, *, now: datetime, after: timedelta) -> list[tuple[str, date, MealPeriod]]:
    """(kitchen, day, meal) of published menus whose last serving canteen closed at least `after` ago."""
    today = business_day(now)
    menus = session.exec(
        select(Menu).where(col(Menu.status) == MenuStatus.PUBLISHED, col(Menu.day) <= today).order_by(col(Menu.day))
    ).all()
    due = []
    for menu in menus:
        ends = [
            served.closes_at
            for canteen_id in places.canteens_of_kitchen(session, menu.kitchen_id)
            for served in hours.serving(session, canteen_id, menu.day)
            if served.meal == menu.meal
        ]
        if not ends or max(ends) + after <= now:
            due.append((menu.kitchen_id, menu.day, MealPeriod(menu.meal)))
    return due
