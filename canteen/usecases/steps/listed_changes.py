"""One line of a list changes what stands: somebody's file, a dish, a draft."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session, col, select
from ulid import ULID

from canteen.audit import log
from canteen.people import cards, residents
from canteen.people.models import Consent, Resident
from canteen.people.residents import Contact
from canteen.people.sealed import Sealer
from canteen.people.spelling import spellings
from canteen.readmodels.file_checks import dishes as dish_list
from canteen.readmodels.file_checks import menus as menu_list
from canteen.readmodels.file_checks.checked import CheckedRow
from canteen.readmodels.file_checks.known_people import KnownPeople, Person, known_people
from canteen.usecases.steps.listed_people import ListRules, categories_of, consents_of
from menus import food_facts, planning
from menus.dishes import put_dish
from menus.food import PriceNote
from menus.models import Dish
from subsidies import enrolment
from subsidies.models import CategoryProposal, EligibilityFile


@dataclass(frozen=True, slots=True)
class Done:
    """Lines that are in force now, and those left out because somebody was faster."""

    applied: int = 0
    passed_over: int = 0


def change_people(
    session: Session, rows: Sequence[CheckedRow], rules: ListRules, sealer: Sealer, *, batch: str
) -> Done:
    """Correct some files; one that changed since the dry run keeps what it has."""
    _hold(session, [row.target for row in rows])
    known = known_people(session, rows, sealer)
    passed = 0
    for row in rows:
        person = known.by_id.get(row.target)
        if person is None or person.seen != row.seen or not _is_free(session, row, person, known, sealer):
            passed += 1
            continue
        _change_person(session, row, person, rules, sealer, batch=batch)
        fields = sorted({difference.field for difference in row.differences} - log.PRIVATE_KEYS)
        log.record(
            session, at=rules.now, actor=rules.actor, action="resident.changed", subject=f"resident:{row.target}",
            details={"fields": fields, "status": None, "import": batch},
        )  # fmt: skip
    return Done(len(rows) - passed, passed)


def _hold(session: Session, ids: Sequence[str]) -> None:
    """Nobody changes these people, and no meal of theirs is decided, between the comparison and the writing.

    As the counter does: the person before the file; several in the order of their keys. Orders, which only name the
    person, wait for the file alone.
    """
    for key in (col(Resident.id), col(EligibilityFile.resident_id)):
        session.execute(select(key).where(key.in_(ids)).order_by(key).with_for_update(key_share=True))


def _is_free(session: Session, row: CheckedRow, person: Person, known: KnownPeople, sealer: Sealer) -> bool:
    """Whether the card and the ID number of the line are nobody else's by now."""
    if "card" in row.values:
        found = cards.find(session, str(row.values["card"]))
        if found is not None and found.resident_id != person.id:
            return False
    if "national_id" not in row.values:
        return True
    index = residents.national_id_index(sealer, str(row.values["national_id"]))
    return known.by_national_id.get(index, person) is person


def _change_person(
    session: Session, row: CheckedRow, person: Person, rules: ListRules, sealer: Sealer, *, batch: str
) -> None:
    born, community = person.born, person.community_id
    changed = {difference.field for difference in row.differences}
    values, key = row.values, row.target
    columns: dict[str, Any] = {name: values[name] for name in ("title", "sex") if name in changed}
    living: str | None = None
    register: str | None = None
    if "name" in changed:
        columns["name"] = residents.clean_name(str(values["name"]))
        columns["initials"] = spellings(columns["name"])
    if "born" in changed:
        born = date.fromisoformat(str(values["born"]))
    if "national_id" in changed:
        number = str(values["national_id"])
        columns["national_id_sealed"] = residents.seal_national_id(sealer, key, number)
        columns["national_id_index"] = residents.national_id_index(sealer, number)
    contact = residents.contact_columns(
        sealer, key, Contact(str(values.get("phone", person.phone)), str(values.get("address", ""))), born
    )
    if {"phone", "born"} & changed:
        columns["phone_sealed"] = contact.phone_sealed
        columns["phone_tail_index"], columns["phone_end_index"] = contact.phone_tail_index, contact.phone_end_index
    if "address" in changed:
        columns["address_sealed"] = contact.address_sealed
    if "community" in changed:
        community = str(values["community"])
        columns["community_id"] = community
        living = rules.areas[community]
    if "register_here" in changed:
        register = rules.areas.get(community or "", "") if values["register_here"] == "yes" else ""
    if columns:
        residents.change(session, key, **columns)
    if "card" in changed:
        cards.bind(session, key, str(values["card"]), str(values.get("card_kind", "canteen")), now=rules.now)
    new = {difference.new for difference in row.differences if difference.field == "categories"}
    entered = [one.model_dump() for one in categories_of(row, key, rules, batch=batch) if one.category in new]
    if born is not None and "born" in changed:
        enrolment.correct_birthday(session, key, born, now=rules.now, by=rules.actor)
    if living is not None or register is not None:
        enrolment.change_place(session, key, register_area=register, living_area=living, now=rules.now, by=rules.actor)
    if entered:
        enrolment.change_file(session, key)
        session.execute(insert(CategoryProposal), entered)
    if "consent_on" in changed:
        session.execute(insert(Consent), [consent.model_dump() for consent in consents_of(row, key, rules)])


def write_dishes(
    session: Session, rows: Sequence[CheckedRow], *, kitchen: str, actor: str, now: datetime, batch: str
) -> Done:
    """Put some dishes into the book, with the history of their prices; drafts and menus keep theirs."""
    keys = [row.target for row in rows if row.target]
    found = session.exec(select(Dish).where(col(Dish.kitchen_id) == kitchen, col(Dish.key).in_(keys))).all()
    standing = {dish.key: dish for dish in found}
    passed = 0
    for row in rows:
        there = standing.get(row.target)
        if (dish_list.seen(there) if there is not None else "") != row.seen:
            passed += 1
            continue
        spec = dish_list.spec_of(row.values, there, row.target or f"dish-{str(ULID.from_datetime(now)).lower()}")
        dish_id = put_dish(session, kitchen, spec, note=PriceNote(now, actor))
        if there is not None:
            food_facts.spread(session, there)
        log.record(
            session, at=now, actor=actor, action="dish.added" if there is None else "dish.changed",
            subject=f"dish:{dish_id}", details={"kitchen": kitchen, "price_fen": spec.price_fen, "import": batch},
        )  # fmt: skip
    return Done(len(rows) - passed, passed)


def write_menus(
    session: Session, rows: Sequence[CheckedRow], *, kitchen: str, actor: str, now: datetime, batch: str
) -> Done:
    """Make or replace some drafts; `rows` hold whole menus."""
    standing = menu_list.standing_menus(session, kitchen, [str(row.values["day"]) for row in rows])
    meals: dict[str, list[CheckedRow]] = {}
    for row in rows:
        meals.setdefault(row.target, []).append(row)
    passed = 0
    for target, own in meals.items():
        day, _, meal = target.partition("/")
        if menu_list.seen(standing.get((day, meal))) != own[0].seen:
            passed += len(own)
            continue
        lines, recommended = menu_list.planned(own)
        menu = planning.plan(session, kitchen, date.fromisoformat(day), meal, lines=lines, recommended=recommended)
        log.record(
            session, at=now, actor=actor, action="menu.planned", subject=f"menu:{menu}",
            details={
                "kitchen": kitchen, "day": day, "meal": meal, "lines": len(lines),
                "portions": sum(line.portions for line in lines), "import": batch,
            },
        )  # fmt: skip
    return Done(len(rows) - passed, passed)
