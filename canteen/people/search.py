"""Finding people: by a part of the name, its spelling, a card, the end of a phone number, a phone end with birthday, an ID."""

import re

from sqlalchemy import ColumnElement, or_, select
from sqlmodel import Session, col

from canteen.people import cards, residents
from canteen.people.errors import NationalIdWrong
from canteen.people.models import Card, CardState, Resident
from canteen.people.national_ids import read_national_id
from canteen.people.sealed import Sealer
from canteen.people.spelling import spellings

_LETTERS = re.compile(r"[a-z]{1,40}", re.ASCII)
_DIGITS = re.compile(r"[0-9]{4,32}", re.ASCII)
BATCH = 100
"""People written anew in one transaction."""


def matches(text: str, sealer: Sealer) -> ColumnElement[bool]:
    """Whoever `text` may mean. Files that were taken over by another are never found: the other one is."""
    text = " ".join(text.split())
    plain = text.replace(" ", "")
    found: list[ColumnElement[bool]] = [col(Resident.name).contains(text, autoescape=True)]
    if _LETTERS.fullmatch(plain.lower().replace("'", "")):
        found.append(col(Resident.initials).contains(" " + plain.lower().replace("'", ""), autoescape=True))
    number = plain.upper()
    if _DIGITS.fullmatch(plain):
        of_card = col(Card.number).endswith(number, autoescape=True)
        found.append(col(Resident.id).in_(select(col(Card.resident_id)).where(of_card)))
    elif number.isascii() and number.isalnum() and any(sign.isdigit() for sign in number):
        found.append(col(Resident.id).in_(select(col(Card.resident_id)).where(col(Card.number) == number)))
    if _DIGITS.fullmatch(plain) and len(plain) == 4:
        found.append(col(Resident.phone_end_index) == residents.phone_end_index(sealer, plain))
    if _DIGITS.fullmatch(plain) and len(plain) == 8:
        found.append(col(Resident.phone_tail_index) == residents.phone_tail_index(sealer, plain[:4], plain[4:]))
    try:
        whole = read_national_id(text).number
    except NationalIdWrong:
        pass
    else:
        found.append(col(Resident.national_id_index) == residents.national_id_index(sealer, whole))
    return (col(Resident.merged_into).is_(None)) & residents.on_roll() & or_(*found)


def whose(session: Session, text: str, *, sealer: Sealer) -> str | None:
    """The one person a whole ID number or a whole card number names."""
    try:
        number = read_national_id(text).number
    except NationalIdWrong:
        card = cards.find(session, text)
        return card.resident_id if card else None
    return residents.by_national_id(session, sealer, number)


def card_tails(session: Session, ids: list[str]) -> dict[str, str]:
    """The last four digits of each person's newest card that works: what tells two of a name apart across the counter."""
    rows = session.execute(
        select(col(Card.resident_id), col(Card.number))
        .where(col(Card.resident_id).in_(ids), col(Card.state) == CardState.ACTIVE.value)
        .order_by(col(Card.bound_at), col(Card.number))
    )
    return {owner: number[-4:] for owner, number in rows}


def fill_in(session: Session, *, sealer: Sealer) -> int:
    """Spelling and phone end of people enrolled before these columns were; returns how many were written, 0 when done."""
    rows = session.execute(
        select(col(Resident.id), col(Resident.name), col(Resident.phone_sealed))
        .where(
            or_(
                col(Resident.initials) == "",
                col(Resident.phone_sealed).is_not(None) & col(Resident.phone_end_index).is_(None),
            )
        )
        .limit(BATCH)
    ).all()
    for resident_id, name, sealed in rows:
        phone = residents.opened(sealer, resident_id, "phone_sealed", sealed)
        residents.change(
            session,
            resident_id,
            initials=spellings(name),
            phone_end_index=residents.phone_end_index(sealer, phone[-4:]) if phone else None,
        )
    return len(rows)
