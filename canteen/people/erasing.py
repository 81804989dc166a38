"""A person of the roll becomes a pseudonym: nothing finds them any more, and nothing on the row says who it was."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, or_, select, update
from sqlmodel import Session, col

from canteen.people import residents
from canteen.people.models import (
    Attempt,
    Card,
    Consent,
    Fetcher,
    KnownAt,
    MergeProposal,
    PhonePin,
    Resident,
    SignInSlip,
)
from canteen.people.sealed import Sealer
from canteen.people.web_sessions import end_sessions_of_resident

PSEUDONYM = "已删除"
_BLANK: dict[str, str | bool | int | None] = {
    "title": "",
    "sex": "",
    "grid_id": None,
    "initials": " ",
    "large_type": False,
    "text_size": 1,
    "language": "zh",
    "arrival_id": None,
} | dict.fromkeys(
    "national_id_sealed national_id_index phone_sealed phone_tail_index phone_end_index address_sealed diet_sealed".split()
)


def files_of(session: Session, resident_id: str) -> tuple[str, ...]:
    """Their file and every one it took over, also over two steps: all of them may name the person."""
    found = [resident_id]
    for key in found:  # grows while it is walked
        found += session.execute(select(col(Resident.id)).where(col(Resident.merged_into) == key)).scalars()
    return tuple(found)


def words_that_name(session: Session, ids: Sequence[str], sealer: Sealer) -> frozenset[str]:
    """Names, numbers, telephones, addresses and cards, to be looked for where people wrote freely."""
    found: set[str] = set()
    for row in session.execute(select(Resident).where(col(Resident.id).in_(ids))).scalars():
        found.add(row.name)
        found |= {
            residents.opened(sealer, row.id, column, getattr(row, column))
            for column in ("national_id_sealed", "phone_sealed", "address_sealed")
        }
    found |= set(session.execute(select(col(Card.number)).where(col(Card.resident_id).in_(ids))).scalars())
    return frozenset(word for word in found if len(word) > 1)


def forget(session: Session, ids: Sequence[str], *, now: datetime) -> None:
    """Rows stay as pseudonyms, for orders and entries point at them; cards, contacts, codes and sessions go."""
    for key in ids:
        session.execute(
            update(Resident)
            .where(col(Resident.id) == key)
            .values(name=f"{PSEUDONYM} {key[-4:]}", erased_at=now, **_BLANK)
            .execution_options(synchronize_session=False)
        )
        end_sessions_of_resident(session, key)
    session.execute(delete(Card).where(col(Card.resident_id).in_(ids)))
    session.execute(delete(Fetcher).where(or_(col(Fetcher.resident_id).in_(ids), col(Fetcher.fetcher_id).in_(ids))))
    session.execute(delete(KnownAt).where(col(KnownAt.resident_id).in_(ids)))
    session.execute(delete(SignInSlip).where(col(SignInSlip.resident_id).in_(ids)))
    session.execute(delete(PhonePin).where(col(PhonePin.resident_id).in_(ids)))
    session.execute(delete(Attempt).where(col(Attempt.subject).in_(ids)))
    session.execute(
        update(Consent)
        .where(col(Consent.resident_id).in_(ids), col(Consent.withdrawn_at).is_(None))
        .values(withdrawn_at=now)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(MergeProposal)
        .where(or_(col(MergeProposal.kept_id).in_(ids), col(MergeProposal.gone_id).in_(ids)))
        .values(reason="", decided_reason="")
        .execution_options(synchronize_session=False)
    )
