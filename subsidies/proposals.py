"""Categories that one person has entered and another has not yet said yes to: until then no meal knows of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import insert, select, update
from sqlmodel import Session, col
from ulid import ULID

from subsidies import enrolment
from subsidies.errors import SubsidyError
from subsidies.models import CategoryProposal


class ProposalUnknown(SubsidyError):
    """No such category waits for a second person; somebody may have decided it meanwhile."""

    code = "subsidies.proposal-unknown"


class SecondPersonNeeded(SubsidyError):
    """Whoever entered a category does not approve it."""

    code = "subsidies.second-person"


class ReasonNeeded(SubsidyError):
    """Declined without a reason; whoever entered it reads it."""

    code = "subsidies.reason"


@dataclass(frozen=True, slots=True)
class ProposedCategory:
    """Valid on `valid_from` ≤ day < `valid_until`; None is open-ended. `evidence` says what was seen."""

    resident_id: str
    category: str
    valid_from: date
    valid_until: date | None
    evidence: str


def propose(session: Session, wanted: ProposedCategory, *, source: str = "", now: datetime, by: str) -> str:
    """Enter it; returns the proposal's id. `source` is `import:ID` of a list, empty for a single entry.

    Raises:
        subsidies.enrolment.CategoryUnknown, ValidityRefused, EvidenceMissing, FileUnknown.
        subsidies.enrolment.CategoryHeld: it stands or waits already on some of these days.
    """
    enrolment.check_grant(
        session,
        wanted.resident_id,
        wanted.category,
        valid_from=wanted.valid_from,
        valid_until=wanted.valid_until,
        evidence=wanted.evidence,
    )
    for start, until in session.execute(
        select(col(CategoryProposal.valid_from), col(CategoryProposal.valid_until)).where(
            col(CategoryProposal.resident_id) == wanted.resident_id,
            col(CategoryProposal.category) == wanted.category,
            col(CategoryProposal.decision).is_(None),
        )
    ):
        if enrolment.overlap(wanted.valid_from, wanted.valid_until, start, until):
            raise enrolment.CategoryHeld(category=wanted.category, valid_from=start.isoformat())
    key = str(ULID.from_datetime(now))
    session.execute(
        insert(CategoryProposal).values(
            id=key,
            resident_id=wanted.resident_id,
            category=wanted.category,
            valid_from=wanted.valid_from,
            valid_until=wanted.valid_until,
            evidence=wanted.evidence.strip(),
            source=source,
            entered_at=now,
            entered_by=by,
        )
    )
    return key


def waiting(session: Session, keys: Sequence[str]) -> tuple[CategoryProposal, ...]:
    """These, held until the transaction ends, in the order of their keys.

    Raises:
        ProposalUnknown: one of them is decided, or is none.
    """
    rows = session.execute(
        select(CategoryProposal)
        .where(col(CategoryProposal.id).in_(keys), col(CategoryProposal.decision).is_(None))
        .order_by(col(CategoryProposal.id))
        .with_for_update()
    ).scalars()
    found = tuple(rows.all())
    if len(found) != len(set(keys)):
        raise ProposalUnknown
    return found


def approve(session: Session, proposal: CategoryProposal, *, now: datetime, by: str) -> str:
    """The category stands from now on; returns the grant's id.

    Raises:
        SecondPersonNeeded: by whoever entered it.
        subsidies.enrolment.CategoryHeld: it stands by now on some of these days.
    """
    if proposal.entered_by == by:
        raise SecondPersonNeeded
    grant_id = enrolment.grant(
        session,
        proposal.resident_id,
        proposal.category,
        valid_from=proposal.valid_from,
        valid_until=proposal.valid_until,
        evidence=proposal.evidence,
        proposed_by=proposal.entered_by,
        by=by,
        now=now,
    )
    _decide(session, proposal.id, decision="approved", decided_at=now, decided_by=by, grant_id=grant_id)
    return grant_id


def decline(session: Session, proposal: CategoryProposal, *, reason: str, now: datetime, by: str) -> None:
    """It never counts. Whoever entered it may take it back so themselves.

    Raises:
        ReasonNeeded: nothing said.
    """
    if len(reason.strip()) < 2:
        raise ReasonNeeded
    _decide(session, proposal.id, decision="declined", decided_at=now, decided_by=by, reason=reason.strip()[:120])


def waiting_of(session: Session, resident_id: str) -> tuple[CategoryProposal, ...]:
    """What waits for one person's file."""
    rows = session.execute(
        select(CategoryProposal)
        .where(col(CategoryProposal.resident_id) == resident_id, col(CategoryProposal.decision).is_(None))
        .order_by(col(CategoryProposal.id))
    ).scalars()
    return tuple(rows.all())


def take_over(session: Session, kept: str, gone: str) -> None:
    """Two files became one: what waits for `gone` waits for `kept`; what stands there already is refused at the yes."""
    session.execute(
        update(CategoryProposal)
        .where(col(CategoryProposal.resident_id) == gone, col(CategoryProposal.decision).is_(None))
        .values(resident_id=kept)
        .execution_options(synchronize_session=False)
    )


def _decide(session: Session, key: str, **values: str | datetime | None) -> None:
    session.execute(
        update(CategoryProposal)
        .where(col(CategoryProposal.id) == key)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
