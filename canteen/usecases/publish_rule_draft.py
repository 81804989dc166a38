"""A second person publishes a submitted draft: from its own first day, or from tomorrow where that has gone by."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from canteen.usecases.steps import published_rules
from menus.service_days import business_day
from subsidies import drafts
from subsidies.rule_models import DraftState
from subsidies.rules.document import load
from subsidies.validity import first_day


@dataclass(frozen=True, slots=True)
class Publication:
    """`revision`: the text that was read. `ends`: published sets of other codes that stop the day before.

    `leaves`: canteens that are knowingly left without any rule set.
    """

    draft_id: str
    revision: int
    ends: frozenset[int] = frozenset()
    by_name: str = ""
    leaves: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class PublishedDraft:
    """`since` is later than the document's own first day where that had gone by: the meals between wait for a decision."""

    rule_set_id: int
    since: date
    is_late: bool


def publish_rule_draft(session: Session, request: Publication, *, now: datetime, actor: str) -> PublishedDraft:
    """All of it or nothing; the version before it ends in the same transaction.

    Raises:
        drafts.RuleDraftUnknown: no such draft.
        drafts.RuleDraftMoved: it does not wait, or not this text of it.
        drafts.RuleDraftSecondPerson: whoever wrote it may not publish it.
        published_rules.RuleSetRefused: lint or an example found an error.
        published_rules.RuleSetPublished: its version stands already.
        subsidies.validity.RuleSetOverlaps: a set decides beside it that is not in `ends`.
        subsidies.validity.RuleSetLeavesNone: a canteen would be without any, and is not in `leaves`.
        subsidies.validity.RuleSetCanteenUnknown: its scope names a canteen there is none of.
    """
    draft = drafts.taken(session, request.draft_id, request.revision)
    drafts.check_second_person(draft, actor)
    if draft.state != DraftState.SUBMITTED:
        raise drafts.RuleDraftMoved(state=draft.state)
    rule_set = load(draft.text)
    if published_rules.published_already(session, rule_set) is not None:
        raise published_rules.RuleSetPublished(rule_set=rule_set.code, version=rule_set.version)
    since = first_day(rule_set, business_day(now))
    key = published_rules.publish(
        session,
        draft.text,
        rule_set,
        since=since,
        ends=request.ends,
        now=now,
        actor=actor,
        drafted_by=draft.author,
        leaves=request.leaves,
    )
    drafts.advance(
        session,
        draft,
        DraftState.PUBLISHED,
        now=now,
        decided_by=actor,
        decided_name=request.by_name[:60],
        reason="",
        rule_set_id=key,
    )
    return PublishedDraft(key, since, since > rule_set.effective_from)
