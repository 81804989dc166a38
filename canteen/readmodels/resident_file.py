"""What is on one resident's file? Private fields masked; each reveal is its own question."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlalchemy import select
from sqlmodel import Session, col

from canteen.orders.models import MealOrder
from canteen.people import cards, consents, diet_notes, fetchers, residents
from canteen.people.cards import CardLine
from canteen.people.consents import ConsentLine
from canteen.people.diet_notes import DietNotes
from canteen.people.errors import ResidentUnknown
from canteen.people.models import Resident
from canteen.people.sealed import Sealer, mask_id, mask_phone
from canteen.sites.models import Canteen, Community, Grid
from subsidies import eligibility, proposals
from subsidies.eligibility import FileView, GrantView
from subsidies.models import CategoryProposal

PrivateField = Literal["national_id", "phone", "address"]
RECENT_MEALS = 30
PRIVATE_FIELDS: tuple[PrivateField, ...] = ("national_id", "phone", "address")


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """Somebody linked to a file."""

    resident_id: str
    name: str


@dataclass(frozen=True, slots=True)
class RecentMeal:
    """One order of a resident; fen."""

    order_id: str
    day: date
    meal: str
    canteen_name: str
    status: str
    subsidy_fen: int
    self_pay_fen: int


@dataclass(frozen=True, slots=True)
class ResidentFile:
    """The whole file for the office. `national_id` and `phone` are masked, `address` shows only its first characters."""

    resident_id: str
    name: str
    title: str
    sex: str
    age: int | None
    community_id: str | None
    community_name: str | None
    subdistrict_id: str | None
    grid_name: str | None
    national_id: str
    phone: str
    address: str
    large_type: bool
    language: str
    is_demo: bool
    diet: DietNotes
    file: FileView | None
    grants: tuple[GrantView, ...]
    proposed: tuple[CategoryProposal, ...]
    """Categories that wait for a second person."""
    cards: tuple[CardLine, ...]
    consents: tuple[ConsentLine, ...]
    fetchers: tuple[KnownPerson, ...]
    fetched_for: tuple[KnownPerson, ...]


def resident_file(session: Session, resident_id: str, *, today: date, sealer: Sealer) -> ResidentFile:
    """The file as of `today`.

    Raises:
        people.errors.ResidentUnknown: nobody has this key.
    """
    row = session.execute(
        select(Resident, col(Community.name), col(Community.subdistrict_id), col(Grid.name))
        .outerjoin(Community, col(Community.id) == col(Resident.community_id))
        .outerjoin(Grid, col(Grid.id) == col(Resident.grid_id))
        .where(col(Resident.id) == resident_id)
    ).first()
    if row is None:
        raise ResidentUnknown
    person, community_name, subdistrict_id, grid_name = row
    file = eligibility.eligibility_file(session, resident_id)
    address = residents.opened(sealer, resident_id, "address_sealed", person.address_sealed)
    return ResidentFile(
        resident_id=person.id,
        name=person.name,
        title=person.title,
        sex=person.sex,
        age=residents.age_on(file.born, today) if file and file.born else None,
        community_id=person.community_id,
        community_name=community_name,
        subdistrict_id=subdistrict_id,
        grid_name=grid_name,
        national_id=mask_id(residents.opened(sealer, resident_id, "national_id_sealed", person.national_id_sealed)),
        phone=mask_phone(residents.opened(sealer, resident_id, "phone_sealed", person.phone_sealed)),
        address=address[:6] + "…" if len(address) > 6 else address,
        large_type=person.large_type,
        language=person.language,
        is_demo=person.is_demo,
        diet=diet_notes.read(session, sealer, resident_id),
        file=file,
        grants=eligibility.grants(session, resident_id),
        proposed=proposals.waiting_of(session, resident_id),
        cards=cards.of_resident(session, resident_id),
        consents=consents.of_resident(session, resident_id),
        fetchers=_known(session, fetchers.fetchers_of(session, resident_id)),
        fetched_for=_known(session, fetchers.fetched_for(session, resident_id)),
    )


def recent_meals(session: Session, resident_id: str, canteens: Collection[str]) -> tuple[RecentMeal, ...]:
    """The last orders at those canteens, newest first, whatever became of them: the way from a person to the books."""
    rows = session.execute(
        select(
            col(MealOrder.id),
            col(MealOrder.day),
            col(MealOrder.meal),
            col(Canteen.name),
            col(MealOrder.status),
            col(MealOrder.subsidy_fen),
            col(MealOrder.self_pay_fen),
        )
        .join(Canteen, col(Canteen.id) == col(MealOrder.canteen_id))
        .where(col(MealOrder.resident_id) == resident_id, col(MealOrder.canteen_id).in_(list(canteens)))
        .order_by(col(MealOrder.day).desc(), col(MealOrder.id).desc())
        .limit(RECENT_MEALS)
    )
    return tuple(RecentMeal(*row) for row in rows)


def private_field(session: Session, resident_id: str, field: PrivateField, *, sealer: Sealer) -> str:
    """One private field in clear. Only `reveal_field` asks: it writes down who wanted to see it and why.

    Raises:
        people.errors.ResidentUnknown: nobody has this key.
    """
    column = f"{field}_sealed"
    row = session.execute(select(col(getattr(Resident, column))).where(col(Resident.id) == resident_id)).first()
    if row is None:
        raise ResidentUnknown
    return residents.opened(sealer, resident_id, column, row[0])


def _known(session: Session, ids: tuple[str, ...]) -> tuple[KnownPerson, ...]:
    if not ids:
        return ()
    names = dict(session.execute(select(col(Resident.id), col(Resident.name)).where(col(Resident.id).in_(ids))).all())
    return tuple(KnownPerson(key, names[key]) for key in ids if key in names)
