"""Two files of one person become one: what of the roll goes over to the file that is kept."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlmodel import Session, col

from canteen.people import consents, diet_notes, fetchers, residents, slips
from canteen.people.consents import ConsentKind
from canteen.people.diet_notes import LONGEST_NOTE, NOTHING, DietNotes
from canteen.people.models import Card, Consent, KnownAt, PhonePin, Resident
from canteen.people.sealed import Sealer
from canteen.people.web_sessions import end_sessions_of_resident

_BLANK: dict[str, None] = dict.fromkeys(
    "national_id_sealed national_id_index phone_sealed phone_tail_index phone_end_index address_sealed diet_sealed".split()
)
"""What the pointer that stays behind no longer holds: it must neither be found nor say anything about a person."""


def take_over(session: Session, kept: str, gone: str, *, now: datetime, real_now: datetime, sealer: Sealer) -> None:
    """Cards, consents, fetchers, diet notes and private fields go to `kept`; `gone` stays as a pointer to it.

    What both hold and `kept` cannot hold twice stays what `kept` says; diet notes are put together, because leaving out
    something a person must not eat would be the dangerous mistake. The phone of `gone` is signed out and its slip ends.
    """
    before = {key: diet_notes.read(session, sealer, key) for key in (kept, gone)}
    _private(session, kept, gone, sealer)
    session.execute(
        update(Resident)
        .where(col(Resident.id) == gone)
        .values(merged_into=kept, **_BLANK)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(Card)
        .where(col(Card.resident_id) == gone)
        .values(resident_id=kept)
        .execution_options(synchronize_session=False)
    )
    _consents(session, kept, gone, now)
    if consents.stands(session, kept, ConsentKind.HEALTH):
        diet_notes.write(session, sealer, kept, _together(before[kept], before[gone]))
    else:
        diet_notes.erase(session, kept)
    _fetchers(session, kept, gone, now)
    _known(session, kept, gone)
    slips.revoke(session, gone, real_now=real_now)
    session.execute(delete(PhonePin).where(col(PhonePin.resident_id) == gone))
    end_sessions_of_resident(session, gone)


def _private(session: Session, kept: str, gone: str, sealer: Sealer) -> None:
    names = ("national_id_sealed", "phone_sealed", "address_sealed")
    columns = [col(getattr(Resident, name)) for name in names]
    mine = session.execute(select(*columns, col(Resident.title)).where(col(Resident.id) == kept)).one()
    other = session.execute(select(*columns, col(Resident.title)).where(col(Resident.id) == gone)).one()
    clear = {
        name: residents.opened(sealer, gone, name, theirs)
        for name, own, theirs in zip(names, mine, other, strict=False)
        if own is None and theirs is not None
    }
    values: dict[str, str | bool | bytes | int | None] = {
        name: residents.sealed(sealer, kept, name, text) for name, text in clear.items()
    }
    if "national_id_sealed" in clear:
        index = residents.national_id_index(sealer, clear["national_id_sealed"])
        session.execute(update(Resident).where(col(Resident.id) == gone).values(national_id_index=None))
        values["national_id_index"] = index
    if "phone_sealed" in clear:
        values["phone_end_index"] = residents.phone_end_index(sealer, clear["phone_sealed"][-4:])
    if not mine.title and other.title:
        values["title"] = other.title
    if values:
        session.execute(
            update(Resident)
            .where(col(Resident.id) == kept)
            .values(**values)
            .execution_options(synchronize_session=False)
        )


def _consents(session: Session, kept: str, gone: str, now: datetime) -> None:
    """The later word counts: a consent that was taken back after it was given on the other file does not stand."""
    lines = {key: consents.of_resident(session, key) for key in (kept, gone)}
    for kind in ConsentKind:
        said = [(line.withdrawn_at or line.given_at, line.withdrawn_at is None) for key in lines for line in lines[key]
                if line.kind is kind]  # fmt: skip
        if said and not max(said)[1]:
            for key in (kept, gone):
                consents.withdraw(session, key, kind, now=now)
    session.execute(
        update(Consent)
        .where(col(Consent.resident_id) == gone)
        .values(resident_id=kept)
        .execution_options(synchronize_session=False)
    )


def _together(kept: DietNotes, gone: DietNotes) -> DietNotes:
    if NOTHING in (kept, gone):
        return gone if kept == NOTHING else kept
    notes = "；".join(dict.fromkeys(note for note in (kept.note, gone.note) if note))
    return DietNotes(
        tuple(dict.fromkeys((*kept.instructions, *gone.instructions))),
        tuple(dict.fromkeys((*kept.allergies, *gone.allergies))),
        notes[:LONGEST_NOTE],
    )


def _fetchers(session: Session, kept: str, gone: str, now: datetime) -> None:
    for fetcher in fetchers.fetchers_of(session, gone):
        fetchers.withdraw(session, gone, fetcher, now=now)
        if fetcher != kept:
            fetchers.name(session, kept, fetcher, now=now)
    for eater in fetchers.fetched_for(session, gone):
        fetchers.withdraw(session, eater, gone, now=now)
        if eater != kept:
            fetchers.name(session, eater, kept, now=now)


def _known(session: Session, kept: str, gone: str) -> None:
    there = select(col(KnownAt.canteen_id)).where(col(KnownAt.resident_id) == kept)
    session.execute(
        update(KnownAt)
        .where(col(KnownAt.resident_id) == gone, col(KnownAt.canteen_id).not_in(there))
        .values(resident_id=kept)
        .execution_options(synchronize_session=False)
    )
