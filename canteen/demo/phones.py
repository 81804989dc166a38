"""The one demo resident who has chosen a PIN already: anybody may try the phone pages as her."""

from datetime import datetime

from sqlmodel import Session

from canteen.people import cards, pins
from canteen.people.passwords import hash_password

DEMO_CARD = "6222000000000082"
DEMO_PIN = "258036"
"""Public, opens invented data only."""


def give_demo_pin(session: Session, *, real_now: datetime) -> None:
    """Once: whoever changes it keeps it."""
    card = cards.find(session, DEMO_CARD)
    if card is not None and pins.of_resident(session, card.resident_id) is None:
        pins.keep(session, card.resident_id, hash_password(DEMO_PIN), real_now=real_now)
