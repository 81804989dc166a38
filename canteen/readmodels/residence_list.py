"""Whose residence has nobody confirmed, how long the community still has, and what may be recovered from those it missed?"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from canteen.orders.models import MealOrder
from canteen.orders.status import OrderStatus
from canteen.people import residents
from canteen.people.models import Resident
from canteen.readmodels.residents_list import RollScope
from canteen.sites.models import Community
from menus.service_days import business_day
from subsidies.enrolment import CONFIRM_WITHIN
from subsidies.models import EligibilityFile, FileStatus

MOST = 200
"""More do not fit a page; the most overdue come first."""


@dataclass(frozen=True, slots=True)
class ResidenceLine:
    """One person to visit. `days_left` is below zero when the time is over; fen. `recoverable_*` counts meals after it."""

    resident_id: str
    name: str
    born_year: int | None
    community: str
    said_on: date
    days_left: int
    meals: int
    subsidy_fen: int
    recoverable_meals: int
    recoverable_fen: int

    @property
    def is_overdue(self) -> bool:
        """The 30 days are over."""
        return self.days_left < 0


@dataclass(frozen=True, slots=True)
class ResidenceList:
    """The most overdue first; `total` counts also those that did not fit."""

    lines: tuple[ResidenceLine, ...]
    total: int

    @property
    def overdue(self) -> int:
        """How many of the listed are over their time."""
        return sum(line.is_overdue for line in self.lines)


def residence_list(session: Session, scope: RollScope, *, now: datetime) -> ResidenceList:
    """Active files within the scope whose residence nobody has confirmed."""
    today = business_day(now)
    said_at = func.coalesce(col(EligibilityFile.residence_said_at), col(EligibilityFile.opened_at)).label("said_at")
    statement = (
        select(col(Resident.id), col(Resident.name), col(EligibilityFile.born), col(Community.name), said_at)
        .join(EligibilityFile, col(EligibilityFile.resident_id) == col(Resident.id))
        .outerjoin(Community, col(Community.id) == col(Resident.community_id))
        .where(
            col(EligibilityFile.residence_confirmed_at).is_(None),
            col(EligibilityFile.status) == FileStatus.ACTIVE.value,
            col(Resident.merged_into).is_(None),
            col(Resident.community_id).is_not(None),
            residents.on_roll(),
        )
    )
    if scope.community_id is not None:
        statement = statement.where(col(Resident.community_id) == scope.community_id)
    if scope.subdistrict_id is not None:
        statement = statement.where(col(Community.subdistrict_id) == scope.subdistrict_id)
    total = session.execute(select(func.count()).select_from(statement.subquery())).scalar_one()
    rows = session.execute(statement.order_by(said_at, col(Resident.id)).limit(MOST)).all()
    meals = _helped(session, [row[0] for row in rows])
    lines: list[ResidenceLine] = []
    for key, name, born, community, at in rows:
        said_on = business_day(at)
        given = [(day, fen) for day, fen in meals.get(key, ()) if day >= said_on]
        late = [fen for day, fen in given if day > said_on + CONFIRM_WITHIN]
        lines.append(
            ResidenceLine(
                key,
                name,
                born.year if born else None,
                community or "",
                said_on,
                (said_on + CONFIRM_WITHIN - today).days,
                len(given),
                sum(fen for _, fen in given),
                len(late),
                sum(late),
            )
        )
    return ResidenceList(tuple(lines), int(total))


def _helped(session: Session, ids: list[str]) -> dict[str, list[tuple[date, int]]]:
    """Every subsidised meal that was handed over, by person."""
    found: dict[str, list[tuple[date, int]]] = defaultdict(list)
    for person, day, fen in session.execute(
        select(col(MealOrder.resident_id), col(MealOrder.day), col(MealOrder.subsidy_fen)).where(
            col(MealOrder.resident_id).in_(ids),
            col(MealOrder.status) == OrderStatus.COLLECTED.value,
            col(MealOrder.subsidy_fen) > 0,
        )
    ):
        found[person].append((day, fen))
    return found
