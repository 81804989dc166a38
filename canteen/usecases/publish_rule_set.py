"""Publish a shipped rule document at set-up, when nobody has signed in yet. Officers publish drafts."""

from datetime import datetime

from sqlmodel import Session

from canteen.usecases.steps import published_rules
from subsidies.rules.document import load


def publish_rule_set(session: Session, text: str, *, now: datetime, actor: str) -> int:
    """Store a rule document for good, in force from its own first day; returns its key. The same text again is harmless.

    Raises:
        subsidies.errors.RuleDocumentError: it cannot be read.
        published_rules.RuleSetPublished: the version stands with another text.
        published_rules.RuleSetRefused: lint found an error.
        subsidies.validity.RuleSetOverlaps: another set decides for the same canteen on the same days.
    """
    rule_set = load(text)
    standing = published_rules.published_already(session, rule_set)
    if standing is not None:
        return standing
    return published_rules.publish(
        session, text, rule_set, since=rule_set.effective_from, ends=(), now=now, actor=actor, drafted_by=""
    )
