"""Two files turn out to be one person: categories go over day by day, one file is suspended."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import insert, select, update
from sqlmodel import Session, col
from ulid import ULID

from subsidies import enrolment, proposals
from subsidies.models import CategoryGrant, EligibilityFile, FileStatus
from subsidies.rules.case import SHANGHAI

Span = tuple[date, date | None]
"""Half-open; None: no end."""


def take_over(session: Session, kept: str, gone: str, *, born: date | None, now: datetime, by: str) -> None:
    """The categories of `gone` go to the file of `kept`; `gone` is suspended.

    Of days on which `kept` holds the category already, nothing goes over: one person holds it once. What `gone` held beyond
    them is granted anew to `kept` on the same evidence, and the old grant stays with the old file as it was given.
    `born`: the birthday that stands from now on. Both files are locked in the order of their keys.

    Raises:
        FileUnknown: one of them has no file.
    """
    for key in sorted((kept, gone)):
        session.execute(
            select(col(EligibilityFile.resident_id)).where(col(EligibilityFile.resident_id) == key).with_for_update()
        )
    held: dict[str, list[Span]] = defaultdict(list)
    for grant in _standing(session, kept):
        held[grant.category].append((grant.valid_from, grant.valid_until))
    for grant in _standing(session, gone):
        whole = (grant.valid_from, grant.valid_until)
        left = _without(whole, held[grant.category])
        if left == [whole]:
            session.execute(
                update(CategoryGrant)
                .where(col(CategoryGrant.id) == grant.id)
                .values(resident_id=kept)
                .execution_options(synchronize_session=False)
            )
            continue
        for start, until in left:
            more = {"id": str(ULID()), "resident_id": kept, "valid_from": start, "valid_until": until}
            session.execute(insert(CategoryGrant).values(grant.model_dump() | more))
    proposals.take_over(session, kept, gone)
    enrolment.change_file(session, kept)
    if born is not None:
        enrolment.correct_birthday(session, kept, born, now=now, by=by)
    enrolment.set_status(session, gone, FileStatus.SUSPENDED, since=now.astimezone(SHANGHAI).date(), now=now, by=by)


def _standing(session: Session, resident_id: str) -> Sequence[CategoryGrant]:
    mine = (col(CategoryGrant.resident_id) == resident_id, col(CategoryGrant.withdrawn_at).is_(None))
    return session.execute(select(CategoryGrant).where(*mine).order_by(col(CategoryGrant.id))).scalars().all()


def _without(whole: Span, held: Sequence[Span]) -> list[Span]:
    """The days of `whole` on none of the `held` spans."""
    left = [whole]
    for start, until in held:
        before = [(first, _earlier(after, start)) for first, after in left]
        later = [] if until is None else [(max(first, until), after) for first, after in left]
        left = [(first, after) for first, after in (*before, *later) if after is None or first < after]
    return left


def _earlier(one: date | None, other: date) -> date:
    return other if one is None else min(one, other)
