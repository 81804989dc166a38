"""Give a resident a card: a number any reader can type."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from canteen.audit import log
from canteen.people import cards, residents


@dataclass(frozen=True, slots=True)
class CardBinding:
    """`kind`: canteen · social_security · transit."""

    resident_id: str
    number: str
    kind: str = "canteen"


def bind_card(session: Session, request: CardBinding, *, now: datetime, actor: str) -> bool:
    """Bind it; returns whether the card is new. A lost card of theirs that turned up works again.

    Raises:
        people.errors.ResidentUnknown: nobody has this key.
        people.errors.ResidentMerged: this file was taken over by another.
        people.errors.CardTaken: it is somebody else's, or blocked.
        people.errors.CardNumberRefused: no card number.
    """
    residents.require_own_file(session, request.resident_id)
    is_new = cards.bind(session, request.resident_id, request.number, request.kind, now=now)
    log.record(
        session,
        at=now,
        actor=actor,
        action="card.bound",
        subject=f"resident:{request.resident_id}",
        details={"kind": request.kind, "is_new": is_new},
    )
    return is_new
