"""A card is lost, blocked, or found again."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from canteen.audit import log
from canteen.people import cards
from canteen.people.models import CardState


@dataclass(frozen=True, slots=True)
class CardReport:
    """The card and how it stands from now on."""

    number: str
    state: CardState


def report_card(session: Session, request: CardReport, *, now: datetime, actor: str) -> str:
    """Mark the card and return whose it is; from this moment kiosks act on it.

    Raises:
        people.errors.CardUnknown: nobody's.
    """
    resident_id = cards.set_state(session, request.number, request.state, now=now)
    log.record(
        session,
        at=now,
        actor=actor,
        action=f"card.{request.state.value}",
        subject=f"resident:{resident_id}",
        details={"last_digits": request.number.strip()[-2:]},
    )
    return resident_id
