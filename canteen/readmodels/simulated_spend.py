"""What would another rule set have cost on the meals of past months, and who would gain or lose?

Only meals handed over are money; every order is decided all the same, because one that was cancelled held its place in the week.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import extract, func, select
from sqlmodel import Session, SQLModel

from canteen.orders.models import MealOrder, OrderShare
from canteen.orders.status import OrderStatus
from canteen.readmodels.past_orders import Endings, OnStep, orders_as_placed
from subsidies import queries
from subsidies.ledger import FUNDERS_WITHOUT_BUDGET
from subsidies.months import Month
from subsidies.rules.ages import age_on
from subsidies.rules.facts import Diner, FrozenInputs
from subsidies.rules.rule_set import RuleSet
from subsidies.simulation import Simulation

AGE_BANDS = ("guest", "unknown", "0-59", "60-69", "70-79", "80-89", "90-99", "100+")
"""Keys of the tables by age, in their order."""
_ORDERS = SQLModel.metadata.tables[str(MealOrder.__tablename__)]
_SHARES = SQLModel.metadata.tables[str(OrderShare.__tablename__)]
_O, _S = _ORDERS.c, _SHARES.c


@dataclass(slots=True)
class Tally:
    """Meals, the subsidy that was given and the one that would have been, fen; meals that cost the diner less or more."""

    meals: int = 0
    before_fen: int = 0
    after_fen: int = 0
    cheaper: int = 0
    dearer: int = 0

    def add(self, before_fen: int, after_fen: int) -> None:
        """One meal."""
        self.meals += 1
        self.before_fen += before_fen
        self.after_fen += after_fen
        self.cheaper += after_fen > before_fen
        self.dearer += after_fen < before_fen

    def join(self, other: "Tally") -> None:
        """All meals of another one."""
        self.meals += other.meals
        self.before_fen += other.before_fen
        self.after_fen += other.after_fen
        self.cheaper += other.cheaper
        self.dearer += other.dearer

    @property
    def difference_fen(self) -> int:
        """What it would have cost more; below zero less."""
        return self.after_fen - self.before_fen


@dataclass(slots=True)
class PeopleTally:
    """People of one age band by what they would have paid over the whole time."""

    gain: int = 0
    lose: int = 0
    same: int = 0
    gain_fen: int = 0
    lose_fen: int = 0

    @property
    def people(self) -> int:
        """All of them."""
        return self.gain + self.lose + self.same


@dataclass(slots=True)
class BudgetAgainst:
    """One funder's budget of a year: appropriated, used by the books, and what would have been used."""

    funder: str
    year: int
    appropriated_fen: int
    used_fen: int
    would_fen: int

    @property
    def left_fen(self) -> int:
        """What would be left; below zero it is too little."""
        return self.appropriated_fen - self.would_fen


@dataclass(slots=True)
class SimulatedSpend:
    """The whole answer. `by_*` in the order of their keys; `outside`: meals at canteens the set is not for."""

    label: str
    sha256: str
    first: Month
    last: Month
    total: Tally = field(default_factory=Tally)
    by_canteen: dict[str, Tally] = field(default_factory=dict)
    by_month: dict[str, Tally] = field(default_factory=dict)
    by_age: dict[str, Tally] = field(default_factory=dict)
    by_funder: dict[str, Tally] = field(default_factory=dict)
    grants: dict[str, int] = field(default_factory=dict)
    """Money beside the meal by funder, fen; what is given today is not in the books of meals."""
    people: dict[str, PeopleTally] = field(default_factory=dict)
    budgets: list[BudgetAgainst] = field(default_factory=list)
    outside: dict[str, int] = field(default_factory=dict)
    orders: int = 0
    decided: int = 0

    @property
    def everyone(self) -> PeopleTally:
        """People of all ages."""
        sums = PeopleTally()
        for one in self.people.values():
            sums.gain += one.gain
            sums.lose += one.lose
            sums.same += one.same
            sums.gain_fen += one.gain_fen
            sums.lose_fen += one.lose_fen
        return sums


