"""A rule document becomes a published version: linted, its examples run, stored for good, in force from a day."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from sqlalchemy import insert, select
from sqlmodel import Session, SQLModel, col

from canteen.audit import log
from canteen.db import locks
from canteen.sites import places
from subsidies.errors import SubsidyError
from subsidies.models import RuleSetVersion
from subsidies.rules.lint import lint, refuses
from subsidies.rules.rule_set import RuleSet
from subsidies.validity import RuleSetLeavesNone, left_without, places_of, put_in_force, standing_beside


class RuleSetRefused(SubsidyError):
    """Lint or a worked example of the document found something; `findings` says what, in the district's words."""

    code = "subsidies.rule-set-refused"


class RuleSetPublished(SubsidyError):
    """This code and version is published already with another text."""

    code = "subsidies.rule-set-published"


def check_publishable(rule_set: RuleSet) -> None:
    """Raises: RuleSetRefused when lint or an example finds an error."""
    if not rule_set.example and any(rule.example for rule in rule_set.document.rules):
        # a set in force must be replayable as it stands: it cannot hold rules that never decide
        raise RuleSetRefused(findings="example-rule-in-force")
    findings = lint(rule_set)
    if refuses(findings):
        raise RuleSetRefused(
            findings=" · ".join(f"{found.code} {found.at}" for found in findings if found.level == "error")
        )


def published_already(session: Session, rule_set: RuleSet) -> int | None:
    """The key of this very version where it stands; None when there is none, and until the end nobody publishes another.

    Raises:
        RuleSetPublished: it stands with another text.
    """
    locks.hold(session, "rule-sets")
    standing = session.execute(
        select(col(RuleSetVersion.id), col(RuleSetVersion.sha256)).where(
            col(RuleSetVersion.code) == rule_set.code, col(RuleSetVersion.version) == rule_set.version
        )
    ).one_or_none()
    if standing is None:
        return None
    if standing.sha256 != rule_set.sha256:
        raise RuleSetPublished(rule_set=rule_set.code, version=rule_set.version)
    return int(standing.id)


def publish(
    session: Session,
    text: str,
    rule_set: RuleSet,
    *,
    since: date,
    ends: Collection[int],
    now: datetime,
    actor: str,
    drafted_by: str,
    leaves: Collection[str] = (),
) -> int:
    """Store the version and let it decide from `since`; `ends` are the sets it takes over from. Returns its key.

    `leaves` are canteens that may be without any rule set from then on.

    Raises:
        RuleSetRefused: lint found an error.
        subsidies.validity.RuleSetLeavesNone: a canteen that is not in `leaves` would be without one.
        subsidies.validity.RuleSetOverlaps: a set decides beside it that is not in `ends`.
        subsidies.validity.RuleSetCanteenUnknown: its scope names a canteen there is none of.
    """
    check_publishable(rule_set)
    until = rule_set.effective_to
    key = session.execute(
        insert(_TABLE)
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
            drafted_by=drafted_by,
        )
        .returning(_TABLE.c.id)
    ).scalar_one()
    areas = {canteen.id: canteen.area for canteen in places.all_canteens(session)}
    where = places_of(rule_set, areas)
    ending = standing_beside(session, rule_set, where, since, None if until is None else until + timedelta(days=1))
    left = left_without(session, rule_set, places=where, since=since, ending=ending, canteens=areas)
    without = [one.canteen for one in left if one.canteen not in leaves]
    put_in_force(session, int(key), rule_set, places=where, since=since, ends=ends)
    if without:
        raise RuleSetLeavesNone(canteens=" ".join(without))
    log.record(
        session,
        at=now,
        actor=actor,
        action="rule-set.published",
        subject=f"rule-set:{key}",
        details={
            "rule_set": rule_set.code,
            "version": rule_set.version,
            "sha256": rule_set.sha256,
            "since": since.isoformat(),
            **({"leaves": " ".join(sorted(leaves))} if leaves else {}),
        },
    )
    return int(key)


_TABLE = SQLModel.metadata.tables[str(RuleSetVersion.__tablename__)]
