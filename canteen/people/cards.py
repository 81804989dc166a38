"""Cards: opaque numbers a reader can type. They find a person and grant nothing."""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, SQLModel, col

from canteen.people.errors import CardNumberRefused, CardStopped, CardTaken, CardUnknown
from canteen.people.models import Card, CardState, Resident
from canteen.people.residents import on_roll

_NUMBER = re.compile(r"[0-9A-Z]{4,32}", re.ASCII)
KINDS = frozenset({"canteen", "social_security", "transit"})

# Tables, not classes: what is asked for every order skips the object layer.
_CARD = SQLModel.metadata.tables[str(Card.__tablename__)]
_RESIDENT = SQLModel.metadata.tables[str(Resident.__tablename__)]
# Built once: on the path of every order.
_FIND = (
    select(_CARD.c.resident_id, _CARD.c.state)
    .join(_RESIDENT, _RESIDENT.c.id == _CARD.c.resident_id)
    .where(_CARD.c.number == bindparam("number"), on_roll())
)


@dataclass(frozen=True, slots=True)
class FoundCard:
    """Whose card it is, and whether it may be used."""

    resident_id: str
    state: CardState


@dataclass(frozen=True, slots=True)
class CardLine:
    """One card on a resident's file."""

    number: str
    kind: str
    state: CardState
    bound_at: datetime


def clean_number(text: str) -> str:
    """What the reader typed, without blanks, letters in capitals.

    Raises:
        CardNumberRefused: not 4 to 32 letters and digits.
    """
    number = text.replace(" ", "").strip().upper()
    if not _NUMBER.fullmatch(number):
        raise CardNumberRefused
    return number


def new_number() -> str:
    """A number for a card printed here: 8 and eleven random digits. Random, because a row of numbers could be guessed."""
    return f"8{secrets.randbelow(10**11):011d}"


def grouped(number: str) -> str:
    """As printed, in fours from the left: `8421 0057 3390`."""
    return " ".join(number[start : start + 4] for start in range(0, len(number), 4))


def find(session: Session, number: str) -> FoundCard | None:
    """Whose card this is; None when nobody's. Refuses nothing: a wrong number is simply nobody's."""
    row = session.execute(_FIND, {"number": number.replace(" ", "").upper()[:40]}).first()
    return None if row is None else FoundCard(row[0], CardState(row[1]))


def find_active(session: Session, number: str) -> FoundCard:
    """A card that may be used.

    Raises:
        CardUnknown: nobody's.
        CardStopped: lost or blocked.
    """
    found = find(session, number)
    if found is None:
        raise CardUnknown
    if found.state is not CardState.ACTIVE:
        raise CardStopped(found.state.value, found.resident_id)
    return found


def bind(session: Session, resident_id: str, number: str, kind: str, *, now: datetime) -> bool:
    """Give the card to the resident; returns whether it is new. Their own card again is harmless.

    A lost card of their own that turns up is made usable again.

    Raises:
        CardTaken: it is somebody else's.
        CardNumberRefused: not a card number, or an unknown kind.
    """
    number = clean_number(number)
    if kind not in KINDS:
        raise CardNumberRefused
    found = find(session, number)
    if found is None:
        try:
            session.execute(
                insert(Card).values(
                    number=number,
                    resident_id=resident_id,
                    kind=kind,
                    state=CardState.ACTIVE.value,
                    bound_at=now,
                    changed_at=now,
                )
            )
        except IntegrityError as error:  # bound at another counter between looking and writing
            raise CardTaken from error
        return True
    if found.resident_id != resident_id or found.state is CardState.BLOCKED:
        raise CardTaken
    set_state(session, number, CardState.ACTIVE, now=now)
    return False


def set_state(session: Session, number: str, state: CardState, *, now: datetime) -> str:
    """Mark a card; returns whose it is.

    Raises:
        CardUnknown: nobody's.
    """
    found = find(session, number)
    if found is None:
        raise CardUnknown
    if found.state is not state:
        session.execute(
            update(Card)
            .where(col(Card.number) == clean_number(number))
            .values(state=state.value, changed_at=now)
            .execution_options(synchronize_session=False)
        )
    return found.resident_id


def block_all(session: Session, resident_id: str, *, now: datetime) -> None:
    """Every usable card of theirs stops."""
    session.execute(
        update(Card)
        .where(col(Card.resident_id) == resident_id, col(Card.state) == CardState.ACTIVE.value)
        .values(state=CardState.BLOCKED.value, changed_at=now)
        .execution_options(synchronize_session=False)
    )


def of_resident(session: Session, resident_id: str) -> tuple[CardLine, ...]:
    """Their cards, oldest first."""
    rows = session.execute(
        select(col(Card.number), col(Card.kind), col(Card.state), col(Card.bound_at))
        .where(col(Card.resident_id) == resident_id)
        .order_by(col(Card.bound_at), col(Card.number))
    )
    return tuple(CardLine(number, kind, CardState(state), at) for number, kind, state, at in rows)
