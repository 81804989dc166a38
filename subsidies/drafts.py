"""A rule document on its way to publication: which step may follow which, and who may take it."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, insert, select, update
from sqlmodel import Session, SQLModel, col
from ulid import ULID

from subsidies.errors import SubsidyError
from subsidies.models import RuleSetVersion
from subsidies.rule_models import DraftState, RuleDraft
from subsidies.rules.rule_set import RuleSet

ALLOWED: Mapping[DraftState, frozenset[DraftState]] = {
    DraftState.DRAFT: frozenset({DraftState.SUBMITTED, DraftState.WITHDRAWN}),
    DraftState.SUBMITTED: frozenset({DraftState.PUBLISHED, DraftState.RETURNED, DraftState.WITHDRAWN}),
    DraftState.RETURNED: frozenset({DraftState.SUBMITTED, DraftState.WITHDRAWN}),
    DraftState.PUBLISHED: frozenset(),
    DraftState.WITHDRAWN: frozenset(),
}
"""Which state may follow which."""
OPEN = (DraftState.DRAFT, DraftState.RETURNED)
"""Its author may change the text."""


class RuleDraftUnknown(SubsidyError):
    """There is no such draft."""

    code = "subsidies.rule-draft-unknown"


class RuleDraftMoved(SubsidyError):
    """It has been changed, or decided on, since the page was shown; `data["state"]` is where it stands."""

    code = "subsidies.rule-draft-moved"


class RuleDraftNotYours(SubsidyError):
    """Only its author changes, submits or withdraws a draft."""

    code = "subsidies.rule-draft-author"


class RuleDraftSecondPerson(SubsidyError):
    """Its author may neither publish nor return it."""

    code = "subsidies.rule-draft-second-person"


class RuleDraftReason(SubsidyError):
    """Returned without saying why."""

    code = "subsidies.rule-draft-reason"


def start(session: Session, text: str, rule_set: RuleSet, *, now: datetime, actor: str, name: str) -> str:
    """Keep a new draft of `actor`; returns its key."""
    key = str(ULID.from_datetime(now))
    session.execute(
        insert(_DRAFT).values(
            id=key,
            code=rule_set.code,
            version=rule_set.version,
            title=rule_set.title.zh,
            text=text,
            revision=1,
            state=DraftState.DRAFT.value,
            author=actor,
            author_name=name[:60],
            started_at=now,
            saved_at=now,
            decided_name="",
            reason="",
        )
    )
    return key


def taken(session: Session, draft_id: str, revision: int) -> RuleDraft:
    """The draft, locked, as it was shown.

    Raises:
        RuleDraftUnknown: no such draft.
        RuleDraftMoved: it was saved again, or the revision read is another.
    """
    found: RuleDraft | None = session.execute(
        select(RuleDraft).where(col(RuleDraft.id) == draft_id).with_for_update()
    ).scalar_one_or_none()
    if found is None:
        raise RuleDraftUnknown
    if found.revision != revision:
        raise RuleDraftMoved(state=found.state)
    return found


def check_author(draft: RuleDraft, actor: str) -> None:
    """Raises: RuleDraftNotYours unless `actor` wrote it."""
    if draft.author != actor:
        raise RuleDraftNotYours


def check_second_person(draft: RuleDraft, actor: str) -> None:
    """Raises: RuleDraftSecondPerson when `actor` wrote it."""
    if draft.author == actor:
        raise RuleDraftSecondPerson


def save(session: Session, draft: RuleDraft, text: str, rule_set: RuleSet, *, now: datetime) -> None:
    """Another text for it.

    Raises:
        RuleDraftMoved: it is no longer open to changes.
    """
    if draft.state not in OPEN:
        raise RuleDraftMoved(state=draft.state)
    session.execute(
        update(_DRAFT)
        .where(_DRAFT.c.id == draft.id)
        .values(
            text=text,
            code=rule_set.code,
            version=rule_set.version,
            title=rule_set.title.zh,
            revision=draft.revision + 1,
            saved_at=now,
        )
    )


def advance(session: Session, draft: RuleDraft, to: DraftState, *, now: datetime, **noted: object) -> None:
    """Move it on; `noted` are further columns of the move.

    Raises:
        RuleDraftMoved: it does not go there from where it stands.
    """
    if to not in ALLOWED[DraftState(draft.state)]:
        raise RuleDraftMoved(state=draft.state)
    if to is DraftState.SUBMITTED:
        noted["submitted_at"] = now
    elif to is not DraftState.WITHDRAWN:
        noted["decided_at"] = now
    session.execute(update(_DRAFT).where(_DRAFT.c.id == draft.id).values(state=to.value, **noted))


def next_version(session: Session, code: str) -> int:
    """The version a new document of this code gets: one more than the highest published."""
    highest = session.execute(
        select(func.max(col(RuleSetVersion.version))).where(col(RuleSetVersion.code) == code)
    ).scalar_one()
    return int(highest or 0) + 1


_DRAFT = SQLModel.metadata.tables[str(RuleDraft.__tablename__)]
