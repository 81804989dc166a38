"""Past meals decided again by another rule set, in their true order, each diner's counters kept as this set would have.

Most meals share their facts with many others: the same set decides equal facts once (a million meals, some thousand decisions).
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from subsidies.rules.case import Case, CounterLimit, period_of
from subsidies.rules.combine import RuleNode
from subsidies.rules.conditions import Band, window
from subsidies.rules.decide import decide
from subsidies.rules.decision import CounterUse, Grant, Share
from subsidies.rules.document import load_parsed
from subsidies.rules.facts import Diner, Ending, Meal, Used
from subsidies.rules.language import Conditions
from subsidies.rules.rule_set import RuleSet

MOST_KEPT = 200_000
"""Decisions remembered before the memory is emptied: some 100 MB."""
_KEEP_DAYS = 62
"""Counters whose period ended this long ago are forgotten; nobody orders or cancels so far from the meal."""

Take = tuple[int, str, int]
"""(place of the limit, period, how much)."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the set gives for one meal. Σ `shares` = `subsidy_fen`; `takes` = (place of the limit, how much)."""

    subsidy_fen: int
    shares: tuple[Share, ...]
    grants: tuple[Grant, ...]
    takes: tuple[tuple[int, int], ...]


def without_dates(rule_set: RuleSet) -> RuleSet:
    """The same set as if it had always been in force; dates within its rules stay."""
    raw = {**rule_set.raw, "effective_from": date.min}
    raw.pop("effective_to", None)
    return load_parsed(raw)


