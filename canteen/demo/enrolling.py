"""Enrols the invented roll by the use cases: people, cards, diet notes, consents, categories, fetchers."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache

from sqlmodel import Session, col, select

from canteen.demo.crew import Crew
from canteen.demo.resident import ResidentSpec
from canteen.demo.roll import residents
from canteen.people.consents import ConsentKind
from canteen.people.diet_notes import DietNotes
from canteen.people.models import CardState, Resident
from canteen.people.sealed import Sealer
from canteen.usecases.change_resident import ResidentChange, change_resident
from canteen.usecases.confirm_residence import ResidenceSeen, confirm_residence
from canteen.usecases.decide_categories import CategoriesDecided, decide_categories
from canteen.usecases.enrol_resident import CardToBind, ConsentGiven, Enrolment, enrol_resident
from canteen.usecases.name_fetcher import FetcherNamed, name_fetcher
from canteen.usecases.propose_category import propose_category
from canteen.usecases.report_card import CardReport, report_card
from subsidies.models import FileStatus
from subsidies.proposals import ProposedCategory

A_DAY = 3
"""People enrolled in one day: the order of enrolment is the order of the roll."""
SINCE_DAYS = {"suspended": 12, "deceased": 30, "moved": 45, "institution": 80}
"""How many days before the first load a status began."""
UNCONFIRMED = 40
"""One in that many residents is not confirmed to live where the file says."""


@dataclass(frozen=True, slots=True)
class Eater:
    """A resident of the roll who is enrolled. `card` is one they may use."""

    id: str
    spec: ResidentSpec
    card: str | None


@cache
def roll() -> tuple[ResidentSpec, ...]:
    """The roll, drawn once."""
    return tuple(residents())


def enrolled(session: Session) -> tuple[Eater, ...]:
    """Everybody of the roll who is enrolled so far, in its order."""
    keys = session.exec(
        select(Resident.id).where(col(Resident.is_demo)).order_by(col(Resident.enrolled_at), col(Resident.id))
    ).all()
    return tuple(
        Eater(key, spec, next((card.number for card in spec.cards if card.state == "active"), None))
        for key, spec in zip(keys, roll(), strict=False)
    )


def enrol_some(session: Session, first: int, last: int, start: date, crew: Crew, *, sealer: Sealer) -> None:
    """Enrol the people at `first` ≤ place < `last` of the roll, before the demo's first day `start`."""
    for spec in roll()[first:last]:
        _enrol(session, spec, start, crew, sealer)


def name_fetchers(session: Session, start: date, crew: Crew) -> None:
    """Who may bring whose meals."""
    keys = [eater.id for eater in enrolled(session)]
    at = datetime(start.year, start.month, start.day, 1, tzinfo=UTC) - timedelta(days=1)
    for spec in roll():
        if spec.fetched_by is not None:
            name_fetcher(session, FetcherNamed(keys[spec.index], keys[spec.fetched_by]), now=at, actor=crew.community)


def _enrolled_at(index: int, start: date) -> datetime:
    day = start - timedelta(days=len(roll()) // A_DAY + 10 - index // A_DAY)
    return datetime(day.year, day.month, day.day, 1, 30, tzinfo=UTC) + timedelta(minutes=40 * (index % A_DAY))


def _enrol(session: Session, spec: ResidentSpec, start: date, crew: Crew, sealer: Sealer) -> None:
    now, actor = _enrolled_at(spec.index, start), crew.community
    diet = DietNotes(spec.instructions, spec.allergies)
    health = (ConsentGiven(ConsentKind.HEALTH),) if spec.instructions or spec.allergies else ()
    resident_id = enrol_resident(
        session,
        Enrolment(
            name=spec.name,
            community_id=spec.community or None,
            national_id=spec.national_id or "",
            born=spec.born,
            sex=spec.sex,
            title=spec.title,
            phone=spec.phone or "",
            address=spec.address,
            register_area=spec.register_area,
            living_area=spec.living_area,
            grid_id=f"{spec.community}-{1 + spec.index % 2}" if spec.community else None,
            cards=tuple(CardToBind(card.number, card.kind) for card in spec.cards),
            consents=(ConsentGiven(ConsentKind.SERVICE), *health),
            diet=diet,
            large_type=spec.large_type,
            is_demo=True,
        ),
        now=now,
        actor=actor,
        sealer=sealer,
    )
    for card in spec.cards:
        if card.state != "active":
            lost_at = now + timedelta(days=5)
            report_card(session, CardReport(card.number, CardState(card.state)), now=lost_at, actor=actor)
    for held in spec.categories:
        until = None if held.valid_to is None else held.valid_to + timedelta(days=1)
        entered = ProposedCategory(resident_id, held.key, held.valid_from, until, held.evidence)
        key = propose_category(session, entered, now=now, actor=actor)
        decide_categories(session, CategoriesDecided((key,), approve=True), now=now, actor=crew.officer)
    if spec.community and spec.index % UNCONFIRMED != UNCONFIRMED - 1:
        confirm_residence(session, ResidenceSeen(resident_id), now=now + timedelta(days=2), actor=actor)
    if spec.status != "active":
        since = start + timedelta(days=61 - SINCE_DAYS[spec.status])
        at = datetime(since.year, since.month, since.day, 2, tzinfo=UTC)
        change = ResidentChange(resident_id, status=FileStatus(spec.status), status_since=since)
        change_resident(session, change, now=at, actor=actor, sealer=sealer)
