"""Who of a list is on the roll already: found by key, ID number, card, or name and birthday, in a few statements."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import or_, select
from sqlmodel import Session, col

from canteen.people import residents
from canteen.people.models import Card, CardState, Consent, Resident
from canteen.people.sealed import Sealer
from canteen.readmodels.file_checks.checked import CheckedRow
from subsidies.models import CategoryGrant, CategoryProposal, EligibilityFile, FileStatus


@dataclass
class Person:
    """Somebody on the roll, as a list is compared with them. Private fields in clear."""

    id: str
    name: str
    title: str
    sex: str
    community_id: str | None
    national_id_index: str | None
    phone: str
    address: str
    merged: bool
    born: date | None
    register_area: str
    status: FileStatus
    cards: dict[str, CardState] = field(default_factory=dict)
    grants: list[tuple[str, date, date | None]] = field(default_factory=list)
    has_consent: bool = False
    stamp: str = ""

    @property
    def seen(self) -> str:
        """Changes with everything a list could change."""
        parts = (self.stamp, sorted(self.cards.items()), sorted(map(str, self.grants)), self.has_consent)
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


@dataclass
class KnownPeople:
    """Some of the roll, by everything a line may know of them."""

    by_id: dict[str, Person] = field(default_factory=dict)
    by_national_id: dict[str, Person] = field(default_factory=dict)
    by_card: dict[str, Person] = field(default_factory=dict)
    by_name: dict[tuple[str, date | None], list[Person]] = field(default_factory=lambda: defaultdict(list))


def known_people(session: Session, rows: Iterable[CheckedRow], sealer: Sealer) -> KnownPeople:
    """Everybody on the roll whom one of these lines may mean; some hundred lines at once."""
    lines = list(rows)
    keys = _texts(lines, "resident")
    indexes = [residents.national_id_index(sealer, number) for number in _texts(lines, "national_id")]
    numbers = _texts(lines, "card")
    names = _texts(lines, "name")
    wanted = or_(
        col(Resident.id).in_(keys),
        col(Resident.national_id_index).in_(indexes),
        col(Resident.id).in_(select(col(Card.resident_id)).where(col(Card.number).in_(numbers))),
        col(Resident.name).in_(names),
    )
    found = session.execute(
        select(
            col(Resident.id), col(Resident.name), col(Resident.title), col(Resident.sex), col(Resident.community_id),
            col(Resident.national_id_index), col(Resident.phone_sealed), col(Resident.address_sealed),
            col(Resident.merged_into), col(EligibilityFile.born), col(EligibilityFile.register_area),
            col(EligibilityFile.status), col(EligibilityFile.version),
        )
        .outerjoin(EligibilityFile, col(EligibilityFile.resident_id) == col(Resident.id))
        .where(wanted, residents.on_roll())
    ).all()  # fmt: skip
    known = KnownPeople()
    for row in found:
        person = Person(
            row.id, row.name, row.title, row.sex, row.community_id, row.national_id_index,
            residents.opened(sealer, row.id, "phone_sealed", row.phone_sealed),
            residents.opened(sealer, row.id, "address_sealed", row.address_sealed),
            row.merged_into is not None, row.born, row.register_area or "", FileStatus(row.status or "active"),
        )  # fmt: skip
        what = (person.name, person.title, person.sex, person.community_id, person.national_id_index)
        private = (person.phone, person.address, person.merged, person.born, person.register_area, person.status.value)
        person.stamp = repr((*what, *private, row.version))
        known.by_id[person.id] = person
        if person.national_id_index:
            known.by_national_id[person.national_id_index] = person
        if not person.merged:
            known.by_name[person.name, person.born].append(person)
    _add_rights(session, known, sorted(known.by_id))
    return known


def _add_rights(session: Session, known: KnownPeople, ids: Sequence[str]) -> None:
    """Cards, categories and consents."""
    for number, owner, state in session.execute(
        select(col(Card.number), col(Card.resident_id), col(Card.state)).where(col(Card.resident_id).in_(ids))
    ):
        known.by_id[owner].cards[number] = CardState(state)
        known.by_card[number] = known.by_id[owner]
    for table, stands in ((CategoryGrant, CategoryGrant.withdrawn_at), (CategoryProposal, CategoryProposal.decision)):
        # what waits for a second person is not entered again
        for owner, category, start, until in session.execute(
            select(col(table.resident_id), col(table.category), col(table.valid_from), col(table.valid_until)).where(
                col(table.resident_id).in_(ids), col(stands).is_(None)
            )
        ):
            known.by_id[owner].grants.append((category, start, until))
    for (owner,) in session.execute(
        select(col(Consent.resident_id)).where(
            col(Consent.resident_id).in_(ids), col(Consent.kind) == "service", col(Consent.withdrawn_at).is_(None)
        )
    ):
        known.by_id[owner].has_consent = True


def _texts(rows: Sequence[CheckedRow], key: str) -> list[str]:
    return sorted({value for row in rows if isinstance(value := row.values.get(key), str) and value})
