"""Its author hands a draft to a second person."""

from datetime import datetime

from sqlmodel import Session

from canteen.audit import log
from canteen.usecases.steps.published_rules import check_publishable, published_already
from subsidies import drafts
from subsidies.rule_models import DraftState
from subsidies.rules.document import load


def submit_rule_draft(session: Session, draft_id: str, *, revision: int, now: datetime, actor: str) -> None:
    """From now on nobody changes it.

    Raises:
        drafts.RuleDraftUnknown: no such draft.
        drafts.RuleDraftMoved: it was saved or submitted meanwhile.
        drafts.RuleDraftNotYours: somebody else wrote it.
        published_rules.RuleSetRefused: lint or an example found an error.
        published_rules.RuleSetPublished: its version has been published meanwhile; saving gives it the next.
    """
    draft = drafts.taken(session, draft_id, revision)
    drafts.check_author(draft, actor)
    rule_set = load(draft.text)
    check_publishable(rule_set)
    published_already(session, rule_set)
    drafts.advance(session, draft, DraftState.SUBMITTED, now=now)
    log.record(
        session,
        at=now,
        actor=actor,
        action="rule-draft.submitted",
        subject=f"rule-draft:{draft_id}",
        details={"rule_set": draft.code, "version": draft.version, "sha256": rule_set.sha256},
    )
