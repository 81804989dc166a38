"""An officer begins a rule set: from nothing, from a published version, or from a file."""

from datetime import datetime

from sqlmodel import Session

from canteen.audit import log
from subsidies import drafts
from subsidies.document_edits import renumbered
from subsidies.rules.document import load


def start_rule_draft(session: Session, text: str, *, now: datetime, actor: str, actor_name: str) -> str:
    """Keep it as a draft of `actor`, numbered after the newest published version of its code; returns its key.

    Raises:
        subsidies.errors.RuleDocumentError: it cannot be read.
    """
    text = renumbered(text, drafts.next_version(session, load(text).code))
    rule_set = load(text)
    key = drafts.start(session, text, rule_set, now=now, actor=actor, name=actor_name)
    log.record(
        session,
        at=now,
        actor=actor,
        action="rule-draft.started",
        subject=f"rule-draft:{key}",
        details={"rule_set": rule_set.code, "version": rule_set.version, "sha256": rule_set.sha256},
    )
    return key
