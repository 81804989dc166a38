"""Loads the demo (演示) into an empty database, or brings it up to the day it opens on: all by the use cases."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from time import monotonic

from sqlmodel import Session

from canteen.clock import move_demo_clock
from canteen.db.database import Database
from canteen.demo import budgets, kitchens
from canteen.demo.accounts import add_demo_accounts
from canteen.demo.applying import add_applications
from canteen.demo.crew import Crew, pair_devices, read_crew
from canteen.demo.days import KNOWN_VISITORS, Cast, serve_meal, unserved
from canteen.demo.drawers import keep_drawers
from canteen.demo.enrolling import enrol_some, enrolled, name_fetchers, roll
from canteen.demo.opening import opening_time
from canteen.demo.phones import give_demo_pin
from canteen.payments import wallets
from canteen.people.sealed import Sealer
from canteen.settings import Settings
from canteen.sites import places
from canteen.usecases.top_up_wallet import top_up_wallet
from menus.service_days import business_day, instant

Progress = Callable[[str, float], None]
"""Told what is being done and which part of everything is done, 0 to 1."""

HISTORY_DAYS = 61
MENU_DAYS_AHEAD = 40
BEFORE_ALL = time(9, 0)
"""Rules and money are there before the first meal."""
ENROL_AT_ONCE = 25
FULL_ENOUGH_FEN = 5_000
"""The three people visitors order for always have that in their wallets."""


@dataclass(frozen=True, slots=True)
class DemoReport:
    """What a start of the demo did. `now` is where the demo clock stands."""

    now: datetime
    residents: int
    days_planned: int
    meals_served: int
    seconds: float

    @property
    def did_nothing(self) -> bool:
        """Whether everything was there."""
        return not (self.residents or self.days_planned or self.meals_served)


def load_or_top_up(
    database: Database,
    settings: Settings,
    progress: Progress,
    *,
    real_now: datetime | None = None,
    history_days: int = HISTORY_DAYS,
    days_ahead: int = MENU_DAYS_AHEAD,
) -> DemoReport:
    """Put in what is missing and set the demo clock. Safe to repeat and to resume after an interruption."""
    began = monotonic()
    real = real_now or datetime.now(UTC)
    progress("演示账户与食堂", 0.0)
    database.write_sync(places.seed_places)
    now = database.read_sync(opening_time, real)
    today = business_day(now)
    start, last = today - timedelta(days=history_days), today + timedelta(days=days_ahead)
    add_demo_accounts(database, database.read_sync(_beginning, start, now))
    sealer = Sealer(settings.secret_key)
    crew = database.read_sync(read_crew)
    database.write_sync(_prepare, start, last, crew, settings.secret_key, now=now)
    residents = _enrol(database, start, crew, sealer, progress)
    planned = _plan(database, start, last, crew, now=now, progress=progress)
    database.write_sync(kitchens.publish_coming, now=now)
    cast = database.read_sync(_cast, crew, sealer)
    served = _serve(database, start, cast, now, progress)
    if served or residents:
        database.write_sync(_fill_wallets, cast, now=now)
    database.write_sync(add_applications, now=now, sealer=sealer)
    database.write_sync(give_demo_pin, real_now=real)
    database.write_sync(move_demo_clock, now, real_at=real)
    progress("演示数据就绪", 1.0)
    return DemoReport(now, residents, planned, served, monotonic() - began)


def _beginning(session: Session, start: date, now: datetime) -> datetime:
    """When accounts, rules and money come in: the morning before the first meal, or `now` where people eat already."""
    return now if enrolled(session) else instant(start - timedelta(days=1), BEFORE_ALL)


def _prepare(session: Session, start: date, last: date, crew: Crew, secret_key: str, *, now: datetime) -> None:
    kitchens.mark_operators(session, business_day(now))
    kitchens.fill_kitchens(session)
    kitchens.fill_cycle(session)
    at = _beginning(session, start, now)
    pair_devices(session, secret_key, now=at)
    budgets.publish_rules(session, now=at, actor=crew.officer)
    budgets.load_years(session, range(start.year, last.year + 1), now=at, actor=crew.officer)


def _enrol(database: Database, start: date, crew: Crew, sealer: Sealer, progress: Progress) -> int:
    size = len(roll())
    known = len(database.read_sync(enrolled))
    for first in range(known, size, ENROL_AT_ONCE):
        progress(f"登记居民 {first}/{size}", 0.02 + 0.06 * first / size)
        last = min(first + ENROL_AT_ONCE, size)
        database.write_sync(enrol_some, first, last, start, crew, sealer=sealer)
    if known < size:
        database.write_sync(name_fetchers, start, crew)
    return size - known


def _plan(database: Database, start: date, last: date, crew: Crew, *, now: datetime, progress: Progress) -> int:
    days = database.read_sync(kitchens.days_without_menus, start, last)
    for count, day in enumerate(days):
        progress(f"编排菜单 {day:%m-%d}", 0.08 + 0.17 * count / len(days))
        database.write_sync(kitchens.plan_day, day, crew, now=now)
    return len(days)


def _serve(database: Database, start: date, cast: Cast, now: datetime, progress: Progress) -> int:
    meals = database.read_sync(unserved, start, now)
    served = 0
    for count, (day, meal) in enumerate(meals):
        progress(f"供餐 {day:%m-%d}", 0.25 + 0.74 * count / len(meals))
        database.write_sync(keep_drawers, day, cast.crew, until=now)
        served += database.write_sync(serve_meal, day, meal, cast, until=now)
    return served


def _cast(session: Session, crew: Crew, sealer: Sealer) -> Cast:
    people = enrolled(session)
    keys: Sequence[str] = [eater.id for eater in people]
    fetchers = {eater.spec.index: keys[eater.spec.fetched_by] for eater in people if eater.spec.fetched_by is not None}
    return Cast(people, fetchers, crew, sealer)


def _fill_wallets(session: Session, cast: Cast, *, now: datetime) -> None:
    for index in KNOWN_VISITORS:
        eater = cast.people[index]
        canteen = places.canteen(session, eater.spec.habit.canteen)
        wallet = wallets.find(session, eater.id, canteen.operator_id)
        if wallet is None or wallet.balance_fen < FULL_ENOUGH_FEN:
            at = now - timedelta(minutes=30)
            actor = cast.crew.of(canteen.id).window
            top_up_wallet(session, eater.id, canteen.id, fen=eater.spec.wallet_topup_fen, now=at, actor=actor)
