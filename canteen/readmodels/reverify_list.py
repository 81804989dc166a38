"""Whose category has nobody looked at for a year, and whose ends soon?"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, or_, select
from sqlmodel import Session, col

from canteen.applications.models import CategoryCheck
from canteen.people import residents
from canteen.people.models import Resident
from canteen.readmodels.office_scope import in_scope
from canteen.readmodels.residents_list import RollScope
from canteen.sites.models import Community
from menus.service_days import business_day
from subsidies.eligibility import BY_AGE
from subsidies.models import CategoryGrant, CategoryProposal, EligibilityFile, FileStatus

SEEN_EVERY = timedelta(days=365)
ENDS_WITHIN = timedelta(days=60)
MOST = 200
"""More do not fit a page; the most urgent come first."""


@dataclass(frozen=True, slots=True)
class ReverifyLine:
    """One category of one person. `why`: ends (within 60 days) · old (its papers were seen over a year ago)."""

    grant_id: str
    resident_id: str
    name: str
    community: str
    category: str
    evidence: str
    seen_on: date
    valid_until: date | None
    why: str
    days_left: int | None


@dataclass(frozen=True, slots=True)
class ReverifyList:
    """What ends first stands first, then what was seen longest ago; `total` counts also those that did not fit."""

    lines: tuple[ReverifyLine, ...]
    total: int


def reverify_list(session: Session, scope: RollScope, *, now: datetime) -> ReverifyList:
    """Grants in force of active files within the scope; what follows from age needs no look."""
    today = business_day(now)
    seen_at = func.coalesce(
        select(func.max(col(CategoryCheck.checked_at)))
        .where(col(CategoryCheck.grant_id) == col(CategoryGrant.id))
        .correlate(CategoryGrant)
        .scalar_subquery(),
        col(CategoryGrant.granted_at),
    ).label("seen_at")
    follows = CategoryGrant.__table__.alias("follows")  # type: ignore[attr-defined]  # SQLModel tables have one
    waits = CategoryProposal.__table__  # type: ignore[attr-defined]
    goes_on = or_(
        *(
            select(table.c.id)
            .where(
                table.c.resident_id == col(CategoryGrant.resident_id),
                table.c.category == col(CategoryGrant.category),
                table.c.valid_from == col(CategoryGrant.valid_until),
                stands.is_(None),
            )
            .correlate(CategoryGrant)
            .exists()
            for table, stands in ((follows, follows.c.withdrawn_at), (waits, waits.c.decision))
        )
    )
    ends = (
        col(CategoryGrant.valid_until).is_not(None) & (col(CategoryGrant.valid_until) <= today + ENDS_WITHIN) & ~goes_on
    )
    statement = (
        select(CategoryGrant, col(Resident.name), col(Community.name), seen_at)
        .join(EligibilityFile, col(EligibilityFile.resident_id) == col(CategoryGrant.resident_id))
        .join(Resident, col(Resident.id) == col(CategoryGrant.resident_id))
        .outerjoin(Community, col(Community.id) == col(Resident.community_id))
        .where(
            in_scope(scope),
            residents.on_roll(),
            col(Resident.merged_into).is_(None),
            col(EligibilityFile.status) == FileStatus.ACTIVE.value,
            col(CategoryGrant.withdrawn_at).is_(None),
            col(CategoryGrant.category).not_in(BY_AGE),
            col(CategoryGrant.valid_from) <= today,
            or_(col(CategoryGrant.valid_until).is_(None), col(CategoryGrant.valid_until) > today),
            or_(ends, seen_at < now - SEEN_EVERY),
        )
    )
    total = session.execute(select(func.count()).select_from(statement.subquery())).scalar_one()
    soonest = func.coalesce(col(CategoryGrant.valid_until), date(9999, 12, 31))
    rows = session.execute(statement.order_by(soonest, seen_at, col(CategoryGrant.id)).limit(MOST)).all()
    return ReverifyList(tuple(_line(grant, name, community, seen, today) for grant, name, community, seen in rows),
                        int(total))  # fmt: skip


def _line(grant: CategoryGrant, name: str, community: str | None, seen: datetime, today: date) -> ReverifyLine:
    ends = grant.valid_until is not None and grant.valid_until <= today + ENDS_WITHIN
    return ReverifyLine(
        grant_id=grant.id,
        resident_id=grant.resident_id,
        name=name,
        community=community or "",
        category=grant.category,
        evidence=grant.evidence,
        seen_on=business_day(seen),
        valid_until=grant.valid_until,
        why="ends" if ends else "old",
        days_left=(grant.valid_until - today).days if grant.valid_until and ends else None,
    )
