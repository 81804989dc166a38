"""Diet and allergy notes: sealed, and read only while the consent to health notes stands."""

from dataclasses import dataclass

import msgspec
from sqlalchemy import bindparam, exists, select, update
from sqlmodel import Session, SQLModel, col

from canteen.people.errors import FieldRefused
from canteen.people.models import Consent, Resident
from canteen.people.sealed import About, Sealer
from menus.diet import ALLERGENS, DIET_TAGS

# Tables, not classes: what is asked for every order skips the object layer.
_RESIDENT = SQLModel.metadata.tables[str(Resident.__tablename__)]
_CONSENT = SQLModel.metadata.tables[str(Consent.__tablename__)]
# Built once: on the path of every order. Without a standing consent the note stays shut.
_READ = select(_RESIDENT.c.diet_sealed).where(
    _RESIDENT.c.id == bindparam("resident"),
    exists().where(
        _CONSENT.c.resident_id == _RESIDENT.c.id,
        _CONSENT.c.kind == "health",
        _CONSENT.c.withdrawn_at.is_(None),
    ),
)


@dataclass(frozen=True, slots=True)
class DietNotes:
    """What the kitchen must know: diet tags asked for, allergens to avoid, a word for the cook. Never an illness."""

    instructions: tuple[str, ...] = ()
    allergies: tuple[str, ...] = ()
    note: str = ""


NOTHING = DietNotes()
LONGEST_NOTE = 200


def check(notes: DietNotes) -> None:
    """Raises: FieldRefused for an unknown diet tag or allergen, or too long a note."""
    if any(key not in DIET_TAGS for key in notes.instructions):
        raise FieldRefused(field="instructions")
    if any(key not in ALLERGENS for key in notes.allergies):
        raise FieldRefused(field="allergies")
    if len(notes.note) > LONGEST_NOTE:
        raise FieldRefused(field="note")


def about(resident_id: str) -> About:
    """Where a note belongs."""
    return About("resident", "diet_sealed", resident_id)


def seal(sealer: Sealer, resident_id: str, notes: DietNotes) -> bytes | None:
    """The notes for storing; None when there is nothing to note."""
    if notes == NOTHING:
        return None
    return sealer.seal(msgspec.json.encode(notes).decode(), about(resident_id))


def read(session: Session, sealer: Sealer, resident_id: str) -> DietNotes:
    """Their notes; empty without notes or without a standing consent."""
    blob = session.execute(_READ, {"resident": resident_id}).scalar()
    if blob is None:
        return NOTHING
    return msgspec.json.decode(sealer.open(blob, about(resident_id)), type=DietNotes)


def write(session: Session, sealer: Sealer, resident_id: str, notes: DietNotes) -> None:
    """Store the notes. The caller has made sure of the consent."""
    session.execute(
        update(Resident)
        .where(col(Resident.id) == resident_id)
        .values(diet_sealed=seal(sealer, resident_id, notes))
        .execution_options(synchronize_session=False)
    )


def erase(session: Session, resident_id: str) -> None:
    """Forget the notes: their consent was taken back."""
    session.execute(
        update(Resident)
        .where(col(Resident.id) == resident_id)
        .values(diet_sealed=None)
        .execution_options(synchronize_session=False)
    )
