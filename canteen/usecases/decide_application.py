"""An office decides: verified, reviewed, approved (the category stands at once), sent back, or refused."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from canteen.applications import store
from canteen.applications.errors import MovedOn, ReasonNeeded, WrongOffice
from canteen.applications.papers import Sealing
from canteen.applications.states import DECISIONS, Level, State
from canteen.applications.store import Doer, Standing
from canteen.audit import log
from canteen.usecases.steps import applying
from menus.service_days import business_day
from subsidies import enrolment

LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class CategoryDates:
    """What an approval grants: valid on `valid_from` ≤ day < `valid_until` (None is open-ended), on this evidence."""

    valid_from: date
    valid_until: date | None
    evidence: str


@dataclass(frozen=True, slots=True)
class ApplicationDecided:
    """`decision` is one of `states.DECISIONS[level]`; `version` is the one that was looked at."""

    application_id: str
    level: Level
    decision: str
    version: int
    reason: str = ""
    grant: CategoryDates | None = None
    by_name: str = ""


def decide_application(
    session: Session, request: ApplicationDecided, *, now: datetime, actor: str, sealing: Sealing
) -> State:
    """Write the decision down; returns where the application stands now. Refusals leave everything as it was.

    Raises:
        applications.errors.WrongOffice: not this office's decision.
        applications.errors.MovedOn: decided, sent again or withdrawn since it was looked at.
        applications.errors.SecondPersonNeeded: whoever filed it or decided for another office.
        applications.errors.ReasonNeeded: sent back or refused without a reason.
        applications.errors.FileClosed: approved for somebody who moved away or died.
        subsidies.enrolment.CategoryHeld, ValidityRefused, EvidenceMissing: the category cannot be granted so.
    """
    step = DECISIONS.get(request.level, {}).get(request.decision)
    if step is None:
        raise WrongOffice
    reason = " ".join(request.reason.split())[:LONGEST_REASON]
    if step.needs_reason and len(reason) < 2:
        raise ReasonNeeded
    standing = store.locked(session, request.application_id)
    store.check_move(session, standing, step, actor)
    if standing.version != request.version:
        raise MovedOn(state=standing.state.value)
    granted = None
    if step.target is State.APPROVED:
        granted = _granted(session, standing, request.grant, now=now, actor=actor)
    store.move(
        session,
        standing,
        step,
        by=Doer(actor, request.level, request.by_name[:60]),
        now=now,
        due_on=applying.due_day(session, step.target, business_day(now)),
        sealing=sealing,
        reason=reason,
        grant_id=granted,
    )
    grant = request.grant if granted else None
    log.record(
        session,
        at=now,
        actor=actor,
        action=f"application.{step.target.value}",
        subject=f"application:{standing.id}",
        details={
            "resident": f"resident:{standing.resident_id}",
            "category": standing.category,
            "grant": granted,
            "valid_from": grant.valid_from.isoformat() if grant else None,
            "valid_until": grant.valid_until.isoformat() if grant and grant.valid_until else None,
        },
    )
    return step.target


def _granted(session: Session, standing: Standing, grant: CategoryDates | None, *, now: datetime, actor: str) -> str:
    if grant is None:
        raise enrolment.EvidenceMissing(category=standing.category)
    applying.check_file(session, standing.resident_id, today=business_day(now))
    return enrolment.grant(
        session,
        standing.resident_id,
        standing.category,
        valid_from=grant.valid_from,
        valid_until=grant.valid_until,
        evidence=grant.evidence,
        proposed_by=standing.filed_by,
        by=actor,
        now=now,
    )
