"""The roll: who is on it, and how they are found."""

import re
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, bindparam, exists, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, SQLModel, col

from canteen.people.errors import AlreadyEnrolled, NameMissing, PhoneWrong, ResidentMerged, ResidentUnknown
from canteen.people.models import Arrival, Resident
from canteen.people.sealed import About, Sealer

LANGUAGES = frozenset({"zh", "en"})
LONGEST_TITLE = 8

# Tables, not classes: what is asked for every order skips the object layer.
_RESIDENT = SQLModel.metadata.tables[str(Resident.__tablename__)]
_ARRIVAL = SQLModel.metadata.tables[str(Arrival.__tablename__)]
_ONE = select(
    _RESIDENT.c.id,
    _RESIDENT.c.name,
    _RESIDENT.c.title,
    _RESIDENT.c.community_id,
    _RESIDENT.c.large_type,
    _RESIDENT.c.language,
).where(_RESIDENT.c.id == bindparam("resident"))


@dataclass(frozen=True, slots=True)
class ResidentView:
    """What a page needs to greet somebody and find their way round. `name` is whole: mask it on public surfaces."""

    id: str
    name: str
    title: str
    community_id: str | None
    large_type: bool
    language: str


@dataclass(frozen=True, slots=True)
class Contact:
    """Private fields in clear; None leaves a field empty."""

    phone: str | None = None
    address: str | None = None


def resident(session: Session, resident_id: str) -> ResidentView:
    """One resident.

    Raises:
        ResidentUnknown: nobody has this key.
    """
    row = session.execute(_ONE, {"resident": resident_id}).first()
    if row is None:
        raise ResidentUnknown
    return ResidentView(*row)


def require_own_file(session: Session, resident_id: str) -> None:
    """Nothing new is written to a file that another one took over.

    Raises:
        ResidentUnknown: nobody has this key, or whoever had it was erased.
        ResidentMerged: the file was taken over.
    """
    row = session.execute(
        select(col(Resident.merged_into), col(Resident.erased_at)).where(col(Resident.id) == resident_id)
    ).first()
    if row is None or row.erased_at is not None:
        raise ResidentUnknown
    if row[0] is not None:
        raise ResidentMerged(kept=row[0])


def on_roll() -> ColumnElement[bool]:
    """Whether people of `resident` may be found: those of a list that is still coming in, and the erased, may not.

    For every statement that looks for people; one that already has somebody's key needs it not.
    """
    arrived = select(_ARRIVAL.c.id).where(_ARRIVAL.c.id == _RESIDENT.c.arrival_id, _ARRIVAL.c.arrived_at.is_not(None))
    return _RESIDENT.c.erased_at.is_(None) & or_(_RESIDENT.c.arrival_id.is_(None), exists(arrived))


def has_national_id(session: Session, resident_id: str) -> bool:
    """Whether an ID number is on file."""
    row = session.execute(select(col(Resident.national_id_index)).where(col(Resident.id) == resident_id)).first()
    return row is not None and row[0] is not None


def by_national_id(session: Session, sealer: Sealer, number: str) -> str | None:
    """Whose ID number this is; `number` as `read_national_id` gives it."""
    return session.execute(
        select(col(Resident.id)).where(col(Resident.national_id_index) == national_id_index(sealer, number), on_roll())
    ).scalar()


def by_phone_tail(session: Session, sealer: Sealer, tail: str, month_day: str) -> tuple[str, ...]:
    """Everyone with these last four digits of the telephone and this birthday (`MMDD`); rarely more than one."""
    index = phone_tail_index(sealer, tail, month_day)
    rows = session.execute(select(col(Resident.id)).where(col(Resident.phone_tail_index) == index, on_roll()))
    return tuple(row[0] for row in rows)


def add(session: Session, row: Resident) -> None:
    """Put somebody on the roll, every private field already sealed.

    Raises:
        AlreadyEnrolled: the ID number came onto the roll at another counter a moment ago.
    """
    try:
        session.execute(insert(Resident).values(**row.model_dump()))
    except IntegrityError as error:
        if "national_id_index" in str(error.orig):
            raise AlreadyEnrolled("") from error
        raise


