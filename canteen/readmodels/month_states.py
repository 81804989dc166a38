"""Where a month stands at each canteen: whom it waits for since when, what is claimed, approved, paid and overdue."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from canteen.people.accounts import Actor
from canteen.people.models import Role
from canteen.sites import places
from menus.service_days import business_day
from subsidies import statements
from subsidies.months import Month
from subsidies.statement_models import MonthStatement
from subsidies.statement_states import APPROVED, LOCKED, NEXT_ROLE, OPEN, PAY_WITHIN
from subsidies.statements import ClaimLine, OpenLine

STEPS = ("declared", "reviewed", "approved", "locked", "paid")
"""The way as pages draw it."""


@dataclass(frozen=True, slots=True)
class StepTaken:
    """One step, its reason and who took it."""

    step: str
    by_name: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class MonthState:
    """One canteen's month. `may` names what this reader can do with it now: nothing when it waits for somebody else."""

    canteen_id: str
    name: str
    state: str
    waits_for: str
    """Role; empty when nothing is left to do."""
    since: date | None
    days: int
    """How long it has waited."""
    may: tuple[str, ...]
    is_own_step: bool
    """This reader's role is the next, but they took an earlier step: another person is needed."""
    lines: tuple[OpenLine, ...]
    steps: tuple[StepTaken, ...]
    earlier: str
    """A month that has to be declared before this one can be cut off; empty when its turn has come."""
    returned: str
    """The reason, when it was sent back."""
    due_on: date | None
    overdue_days: int

    @property
    def claimed_fen(self) -> int:
        """All lines."""
        return sum(line.claimed_fen for line in self.lines)

    @property
    def approved_fen(self) -> int:
        """All lines."""
        return sum(line.approved_fen for line in self.lines)

    @property
    def open_fen(self) -> int:
        """Approved and not here yet."""
        return sum(line.open_fen for line in self.lines)

    @property
    def disallowed_fen(self) -> int:
        """All lines."""
        return sum(line.disallowed_fen for line in self.lines)

    @property
    def is_approved(self) -> bool:
        """Civil affairs owe it."""
        return self.state in APPROVED

    @property
    def is_locked(self) -> bool:
        """Signed and stored."""
        return self.state in LOCKED

    @property
    def done(self) -> int:
        """How many of `STEPS` are behind it."""
        return STEPS.index(self.state) + 1 if self.state in STEPS else 0


def month_states(
    session: Session, month: Month, canteen_ids: Collection[str], *, actor: Actor, now: datetime
) -> tuple[MonthState, ...]:
    """In the order of canteens."""
    views = [view for view in places.all_canteens(session) if view.id in canteen_ids]
    return tuple(_state(session, month, view, actor, business_day(now)) for view in views)


def _state(session: Session, month: Month, view: places.CanteenView, actor: Actor, today: date) -> MonthState:
    canteen_id, found = view.id, statements.statement(session, view.id, month)
    state = found.state if found else OPEN
    since = business_day(found.since) if found else (month.after if today >= month.after else None)
    steps = statements.steps(session, found.id) if found else ()
    lines = statements.lines(session, found) if found and found.attempt else _expected(session, canteen_id, month)
    due = business_day(found.approved_at) + PAY_WITHIN if found and found.approved_at else None
    owing = state in APPROVED and any(line.open_fen > 0 for line in lines)
    earlier = (statements.earlier_open(session, canteen_id, month) or "") if state == OPEN else ""
    may, is_own = _may(found, state, actor, is_over=today >= month.after)
    return MonthState(
        canteen_id=canteen_id,
        name=view.name,
        state=state,
        waits_for=NEXT_ROLE[state] if today >= month.after else "",
        since=since,
        days=max((today - since).days, 0) if since else 0,
        may=() if earlier else may,
        earlier=earlier,
        is_own_step=is_own,
        lines=lines,
        steps=tuple(StepTaken(step.step, step.by_name, step.at, step.reason) for step in steps),
        returned=next((step.reason for step in reversed(steps) if step.step == "returned"), "")
        if state in {"returned", "reconciling"}
        else "",
        due_on=due if owing else None,
        overdue_days=max((today - due).days, 0) if owing and due else 0,
    )


def _expected(session: Session, canteen_id: str, month: Month) -> tuple[OpenLine, ...]:
    """What would be claimed as the books stand."""
    return tuple(_as_open(line) for line in statements.claim_lines(session, canteen_id, month))


def _as_open(line: ClaimLine) -> OpenLine:
    return OpenLine(line.funder, line.programme, line.meals, line.fen, 0, 0, 0, 0, "")


_DOES = {
    ("open", Role.MANAGER): ("cut-off",),
    ("cut-off", Role.MANAGER): ("cut-off",),
    ("returned", Role.MANAGER): ("cut-off",),
    ("reconciling", Role.MANAGER): ("declare",),
    ("declared", Role.SUBDISTRICT): ("review", "return"),
    ("reviewed", Role.OFFICER): ("approve", "return"),
    ("approved", Role.OFFICER): ("lock",),
    ("locked", Role.OFFICER): ("pay",),
}


def _may(found: MonthStatement | None, state: str, actor: Actor, *, is_over: bool) -> tuple[tuple[str, ...], bool]:
    does = _DOES.get((state, actor.role), ()) if is_over and actor.role else ()
    is_own = bool(does) and state in {"declared", "reviewed"} and found is not None
    is_own = is_own and found is not None and actor.ref in {found.declared_by, found.reviewed_by}
    return (() if is_own else does), is_own
