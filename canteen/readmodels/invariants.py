"""Are the books right? Every invariant of docs/books.md, proved over everything stored. For `canteen check` and tests."""

from datetime import datetime

from sqlalchemy import func, select, text
from sqlmodel import Session, col

from canteen.db.guards import guard_names
from canteen.readmodels import book_invariants as books
from canteen.readmodels import confirmation_invariants, counter_invariants, shift_invariants, signed_months
from canteen.readmodels import order_invariants as orders
from canteen.readmodels.invariant import Invariant, judged
from subsidies.models import LedgerTransaction

__all__ = ["Invariant", "check"]

_TRIGGERS = {
    "sqlite": text("SELECT name FROM sqlite_master WHERE type = 'trigger'"),
    "postgresql": text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"),
}


def check(session: Session, *, now: datetime | None = None) -> tuple[Invariant, ...]:
    """All of them, broken or not, always in the same order.

    Reservations are judged as of `now`, by default as of the last entry in the books: an installation that was
    switched off during a meal has broken nothing.
    """
    as_of = now or session.execute(select(func.max(col(LedgerTransaction.posted_at)))).scalar()
    placed = orders.read_orders(session)
    balances = orders.order_balances(session)
    return (
        guards(session),
        books.entries_balance(session),
        books.trial_balance(session),
        books.chains(session),
        books.budgets(session),
        books.receivables(session),
        books.donations(session),
        books.wallets(session),
        shift_invariants.drawers(session),
        books.adjustments(session),
        signed_months.locked_unchanged(session),
        orders.sums(session, placed),
        orders.decisions(session, placed),
        orders.reservations(session, placed, balances, as_of),
        orders.earned(placed, balances),
        orders.diners_money(session, placed, balances),
        orders.hand_overs(session, placed),
        counter_invariants.counters(session),
        orders.portions(session),
        confirmation_invariants.draws(session),
        confirmation_invariants.erasures(session),
    )


def guards(session: Session) -> Invariant:
    """Every trigger by which the database refuses to change what must not change is there."""
    present = set(session.execute(_TRIGGERS[session.get_bind().dialect.name]).scalars())
    missing = [name for name in guard_names() if name not in present]
    return judged("guards", f"{len(guard_names())} triggers", (f"{name} is missing" for name in missing))
