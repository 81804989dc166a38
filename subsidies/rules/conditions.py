"""Who, where and when a rule is for. Each check names the reason it fails by a stable code with its figures."""

import re

from subsidies.money import parse_yuan
from subsidies.rules.case import WHERE, Case, CounterLimit
from subsidies.rules.decision import Step, StepFact
from subsidies.rules.facts import Diner
from subsidies.rules.language import Clock, Conditions, Place, Residence, Spend

LEVELS = ("city", "district", "subdistrict", "community")
_REGISTER_RANK = {"none": 0, "other": 1, "city": 2, "district": 3, "subdistrict": 4, "community": 5}
_ALL_DAY = (0, 24 * 60)
_TIME = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00", re.ASCII)


def inside(area: str, container: str) -> bool:
    """Whether an area path lies in (or is) another; an unknown area lies nowhere."""
    return bool(area) and (area == container or area.startswith(container + "/"))


def same_at(level: str, one: str, other: str) -> bool:
    """Whether two area paths agree down to a level; a path too short to say does not."""
    depth = LEVELS.index(level) + 1
    first, second = one.split("/")[:depth], other.split("/")[:depth]
    return len(first) == depth and first == second


def _place_holds(place: Place, area: str, register: str, canteen_area: str) -> bool:
    return (
        (not place.within or any(inside(area, w) for w in place.within))
        and not any(inside(area, w) for w in place.outside)
        and (place.same is None or same_at(place.same, area, canteen_area))
        and (place.not_same is None or not same_at(place.not_same, area, canteen_area))
        and (place.level is None or _REGISTER_RANK[register] >= _REGISTER_RANK[place.level])
    )


def _at_home(residence: Residence, diner: Diner, canteen_area: str) -> bool:
    tests = []
    if residence.registered is not None:
        tests.append(_place_holds(residence.registered, diner.register_area, diner.register, canteen_area))
    if residence.lives is not None:
        tests.append(_place_holds(residence.lives, diner.living_area, diner.register, canteen_area))
    return not tests or (any(tests) if residence.need == "either" else all(tests))


class Band:
    """An age band as half-open completed years: `first` counts, `end` does not; None is open."""

    __slots__ = ("end", "first", "label", "matters")

    def __init__(self, conditions: Conditions) -> None:
        age = conditions.age
        self.first: int | None = None
        self.end: int | None = None
        if age is not None:
            firsts = [f for f in (age.from_, None if age.over is None else age.over + 1) if f is not None]
            ends = [e for e in (age.under, None if age.to is None else age.to + 1) if e is not None]
            self.first = max(firsts) if firsts else None
            self.end = min(ends) if ends else None
        self.matters = self.first is not None or self.end is not None
        """Whether it bounds the age at all."""
        self.label = ""
        """`80-89`, `90+`, `0-59`; "" when age does not matter."""
        if self.end is not None:
            self.label = f"{self.first or 0}-{self.end - 1}"
        elif self.first is not None:
            self.label = f"{self.first}+"


class Threshold:
    """A minimum (or maximum) spend, compared in fen."""

    __slots__ = ("counts", "end_fen", "first_fen", "net")

    def __init__(self, spend: Spend) -> None:
        self.net = spend.measured_on == "net"
        self.counts = spend.counts
        self.first_fen = 0
        self.end_fen: int | None = None
        if spend.at_least is not None:
            self.first_fen = parse_yuan(spend.at_least).fen
        if spend.more_than is not None:
            self.first_fen = max(self.first_fen, parse_yuan(spend.more_than).fen + 1)
        if spend.less_than is not None:
            self.end_fen = parse_yuan(spend.less_than).fen
        if spend.at_most is not None:
            end_fen = parse_yuan(spend.at_most).fen + 1
            self.end_fen = end_fen if self.end_fen is None else min(self.end_fen, end_fen)

    def spend_fen(self, case: Case, left_fen: int) -> int:
        """What is compared: the list price, or `net` of what earlier rules of a sequence took off; never the delivery fee."""
        spend = case.own_fen
        if self.counts == "order":
            spend = case.food_fen
        elif self.counts == "sets":
            spend = case.sets_fen
        return max(0, spend - (case.own_fen - left_fen)) if self.net else spend

    def holds(self, spend_fen: int) -> bool:
        return spend_fen >= self.first_fen and (self.end_fen is None or spend_fen < self.end_fen)


