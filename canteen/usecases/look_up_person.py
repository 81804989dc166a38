"""Somebody stands at the counter with a card or an ID: from now on this canteen's staff may open their page."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from canteen.audit import log
from canteen.people import cards, known, residents
from canteen.people.errors import CardUnknown, NationalIdWrong, ResidentUnknown
from canteen.people.national_ids import read_national_id
from canteen.people.sealed import Sealer


@dataclass(frozen=True, slots=True)
class LookUp:
    """A whole card number or a whole ID number, as read or typed."""

    canteen_id: str
    text: str


def look_up_person(session: Session, request: LookUp, *, now: datetime, actor: str, sealer: Sealer) -> str:
    """Whose it is; written down, because it opens a page. A lost or blocked card still tells whose it was.

    Raises:
        people.errors.CardUnknown: nobody has this card.
        people.errors.ResidentUnknown: nobody with this ID number is on the roll.
    """
    try:
        number = read_national_id(request.text).number
    except NationalIdWrong:
        card = cards.find(session, request.text)
        if card is None:
            raise CardUnknown from None
        resident_id, how = card.resident_id, "card"
    else:
        whose = residents.by_national_id(session, sealer, number)
        if whose is None:
            raise ResidentUnknown
        resident_id, how = whose, "id"
    known.note(session, request.canteen_id, resident_id, "id" if how == "id" else "card", by=actor, now=now)
    log.record(
        session,
        at=now,
        actor=actor,
        action="resident.looked-up",
        subject=f"resident:{resident_id}",
        canteen_id=request.canteen_id,
        details={"by": how},
    )
    return resident_id
