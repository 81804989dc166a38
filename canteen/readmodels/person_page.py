"""What canteen staff may see of one person: no ID number, no category, no balance, no whole name."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from canteen.people import cards, consents, diet_notes, fetchers, residents, slips
from canteen.people.cards import CardLine
from canteen.people.consents import ConsentLine
from canteen.people.diet_notes import DietNotes
from canteen.people.errors import ResidentUnknown
from canteen.people.models import Resident
from canteen.people.sealed import Sealer, called, mask_name, mask_phone
from canteen.people.slips import SlipView
from canteen.readmodels.day_menu import day_menu
from canteen.readmodels.usual_meal import UsualMeal, usual_meal
from canteen.readmodels.window import MealNow
from canteen.sites.models import Community
from subsidies import eligibility
from subsidies.models import FileStatus


@dataclass(frozen=True, slots=True)
class LinkedPerson:
    """Somebody who brings meals to this person, or to whom this person brings them."""

    resident_id: str
    shown_as: str


@dataclass(frozen=True, slots=True)
class PersonPage:
    """One person as the canteen's staff see them; `phone` is masked."""

    resident_id: str
    shown_as: str
    called: str
    title: str
    sex: str
    born_year: int | None
    age: int | None
    community: str
    phone: str
    is_active: bool
    residence_confirmed: bool
    large_type: bool
    language: str
    cards: tuple[CardLine, ...]
    diet: DietNotes
    standing: frozenset[str]
    """Kinds of consent that stand."""
    consents: tuple[ConsentLine, ...]
    fetchers: tuple[LinkedPerson, ...]
    fetched_for: tuple[LinkedPerson, ...]
    slip: SlipView | None
    usual: UsualMeal | None


def person_page(
    session: Session,
    resident_id: str,
    canteen_id: str,
    at: MealNow,
    *,
    today: date,
    real_now: datetime,
    sealer: Sealer,
) -> PersonPage:
    """The page; `at` is the meal whose usual dish is looked up.

    Raises:
        people.errors.ResidentUnknown: nobody has this key.
    """
    row = session.execute(
        select(Resident, col(Community.name))
        .outerjoin(Community, col(Community.id) == col(Resident.community_id))
        .where(col(Resident.id) == resident_id)
    ).first()
    if row is None:
        raise ResidentUnknown
    person, community = row
    file = eligibility.eligibility_file(session, resident_id)
    notes = diet_notes.read(session, sealer, resident_id)
    given = consents.of_resident(session, resident_id)
    return PersonPage(
        resident_id=resident_id,
        shown_as=mask_name(person.name),
        called=called(person.name, person.title),
        title=person.title,
        sex=person.sex,
        born_year=file.born.year if file and file.born else None,
        age=residents.age_on(file.born, today) if file and file.born else None,
        community=community or "",
        phone=mask_phone(residents.opened(sealer, resident_id, "phone_sealed", person.phone_sealed)),
        is_active=file is None or file.status is FileStatus.ACTIVE,
        residence_confirmed=file is not None and file.residence_confirmed_at is not None,
        large_type=person.large_type,
        language=person.language,
        cards=cards.of_resident(session, resident_id),
        diet=notes,
        standing=frozenset(line.kind.value for line in given if line.withdrawn_at is None),
        consents=given,
        fetchers=_linked(session, fetchers.fetchers_of(session, resident_id)),
        fetched_for=_linked(session, fetchers.fetched_for(session, resident_id)),
        slip=slips.newest_of(session, resident_id, real_now),
        usual=usual_meal(session, day_menu(session, canteen_id, at.day, at.meal), resident_id, notes),
    )


def _linked(session: Session, ids: tuple[str, ...]) -> tuple[LinkedPerson, ...]:
    return tuple(LinkedPerson(key, mask_name(residents.resident(session, key).name)) for key in ids)
