"""What is off? Differences, budgets, papers, residence, categories: counts with the way to each."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlmodel import Session, col

from canteen.orders.models import MealOrder
from canteen.people.accounts import Actor
from canteen.people.models import Role
from canteen.people.sealed import Sealer
from canteen.readmodels.adjustment_list import adjustment_cases
from canteen.readmodels.application_list import waiting_count
from canteen.readmodels.call_checks import call_people
from canteen.readmodels.late_notice_page import batches_waiting, notices_to_propose
from canteen.readmodels.merge_case import waiting_merges
from canteen.readmodels.month_page import month_page
from canteen.readmodels.office_scope import canteens_seen, in_scope, roll_scope
from canteen.readmodels.proposed_categories import proposals_waiting
from canteen.readmodels.recoverable import recoverable_people
from canteen.readmodels.residence_list import residence_list
from canteen.readmodels.residents_list import RollFilter, residents_list
from canteen.readmodels.reverify_list import reverify_list
from canteen.sites.models import Canteen, Operator
from menus.service_days import business_day
from subsidies import queries
from subsidies.months import month_of

AHEAD = timedelta(days=30)
"""Papers and categories are warned about that long before they end; residence is confirmed within as many days."""
NEARLY_USED_PERCENT = 90


@dataclass(frozen=True, slots=True)
class Todo:
    """One thing to look into, and where. `urgent` stands before the rest; `what` fills the sentence."""

    kind: str
    count: int
    href: str
    urgent: bool
    what: str = ""


@dataclass(frozen=True, slots=True)
class MonthFigure:
    """One canteen's month so far; fen."""

    canteen_id: str
    name: str
    collected: int
    ledger_fen: int
    due_fen: int
    differences: int


@dataclass(frozen=True, slots=True)
class OfficeHome:
    """The first page of an office."""

    today: date
    month: str
    as_of: datetime
    todos: tuple[Todo, ...]
    canteens: tuple[MonthFigure, ...]
    residents: int | None
    """On the roll within the reader's scope; None where the reader sees no roll."""

    @property
    def todo_count(self) -> int:
        """How many things in all."""
        return sum(todo.count for todo in self.todos)


def office_home(session: Session, actor: Actor, *, now: datetime, sealer: Sealer) -> OfficeHome:
    """As of `now`, within what the actor may see."""
    today = business_day(now)
    month = month_of(today)
    canteens = [view.id for view in canteens_seen(session, actor)]
    todos: list[Todo] = []
    figures: tuple[MonthFigure, ...] = ()
    if canteens:
        this = month_page(session, month.text, canteens, now=now)
        last = month_page(session, month.previous.text, canteens, now=now)
        for page in (this, last):
            if page.differences:
                count = len(page.differences)  # as many as the sentences on the month's page
                todos.append(Todo("differences", count, f"/office/months/{page.month}", urgent=True, what=page.month))
        figures = tuple(
            MonthFigure(c.canteen_id, c.name, c.collected, c.ledger_fen, c.due_fen, c.differences)
            for c in this.canteens
        )
        todos += _papers(session, canteens, today)
        todos += _budgets(session, canteens, today)
        todos += _over_budget(session, canteens, today)
    on_the_roll = None
    if actor.role in {Role.COMMUNITY, Role.SUBDISTRICT, Role.OFFICER, Role.AUDITOR}:
        on_the_roll = residents_list(session, RollFilter(), scope=roll_scope(actor), today=today, sealer=sealer).total
        todos += _roll(session, actor, now=now, sealer=sealer)
        merges = len(waiting_merges(session, actor, sealer=sealer))
        todos += [Todo("merges", merges, "/office/merges", urgent=False)] if merges else []
    if canteens and actor.role is not Role.MANAGER:
        todos += _late(session, actor, today)
    todos.sort(key=lambda todo: not todo.urgent)
    return OfficeHome(today, month.text, now, tuple(todos), figures, on_the_roll)


