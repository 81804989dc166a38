"""Whom may a canteen's staff see? Its community, who ate here, and who was enrolled or looked up at its counter."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, exists, or_, select
from sqlmodel import Session, col

from canteen.orders.models import MealOrder
from canteen.people import residents, search
from canteen.people.models import KnownAt, Resident
from canteen.people.sealed import Sealer, mask_name
from canteen.sites.models import Community
from canteen.sites.places import CanteenView
from subsidies.models import EligibilityFile, FileStatus

MOST = 40
"""More people than this do not fit a page: ask for more of the name."""
NEWEST = 12


@dataclass(frozen=True, slots=True)
class CanteenPerson:
    """One of the canteen's people, told apart by year of birth, community and card. The name is shortened."""

    resident_id: str
    shown_as: str
    born_year: int | None
    age: int | None
    community: str
    card_tail: str
    is_active: bool


def seen_by(canteen: CanteenView) -> ColumnElement[bool]:
    """The people this canteen's staff may see."""
    return or_(
        col(Resident.community_id) == canteen.community_id,
        exists().where(col(KnownAt.canteen_id) == canteen.id, col(KnownAt.resident_id) == col(Resident.id)),
        exists().where(
            col(MealOrder.resident_id) == col(Resident.id),
            col(MealOrder.canteen_id) == canteen.id,
            col(MealOrder.status) == "collected",
        ),
    )


def may_open(session: Session, canteen: CanteenView, resident_id: str) -> bool:
    """Whether this person's page opens at this canteen; also no for somebody who is not on the roll."""
    return (
        session.execute(select(col(Resident.id)).where(col(Resident.id) == resident_id, seen_by(canteen))).first()
        is not None
    )


def standing_id(session: Session, resident_id: str) -> str:
    """The file to open: that which took this one over, as often as that happened, else this one."""
    for _ in range(10):
        onward = session.execute(select(col(Resident.merged_into)).where(col(Resident.id) == resident_id)).scalar()
        if onward is None:
            break
        resident_id = onward
    return resident_id


def people_found(
    session: Session, text: str, canteen: CanteenView, *, today: date, sealer: Sealer
) -> tuple[CanteenPerson, ...]:
    """Those among the canteen's people whom `text` may mean, by name; at most one more than fits."""
    return _people(session, canteen, today, search.matches(text, sealer), newest=False, most=MOST + 1)


def newest_people(session: Session, canteen: CanteenView, *, today: date) -> tuple[CanteenPerson, ...]:
    """Who was enrolled last among the canteen's people."""
    standing = col(Resident.merged_into).is_(None)
    return _people(session, canteen, today, standing, newest=True, most=NEWEST)


def _people(
    session: Session, canteen: CanteenView, today: date, wanted: ColumnElement[bool], *, newest: bool, most: int
) -> tuple[CanteenPerson, ...]:
    order = (col(Resident.enrolled_at).desc(), col(Resident.id)) if newest else (col(Resident.name), col(Resident.id))
    rows = session.execute(
        select(
            col(Resident.id),
            col(Resident.name),
            col(EligibilityFile.born),
            col(EligibilityFile.status),
            col(Community.name).label("community"),
        )
        .outerjoin(EligibilityFile, col(EligibilityFile.resident_id) == col(Resident.id))
        .outerjoin(Community, col(Community.id) == col(Resident.community_id))
        .where(wanted, seen_by(canteen))
        .order_by(*order)
        .limit(most)
    ).all()
    tails = search.card_tails(session, [row.id for row in rows])
    return tuple(
        CanteenPerson(
            row.id,
            mask_name(row.name),
            row.born.year if row.born else None,
            residents.age_on(row.born, today) if row.born else None,
            row.community or "",
            tails.get(row.id, ""),
            row.status in {None, FileStatus.ACTIVE},
        )
        for row in rows
    )