class Simulation:
    """One rule set over many meals. Orders must come in the order they were placed; `give_back` between them.

    The dates of the set itself do not matter; those within its rules do.
    """

    def __init__(self, rule_set: RuleSet) -> None:
        self.rule_set = without_dates(rule_set)
        self.decided = 0
        """Distinct decisions made; the rest were remembered."""
        self._limits = tuple(_limits(self.rule_set))
        self._place = {(limit.name, limit.shared): place for place, limit in enumerate(self._limits)}
        self._days = sorted({edge for node in self.rule_set.nodes for edge in _date_edges(node.text)})
        self._ages = sorted({edge for node in self.rule_set.nodes for edge in _age_edges(node.check.band)})
        self._minutes = sorted({edge for node in self.rule_set.nodes for edge in _clock_edges(node.text)})
        self._known: dict[tuple[object, ...], Outcome] = {}
        self._periods: dict[tuple[date, str], tuple[str, ...]] = {}
        self._used: dict[tuple[str, int, str, str], int] = {}
        self._swept: date | None = None

    @property
    def remembered(self) -> int:
        """Counters and their periods held in memory."""
        return len(self._used) + len(self._periods)

    def covers(self, meal: Meal) -> bool:
        """Whether the set is for this canteen at all; elsewhere everything stays as it was."""
        return self.rule_set.covers(meal.canteen, meal.canteen_area)

    def counts_since(self, first: date) -> date:
        """The earliest day whose meals count together with those of `first`: its week's, month's, or year's beginning."""
        periods = {limit.per for limit in self._limits}
        begins = [first - timedelta(days=first.weekday())]
        begins += [first.replace(day=1)] if "month" in periods else []
        begins += [date(first.year, 1, 1)] if "year" in periods else []
        return min(begins)

    def place(self, key: str | None, diner: Diner | None, meal: Meal) -> tuple[Outcome, tuple[Take, ...]]:
        """Decide and count. `key` None is a guest, who has no counters. The takes are for `give_back`."""
        periods = self._periods_of(meal)
        used = self._used_by(key, meal, periods) if key is not None else (0,) * len(self._limits)
        facts = self._facts(diner, meal, used)
        outcome = self._known.get(facts)
        if outcome is None:
            outcome = self._decide(diner, meal, used)
            if len(self._known) >= MOST_KEPT:
                self._known.clear()
            self._known[facts] = outcome
        if key is None or not outcome.takes:
            return outcome, ()
        takes = tuple((place, periods[place], count) for place, count in outcome.takes)
        self._count(key, meal.canteen, takes, 1)
        return outcome, takes

    def took(self, key: str, canteen: str, uses: Iterable[CounterUse]) -> tuple[Take, ...]:
        """Count what an order took of these counters by another version of the same code; the takes are for `give_back`."""
        takes = tuple(
            (self._place[use.key.name, not use.key.canteen], use.key.period, use.take)
            for use in uses
            if (use.key.name, not use.key.canteen) in self._place
        )
        self._count(key, canteen, takes, 1)
        return takes

    def released(self, takes: tuple[Take, ...], ending: Ending | None) -> tuple[Take, ...]:
        """What of an order's takes the set gives back when it ends so."""
        return tuple(take for take in takes if ending not in self._limits[take[0]].kept_when)

    def give_back(self, key: str, canteen: str, takes: tuple[Take, ...]) -> None:
        """The order ended without a meal: what it took may be used again."""
        self._count(key, canteen, takes, -1)

    def _count(self, key: str, canteen: str, takes: tuple[Take, ...], sign: int) -> None:
        for place, period, count in takes:
            counter = (key, place, period, "" if self._limits[place].shared else canteen)
            self._used[counter] = self._used.get(counter, 0) + sign * count

    def _used_by(self, key: str, meal: Meal, periods: tuple[str, ...]) -> tuple[int, ...]:
        """What each limit of the set held; above its cap it makes no difference."""
        return tuple(
            min(self._used.get((key, place, periods[place], "" if limit.shared else meal.canteen), 0), limit.limit)
            for place, limit in enumerate(self._limits)
        )

    def _facts(self, diner: Diner | None, meal: Meal, used: tuple[int, ...]) -> tuple[object, ...]:
        """All a decision of this set depends on: two meals with equal facts are decided alike."""
        case = Case(self.rule_set.document.ages, self.rule_set.own_meal, diner, meal, {})
        who: tuple[object, ...] | None = None
        if diner is not None:
            age = None if case.age is None else bisect_right(self._ages, case.age)
            who = (
                age, case.held, diner.status, diner.register, diner.register_area, diner.living_area,
                diner.residence_confirmed,
            )  # fmt: skip
        return (
            who,
            used,
            meal.canteen,
            meal.canteen_area,
            meal.meal,
            meal.day_kind,
            meal.date.weekday(),
            bisect_right(self._days, meal.date),
            bisect_right(self._minutes, case.minute) if self._minutes else 0,
            meal.dine_in,
            meal.taken_away,
            meal.dearest_set_fen,
            case.own_fen,
            case.food_fen,
            case.sets_fen,
            case.list_fen,
        )

    def _decide(self, diner: Diner | None, meal: Meal, used: tuple[int, ...]) -> Outcome:
        self.decided += 1
        held = Used({limit.key(meal).id: count for limit, count in zip(self._limits, used, strict=True)})
        decision = decide(self.rule_set, diner, meal, held)
        takes = tuple((self._place[use.key.name, not use.key.canteen], use.take) for use in decision.counters)
        return Outcome(decision.subsidy_fen, decision.shares, decision.grants, takes)

    def _periods_of(self, meal: Meal) -> tuple[str, ...]:
        """The period of each limit."""
        found = self._periods.get((meal.date, meal.meal))
        if found is None:
            found = tuple(period_of(limit.per, meal.date, meal.meal) for limit in self._limits)
            self._periods[meal.date, meal.meal] = found
            self._sweep(meal.date)
        return found

    def _sweep(self, day: date) -> None:
        """Forget what no meal to come can count on, so that years need no more memory than months."""
        if self._swept is not None and (day - self._swept).days < _KEEP_DAYS:
            return
        self._swept = day
        self._periods = {key: value for key, value in self._periods.items() if (day - key[0]).days < _KEEP_DAYS}
        live = {(place, period) for periods in self._periods.values() for place, period in enumerate(periods)}
        self._used = {key: count for key, count in self._used.items() if count and (key[1], key[2]) in live}


def _limits(rule_set: RuleSet) -> Iterator[CounterLimit]:
    """Each counter and purse once, a purse that rules share with its largest amount."""
    found: dict[tuple[str, bool], CounterLimit] = {}
    for node in rule_set.nodes:
        budget = node.budget if isinstance(node, RuleNode) else None
        for limit in (*node.check.counters, *((budget,) if budget is not None else ())):
            standing = found.get((limit.name, limit.shared))
            if standing is None or standing.limit < limit.limit:
                found[limit.name, limit.shared] = limit
    yield from found.values()


def _date_edges(text: Conditions) -> tuple[date, ...]:
    return () if text.dates is None else (text.dates.from_, text.dates.to + timedelta(days=1))


def _clock_edges(text: Conditions) -> tuple[int, ...]:
    return () if text.clock is None else window(text.clock)


def _age_edges(band: Band) -> tuple[int, ...]:
    return tuple(edge for edge in (band.first, band.end) if edge is not None)