def _late(session: Session, actor: Actor, today: date) -> list[Todo]:
    """Meals that late facts and late notices touch, and proposals that wait for somebody else."""
    waiting = [one for one in adjustment_cases(session, actor) if one.proposal.decision is None and not one.is_own]
    people = len(recoverable_people(session, roll_scope(actor)))
    civil = actor.role is Role.OFFICER
    batches = batches_waiting(session, actor.ref) if civil else ()
    notices = notices_to_propose(session, today=today) if civil else ()
    found = [
        *(Todo("notice-batches", 1, f"/office/rules/{key}/late", urgent=True) for key in batches),
        *(Todo("notices", 1, f"/office/rules/{key}/late", urgent=False) for key in notices),
        Todo("adjustments", len(waiting), "/office/recoverable", urgent=True),
        Todo("recoverable", people, "/office/recoverable", urgent=False),
    ]
    return [todo for todo in found if todo.count]


def _roll(session: Session, actor: Actor, *, now: datetime, sealer: Sealer) -> list[Todo]:
    today, scope = business_day(now), roll_scope(actor)
    overdue = residence_list(session, scope, now=now).overdue
    lapsing = residents_list(
        session, RollFilter(lapsing_until=today + AHEAD), scope=scope, today=today, sealer=sealer
    ).total
    waiting, late = waiting_count(session, actor, today=today)
    approves = actor.role in {Role.SUBDISTRICT, Role.OFFICER}
    last = month_of(today).previous.text
    ringing = actor.role in {Role.COMMUNITY, Role.OFFICER}
    calls = sum(not one.is_done for one in call_people(session, last, in_scope(scope), sealer=sealer)) if ringing else 0
    found = [
        Todo("applications-overdue", late, "/office/applications", urgent=True),
        Todo("residence", overdue, "/office/residence", urgent=True),
        Todo("applications", waiting - late, "/office/applications", urgent=False),
        Todo("proposed", proposals_waiting(session, actor) if approves else 0, "/office/categories", urgent=False),
        Todo("calls", calls, "/office/calls", urgent=False),
        Todo("reverify", reverify_list(session, scope, now=now).total, "/office/reverify", urgent=False),
        Todo("categories", lapsing, "/office/residents?lapsing=1", urgent=False),
    ]
    return [todo for todo in found if todo.count]


def _papers(session: Session, canteens: list[str], today: date) -> list[Todo]:
    rows = session.execute(
        select(
            col(Operator.name),
            col(Operator.food_licence_until),
            col(Operator.agreement_until),
            col(Operator.bank_account_until),
        )
        .join(Canteen, col(Canteen.operator_id) == col(Operator.id))
        .where(col(Canteen.id).in_(canteens))
        .distinct()
        .order_by(col(Operator.name))
    )
    found: list[Todo] = []
    for name, *until in rows:
        for kind, day in zip(("licence", "agreement", "bank"), until, strict=True):
            if day is not None and day <= today + AHEAD:
                what = f"{name} {day.isoformat()}"
                found.append(Todo(kind, 1, "/office/spend#operators", urgent=day < today, what=what))
    return found


def _budgets(session: Session, canteens: list[str], today: date) -> list[Todo]:
    nearly = [
        line
        for line in queries.budget_lines(session, canteens, today.year)
        if line.used_percent >= NEARLY_USED_PERCENT and line.appropriated_fen
    ]
    return [Todo("budgets", len(nearly), "/office/spend#budgets", urgent=False)] if nearly else []


def _over_budget(session: Session, canteens: list[str], today: date) -> list[Todo]:
    month = month_of(today)
    rows = session.execute(
        select(col(MealOrder.canteen_id), func.count())
        .where(
            col(MealOrder.canteen_id).in_(canteens),
            col(MealOrder.over_budget).is_(True),
            col(MealOrder.status) == "collected",
            col(MealOrder.day) >= month.first,
            col(MealOrder.day) < month.after,
        )
        .group_by(col(MealOrder.canteen_id))
        .order_by(col(MealOrder.canteen_id))
    )
    return [
        Todo("over-budget", int(count), f"/office/months/{month.text}/{canteen}?over_budget=1", urgent=False)
        for canteen, count in rows
    ]