class Check:
    """The conditions of one rule or grant, compiled once. Each method names its reason against the case, or None."""

    __slots__ = ("_window", "band", "classes", "counters", "has_rest", "key", "statuses", "text", "threshold")

    def __init__(
        self, key: str, text: Conditions, counters: tuple[CounterLimit, ...], excluded: frozenset[str]
    ) -> None:
        self.key = key
        self.text = text
        self.band = Band(text)
        self.classes = () if text.categories is None else (*text.categories.any, *text.categories.all)
        """The categories it helps people for."""
        self.statuses = excluded | frozenset(text.excluded_statuses)
        self.threshold = None if text.minimum_spend is None else Threshold(text.minimum_spend)
        self.counters = counters
        self._window = _ALL_DAY if text.clock is None else window(text.clock)
        self.has_rest = bool(text.weekdays or text.dates or text.clock or text.ways) or text.dine_in is not None
        """Whether `rest_step` has anything to say."""

    def status_step(self, case: Case) -> Step | None:
        if case.diner is None:
            return None if self.text.guests else self._no("guest", {})
        return self._no("status", {"status": case.status}) if case.status in self.statuses else None

    def age_step(self, case: Case) -> Step | None:
        age, band = case.age, self.band
        if not band.matters:
            return None
        if age is None:
            return self._no("age-unknown", {})
        if (band.first is not None and age < band.first) or (band.end is not None and age >= band.end):
            return self._no("age", {"age": age, "band": band.label})
        return None

    def category_step(self, case: Case) -> Step | None:
        wanted, held = self.text.categories, case.held
        if wanted is None:
            return None
        if (
            (wanted.any and not any(key in held for key in wanted.any))
            or not all(key in held for key in wanted.all)
            or any(key in held for key in wanted.none)
        ):
            return self._no("category", {"any": wanted.any, "all": wanted.all, "none": wanted.none})
        return None

    def residence_step(self, case: Case) -> Step | None:
        residence, diner, canteen_area = self.text.residence, case.diner, case.meal.canteen_area
        if residence is None:
            return None
        if diner is None:
            return self._no("guest", {})
        if not _at_home(residence, diner, canteen_area):
            return self._no("residence", {WHERE[place]: case.where[place] for place in self.looks_at()})
        if residence.confirmed and not diner.residence_confirmed:
            return self._no("residence-unconfirmed", {})
        return None

    def looks_at(self) -> list[int]:
        """Which parts of `Case.where` its residence depends on."""
        residence = self.text.residence
        if residence is None:
            return []
        places = [place for place in (residence.registered, residence.lives) if place is not None]
        asked = (
            residence.lives is not None,
            residence.registered is not None,
            any(place.level for place in places),
            residence.confirmed,
            any(place.same or place.not_same for place in places),
        )
        return [place for place, is_asked in enumerate(asked) if is_asked]

    def meal_step(self, case: Case) -> Step | None:
        meals, meal = self.text.meals, case.meal.meal
        return self._no("meal", {"meal": meal, "for": meals}) if meals and meal not in meals else None

    def day_step(self, case: Case) -> Step | None:
        days, kind = self.text.days, case.meal.day_kind
        return self._no("day", {"day": kind, "for": days}) if days and kind not in days else None

    def canteen_step(self, case: Case) -> Step | None:
        canteens, canteen = self.text.canteens, case.meal.canteen
        return self._no("canteen", {"canteen": canteen}) if canteens and canteen not in canteens else None

    def rest_step(self, case: Case) -> Step | None:
        """Weekday, dates, hour and way: facts too many to keep, or too seldom asked for."""
        text, meal = self.text, case.meal
        if text.weekdays and meal.date.isoweekday() not in text.weekdays:
            return self._no("weekday", {"weekday": meal.date.isoweekday()})
        if text.dates is not None and not text.dates.from_ <= meal.date <= text.dates.to:
            return self._no("dates", {"from": text.dates.from_.isoformat(), "to": text.dates.to.isoformat()})
        if text.clock is not None and not self._window[0] <= case.minute < self._window[1]:
            return self._no("clock", {"from": text.clock.from_, "to": text.clock.to})
        if text.dine_in is not None and meal.dine_in is not text.dine_in:
            return self._no("dine-in" if text.dine_in else "away", {})
        if text.ways and meal.way not in text.ways:
            return self._no("way", {"way": meal.way, "for": text.ways})
        return None

    def money_step(self, case: Case, left_fen: int) -> Step | None:
        """Why the threshold or a used-up counter stops the rule; None when neither does."""
        threshold = self.threshold
        if threshold is not None:
            spend = threshold.spend_fen(case, left_fen)
            if not threshold.holds(spend):
                measured = "net" if threshold.net else "list"
                return self._no("spend", {
                    "spend_fen": spend, "at_least_fen": threshold.first_fen,
                    "below_fen": threshold.end_fen, "measured_on": measured,
                })  # fmt: skip
        for counter in self.counters:
            key, key_id = counter.keyed(case.meal)
            used = case.counters.get(key_id, 0)
            if used >= key.cap:
                return self._no(
                    "counter-used", {"counter": key.name, "period": key.period, "used": used, "cap": key.cap}
                )
        return None

    def _no(self, code: str, data: dict[str, StepFact]) -> Step:
        return Step(self.key, "not_applicable", code, data)


def window(clock: Clock) -> tuple[int, int]:
    """Minutes of the day, half-open. Raises: ValueError when a time is not HH:MM."""
    first, end = minute_of(clock.from_), minute_of(clock.to)
    if first >= end:
        raise ValueError("a clock window is from HH:MM to a later HH:MM")
    return first, end


def minute_of(time: str) -> int:
    """`07:30` → 450; `24:00` is the end of the day. Raises: ValueError when it is not HH:MM."""
    if _TIME.fullmatch(time) is None:
        raise ValueError("a time is HH:MM")
    return int(time[:2]) * 60 + int(time[3:])
