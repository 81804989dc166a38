"""Notices that began before they were published, and what each says of the meals in between, in their true order."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from sqlalchemy import select
from sqlmodel import Session, SQLModel, col

from canteen.orders.models import Adjustment, MealOrder
from canteen.readmodels.adjustable import ServedOrder, learned_since
from canteen.readmodels.past_orders import Endings, PastOrder, orders_as_placed
from canteen.sites import places
from subsidies import published
from subsidies.file_history import KnownFile, as_known
from subsidies.late_facts import Redecided, differs
from subsidies.models import RuleSetVersion
from subsidies.rules.decide import replay
from subsidies.rules.facts import FrozenInputs, Meal
from subsidies.rules.rule_set import RuleSet
from subsidies.simulation import Simulation, Take
from subsidies.validity import dates_in_force

_O = SQLModel.metadata.tables[str(MealOrder.__tablename__)]


@dataclass(frozen=True, slots=True)
class Notice:
    """A published set and the days it was meant for but did not decide: `first` ≤ day < `until`, both before `since`."""

    rule_set_id: int
    label: str
    rule_set: RuleSet
    is_example: bool
    first: date
    until: date
    since: date

    def reaches(self, canteen: str, area: str, day: date) -> bool:
        """Whether a meal there on that day lies in between."""
        return self.first <= day < self.until and self.rule_set.covers(canteen, area)


def late_notices(session: Session) -> tuple[Notice, ...]:
    """All of them, the first published first. One whose every day has been taken over by its end is among them."""
    dates = dates_in_force(session)
    rows = session.execute(select(RuleSetVersion).order_by(col(RuleSetVersion.id))).scalars()
    found = []
    for row in rows:
        key = row.id or 0
        since = dates[key][0] if key in dates else row.effective_from
        until = since if row.effective_until is None else min(since, row.effective_until)
        if row.effective_from < until:
            label, rule_set = f"{row.code}@{row.version}", published.by_id(session, key).rule_set
            found.append(Notice(key, label, rule_set, row.is_example, row.effective_from, until, since))
    return tuple(found)


def ruling(notices: Iterable[Notice], canteen: str, area: str, day: date) -> Notice | None:
    """Of several that reach a meal the one published last."""
    return max(
        (one for one in notices if one.reaches(canteen, area, day)), key=lambda one: one.rule_set_id, default=None
    )


def approved_notices(session: Session) -> tuple[Notice, ...]:
    """Those whose batch of adjustments was approved: they hold for their meals, whatever decided then."""
    approved = set(
        session.execute(
            select(col(Adjustment.rule_set_id)).where(
                col(Adjustment.rule_set_id).is_not(None), col(Adjustment.decision) == "approved"
            )
        ).scalars()
    )
    return tuple(one for one in late_notices(session) if one.rule_set_id in approved) if approved else ()


def due_by_notice(session: Session, notice: Notice, resident_id: str | None = None) -> Iterator[Redecided]:
    """Every meal handed over in between (of one diner), decided by the notice and by what is known of the diner now.

    Counters stand as they would, had it been published in time: what orders before it took of its code's counters is
    counted as it was taken, then each order in between takes what the notice gives it.
    """
    simulation = Simulation(notice.rule_set)
    canteens = tuple(view.id for view in places.all_canteens(session))
    days = (_O.c.day >= notice.first, _O.c.day < notice.until)
    learned = set(session.execute(learned_since(*days)).scalars())

    @cache
    def known(resident: str) -> KnownFile | None:
        return as_known(session, resident)

    sets = cache(lambda rule_set_id: published.by_id(session, rule_set_id).rule_set)
    endings = Endings(simulation)
    orders = orders_as_placed(
        session, simulation.counts_since(notice.first), notice.until, canteens, resident_id=resident_id
    )
    for order in orders:
        endings.until(order)
        frozen = FrozenInputs.from_json(order.inputs)
        if order.day < notice.first or not simulation.covers(frozen.meal):
            endings.await_end(order, _took(simulation, sets, order, frozen))
            continue
        diner = frozen.diner
        why: tuple[str, ...] = ()
        if order.id in learned and order.resident_id is not None and diner is not None:
            file = known(order.resident_id)
            if file is not None:
                diner = file.diner(order.day, residence_confirmed=diner.residence_confirmed)
                why = differs(frozen.diner or diner, diner)
        outcome, takes = simulation.place(order.resident_id, diner, frozen.meal)
        endings.await_end(order, takes)
        if order.is_collected:
            bears = order.subsidy_fen + order.self_pay_fen - outcome.subsidy_fen
            yield Redecided(order.id, outcome.shares, bears, why)


def _took(
    simulation: Simulation, sets: Callable[[int], RuleSet], order: PastOrder, frozen: FrozenInputs
) -> tuple[Take, ...]:
    """What an order the notice does not reach took of its counters: an older version of its code had decided it."""
    if order.rule_set_id is None or order.resident_id is None:
        return ()
    decided = sets(order.rule_set_id)
    if decided.code != simulation.rule_set.code:
        return ()
    return simulation.took(order.resident_id, order.canteen_id, replay(decided, frozen).counters)


def due_by_approved(session: Session, orders: Iterable[ServedOrder]) -> Mapping[str, Redecided]:
    """One diner's orders that an approved notice holds for → what it gives them, with what is known now."""
    notices = approved_notices(session)
    found: dict[str, Redecided] = {}
    ruled: dict[int, set[str]] = {}
    whose = ""
    for order in orders if notices else ():
        meal: Meal = FrozenInputs.from_json(order.inputs).meal
        notice = ruling(notices, meal.canteen, meal.canteen_area, order.day)
        if notice is not None and order.resident_id is not None:
            whose = order.resident_id
            ruled.setdefault(notice.rule_set_id, set()).add(order.id)
    for notice in notices:
        mine = ruled.get(notice.rule_set_id, set())
        if mine:
            found |= {due.order: due for due in due_by_notice(session, notice, whose) if due.order in mine}
    return found
