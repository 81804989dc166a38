"""The yearly look at a category: the papers were seen again; that it goes on where it would end waits for a second yes."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import insert
from sqlmodel import Session
from ulid import ULID

from canteen.applications.models import CategoryCheck
from canteen.audit import log
from subsidies import eligibility, enrolment, proposals
from subsidies.proposals import ProposedCategory


@dataclass(frozen=True, slots=True)
class CategorySeen:
    """`until`: the first day without, for a grant that has an end; None leaves the end as it is."""

    resident_id: str
    grant_id: str
    evidence: str
    until: date | None
    by_name: str = ""


def reverify_category(session: Session, request: CategorySeen, *, now: datetime, actor: str) -> None:
    """Write down that it was seen; with `until` that it goes on from the day it would end is proposed.

    Raises:
        subsidies.enrolment.GrantUnknown: this resident has no such grant, or it was withdrawn.
        subsidies.enrolment.EvidenceMissing: nothing said of what was seen.
        subsidies.enrolment.ValidityRefused: `until` is not after the present end, or there is no end.
        subsidies.enrolment.CategoryHeld: it goes on already, or waits for the second yes.
    """
    held = {one.id: one for one in eligibility.grants(session, request.resident_id) if one.withdrawn_at is None}
    grant = held.get(request.grant_id)
    if grant is None:
        raise enrolment.GrantUnknown
    evidence = " ".join(request.evidence.split())[:120]
    if not evidence:
        raise enrolment.EvidenceMissing(category=grant.category)
    if request.until is not None:
        if grant.valid_until is None:
            raise enrolment.ValidityRefused
        longer = ProposedCategory(request.resident_id, grant.category, grant.valid_until, request.until, evidence)
        proposals.propose(session, longer, now=now, by=actor)
    session.execute(
        insert(CategoryCheck).values(
            id=str(ULID.from_datetime(now)),
            grant_id=grant.id,
            checked_at=now,
            checked_by=actor,
            checked_name=request.by_name[:60],
            evidence=evidence,
        )
    )
    log.record(
        session,
        at=now,
        actor=actor,
        action="category.seen-again",
        subject=f"resident:{request.resident_id}",
        details={
            "grant": grant.id,
            "category": grant.category,
            "valid_until": request.until.isoformat() if request.until else None,
        },
    )
