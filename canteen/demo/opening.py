"""When the demo opens: 10:50 of an open day whatever the machine's hour; later starts go on and never back."""

from datetime import date, datetime, time, timedelta

from sqlmodel import Session

from canteen.clock import read_demo_clock
from canteen.sites import hours, places
from menus.service_days import business_day, instant

START = time(10, 50)


def opening_time(session: Session, real_now: datetime) -> datetime:
    """Where the demo clock has to stand, aware UTC.

    A first start opens on the machine's business day, or the next open one. A later start goes on where the clock
    stands while a meal is being served; else it opens anew at the next 10:50 of an open day.
    """
    row = read_demo_clock(session)
    if row is None:
        return _open_from(session, business_day(real_now))
    standing = row.shown_at + max(real_now - row.real_at, timedelta())
    if _is_serving(session, standing):
        return standing
    today = business_day(standing)
    return _open_from(session, today if standing <= instant(today, START) else today + timedelta(days=1))


def _open_from(session: Session, first: date) -> datetime:
    for ahead in range(hours.LOOK_AHEAD_DAYS):
        day = first + timedelta(days=ahead)
        if all(hours.is_open_day(session, canteen.id, day) for canteen in places.all_canteens(session)):
            return instant(day, START)
    return instant(first, START)


def _is_serving(session: Session, now: datetime) -> bool:
    return any(
        meal.opens_at <= now < meal.closes_at
        for canteen in places.all_canteens(session)
        for meal in hours.serving(session, canteen.id, business_day(now))
    )
