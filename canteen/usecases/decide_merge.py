"""A second person confirms that two files are one person, or says they are not."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, update
from sqlmodel import Session, col

from canteen.applications import store as applications
from canteen.audit import log
from canteen.orders import store
from canteen.payments import wallets
from canteen.payments.models import Due
from canteen.people import merging, residents
from canteen.people.errors import MergeDecided, MergeRefused, ReasonMissing, SecondPersonNeeded
from canteen.people.models import MergeProposal
from canteen.people.sealed import Sealer
from canteen.readmodels.merge_case import obstacles
from canteen.sites import places
from menus.service_days import business_day
from subsidies import counters, eligibility, file_merge
from subsidies.ledger import Entry, Leg, post


@dataclass(frozen=True, slots=True)
class MergeDecision:
    """`merge` False declines, with a reason."""

    proposal_id: str
    merge: bool
    reason: str = ""
    by_name: str = ""


@dataclass(frozen=True, slots=True)
class Merged:
    """What came of it; `doubles` meals had been subsidised twice and are listed as differences."""

    kept_id: str
    orders: int = 0
    doubles: int = 0
    wallet_fen: int = 0


def decide_merge(
    session: Session, request: MergeDecision, *, now: datetime, real_now: datetime, actor: str, sealer: Sealer
) -> Merged:
    """All of it or nothing: orders, cards, categories, consents, fetchers, dues and stored value go to the kept file.

    No order, share or entry is rewritten; the balance moves by an entry of its own at each operator. Counters are put
    together, so that the person gets no more than one person may have; what two files had already taken too much of is
    listed as a difference.

    Raises:
        people.errors.MergeDecided: no such proposal waits.
        people.errors.SecondPersonNeeded: whoever proposed it may not decide.
        people.errors.ReasonMissing: declined without a reason.
        people.errors.MergeRefused: something stands against it; `data["why"]`.
    """
    row = session.execute(
        select(col(MergeProposal.kept_id), col(MergeProposal.gone_id), col(MergeProposal.proposed_by))
        .where(col(MergeProposal.id) == request.proposal_id, col(MergeProposal.decision).is_(None))
        .with_for_update()
    ).first()
    if row is None:
        raise MergeDecided
    if row.proposed_by == actor:
        raise SecondPersonNeeded
    kept, gone = row.kept_id, row.gone_id
    reason = request.reason.strip()[:120]
    if not request.merge and len(reason) < 2:
        raise ReasonMissing
    merged = None
    if request.merge:
        merged = _merge(
            session, request.proposal_id, kept, gone, now=now, real_now=real_now, actor=actor, sealer=sealer
        )
    session.execute(
        update(MergeProposal)
        .where(col(MergeProposal.id) == request.proposal_id)
        .values(
            decision="merged" if request.merge else "declined",
            decided_at=now,
            decided_by=actor,
            decided_name=request.by_name[:60],
            decided_reason=reason,
        )
        .execution_options(synchronize_session=False)
    )
    log.record(
        session,
        at=now,
        actor=actor,
        action="merge.confirmed" if request.merge else "merge.declined",
        subject=f"resident:{kept}",
        details={
            "other": f"resident:{gone}",
            "proposal": request.proposal_id,
            "orders": merged.orders if merged else 0,
            "doubles": merged.doubles if merged else 0,
            "wallet_fen": merged.wallet_fen if merged else 0,
        },
    )
    return merged or Merged(kept)


def _merge(
    session: Session,
    proposal_id: str,
    kept: str,
    gone: str,
    *,
    now: datetime,
    real_now: datetime,
    actor: str,
    sealer: Sealer,
) -> Merged:
    born = _birthday(session, kept, gone)
    # locks in the usual order: both files (they lock their counters), then the wallets, then the chain heads
    file_merge.take_over(session, kept, gone, born=born, now=now, by=actor)
    against = obstacles(session, kept, gone)
    if against:
        raise MergeRefused(why=against[0])
    merging.take_over(session, kept, gone, now=now, real_now=real_now, sealer=sealer)
    residents.born_changed(session, sealer, kept, born)
    applications.take_over(session, kept, gone, by=f"merge:{proposal_id}", now=now, sealing=sealer)
    moved = store.change_diner(session, gone, kept)
    doubles = 0
    for counter, cap in counters.combine(session, kept, gone):
        for order_id, first in store.beyond(session, kept, counter, cap):
            store.note_double(session, order_id, first, proposal_id)
            doubles += 1
    session.execute(
        update(Due)
        .where(col(Due.resident_id) == gone)
        .values(resident_id=kept)
        .execution_options(synchronize_session=False)
    )
    return Merged(kept, len(moved), doubles, _wallets(session, proposal_id, kept, gone, now=now, actor=actor))


def _birthday(session: Session, kept: str, gone: str) -> date | None:
    """That of the file with an ID number, else that of the kept one, else what there is."""
    files = [eligibility.eligibility_file(session, key) for key in (kept, gone)]
    born = [file.born if file else None for file in files]
    if residents.has_national_id(session, gone) and not residents.has_national_id(session, kept):
        born.reverse()
    return born[0] or born[1]


def _wallets(session: Session, proposal_id: str, kept: str, gone: str, *, now: datetime, actor: str) -> int:
    """Each operator's debt to `gone` becomes a debt to `kept`; returns the sum in fen."""
    homes = {view.operator_id: view.id for view in reversed(places.all_canteens(session))}
    entries: list[Entry] = []
    total_fen = 0
    for wallet in wallets.of_resident(session, gone):
        target = wallets.open_wallet(
            session, kept, wallet.operator_id, now=now
        )  # also for refunds of orders that moved
        if wallet.balance_fen == 0:
            continue
        wallets.debit(session, gone, wallet.operator_id, wallet.balance_fen)
        wallets.credit(session, kept, wallet.operator_id, wallet.balance_fen)
        entries.append(
            Entry(
                key=f"merge:{proposal_id}:{wallet.operator_id}",
                canteen_id=homes[wallet.operator_id],
                kind="merge",
                subject=f"merge:{proposal_id}",
                effective_date=business_day(now),
                legs=(
                    Leg("F", "2000", wallet.balance_fen, owner=wallet.ref),
                    Leg("F", "2000", -wallet.balance_fen, owner=target.ref),
                ),
                actor=actor,
            )
        )
        total_fen += wallet.balance_fen
    for canteen_id in sorted({entry.canteen_id for entry in entries}):
        post(session, [entry for entry in entries if entry.canteen_id == canteen_id], now=now)
    return total_fen
