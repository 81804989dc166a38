"""A card is lost, worn out or new: the old number stops and another takes its place, in one step."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from canteen.audit import log
from canteen.people import cards, residents
from canteen.people.errors import CardUnknown
from canteen.people.models import CardState


@dataclass(frozen=True, slots=True)
class CardReplacement:
    """`number` empty: the canteen prints a new one. `old` empty: a further card, and none stops."""

    resident_id: str
    number: str = ""
    kind: str = "canteen"
    old: str = ""
    canteen_id: str | None = None


def replace_card(session: Session, request: CardReplacement, *, now: datetime, actor: str) -> str:
    """The number that works from now on; the old one stops everywhere with this commit.

    Raises:
        people.errors.ResidentUnknown, ResidentMerged: no file to bind to.
        people.errors.CardUnknown: the old card is not theirs.
        people.errors.CardTaken: the number is somebody else's, or blocked.
        people.errors.CardNumberRefused: no card number.
    """
    residents.require_own_file(session, request.resident_id)
    if request.old:
        standing = cards.find(session, request.old)
        if standing is None or standing.resident_id != request.resident_id:
            raise CardUnknown
        if standing.state is CardState.ACTIVE:
            cards.set_state(session, request.old, CardState.LOST, now=now)
    number = cards.clean_number(request.number) if request.number.strip() else cards.new_number()
    cards.bind(session, request.resident_id, number, request.kind, now=now)
    log.record(
        session,
        at=now,
        actor=actor,
        action="card.replaced" if request.old else "card.bound",
        subject=f"resident:{request.resident_id}",
        canteen_id=request.canteen_id,
        details={"kind": request.kind, "printed": not request.number.strip(), "last_digits": number[-2:]},
    )
    return number
