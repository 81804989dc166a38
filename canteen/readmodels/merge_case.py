"""Two files that may be one person: side by side, what would happen, and what stands against it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from canteen.orders.models import MealOrder
from canteen.orders.status import OPEN, OrderStatus
from canteen.payments import wallets
from canteen.payments.models import WALLET_LIMIT_FEN, WalletRefund
from canteen.people import cards, residents
from canteen.people.accounts import Actor
from canteen.people.models import MergeProposal, Resident
from canteen.people.sealed import Sealer, mask_id, mask_phone
from canteen.readmodels.office_scope import sees_resident
from canteen.sites.models import Community
from subsidies import eligibility
from subsidies.models import FileStatus

_STANDING = [status.value for status in (*OPEN, OrderStatus.COLLECTED)]


@dataclass(frozen=True, slots=True)
class MergeSide:
    """One of the two files; numbers masked, balances in fen."""

    resident_id: str
    name: str
    born: date | None
    sex: str
    community: str
    national_id: str
    phone: str
    card_tails: tuple[str, ...]
    categories: tuple[str, ...]
    meals: int
    wallet_fen: int
    enrolled_at: datetime


@dataclass(frozen=True, slots=True)
class MergeCase:
    """A proposal that waits. `obstacles` are keys of sentences; with one of them nobody can confirm."""

    id: str
    reason: str
    proposed_at: datetime
    proposed_name: str
    is_own: bool
    """Proposed by whoever looks at it: somebody else decides."""
    kept: MergeSide
    gone: MergeSide
    obstacles: tuple[str, ...]
    differs: tuple[str, ...]
    """Fields in which the two differ: name · born · sex."""


def obstacles(session: Session, kept: str, gone: str) -> tuple[str, ...]:
    """Why these two files cannot become one now; empty when they can."""
    if kept == gone:
        return ("same",)
    found: list[str] = []
    rows = {
        row.id: row
        for row in session.execute(
            select(col(Resident.id), col(Resident.merged_into), col(Resident.national_id_index)).where(
                col(Resident.id).in_([kept, gone])
            )
        )
    }
    if len(rows) < 2 or any(row.merged_into is not None for row in rows.values()):
        return ("not-active",)
    numbers = {row.national_id_index for row in rows.values()} - {None}
    if len(numbers) == 2:
        found.append("two-ids")
    if any(_deceased(session, key) for key in (kept, gone)):
        found.append("not-active")
    if _same_meal(session, kept, gone):
        found.append("open-same-meal")
    full = {view.operator_id: view.balance_fen for view in wallets.of_resident(session, kept)}
    if any(
        view.balance_fen and view.balance_fen + full.get(view.operator_id, 0) > WALLET_LIMIT_FEN
        for view in wallets.of_resident(session, gone)
    ):
        found.append("wallet-full")
    waiting = select(col(WalletRefund.id)).where(
        col(WalletRefund.resident_id).in_([kept, gone]), col(WalletRefund.state) == "waiting"
    )
    if session.execute(waiting).first() is not None:
        found.append("refund-waiting")
    return tuple(found)


def waiting_merges(session: Session, actor: Actor, *, sealer: Sealer) -> tuple[MergeCase, ...]:
    """Every proposal within the actor's scope, the oldest first."""
    rows = session.execute(
        select(MergeProposal).where(col(MergeProposal.decision).is_(None)).order_by(col(MergeProposal.proposed_at))
    ).scalars()
    return tuple(_case(session, row, actor, sealer) for row in rows if sees_merge(session, actor, row.id))


def sees_merge(session: Session, actor: Actor, proposal_id: str) -> bool:
    """Whether both files lie within the actor's scope; also no when there is no such proposal."""
    row = session.execute(
        select(col(MergeProposal.kept_id), col(MergeProposal.gone_id)).where(col(MergeProposal.id) == proposal_id)
    ).first()
    return row is not None and all(sees_resident(session, actor, key) for key in row)


def _deceased(session: Session, resident_id: str) -> bool:
    file = eligibility.eligibility_file(session, resident_id)
    return file is None or file.status is FileStatus.DECEASED


def _same_meal(session: Session, kept: str, gone: str) -> bool:
    """An open order of one for a meal at which the other has an order that stands: one person would get two."""

    def meals(who: str, statuses: Sequence[str]) -> set[tuple[date, str]]:
        rows = session.execute(
            select(col(MealOrder.day), col(MealOrder.meal)).where(
                col(MealOrder.resident_id) == who, col(MealOrder.status).in_(statuses)
            )
        )
        return {(row.day, row.meal) for row in rows}

    still_open = [status.value for status in OPEN]
    return any(meals(one, still_open) & meals(other, _STANDING) for one, other in ((kept, gone), (gone, kept)))


def _case(session: Session, row: MergeProposal, actor: Actor, sealer: Sealer) -> MergeCase:
    kept, gone = _side(session, row.kept_id, sealer), _side(session, row.gone_id, sealer)
    differs = [name for name in ("name", "born", "sex") if getattr(kept, name) != getattr(gone, name)]
    return MergeCase(
        row.id,
        row.reason,
        row.proposed_at,
        row.proposed_name,
        row.proposed_by == actor.ref,
        kept,
        gone,
        obstacles(session, row.kept_id, row.gone_id),
        tuple(differs),
    )


def _side(session: Session, resident_id: str, sealer: Sealer) -> MergeSide:
    person, community = session.execute(
        select(Resident, col(Community.name))
        .outerjoin(Community, col(Community.id) == col(Resident.community_id))
        .where(col(Resident.id) == resident_id)
    ).one()
    file = eligibility.eligibility_file(session, resident_id)
    meals = session.execute(
        select(func.count())
        .select_from(MealOrder)
        .where(col(MealOrder.resident_id) == resident_id, col(MealOrder.status) == OrderStatus.COLLECTED.value)
    ).scalar_one()
    return MergeSide(
        resident_id=resident_id,
        name=person.name,
        born=file.born if file else None,
        sex=person.sex,
        community=community or "",
        national_id=mask_id(residents.opened(sealer, resident_id, "national_id_sealed", person.national_id_sealed)),
        phone=mask_phone(residents.opened(sealer, resident_id, "phone_sealed", person.phone_sealed)),
        card_tails=tuple(card.number[-4:] for card in cards.of_resident(session, resident_id)),
        categories=tuple(
            dict.fromkeys(one.category for one in eligibility.grants(session, resident_id) if not one.withdrawn_at)
        ),
        meals=int(meals),
        wallet_fen=sum(view.balance_fen for view in wallets.of_resident(session, resident_id)),
        enrolled_at=person.enrolled_at,
    )
