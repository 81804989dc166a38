"""People of a list as rows of the tables: made whole before the transaction, so that it only writes."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session, SQLModel
from ulid import ULID

from canteen.people import consents, residents
from canteen.people.consents import ConsentKind
from canteen.people.models import Card, CardState, Consent, Resident
from canteen.people.residents import Contact
from canteen.people.sealed import Sealer
from canteen.people.spelling import spellings
from canteen.readmodels.file_checks.checked import CheckedRow
from canteen.readmodels.file_checks.residents import first_day_without
from menus.service_days import instant
from subsidies.models import CategoryProposal, EligibilityFile, FileStatus

_TABLES = tuple(
    SQLModel.metadata.tables[str(table.__tablename__)]
    for table in (Resident, EligibilityFile, Card, CategoryProposal, Consent)
)


@dataclass(frozen=True, slots=True)
class ListRules:
    """Where the people of a list belong: community → its area, and the one for lines that name none."""

    areas: dict[str, str]
    home: str | None
    actor: str
    now: datetime


@dataclass
class NewPeople:
    """Rows by table, and the line each person comes from."""

    residents: list[dict[str, Any]] = field(default_factory=list)
    files: list[dict[str, Any]] = field(default_factory=list)
    cards: list[dict[str, Any]] = field(default_factory=list)
    categories: list[dict[str, Any]] = field(default_factory=list)
    consents: list[dict[str, Any]] = field(default_factory=list)
    lines: list[tuple[int, str]] = field(default_factory=list)


def new_people(rows: list[CheckedRow], arrival: str, rules: ListRules, sealer: Sealer) -> NewPeople:
    """Everything to be written for these lines, private fields sealed, nobody visible before the arrival."""
    made = NewPeople()
    for row in rows:
        _add(made, row, arrival, rules, sealer)
    return made


def write_people(session: Session, people: NewPeople) -> None:
    """Raises: IntegrityError when an ID number or a card came to somebody else meanwhile."""
    parts = (people.residents, people.files, people.cards, people.categories, people.consents)
    for table, rows in zip(_TABLES, parts, strict=True):
        if rows:
            session.execute(insert(table), rows)


def _add(made: NewPeople, row: CheckedRow, arrival: str, rules: ListRules, sealer: Sealer) -> None:
    values = row.values
    key = str(ULID.from_datetime(rules.now))
    born = date.fromisoformat(str(values["born"]))
    community = str(values["community"]) if "community" in values else rules.home
    area = rules.areas.get(community or "", "")
    number = str(values["national_id"]) if "national_id" in values else None
    contact = residents.contact_columns(
        sealer, key, Contact(str(values.get("phone", "")), str(values.get("address", ""))), born
    )
    name = residents.clean_name(str(values["name"]))
    made.lines.append((row.line, key))
    person = Resident(
        id=key,
        name=name,
        title=str(values.get("title", "")),
        sex=str(values.get("sex", "")),
        community_id=community,
        national_id_sealed=residents.seal_national_id(sealer, key, number) if number else None,
        national_id_index=residents.national_id_index(sealer, number) if number else None,
        phone_sealed=contact.phone_sealed,
        phone_tail_index=contact.phone_tail_index,
        phone_end_index=contact.phone_end_index,
        initials=spellings(name),
        address_sealed=contact.address_sealed,
        enrolled_at=rules.now,
        arrival_id=arrival,
    )
    made.residents.append(person.model_dump())
    file = EligibilityFile(
        resident_id=key,
        born=born,
        register_area=area if values.get("register_here") == "yes" else "",
        living_area=area,
        status=FileStatus.ACTIVE.value,
        opened_at=rules.now,
    )
    made.files.append(file.model_dump())
    if "card" in values:
        made.cards.append(
            Card(
                number=str(values["card"]),
                resident_id=key,
                kind=str(values.get("card_kind", "canteen")),
                state=CardState.ACTIVE.value,
                bound_at=rules.now,
                changed_at=rules.now,
            ).model_dump()
        )
    made.categories += [one.model_dump() for one in categories_of(row, key, rules, batch=arrival)]
    made.consents += [consent.model_dump() for consent in consents_of(row, key, rules)]


def categories_of(row: CheckedRow, key: str, rules: ListRules, *, batch: str) -> list[CategoryProposal]:
    """Every category of the line, as whoever handed the list in entered it: a second person approves it."""
    categories = row.values.get("categories")
    return [
        CategoryProposal(
            id=str(ULID.from_datetime(rules.now)),
            resident_id=key,
            category=category,
            valid_from=date.fromisoformat(str(row.values["valid_from"])),
            valid_until=first_day_without(row.values.get("valid_until")),
            evidence=str(row.values["evidence"]),
            source=f"import:{batch}",
            entered_at=rules.now,
            entered_by=rules.actor,
        )
        for category in (categories if isinstance(categories, list) else [])
    ]


def consents_of(row: CheckedRow, key: str, rules: ListRules) -> list[Consent]:
    """The consent to being on the roll, given on the day the line says; none when it says none."""
    if "consent_on" not in row.values:
        return []
    given = instant(date.fromisoformat(str(row.values["consent_on"])), time(0, 0))
    return [
        Consent(
            id=str(ULID.from_datetime(rules.now)),
            resident_id=key,
            kind=ConsentKind.SERVICE.value,
            text_version=consents.TEXT_VERSION,
            how=str(row.values["consent_how"]),
            given_at=min(given, rules.now),
            recorded_by=rules.actor,
        )
    ]