def simulated_spend(
    session: Session,
    rule_set: RuleSet,
    first: Month,
    last: Month,
    *,
    canteens: tuple[str, ...],
    on_step: OnStep | None = None,
) -> SimulatedSpend:
    """Decide every meal of `first` to `last` (both whole) at `canteens` again by `rule_set`, whatever dates it has."""
    simulation = Simulation(rule_set)
    found = SimulatedSpend(f"{rule_set.code}@{rule_set.version}", rule_set.sha256, first, last)
    meals: dict[tuple[str, int, int, str], Tally] = defaultdict(Tally)
    people: dict[str, tuple[int, str]] = {}
    given: _Given = defaultdict(lambda: [0, 0])
    endings = Endings(simulation)
    for order in orders_as_placed(session, simulation.counts_since(first.first), last.after, canteens, on_step):
        found.orders += 1
        endings.until(order)
        frozen = FrozenInputs.from_json(order.inputs)
        day, outcome, before_fen = order.day, None, order.subsidy_fen
        if simulation.covers(frozen.meal):
            outcome, takes = simulation.place(order.resident_id, frozen.diner, frozen.meal)
            endings.await_end(order, takes)
        if not order.is_collected or day < first.first:
            continue
        after_fen = before_fen if outcome is None else outcome.subsidy_fen
        band = age_band(frozen.diner, day)
        meals[order.canteen_id, day.year, day.month, band].add(before_fen, after_fen)
        if order.resident_id is not None:
            people[order.resident_id] = (people.get(order.resident_id, (0, ""))[0] + after_fen - before_fen, band)
        if outcome is None:
            found.outside[order.canteen_id] = found.outside.get(order.canteen_id, 0) + 1
            continue
        for share in outcome.shares:
            given[share.funder, day.year][1] += share.fen
        for grant in outcome.grants:
            found.grants[grant.funder] = found.grants.get(grant.funder, 0) + grant.fen
    found.decided = simulation.decided
    _add_meals(found, meals)
    _add_people(found, people)
    _add_funders(session, found, given, canteens)
    return found


def age_band(diner: Diner | None, day: date) -> str:
    """The decade of the diner's age on the day, whatever bands a rule set has: one of `AGE_BANDS`."""
    if diner is None:
        return "guest"
    if diner.born is None:
        return "unknown"
    age = age_on(diner.born, day)
    if age < 60:
        return "0-59"
    return "100+" if age >= 100 else f"{age // 10 * 10}-{age // 10 * 10 + 9}"


def _add_meals(found: SimulatedSpend, meals: Mapping[tuple[str, int, int, str], Tally]) -> None:
    for (canteen, year, month, _), tally in sorted(meals.items()):
        found.total.join(tally)
        found.by_canteen.setdefault(canteen, Tally()).join(tally)
        found.by_month.setdefault(Month(year, month).text, Tally()).join(tally)
    for band in AGE_BANDS:
        for tally in (tally for key, tally in meals.items() if key[3] == band):
            found.by_age.setdefault(band, Tally()).join(tally)
    found.by_month = dict(sorted(found.by_month.items()))


def _add_people(found: SimulatedSpend, people: dict[str, tuple[int, str]]) -> None:
    for gained_fen, band in people.values():
        tally = found.people.setdefault(band, PeopleTally())
        if gained_fen > 0:
            tally.gain += 1
            tally.gain_fen += gained_fen
        elif gained_fen < 0:
            tally.lose += 1
            tally.lose_fen -= gained_fen
        else:
            tally.same += 1
    found.people = {band: found.people[band] for band in AGE_BANDS if band in found.people}


def _add_funders(session: Session, found: SimulatedSpend, given: "_Given", canteens: tuple[str, ...]) -> None:
    """What was given before comes from the orders' own shares; canteens the set is not for keep theirs."""
    of_day = extract("year", _O.day)
    rows = session.execute(
        select(_S.funder, _O.canteen_id, of_day, func.sum(_S.fen))
        .select_from(_ORDERS)
        .join(_SHARES, _S.order_id == _O.id)
        .where(
            _O.canteen_id.in_(canteens),
            _O.day >= found.first.first,
            _O.day < found.last.after,
            _O.status == OrderStatus.COLLECTED.value,
        )
        .group_by(_S.funder, _O.canteen_id, of_day)
    )
    for funder, canteen, of_year, fen in rows:
        sums = given[funder, int(of_year)]
        sums[0] += int(fen)
        sums[1] += int(fen) if canteen in found.outside else 0
    for (funder, _), (before_fen, after_fen) in sorted(given.items()):
        tally = found.by_funder.setdefault(funder, Tally())
        tally.before_fen += before_fen
        tally.after_fen += after_fen
    for of_year in range(found.first.year, found.last.year + 1):
        lines = queries.budget_lines(session, canteens, of_year)
        paying = dict.fromkeys([line.funder for line in lines] + [funder for funder, year in given if year == of_year])
        for funder in (one for one in paying if one not in FUNDERS_WITHOUT_BUDGET):
            own = [line for line in lines if line.funder == funder]
            appropriated = sum(line.appropriated_fen for line in own)
            used = appropriated - sum(line.available_fen for line in own)
            before_fen, after_fen = given.get((funder, of_year), (0, 0))
            found.budgets.append(BudgetAgainst(funder, of_year, appropriated, used, used - before_fen + after_fen))


_Given = dict[tuple[str, int], list[int]]
"""(funder, year) → [before, after] in fen."""
