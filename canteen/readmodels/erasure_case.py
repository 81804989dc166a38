"""Who asked for an erasure, and what stands against it now?"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlmodel import Session, col

from canteen.applications.models import Application
from canteen.orders.models import Adjustment, MealOrder
from canteen.orders.status import OPEN
from canteen.payments import wallets
from canteen.payments.models import Due, WalletRefund
from canteen.people.accounts import Actor
from canteen.people.erasure_models import Erasure
from canteen.people.models import MergeProposal, Resident
from canteen.readmodels.disputed_meals import disputed_of
from canteen.readmodels.office_scope import sees_resident
from canteen.sites.models import Community
from subsidies.models import LedgerTransaction, Posting

_IN_HAND = ("submitted", "returned", "verified", "reviewed", "draft")


@dataclass(frozen=True, slots=True)
class ErasureCase:
    """One request. `obstacles` are keys of sentences; with one of them nobody can erase."""

    id: str
    resident_id: str
    name: str
    community: str
    why: str
    asked_at: datetime
    asked_name: str
    is_own: bool
    obstacles: tuple[str, ...]
    decision: str | None
    decided_at: datetime | None
    decided_name: str


def obstacles(session: Session, resident_id: str) -> tuple[str, ...]:
    """Money that is open, and things in hand: they need the person."""
    found: list[str] = []
    if any(view.balance_fen for view in wallets.of_resident(session, resident_id)):
        found.append("wallet")
    if _any(session, Due, col(Due.paid_at).is_(None) & col(Due.dropped_at).is_(None), resident_id):
        found.append("due")
    if _any(session, WalletRefund, col(WalletRefund.state) == "waiting", resident_id):
        found.append("refund")
    paid = col(MealOrder.status).in_([status.value for status in OPEN]) & (col(MealOrder.paid_fen) > 0)
    if _any(session, MealOrder, paid, resident_id):
        found.append("paid-order")
    if _owed_back(session, resident_id):
        found.append("owed-back")
    if _any(session, Application, col(Application.state).in_(_IN_HAND), resident_id):
        found.append("application")
    if _any(session, Adjustment, col(Adjustment.decision).is_(None), resident_id):
        found.append("adjustment")
    merge = select(col(MergeProposal.id)).where(
        col(MergeProposal.decision).is_(None),
        or_(col(MergeProposal.kept_id) == resident_id, col(MergeProposal.gone_id) == resident_id),
    )
    if session.execute(merge).first() is not None:
        found.append("merge")
    if disputed_of(session, resident_id):
        found.append("dispute")
    return tuple(found)


def erasure_cases(session: Session, actor: Actor) -> tuple[ErasureCase, ...]:
    """Within the actor's scope: those that wait, oldest first, then the last fifty decided."""
    columns = select(Erasure, col(Resident.name), col(Community.name)).join(
        Resident, col(Resident.id) == col(Erasure.resident_id)
    )
    columns = columns.outerjoin(Community, col(Community.id) == col(Resident.community_id))
    waiting = columns.where(col(Erasure.decision).is_(None)).order_by(col(Erasure.asked_at))
    decided = columns.where(col(Erasure.decision).is_not(None)).order_by(col(Erasure.decided_at).desc()).limit(50)
    rows = [*session.execute(waiting), *session.execute(decided)]
    return tuple(
        ErasureCase(
            row.id,
            row.resident_id,
            name,
            community or "",
            row.why,
            row.asked_at,
            row.asked_name,
            row.asked_by == actor.ref,
            obstacles(session, row.resident_id) if row.decision is None else (),
            row.decision,
            row.decided_at,
            row.decided_name,
        )
        for row, name, community in rows
        if sees_resident(session, actor, row.resident_id)
    )


def _any(session: Session, table: type, condition: object, resident_id: str) -> bool:
    statement = select(func.count()).select_from(table).where(table.resident_id == resident_id, condition)  # type: ignore[attr-defined, arg-type]
    return bool(session.execute(statement).scalar())


def _owed_back(session: Session, resident_id: str) -> bool:
    """Money of account 2200 that nobody has handed out yet."""
    mine = select("order:" + col(MealOrder.id)).where(col(MealOrder.resident_id) == resident_id)
    fen = session.execute(
        select(func.coalesce(func.sum(col(Posting.fen)), 0))
        .join(LedgerTransaction, col(LedgerTransaction.id) == col(Posting.transaction_id))
        .where(col(LedgerTransaction.subject).in_(mine), col(Posting.book) == "F", col(Posting.account) == "2200")
    ).scalar()
    return bool(fen)
