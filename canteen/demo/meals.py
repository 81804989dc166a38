"""Who comes to a meal of the demo and how it goes: drawn from habits, the same for a date on every machine."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import Literal

from canteen.demo.draw import pick, weighted
from canteen.demo.enrolling import Eater
from canteen.readmodels.day_menu import DayMenu, MenuLine
from canteen.readmodels.quote import LineWish
from menus.service_days import MealPeriod

SEED = 20261123
STRICT = ("halal", "vegetarian")
"""Without a set that keeps these, people stay away."""
WORDS = {"soft": "软烂", "low_salt": "少盐", "low_sugar": "少糖", "low_oil": "少油", "boneless": "去刺"}
CHANNELS = {"kiosk": 50, "window": 33, "phone": 17}
GUESTS = {MealPeriod.BREAKFAST: 1, MealPeriod.LUNCH: 5, MealPeriod.DINNER: 2}
"""Guests at a canteen that is open to all, on an ordinary day."""

Channel = Literal["kiosk", "window", "phone"]
Shown = Literal["card", "number", "code"]
Fate = Literal["eats", "stays_away", "cancels", "pays_later", "undone"]


@dataclass(frozen=True, slots=True)
class Visit:
    """One diner at one meal, from ordering to the tray. `diner` is None for a guest."""

    canteen_id: str
    diner: Eater | None
    fetcher_id: str | None
    channel: Channel
    method: str
    lines: tuple[LineWish, ...]
    ordered_at: datetime
    collected_at: datetime
    fate: Fate
    shows: Shown


def source(menu: DayMenu) -> Random:
    """Repeatable randomness of one meal at one canteen."""
    return Random(f"{SEED}/{menu.day}/{menu.canteen.id}/{menu.meal}")


def visits(menu: DayMenu, people: Sequence[Eater], fetchers: dict[int, str]) -> list[Visit]:
    """Everybody who comes to this meal. `fetchers` is roll index → id of who may bring the meal."""
    rng = source(menu)
    found: list[Visit] = []
    for eater in people:
        # Drawn for everybody, so that one person's habit never shifts another's.
        comes = rng.random()
        if eater.spec.habit.canteen == menu.canteen.id and comes < eater.spec.habit.chance(menu.meal.value):
            visit = _visit(rng, menu, eater, fetchers.get(eater.spec.index))
            if visit is not None:
                found.append(visit)
    if menu.canteen.open_to_all:
        found += _guests(rng, menu, int(GUESTS[menu.meal] * (0.5 + rng.random())))
    return found


def early_orders(
    menu: DayMenu, people: Sequence[Eater], fetchers: dict[int, str], *, now: datetime, most: int, but: Sequence[int]
) -> list[Visit]:
    """The orders that stand at `now`, during a meal: from phones and the kiosk, nearly all still to be collected.

    Nobody of the roll indexes `but` is among them: visitors of the demo order for those.
    """
    rng = source(menu)
    wishes = sorted(
        (eater for eater in people if eater.spec.habit.canteen == menu.canteen.id and eater.spec.index not in but),
        key=lambda eater: -eater.spec.habit.chance(menu.meal.value) * (0.6 + 0.4 * rng.random()),
    )
    found: list[Visit] = []
    for eater in wishes:
        visit = _visit(rng, menu, eater, fetchers.get(eater.spec.index), channel=pick(rng, ("kiosk", "kiosk", "phone")))
        if visit is None:
            continue
        if visit.channel == "kiosk":
            since = max(menu.opens_at, now - timedelta(minutes=40))
            ordered_at = since + (now - timedelta(minutes=1) - since) * rng.random()
        else:
            ordered_at = visit.ordered_at
        early = len(found) % 5 == 0 and ordered_at < now - timedelta(minutes=8)
        collected_at = now - timedelta(minutes=1) if early else menu.closes_at
        found.append(replace(visit, ordered_at=ordered_at, collected_at=collected_at, fate="eats"))
        if len(found) == most:
            break
    return found


def _visit(
    rng: Random, menu: DayMenu, eater: Eater, fetcher_id: str | None, *, channel: Channel | None = None
) -> Visit | None:
    lines = choose(rng, menu, eater)
    drawn = _channel(rng, eater)
    fate = _fate(rng, eater)
    ordered_at, collected_at = _times(rng, menu, channel or drawn)
    shown: tuple[Shown, ...] = ("card", "card", "number", "code") if eater.card else ("number", "code")
    shows = pick(rng, shown)
    fetched = fetcher_id is not None and rng.random() < 0.5
    if lines is None:
        return None
    by = channel or drawn
    return Visit(
        menu.canteen.id,
        eater,
        fetcher_id if fetched and by != "window" else None,
        by,
        "wallet" if eater.spec.habit.pays_by == "wallet" and eater.spec.wallet_topup_fen else "cash",
        lines,
        ordered_at,
        collected_at,
        "eats" if by == "window" and fate != "undone" else fate,
        shows,
    )


def _channel(rng: Random, eater: Eater) -> Channel:
    drawn = weighted(rng, CHANNELS)
    if drawn == "phone" and eater.spec.phone is None:
        drawn = "kiosk"
    if drawn == "kiosk" and eater.card is None:
        drawn = "window"
    return "kiosk" if drawn == "kiosk" else "phone" if drawn == "phone" else "window"


def _fate(rng: Random, eater: Eater) -> Fate:
    drawn = rng.random()
    away = eater.spec.habit.no_show * 2.3
    if drawn < away:
        return "stays_away"
    if drawn < away + 0.05:
        return "cancels"
    if drawn < away + 0.085:
        return "pays_later"
    return "undone" if drawn < away + 0.0862 else "eats"


def _times(rng: Random, menu: DayMenu, channel: Channel) -> tuple[datetime, datetime]:
    """Most come in the middle of the serving hours; phones order before their cut-off, the evening before breakfast."""
    length = menu.closes_at - menu.opens_at - timedelta(minutes=20)
    middle = menu.opens_at + timedelta(minutes=1) + length * ((rng.random() + rng.random()) / 2)
    wait = timedelta(minutes=3 + 9 * rng.random())
    early = timedelta(minutes=2 + 54 * rng.random())
    if channel == "window":
        return middle, middle
    if channel == "kiosk":
        return middle, middle + wait
    before = timedelta(hours=9, minutes=20) if menu.meal is MealPeriod.BREAKFAST else timedelta()
    return menu.phone_cutoff_at - before - early, middle


def choose(rng: Random, menu: DayMenu, eater: Eater | None) -> tuple[LineWish, ...] | None:
    """A set meal as a rule, a few dishes now and then; None when nothing suits."""
    allergies = set(eater.spec.allergies) if eater else set()
    asked = eater.spec.instructions if eater else ()
    whim, variety = rng.random(), rng.random()
    on_sale = [line for line in menu.items if not line.sold_out and not allergies & set(line.allergens)]
    suited = [line for line in on_sale if line.kind == "set"]
    strict = [tag for tag in STRICT if tag in asked]
    if strict:
        suited = [line for line in suited if set(strict) <= set(line.diet_tags)]
    elif whim < 0.07:
        dishes = _dishes(rng, [line for line in on_sale if line.kind == "dish"])
        if dishes:
            return dishes
    favourites = eater.spec.habit.favourites if eater else ()
    dear = [line for key in favourites for line in suited if line.key == key]
    if dear and variety < 0.85:
        return (_line(dear[0], asked),)
    if not suited:
        return None
    kinder = [line for line in suited if set(asked) & set(line.diet_tags)] or suited
    return (_line(pick(rng, kinder), asked),)


def _dishes(rng: Random, dishes: Sequence[MenuLine]) -> tuple[LineWish, ...]:
    chosen: list[LineWish] = []
    for courses in (("meat", "half_meat"), ("veg", "cold"), ("staple",)):
        fitting = [line for line in dishes if line.course in courses]
        if fitting:
            line = pick(rng, fitting)
            half = line.half_price_fen is not None and rng.random() < 0.35
            chosen.append(LineWish(line.id, portion="half" if half else "full"))
    return tuple(chosen)


def _line(line: MenuLine, asked: Sequence[str]) -> LineWish:
    """With a word for the cook where the set does not already keep what the diner asked for."""
    missing = [WORDS[tag] for tag in asked if tag in WORDS and tag not in line.diet_tags]
    return LineWish(line.id, note="、".join(missing))


def _guests(rng: Random, menu: DayMenu, count: int) -> list[Visit]:
    found: list[Visit] = []
    for _ in range(count):
        lines = choose(rng, menu, None)
        channel: Channel = "kiosk" if rng.random() < 0.3 else "window"
        ordered_at, collected_at = _times(rng, menu, channel)
        if lines is not None:
            found.append(
                Visit(menu.canteen.id, None, None, channel, "cash", lines, ordered_at, collected_at, "eats", "number")
            )
    return found
