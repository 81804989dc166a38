"""Its author gives a draft up."""

from datetime import datetime

from sqlmodel import Session

from canteen.audit import log
from subsidies import drafts
from subsidies.rule_models import DraftState


def withdraw_rule_draft(session: Session, draft_id: str, *, revision: int, now: datetime, actor: str) -> None:
    """It stays to be read, and nothing follows it.

    Raises:
        drafts.RuleDraftUnknown: no such draft.
        drafts.RuleDraftMoved: it was saved or decided on meanwhile.
        drafts.RuleDraftNotYours: somebody else wrote it.
    """
    draft = drafts.taken(session, draft_id, revision)
    drafts.check_author(draft, actor)
    drafts.advance(session, draft, DraftState.WITHDRAWN, now=now)
    log.record(
        session,
        at=now,
        actor=actor,
        action="rule-draft.withdrawn",
        subject=f"rule-draft:{draft_id}",
        details={"rule_set": draft.code, "version": draft.version},
    )
