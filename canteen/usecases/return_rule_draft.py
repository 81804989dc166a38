"""A second person sends a submitted draft back to its author."""

from datetime import datetime

from sqlmodel import Session

from canteen.audit import log
from subsidies import drafts
from subsidies.rule_models import DraftState


def return_rule_draft(
    session: Session, draft_id: str, reason: str, *, revision: int, now: datetime, actor: str, actor_name: str
) -> None:
    """With what is to be mended, in words.

    Raises:
        drafts.RuleDraftUnknown: no such draft.
        drafts.RuleDraftMoved: it does not wait, or not this text of it.
        drafts.RuleDraftSecondPerson: whoever wrote it may not decide.
        drafts.RuleDraftReason: no reason.
    """
    draft = drafts.taken(session, draft_id, revision)
    drafts.check_second_person(draft, actor)
    reason = reason.strip()[:400]
    if len(reason) < 2:
        raise drafts.RuleDraftReason
    drafts.advance(
        session, draft, DraftState.RETURNED, now=now, decided_by=actor, decided_name=actor_name[:60], reason=reason
    )
    log.record(
        session,
        at=now,
        actor=actor,
        action="rule-draft.returned",
        subject=f"rule-draft:{draft_id}",
        details={"rule_set": draft.code, "version": draft.version},
    )
