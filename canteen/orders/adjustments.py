"""Proposed adjustments of past meals: one person proposes, another decides, the books get entries of their own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col
from ulid import ULID

from canteen.orders.errors import AdjustmentDecided, AdjustmentWaiting
from canteen.orders.models import Adjustment, AdjustmentLine
from canteen.orders.store import ShareView

Lines = Mapping[str, tuple[ShareView, ...]]
"""Order → what its shares change by; fen below zero is given less."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposal as it stands, about one person or one notice; `decision` None waits."""

    id: str
    resident_id: str | None
    rule_set_id: int | None
    reason: str
    proposed_at: datetime
    proposed_by: str
    proposed_name: str
    decision: str | None
    decided_at: datetime | None
    decided_name: str
    decided_reason: str


_VIEW = select(*(col(getattr(Adjustment, name)) for name in Proposal.__dataclass_fields__))
_LATEST = _VIEW.order_by(col(Adjustment.decided_at).is_not(None), col(Adjustment.proposed_at).desc())


def propose(
    session: Session,
    about: str | int,
    lines: Lines,
    *,
    reason: str,
    now: datetime,
    by: str,
    by_name: str,
) -> str:
    """Store it and return its id; it is `about` a resident (their id) or a notice (the key of its rule set).

    Raises:
        AdjustmentWaiting: another one about the same waits.
    """
    key = str(ULID.from_datetime(now))
    try:
        session.execute(
            insert(Adjustment).values(
                id=key,
                resident_id=about if isinstance(about, str) else None,
                rule_set_id=about if isinstance(about, int) else None,
                reason=reason,
                proposed_at=now,
                proposed_by=by,
                proposed_name=by_name[:60],
            )
        )
    except IntegrityError as error:
        raise AdjustmentWaiting from error
    session.execute(
        insert(AdjustmentLine),
        [
            {
                "adjustment_id": key,
                "order_id": order,
                "position": position,
                "funder": share.funder,
                "programme": share.programme,
                "rule": share.rule,
                "category": share.category,
                "fen": share.fen,
            }
            for order, shares in sorted(lines.items())
            for position, share in enumerate(shares)
        ],
    )
    return key


def waiting(session: Session, proposal_id: str) -> Proposal:
    """The proposal, held until the transaction ends: of two who decide, the second finds it decided.

    Raises:
        AdjustmentDecided: no such proposal waits.
    """
    row = session.execute(
        _VIEW.where(col(Adjustment.id) == proposal_id, col(Adjustment.decision).is_(None)).with_for_update()
    ).first()
    if row is None:
        raise AdjustmentDecided
    return Proposal(*row)


def decide(
    session: Session, proposal_id: str, decision: str, *, reason: str, now: datetime, by: str, by_name: str
) -> None:
    """Close it; the caller holds it."""
    session.execute(
        update(Adjustment)
        .where(col(Adjustment.id) == proposal_id, col(Adjustment.decision).is_(None))
        .values(decision=decision, decided_at=now, decided_by=by, decided_name=by_name[:60], decided_reason=reason)
        .execution_options(synchronize_session=False)
    )


def lines_of(session: Session, proposal_ids: Sequence[str]) -> dict[str, dict[str, tuple[ShareView, ...]]]:
    """Proposal → order → shares, as proposed."""
    found: dict[str, dict[str, tuple[ShareView, ...]]] = {key: {} for key in proposal_ids}
    rows = session.execute(
        select(AdjustmentLine)
        .where(col(AdjustmentLine.adjustment_id).in_(list(proposal_ids)))
        .order_by(col(AdjustmentLine.adjustment_id), col(AdjustmentLine.order_id), col(AdjustmentLine.position))
    ).scalars()
    for row in rows:
        share = ShareView(row.funder, row.programme, row.rule, row.category, row.fen)
        mine = found[row.adjustment_id]
        mine[row.order_id] = (*mine.get(row.order_id, ()), share)
    return found


def proposals(session: Session, resident_id: str | None = None) -> tuple[Proposal, ...]:
    """Those that wait first, then the decided ones, latest first."""
    statement = _LATEST
    if resident_id is not None:
        statement = statement.where(col(Adjustment.resident_id) == resident_id)
    return tuple(Proposal(*row) for row in session.execute(statement))


def of_notice(session: Session, rule_set_id: int) -> tuple[Proposal, ...]:
    """About one notice: the one that waits first, then the decided, latest first."""
    rows = session.execute(_LATEST.where(col(Adjustment.rule_set_id) == rule_set_id))
    return tuple(Proposal(*row) for row in rows)
