"""PINs of residents' phones: six digits nobody guesses at once, and who may sign in with a card or telephone number."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from canteen.people import cards, residents
from canteen.people.models import CardState, PhonePin, Resident
from canteen.people.sealed import Sealer
from canteen.people.sign_in_errors import PinObvious, PinRefused

DIGITS = 6
FEWEST_DIFFERENT = 3
"""111111 and 121212 are the first that anybody tries."""


SHORTEST_PHONE, LONGEST_PHONE = 7, 15


@dataclass(frozen=True, slots=True)
class PinFile:
    """What checking a PIN needs."""

    resident_id: str
    pin_hash: str


def check(pin: str, *, born: date | None, numbers: tuple[str, ...] = ()) -> str:
    """The PIN, if it may be one. `numbers` are their own: telephone, cards.

    Raises:
        PinRefused: not six digits.
        PinObvious: one digit, a run, a repetition, their birthday or the end of their own number; `data["why"]`.
    """
    if len(pin) != DIGITS or not (pin.isascii() and pin.isdigit()):
        raise PinRefused
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    if len(set(pin)) < FEWEST_DIFFERENT or steps in ({1}, {9}) or pin[:3] == pin[3:]:
        raise PinObvious(why="pattern")
    if born is not None and pin in {born.strftime(form) for form in ("%y%m%d", "%d%m%y", "%m%d%y", "%Y%m", "%m%Y")}:
        raise PinObvious(why="birthday")
    if any(number.endswith(pin) for number in numbers):
        raise PinObvious(why="number")
    return pin


def own_numbers(session: Session, sealer: Sealer, resident_id: str) -> tuple[str, ...]:
    """Telephone and cards of somebody."""
    sealed = session.execute(select(col(Resident.phone_sealed)).where(col(Resident.id) == resident_id)).scalar()
    phone = residents.opened(sealer, resident_id, "phone_sealed", sealed)
    return tuple(filter(None, (phone, *(card.number for card in cards.of_resident(session, resident_id)))))


def keep(session: Session, resident_id: str, pin_hash: str, *, real_now: datetime) -> None:
    """Store a PIN's hash instead of the one before."""
    row = {"resident_id": resident_id, "pin_hash": pin_hash, "chosen_at": real_now}
    session.execute(_KEEP[session.get_bind().dialect.name], row)


def of_resident(session: Session, resident_id: str) -> PinFile | None:
    """Their PIN, once they have chosen one."""
    row = session.execute(
        select(col(PhonePin.resident_id), col(PhonePin.pin_hash)).where(col(PhonePin.resident_id) == resident_id)
    ).first()
    return None if row is None else PinFile(*row)


def of_number(session: Session, sealer: Sealer, typed: str) -> tuple[PinFile, ...]:
    """Everybody with a PIN whose usable card or telephone this is; a couple may share a telephone."""
    number = "".join(letter for letter in typed if letter.isalnum() and letter.isascii()).upper()
    card = cards.find(session, number)
    found = {card.resident_id} if card is not None and card.state is CardState.ACTIVE else set()
    found |= set(_by_phone(session, sealer, number))
    files = (of_resident(session, resident_id) for resident_id in sorted(found))
    return tuple(file for file in files if file is not None)


def _by_phone(session: Session, sealer: Sealer, number: str) -> tuple[str, ...]:
    """Those with a PIN whose whole telephone number this is."""
    if not number.isdigit() or not SHORTEST_PHONE <= len(number) <= LONGEST_PHONE:
        return ()
    rows = session.execute(
        select(col(Resident.id), col(Resident.phone_sealed))
        .join(PhonePin, col(PhonePin.resident_id) == col(Resident.id))
        .where(col(Resident.phone_end_index) == residents.phone_end_index(sealer, number[-4:]))
    )
    return tuple(key for key, sealed in rows if residents.opened(sealer, key, "phone_sealed", sealed) == number)


_TABLE = PhonePin.__table__  # type: ignore[attr-defined]
_KEEP = {
    name: (new := dialect.insert(_TABLE)).on_conflict_do_update(
        index_elements=["resident_id"], set_={"pin_hash": new.excluded.pin_hash, "chosen_at": new.excluded.chosen_at}
    )
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}
