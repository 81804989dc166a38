"""Enrolment at the counter, in 30 seconds: a person, a card, an eligibility file."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session
from ulid import ULID

from canteen.audit import log
from canteen.people import cards, consents, diet_notes, known, residents
from canteen.people.consents import HOW, ConsentKind
from canteen.people.diet_notes import NOTHING, DietNotes
from canteen.people.errors import AlreadyEnrolled, BirthdayMissing, ConsentMissing, FieldRefused
from canteen.people.models import Resident
from canteen.people.national_ids import NationalId, read_national_id
from canteen.people.residents import Contact
from canteen.people.sealed import Sealer
from canteen.people.spelling import spellings
from canteen.sites import places
from menus.service_days import business_day
from subsidies import enrolment


@dataclass(frozen=True, slots=True)
class CardToBind:
    """A number the reader typed."""

    number: str
    kind: str = "canteen"


@dataclass(frozen=True, slots=True)
class ConsentGiven:
    """What the person agreed to at the counter."""

    kind: ConsentKind
    text_version: str = consents.TEXT_VERSION
    how: str = "signed"


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What the counter types. With an ID number the birthday and sex come from it; without one `born` is needed.

    Areas are paths of area codes; an empty `living_area` means the community's own. People who live elsewhere have no
    community here.
    """

    name: str
    community_id: str | None
    national_id: str = ""
    born: date | None = None
    sex: str = ""
    title: str = ""
    phone: str = ""
    address: str = ""
    register_area: str = ""
    living_area: str = ""
    grid_id: str | None = None
    cards: tuple[CardToBind, ...] = ()
    consents: tuple[ConsentGiven, ...] = (ConsentGiven(ConsentKind.SERVICE),)
    diet: DietNotes = NOTHING
    large_type: bool = False
    language: str = "zh"
    canteen_id: str | None = None
    """Enrolled at this canteen's counter: its staff may open the person's page wherever the person lives."""
    is_demo: bool = False


def enrol_resident(session: Session, request: Enrolment, *, now: datetime, actor: str, sealer: Sealer) -> str:
    """Put the person on the roll and open their eligibility file; returns the resident's id.

    Raises:
        people.errors.AlreadyEnrolled: the ID number is on the roll.
        people.errors.CardTaken: a card is somebody else's.
        people.errors.ConsentMissing: diet notes without consent to health notes, or no consent to the roll at all.
        people.errors.PeopleError: a name, number, birthday, telephone or key that cannot be.
        sites.errors.CommunityUnknown: no such community.
    """
    resident_id = str(ULID.from_datetime(now))
    name = residents.clean_name(request.name)
    card = read_national_id(request.national_id) if request.national_id.strip() else None
    born = _birthday(request, card, business_day(now))
    _check(request)
    community = places.community(session, request.community_id) if request.community_id else None
    home = community.area if community else ""
    if request.grid_id is not None and not places.has_grid(session, request.community_id or "", request.grid_id):
        raise FieldRefused(field="grid")
    if card is not None:
        standing = residents.by_national_id(session, sealer, card.number)
        if standing is not None:
            raise AlreadyEnrolled(standing)
    contact = residents.contact_columns(sealer, resident_id, Contact(request.phone, request.address), born)
    residents.add(
        session,
        Resident(
            id=resident_id,
            name=name,
            title=request.title.strip(),
            sex=card.sex if card else request.sex,
            community_id=community.id if community else None,
            grid_id=request.grid_id,
            national_id_sealed=residents.seal_national_id(sealer, resident_id, card.number) if card else None,
            national_id_index=residents.national_id_index(sealer, card.number) if card else None,
            phone_sealed=contact.phone_sealed,
            phone_tail_index=contact.phone_tail_index,
            phone_end_index=contact.phone_end_index,
            initials=spellings(name),
            address_sealed=contact.address_sealed,
            diet_sealed=diet_notes.seal(sealer, resident_id, request.diet),
            large_type=request.large_type,
            language=request.language,
            enrolled_at=now,
            is_demo=request.is_demo,
        ),
    )
    for given in request.consents:
        consents.give(
            session,
            resident_id,
            given.kind,
            text_version=given.text_version,
            how=given.how,
            recorded_by=actor,
            now=now,
        )
    if request.canteen_id is not None:
        known.note(session, request.canteen_id, resident_id, "enrolled", by=actor, now=now)
    for number in request.cards:
        cards.bind(session, resident_id, number.number, number.kind, now=now)
    enrolment.open_file(
        session,
        resident_id,
        born=born,
        register_area=request.register_area.strip("/ "),
        living_area=request.living_area.strip("/ ") or home,
        now=now,
    )
    log.record(
        session,
        at=now,
        actor=actor,
        action="resident.enrolled",
        subject=f"resident:{resident_id}",
        canteen_id=request.canteen_id,
        details={
            "community": community.id if community else None,
            "with_national_id": card is not None,
            "cards": len(request.cards),
            "consents": [given.kind.value for given in request.consents],
        },
    )
    return resident_id


def _birthday(request: Enrolment, card: NationalId | None, today: date) -> date:
    born = card.born if card else request.born
    if born is None or not residents.is_possible_birthday(born, today):
        raise BirthdayMissing
    return born


def _check(request: Enrolment) -> None:
    given = {consent.kind for consent in request.consents}
    if ConsentKind.SERVICE not in given:
        raise ConsentMissing(kind=ConsentKind.SERVICE.value)
    if request.diet != NOTHING and ConsentKind.HEALTH not in given:
        raise ConsentMissing(kind=ConsentKind.HEALTH.value)
    diet_notes.check(request.diet)
    fields = {
        "consent": all(consent.how in HOW for consent in request.consents),
        "title": len(request.title.strip()) <= residents.LONGEST_TITLE,
        "sex": request.sex in {"", "f", "m"},
        "language": request.language in residents.LANGUAGES,
        "address": len(request.address) <= 200,
    }
    for field, fine in fields.items():
        if not fine:
            raise FieldRefused(field=field)
