"""Its author writes another text for a draft."""

from datetime import datetime

from sqlmodel import Session

from canteen.audit import log
from subsidies import drafts
from subsidies.document_edits import renumbered
from subsidies.rules.document import load


def save_rule_draft(session: Session, draft_id: str, text: str, *, revision: int, now: datetime, actor: str) -> None:
    """Unfinished is fine, unreadable is not. The version stays the next free one of its code.

    Raises:
        subsidies.errors.RuleDocumentError: it cannot be read.
        drafts.RuleDraftUnknown: no such draft.
        drafts.RuleDraftMoved: it was saved or submitted meanwhile.
        drafts.RuleDraftNotYours: somebody else wrote it.
    """
    draft = drafts.taken(session, draft_id, revision)
    drafts.check_author(draft, actor)
    text = renumbered(text, drafts.next_version(session, load(text).code))
    rule_set = load(text)
    drafts.save(session, draft, text, rule_set, now=now)
    log.record(
        session,
        at=now,
        actor=actor,
        action="rule-draft.saved",
        subject=f"rule-draft:{draft_id}",
        details={"rule_set": rule_set.code, "version": rule_set.version, "sha256": rule_set.sha256},
    )
