"""The drawers of the demo: opened with 200 yuan before the first meal, counted and banked in the evening."""

from datetime import UTC, date, datetime, time, timedelta

from sqlmodel import Session

from canteen.demo.crew import CanteenCrew, Crew
from canteen.payments import shifts
from canteen.payments.shifts import ShiftView
from canteen.people.accounts import Actor
from canteen.people.models import Role
from canteen.sites import hours, places
from canteen.usecases.close_shift import DrawerCounted, close_shift
from canteen.usecases.open_shift import open_shift
from menus.service_days import LOCAL

FLOAT_FEN = 20_000
EVENING = time(20, 30)
SHORT_FEN = 200
SHORT_SHIFT = 3
"""In Longcheng's third shift 2 yuan were missing."""
ALONE_EVERY = 5
"""At Shuiyun every fifth evening nobody else is there to count."""


def keep_drawers(session: Session, day: date, crew: Crew, *, until: datetime) -> None:
    """Count what is left open from an earlier day, and open what serves on `day`, as far as `until`."""
    for canteen in places.all_canteens(session):
        served = hours.serving(session, canteen.id, day)
        opened = shifts.open_shift(session, canteen.id)
        evening = datetime.combine(day - timedelta(days=1), EVENING, LOCAL).astimezone(UTC)
        if opened is not None and opened.day < day:
            _count(session, opened, crew.of(canteen.id), at=max(evening, opened.opened_at))
            opened = None
        if opened is None and served:
            at = min(each.opens_at for each in served) - timedelta(hours=2)
            if at <= until:
                mine = crew.of(canteen.id)
                open_shift(
                    session, canteen.id, float_fen=FLOAT_FEN, now=at, actor=mine.window, actor_name=mine.window_name
                )


def _count(session: Session, shift: ShiftView, crew: CanteenCrew, *, at: datetime) -> None:
    expected_fen = shift.float_fen + shifts.moved_fen(session, shift.id)
    is_short = shift.canteen_id == "longcheng" and shift.number == SHORT_SHIFT and expected_fen >= SHORT_FEN
    counted_fen = max(0, expected_fen - SHORT_FEN if is_short else expected_fen)
    banked_fen = max(0, counted_fen - FLOAT_FEN)
    alone = shift.canteen_id == "shuiyun" and shift.number % ALONE_EVERY == 0
    second = None if alone else Actor(crew.window, crew.window_name, Role.STAFF, canteen_id=shift.canteen_id)
    count = DrawerCounted(
        shift.id,
        shift.canteen_id,
        counted_fen,
        banked_fen,
        f"演示存款 {at:%m%d}" if banked_fen else "",
        second,
        "少 2 元，找遍没有" if is_short else "",
    )
    close_shift(session, count, now=at, actor=crew.manager, actor_name=crew.manager_name)
