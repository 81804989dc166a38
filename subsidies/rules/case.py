"""One decision in progress: the facts worked out once (age, categories held, what may be covered), and each rule's outcome."""

from datetime import date, datetime, timedelta, timezone

from subsidies.money import parse_yuan
from subsidies.rules.ages import age_on
from subsidies.rules.decision import Step
from subsidies.rules.facts import CounterKey, CounterUnit, Diner, Ending, Meal
from subsidies.rules.language import Ages, OwnMeal, Period

# China has had one offset and no summer time since 1991; a fixed offset spares a zone look-up on every decision.
SHANGHAI = timezone(timedelta(hours=8))

WHERE = ("lives", "registered", "register", "confirmed", "canteen_area")
"""The parts of `Case.where`, each None for a guest."""
_NOWHERE = (None,) * len(WHERE)
_MOST_KEYS = 512
"""Counter keys a limit remembers before it forgets them all: two months of meals at a few canteens."""


class OwnMealLimit:
    """How much of an order may be covered: one set, or dishes up to a price, whichever is more."""

    __slots__ = ("dearest", "dishes_fen", "order", "set_fen", "without_sets_fen")

    def __init__(self, text: OwnMeal) -> None:
        self.order = text.covers == "order"
        self.set_fen = _fen(text.set_up_to)
        self.dearest = text.dishes_up_to == "dearest_set"
        self.dishes_fen = None if self.dearest else _fen(text.dishes_up_to)
        self.without_sets_fen = _fen(text.without_sets)

    def covered_fen(self, meal: Meal, food_fen: int) -> int:
        """Never more than the food of the order; the delivery fee is not part of it."""
        if self.order:
            return food_fen
        set_fen = dishes_fen = 0
        for line in meal.lines:
            if line.kind == "dish":
                dishes_fen += line.unit_fen * line.quantity
            elif line.unit_fen > set_fen:
                set_fen = line.unit_fen
        if self.set_fen is not None and set_fen > self.set_fen:
            set_fen = self.set_fen
        limit = self.dishes_fen
        if self.dearest:
            limit = self.without_sets_fen if meal.dearest_set_fen is None else meal.dearest_set_fen
        if limit is not None and dishes_fen > limit:
            dishes_fen = limit
        return max(set_fen, dishes_fen)


class Case:
    """Diner, meal and counters as one decision sees them.

    `fitting` has a bit for each rule and grant that fits; `steps` says of each, in the order written, what came of it.
    """

    __slots__ = (
        "_minute", "age", "counters", "diner", "fitting", "food_fen", "held", "list_fen", "meal", "own_fen", "sets_fen",
        "status", "steps", "where",
    )  # fmt: skip

    def __init__(
        self, ages: Ages, own_meal: OwnMealLimit, diner: Diner | None, meal: Meal, counters: dict[str, int]
    ) -> None:
        self.diner = diner
        self.meal = meal
        self.counters = counters
        day = meal.date
        self.status = "guest" if diner is None else diner.status
        self.age = None
        self.held: tuple[str, ...] = ()
        self.where: tuple[str | bool | None, ...] = _NOWHERE
        if diner is not None:
            if diner.born is not None:
                self.age = age_on(diner.born, day, ages.turns, ages.born_29_february)
            if diner.categories:
                self.held = tuple(
                    held.key
                    for held in diner.categories
                    if held.valid_from <= day and (held.valid_to is None or day <= held.valid_to)
                )
            self.where = (
                diner.living_area, diner.register_area, diner.register, diner.residence_confirmed, meal.canteen_area
            )  # fmt: skip
        self.sets_fen = dishes_fen = 0
        for line in meal.lines:
            if line.kind == "set":
                self.sets_fen += line.unit_fen * line.quantity
            else:
                dishes_fen += line.unit_fen * line.quantity
        self.food_fen = self.sets_fen + dishes_fen
        self.list_fen = self.food_fen + meal.delivery_fee_fen
        self.own_fen = own_meal.covered_fen(meal, self.food_fen)
        self._minute: int | None = None
        self.fitting = 0
        self.steps: dict[str, Step] = {}

    @property
    def minute(self) -> int:
        """Minutes since midnight in Shanghai when it was ordered; worked out when the first rule asks for it."""
        if self._minute is None:
            self._minute = minute_of_day(self.meal.ordered_at)
        return self._minute


def minute_of_day(moment: datetime) -> int:
    """Minutes since midnight in Shanghai of an aware moment."""
    local = moment.astimezone(SHANGHAI)
    return local.hour * 60 + local.minute


def period_of(per: Period, day: date, meal: str) -> str:
    """The counter period a meal falls in; weeks run Monday to Sunday and belong to the year of their Thursday."""
    if per == "meal":
        return f"{day.isoformat()}/{meal}"
    if per == "day":
        return day.isoformat()
    if per == "week":
        year, week, _ = day.isocalendar()
        return f"{year}-W{week:02d}"
    return day.isoformat()[: 7 if per == "month" else 4]


class CounterLimit:
    """A counter of the rule set: its name carries the rule set's code, so it goes on across versions."""

    __slots__ = ("_keys", "_latest", "kept_when", "limit", "name", "per", "shared", "unit")

    def __init__(
        self,
        code: str,
        local_name: str,
        per: Period,
        limit: int,
        *,
        shared: bool,
        in_fen: bool,
        kept_when: tuple[Ending, ...] = (),
    ) -> None:
        self.name = f"{code}.{local_name}"
        self.per = per
        self.limit = limit
        self.shared = shared
        self.unit: CounterUnit = "fen" if in_fen else "meals"
        self.kept_when = frozenset(kept_when)
        self._keys: dict[tuple[date, str, str], tuple[CounterKey, str]] = {}
        self._latest: tuple[Meal, tuple[CounterKey, str]] | None = None

    def key(self, meal: Meal) -> CounterKey:
        """The counter of this meal's period, of its canteen unless all canteens share it."""
        return self.keyed(meal)[0]

    def keyed(self, meal: Meal) -> tuple[CounterKey, str]:
        """The counter and its id. Kept: one decision asks several times, and many meals of a day have the same."""
        latest = self._latest
        if latest is not None and latest[0] is meal:
            return latest[1]
        asked = (meal.date, meal.meal, "" if self.shared else meal.canteen)
        found = self._keys.get(asked)
        if found is None:
            if len(self._keys) >= _MOST_KEYS:
                self._keys.clear()
            key = CounterKey(self.name, period_of(self.per, meal.date, meal.meal), self.limit, asked[2], self.unit)
            found = self._keys[asked] = (key, key.id)
        self._latest = (meal, found)
        return found


def _fen(text: str | None) -> int | None:
    return None if text is None else parse_yuan(text).fen
