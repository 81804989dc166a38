"""For whom may somebody apply on their own phone: themselves, and those who named them and agreed to family links."""

from sqlalchemy import select
from sqlmodel import Session, col

from canteen.people import consents, fetchers, residents
from canteen.people.consents import ConsentKind
from canteen.people.models import Resident


def applies_for(session: Session, resident_id: str, applicant_id: str) -> bool:
    """Whether `applicant_id` may."""
    if resident_id == applicant_id:
        return True
    return fetchers.may_fetch(session, resident_id, applicant_id) and consents.stands(
        session, resident_id, ConsentKind.FAMILY
    )


def family_of(session: Session, applicant_id: str) -> tuple[tuple[str, str], ...]:
    """Key and name of everybody else they may apply for; who named them knows them by name."""
    found = [key for key in fetchers.fetched_for(session, applicant_id) if applies_for(session, key, applicant_id)]
    names = dict(
        session.execute(
            select(col(Resident.id), col(Resident.name)).where(
                col(Resident.id).in_(found), col(Resident.merged_into).is_(None), residents.on_roll()
            )
        ).all()
    )
    return tuple((key, names[key]) for key in found if key in names)