def change(session: Session, resident_id: str, **values: str | bool | bytes | int | None) -> None:
    """Store new values of plain or sealed columns.

    Raises:
        ResidentUnknown: nobody has this key.
    """
    found = session.execute(
        update(Resident)
        .where(col(Resident.id) == resident_id)
        .values(**values)
        .returning(col(Resident.id))
        .execution_options(synchronize_session=False)
    ).first()
    if found is None:
        raise ResidentUnknown


def national_id_index(sealer: Sealer, number: str) -> str:
    """Keyed hash of an ID number."""
    return sealer.index("national-id", number)


def phone_tail_index(sealer: Sealer, tail: str, month_day: str) -> str:
    """Keyed hash of the last four digits and the birthday (`MMDD`)."""
    return sealer.index("phone-tail", f"{tail}/{month_day}")


def phone_end_index(sealer: Sealer, end: str) -> str:
    """Keyed hash of the last four digits of a telephone number."""
    return sealer.index("phone-end", end)


@dataclass(frozen=True, slots=True)
class ContactColumns:
    """Telephone and address as the table holds them."""

    phone_sealed: bytes | None
    phone_tail_index: str | None
    phone_end_index: str | None
    address_sealed: bytes | None


def contact_columns(sealer: Sealer, resident_id: str, contact: Contact, born: date | None) -> ContactColumns:
    """Telephone and address as columns, with the index that finds their owner without a card."""
    phone = clean_phone(contact.phone) if contact.phone else None
    address = contact.address.strip() if contact.address else ""
    return ContactColumns(
        phone_sealed=sealer.seal(phone, _about("phone_sealed", resident_id)) if phone else None,
        phone_tail_index=phone_tail_index(sealer, phone[-4:], f"{born:%m%d}") if phone and born else None,
        phone_end_index=phone_end_index(sealer, phone[-4:]) if phone else None,
        address_sealed=sealer.seal(address, _about("address_sealed", resident_id)) if address else None,
    )


def seal_national_id(sealer: Sealer, resident_id: str, number: str) -> bytes:
    """An ID number for storing."""
    return sealer.seal(number, _about("national_id_sealed", resident_id))


def sealed(sealer: Sealer, resident_id: str, column: str, text: str) -> bytes:
    """A private field for storing in this row and column."""
    return sealer.seal(text, _about(column, resident_id))


def opened(sealer: Sealer, resident_id: str, column: str, blob: bytes | None) -> str:
    """A private field in clear; empty when there is none."""
    return "" if blob is None else sealer.open(blob, _about(column, resident_id))


def clean_name(text: str) -> str:
    """The name without outer blanks. Any script and any rare character is welcome.

    Raises:
        NameMissing: nothing left, longer than 40, or with control characters.
    """
    name = " ".join(text.split())
    if not name or len(name) > 40 or not name.isprintable():
        raise NameMissing
    return name


def clean_phone(text: str) -> str:
    """Digits only.

    Raises:
        PhoneWrong: not 7 to 15 digits.
    """
    digits = re.sub(r"[\s\-()+]", "", text)
    if not re.fullmatch(r"[0-9]{7,15}", digits, re.ASCII):
        raise PhoneWrong
    return digits


def age_on(born: date, day: date) -> int:
    """Whole years on `day`; those born on 29 February turn a year older on 1 March of common years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def is_possible_birthday(born: date, today: date) -> bool:
    """Not in the future, and not more than 130 years ago."""
    return born <= today and today.year - born.year <= 130


def born_changed(session: Session, sealer: Sealer, resident_id: str, born: date | None) -> None:
    """The index of phone end and birthday follows a corrected birthday."""
    sealed = session.execute(select(col(Resident.phone_sealed)).where(col(Resident.id) == resident_id)).scalar()
    phone = opened(sealer, resident_id, "phone_sealed", sealed)
    index = phone_tail_index(sealer, phone[-4:], f"{born:%m%d}") if phone and born else None
    change(session, resident_id, phone_tail_index=index)


def _about(column: str, resident_id: str) -> About:
    return About("resident", column, resident_id)
