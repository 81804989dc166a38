"""Who, where and when a rule is for. Each check names the reason it fails by a stable code with its figures."""

from subsidies.money import parse_yuan
from subsidies.rules.case import Case, CounterLimit, Reason
from subsidies.rules.facts import Meal
from subsidies.rules.language import Clock, Conditions, Place, Residence, Spend

LEVELS = ("city", "district", "subdistrict", "community")
_REGISTER_RANK = {"none": 0, "other": 1, "city": 2, "district": 3, "subdistrict": 4, "community": 5}


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


def _residence_reason(residence: Residence, case: Case) -> Reason | None:
    diner = case.diner
    if diner is None:
        return "guest", {}
    canteen_area = case.meal.canteen_area
    tests = []
    if residence.registered is not None:
        tests.append(_place_holds(residence.registered, diner.register_area, diner.register, canteen_area))
    if residence.lives is not None:
        tests.append(_place_holds(residence.lives, diner.living_area, diner.register, canteen_area))
    if tests and not (any(tests) if residence.need == "either" else all(tests)):
        return "residence", {
            "registered": diner.register_area, "lives": diner.living_area, "canteen_area": canteen_area
        }  # fmt: skip
    if residence.confirmed and not diner.residence_confirmed:
        return "residence-unconfirmed", {}
    return None


class Band:
    """An age band as half-open completed years: `first` counts, `end` does not; None is open."""

    __slots__ = ("end", "first")

    def __init__(self, conditions: Conditions) -> None:
        age = conditions.age
        self.first: int | None = None
        self.end: int | None = None
        if age is not None:
            firsts = [f for f in (age.from_, None if age.over is None else age.over + 1) if f is not None]
            ends = [e for e in (age.under, None if age.to is None else age.to + 1) if e is not None]
            self.first = max(firsts) if firsts else None
            self.end = min(ends) if ends else None

    @property
    def label(self) -> str:
        """`80-89`, `90+`, `0-59`; "" when age does not matter."""
        if self.first is None and self.end is None:
            return ""
        return f"{self.first}+" if self.end is None else f"{self.first or 0}-{self.end - 1}"


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
    """A rule's conditions, compiled once."""

    __slots__ = ("_window", "band", "counters", "statuses", "text", "threshold")

    def __init__(self, text: Conditions, counters: tuple[CounterLimit, ...], excluded: frozenset[str]) -> None:
        self.text = text
        self.band = Band(text)
        self.statuses = excluded | frozenset(text.excluded_statuses)
        self.threshold = None if text.minimum_spend is None else Threshold(text.minimum_spend)
        self.counters = counters
        self._window = None if text.clock is None else window(text.clock)

    def reason_against(self, case: Case) -> Reason | None:
        """Why this rule is not for this diner and meal, before any money; None when it is."""
        text, meal, band = self.text, case.meal, self.band
        if case.diner is None and not text.guests:
            return "guest", {}
        if case.status in self.statuses:
            return "status", {"status": case.status}
        if band.first is not None or band.end is not None:
            age = case.age
            if age is None:
                return "age-unknown", {}
            if (band.first is not None and age < band.first) or (band.end is not None and age >= band.end):
                return "age", {"age": age, "band": band.label}
        if text.categories is not None:
            wanted, held = text.categories, case.held
            if (
                (wanted.any and not any(key in held for key in wanted.any))
                or not all(key in held for key in wanted.all)
                or any(key in held for key in wanted.none)
            ):
                return "category", {"any": wanted.any, "all": wanted.all, "none": wanted.none}
        if text.residence is not None:
            reason = _residence_reason(text.residence, case)
            if reason is not None:
                return reason
        return self._occasion_against(meal, case.minute)

    def _occasion_against(self, meal: Meal, minute: int) -> Reason | None:
        """Why this meal, day, hour or canteen is not one of the rule's."""
        text = self.text
        if text.meals and meal.meal not in text.meals:
            return "meal", {"meal": meal.meal, "for": text.meals}
        if text.days and meal.day_kind not in text.days:
            return "day", {"day": meal.day_kind, "for": text.days}
        if text.weekdays and meal.date.isoweekday() not in text.weekdays:
            return "weekday", {"weekday": meal.date.isoweekday()}
        if text.dates is not None and not text.dates.from_ <= meal.date <= text.dates.to:
            return "dates", {"from": text.dates.from_.isoformat(), "to": text.dates.to.isoformat()}
        if self._window is not None and not self._window[0] <= minute < self._window[1]:
            return "clock", {"from": text.clock.from_ if text.clock else "", "to": text.clock.to if text.clock else ""}
        if text.canteens and meal.canteen not in text.canteens:
            return "canteen", {"canteen": meal.canteen}
        if text.dine_in is not None and meal.dine_in is not text.dine_in:
            return "dine-in" if text.dine_in else "delivery", {}
        return None

    def money_reason_against(self, case: Case, left_fen: int) -> Reason | None:
        """Why the threshold or a used-up counter stops the rule; None when neither does."""
        threshold = self.threshold
        if threshold is not None:
            spend = threshold.spend_fen(case, left_fen)
            if not threshold.holds(spend):
                measured = "net" if threshold.net else "list"
                return "spend", {
                    "spend_fen": spend, "at_least_fen": threshold.first_fen,
                    "below_fen": threshold.end_fen, "measured_on": measured,
                }  # fmt: skip
        for counter in self.counters:
            key = counter.key(case.meal)
            used = case.counters.get(key.id, 0)
            if used >= key.cap:
                return "counter-used", {"counter": counter.name, "period": key.period, "used": used, "cap": key.cap}
        return None


def window(clock: Clock) -> tuple[int, int]:
    """Minutes of the day, half-open. Raises: ValueError when a time is not HH:MM."""
    first, end = (int(t[:2]) * 60 + int(t[3:]) if len(t) == 5 and t[2] == ":" else -1 for t in (clock.from_, clock.to))
    if not 0 <= first < end <= 24 * 60:
        raise ValueError("a clock window is from HH:MM to a later HH:MM")
    return first, end
