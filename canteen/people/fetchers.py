"""Who may bring a meal to whom: the diner named them, and can take it back."""

from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from canteen.people.errors import PeopleError
from canteen.people.models import Fetcher, Resident


class NotAFetcher(PeopleError):
    """This person was not named to bring meals to that one."""

    code = "people.not-a-fetcher"


def may_fetch(session: Session, fetcher_id: str, resident_id: str) -> None:
    """Check that the diner named the fetcher.

    Raises:
        NotAFetcher: not named, or withdrawn.
    """
    if fetcher_id == resident_id:
        return
    named = session.execute(
        select(col(Fetcher.named_at)).where(
            col(Fetcher.resident_id) == resident_id,
            col(Fetcher.fetcher_id) == fetcher_id,
            col(Fetcher.withdrawn_at).is_(None),
        )
    ).scalar_one_or_none()
    if named is None:
        raise NotAFetcher()


def family_of(session: Session, fetcher_id: str) -> list[tuple[str, str, str]]:
    """(resident id, name, title) of everyone this person may bring a meal to, by the date they were named."""
    rows = session.execute(
        select(col(Resident.id), col(Resident.name), col(Resident.title))
        .join(Fetcher, col(Fetcher.resident_id) == col(Resident.id))
        .where(col(Fetcher.fetcher_id) == fetcher_id, col(Fetcher.withdrawn_at).is_(None))
        .order_by(col(Fetcher.named_at), col(Resident.id))
    ).all()
    return [(row[0], row[1], row[2]) for row in rows]


def name_fetcher(session: Session, resident_id: str, fetcher_id: str, *, now: datetime) -> None:
    """Record that the resident lets somebody bring their meals; naming twice is harmless."""
    found = session.get(Fetcher, (resident_id, fetcher_id))
    if found is None:
        session.add(Fetcher(resident_id=resident_id, fetcher_id=fetcher_id, named_at=now))
    elif found.withdrawn_at is not None:
        found.named_at, found.withdrawn_at = now, None
        session.add(found)
    session.flush()
