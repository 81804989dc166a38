"""Somebody notices that one person was enrolled twice, and says so; a second person decides."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col
from ulid import ULID

from canteen.audit import log
from canteen.people import residents
from canteen.people.errors import MergeRefused, ReasonMissing
from canteen.people.models import MergeProposal
from canteen.readmodels.merge_case import obstacles


@dataclass(frozen=True, slots=True)
class MergeProposed:
    """`gone_id` would be taken over by `kept_id`; the reason is what the second person reads."""

    kept_id: str
    gone_id: str
    reason: str
    by_name: str = ""


def propose_merge(
    session: Session, request: MergeProposed, *, now: datetime, actor: str, canteen_id: str | None = None
) -> str:
    """Store the proposal and return its id. Nothing else changes yet.

    Raises:
        people.errors.ReasonMissing: no reason of at least two characters.
        people.errors.MergeRefused: one file, two ID numbers, already merged, or proposed before.
        people.errors.ResidentUnknown, ResidentMerged: no such file.
    """
    reason = request.reason.strip()[:120]
    if len(reason) < 2:
        raise ReasonMissing
    for key in (request.kept_id, request.gone_id):
        residents.require_own_file(session, key)
    never = [why for why in obstacles(session, request.kept_id, request.gone_id) if why in {"same", "two-ids"}]
    if never:
        raise MergeRefused(why=never[0])
    files = (request.kept_id, request.gone_id)
    waiting = select(col(MergeProposal.id)).where(
        col(MergeProposal.decision).is_(None),
        col(MergeProposal.gone_id).in_(files) | col(MergeProposal.kept_id).in_(files),
    )
    if session.execute(waiting).first() is not None:
        raise MergeRefused(why="waiting")
    proposal_id = str(ULID.from_datetime(now))
    try:
        session.execute(
            insert(MergeProposal).values(
                id=proposal_id,
                kept_id=request.kept_id,
                gone_id=request.gone_id,
                reason=reason,
                proposed_at=now,
                proposed_by=actor,
                proposed_name=request.by_name[:60],
                decided_name="",
                decided_reason="",
            )
        )
    except IntegrityError as error:  # proposed at another desk this very moment
        raise MergeRefused(why="waiting") from error
    log.record(
        session,
        at=now,
        actor=actor,
        action="merge.proposed",
        subject=f"resident:{request.kept_id}",
        canteen_id=canteen_id,
        details={"other": f"resident:{request.gone_id}", "proposal": proposal_id},
    )
    return proposal_id
