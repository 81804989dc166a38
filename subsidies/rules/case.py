"""One decision in progress: the facts worked out once (age, categories held, what may be covered), and each rule's outcome."""

from datetime import date, datetime, timedelta, timezone

from subsidies.money import parse_yuan
from subsidies.rules.ages import age_on
from subsidies.rules.decision import Outcome, StepFact
from subsidies.rules.facts import CounterKey, Diner, Meal
from subsidies.rules.language import Ages, OwnMeal, Period

# China has had one offset and no summer time since 1991; a fixed offset spares a zone look-up on every decision.
SHANGHAI = timezone(timedelta(hours=8))

Reason = tuple[str, dict[str, StepFact]]


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
    """Diner, meal and counters as one decision sees them. `outcomes` is filled rule by rule."""

    __slots__ = (
        "age", "counters", "diner", "food_fen", "held", "list_fen", "meal", "minute", "outcomes", "own_fen", "sets_fen",
        "spent_fen", "status",
    )  # fmt: skip

    def __init__(
        self, ages: Ages, own_meal: OwnMealLimit, diner: Diner | None, meal: Meal, counters: dict[str, int]
    ) -> None:
        self.diner = diner
        self.meal = meal
        self.counters = counters
        day = meal.date
        self.status = "active" if diner is None else diner.status
        self.age = None
        self.held: tuple[str, ...] = ()
        if diner is not None:
            if diner.born is not None:
                self.age = age_on(diner.born, day, ages.turns, ages.born_29_february)
            self.held = tuple(
                held.key
                for held in diner.categories
                if held.valid_from <= day and (held.valid_to is None or day <= held.valid_to)
            )
        self.sets_fen = dishes_fen = 0
        for line in meal.lines:
            if line.kind == "set":
                self.sets_fen += line.unit_fen * line.quantity
            else:
                dishes_fen += line.unit_fen * line.quantity
        self.food_fen = self.sets_fen + dishes_fen
        self.list_fen = self.food_fen + meal.delivery_fee_fen
        self.own_fen = own_meal.covered_fen(meal, self.food_fen)
        self.minute = minute_of_day(meal.ordered_at)
        self.outcomes: dict[str, tuple[Outcome, str, dict[str, StepFact]]] = {}


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

    __slots__ = ("limit", "local_name", "name", "per", "shared", "unit")

    def __init__(self, code: str, local_name: str, per: Period, limit: int, *, shared: bool, in_fen: bool) -> None:
        self.local_name = local_name
        self.name = f"{code}.{local_name}"
        self.per = per
        self.limit = limit
        self.shared = shared
        self.unit = "fen" if in_fen else "meals"

    def key(self, meal: Meal) -> CounterKey:
        """The counter of this meal's period, of its canteen unless all canteens share it."""
        period = period_of(self.per, meal.date, meal.meal)
        return CounterKey(
            self.name, period, self.limit, "" if self.shared else meal.canteen, "fen" if self.unit == "fen" else "meals"
        )


def _fen(text: str | None) -> int | None:
    return None if text is None else parse_yuan(text).fen
