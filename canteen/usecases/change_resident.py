"""The counter corrects what is on file about a person: how they are called, contact, diet, where they live, status."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from canteen.audit import log
from canteen.orders import store
from canteen.people import cards, consents, diet_notes, residents, slips
from canteen.people.consents import ConsentKind
from canteen.people.diet_notes import NOTHING, DietNotes
from canteen.people.errors import BirthdayMissing, ConsentMissing, FieldRefused
from canteen.people.residents import Contact
from canteen.people.sealed import Sealer
from canteen.people.spelling import spellings
from canteen.people.web_sessions import end_sessions_of_resident
from canteen.sites import places
from canteen.usecases.steps import ending
from menus.service_days import business_day
from subsidies import eligibility, enrolment
from subsidies.ledger import Entry, post
from subsidies.models import FileStatus

ENDS_HELP = frozenset({FileStatus.MOVED, FileStatus.INSTITUTION})
"""Besides a death: what was ordered under the old facts for days since then is given back."""
FILE_CLOSED = "file-closed"
"""Why their open orders ended: it says nothing about the person to whoever sees the order."""


@dataclass(frozen=True, slots=True)
class ResidentChange:
    """What to change; None leaves a field as it is.

    `status_since` is the first day of the new status, `place_since` the first at the new place or register (today when
    nothing is said): days that may lie before anybody learned it. A corrected birthday always was so.
    """

    resident_id: str
    name: str | None = None
    title: str | None = None
    contact: Contact | None = None
    community_id: str | None = None
    register_area: str | None = None
    living_area: str | None = None
    diet: DietNotes | None = None
    large_type: bool | None = None
    language: str | None = None
    status: FileStatus | None = None
    status_since: date | None = None
    place_since: date | None = None
    born: date | None = None


def change_resident(session: Session, request: ResidentChange, *, now: datetime, actor: str, sealer: Sealer) -> None:
    """Store the changes; the audit log names the fields, never what was in them.

    A new place to live has to be confirmed again by the community. A death stops the cards and cancels what was ordered
    and not handed over: prepaid money goes to the wallet. Who has moved away keeps the card and pays list prices; orders
    that still wait with the old prices are cancelled. Meals handed over before anybody knew are listed as recoverable.

    Raises:
        people.errors.ResidentUnknown: nobody has this key.
        people.errors.ResidentMerged: this file was taken over by another.
        people.errors.ConsentMissing: diet notes without a standing consent to health notes.
        people.errors.PeopleError: a name, telephone, birthday or key that cannot be.
        subsidies.enrolment.FactAhead: a place from a day still to come.
        sites.errors.CommunityUnknown: no such community.
    """
    residents.require_own_file(session, request.resident_id)
    released: list[Entry] = []
    if request.status is FileStatus.DECEASED:
        # nobody orders with this card any more
        cards.block_all(session, request.resident_id, now=now)
        slips.revoke(session, request.resident_id, real_now=now)  # that it ended counts here, not when
        end_sessions_of_resident(session, request.resident_id)
        released = _cancel_open_orders(session, request.resident_id, date.min, now=now, actor=actor)
    elif request.status in ENDS_HELP:
        since = request.status_since or business_day(now)
        released = _cancel_open_orders(session, request.resident_id, since, now=now, actor=actor)
    columns = _columns(session, request, sealer)
    if columns:
        residents.change(session, request.resident_id, **columns)
    if request.diet is not None:
        _change_diet(session, request.resident_id, request.diet, sealer)
    file = _change_file(session, request, sealer, now=now, actor=actor)
    for canteen_id in sorted({entry.canteen_id for entry in released}):
        post(session, [entry for entry in released if entry.canteen_id == canteen_id], now=now)
    changed = sorted({*columns, *file, *(["diet_sealed"] if request.diet is not None else [])})
    log.record(
        session,
        at=now,
        actor=actor,
        action="resident.changed",
        subject=f"resident:{request.resident_id}",
        details={"fields": changed, "status": request.status.value if request.status else None},
    )


def _cancel_open_orders(session: Session, resident_id: str, since: date, *, now: datetime, actor: str) -> list[Entry]:
    """Those for `since` and later, before anything of the file is written: orders are locked ahead of it."""
    entries: list[Entry] = []
    for order in store.open_of(session, resident_id):
        if order.day < since:
            continue
        entries += ending.cancel(session, order, reason=FILE_CLOSED, now=now, actor=actor, to_wallet=True)
    return entries


def _columns(session: Session, request: ResidentChange, sealer: Sealer) -> dict[str, str | bool | bytes | None]:
    columns: dict[str, str | bool | bytes | None] = {}
    if request.name is not None:
        name = residents.clean_name(request.name)
        columns["name"], columns["initials"] = name, spellings(name)
    if request.title is not None:
        if len(request.title.strip()) > residents.LONGEST_TITLE:
            raise FieldRefused(field="title")
        columns["title"] = request.title.strip()
    if request.language is not None:
        if request.language not in residents.LANGUAGES:
            raise FieldRefused(field="language")
        columns["language"] = request.language
    if request.large_type is not None:
        columns["large_type"] = request.large_type
    if request.community_id is not None:
        columns["community_id"] = places.community(session, request.community_id).id
    if request.contact is not None:
        file = eligibility.eligibility_file(session, request.resident_id)
        sealed = residents.contact_columns(sealer, request.resident_id, request.contact, file.born if file else None)
        if request.contact.phone is not None:
            columns["phone_sealed"], columns["phone_tail_index"] = sealed.phone_sealed, sealed.phone_tail_index
            columns["phone_end_index"] = sealed.phone_end_index
        if request.contact.address is not None:
            columns["address_sealed"] = sealed.address_sealed
    return columns


def _change_file(session: Session, request: ResidentChange, sealer: Sealer, *, now: datetime, actor: str) -> list[str]:
    """Birthday, places, status, each with its history; returns the names of what was told."""
    key, told = request.resident_id, []
    if request.born is not None:
        if not residents.is_possible_birthday(request.born, business_day(now)):
            raise BirthdayMissing
        enrolment.correct_birthday(session, key, request.born, now=now, by=actor)
        residents.born_changed(session, sealer, key, request.born)
        told.append("birthday")
    living = request.living_area
    if living is None and request.community_id is not None:
        living = places.community(session, request.community_id).area
    if living is not None or request.register_area is not None:
        register = request.register_area
        enrolment.change_place(
            session,
            key,
            register_area=None if register is None else register.strip("/ "),
            living_area=None if living is None else living.strip("/ "),
            since=request.place_since,
            now=now,
            by=actor,
        )
        told += [name for name, value in (("living_area", living), ("register_area", register)) if value is not None]
    if request.status is not None:
        since = request.status_since or business_day(now)
        enrolment.set_status(session, key, request.status, since=since, now=now, by=actor)
        told += ["status", "status_since"]
    return told


def _change_diet(session: Session, resident_id: str, diet: DietNotes, sealer: Sealer) -> None:
    if diet != NOTHING and not consents.stands(session, resident_id, ConsentKind.HEALTH):
        raise ConsentMissing(kind=ConsentKind.HEALTH.value)
    diet_notes.check(diet)
    diet_notes.write(session, sealer, resident_id, diet)
