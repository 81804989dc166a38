"""Publish a rule document: linted, its own examples run, never changed afterwards."""

from datetime import datetime, timedelta

from sqlalchemy import insert, select
from sqlmodel import Session, col

from canteen.audit import log
from subsidies.errors import SubsidyError
from subsidies.models import RuleSetVersion
from subsidies.rules.document import load
from subsidies.rules.lint import lint, refuses


class RuleSetRefused(SubsidyError):
    """Lint or a worked example of the document found something; `findings` says what, in the district's words."""

    code = "subsidies.rule-set-refused"


class RuleSetPublished(SubsidyError):
    """This code and version is published already with another text."""

    code = "subsidies.rule-set-published"


def publish_rule_set(session: Session, text: str, *, now: datetime, actor: str) -> int:
    """Store a rule document for good; returns its key. The same text again is harmless.

    Raises:
        subsidies.errors.RuleDocumentError: it cannot be read.
        RuleSetRefused: lint found an error.
        RuleSetPublished: the version stands with another text.
    """
    rule_set = load(text)
    standing = session.execute(
        select(col(RuleSetVersion.id), col(RuleSetVersion.sha256)).where(
            col(RuleSetVersion.code) == rule_set.code, col(RuleSetVersion.version) == rule_set.version
        )
    ).one_or_none()
    if standing is not None:
        if standing.sha256 != rule_set.sha256:
            raise RuleSetPublished(rule_set=rule_set.code, version=rule_set.version)
        return int(standing.id)
    if not rule_set.example and any(rule.example for rule in rule_set.document.rules):
        # a set in force must be replayable as it stands: it cannot hold rules that never decide
        raise RuleSetRefused(findings="example-rule-in-force")
    findings = lint(rule_set)
    if refuses(findings):
        raise RuleSetRefused(
            findings=" · ".join(f"{found.code} {found.at}" for found in findings if found.level == "error")
        )
    until = rule_set.effective_to
    table = RuleSetVersion.__table__  # type: ignore[attr-defined]
    key = session.execute(
        insert(table)
        .values(
            code=rule_set.code,
            version=rule_set.version,
            title=rule_set.title.zh,
            text=text,
            sha256=rule_set.sha256,
            is_example=rule_set.example,
            effective_from=rule_set.effective_from,
            effective_until=None if until is None else until + timedelta(days=1),
            published_at=now,
            published_by=actor,
        )
        .returning(table.c.id)
    ).scalar_one()
    log.record(
        session,
        at=now,
        actor=actor,
        action="rule-set.published",
        subject=f"rule-set:{key}",
        details={"rule_set": rule_set.code, "version": rule_set.version, "sha256": rule_set.sha256},
    )
    return int(key)
