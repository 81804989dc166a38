"""Every diner's slip of a canteen's month, to be printed: the meals handed over in their name, nothing of money."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from sqlalchemy import func, select
from sqlmodel import Session, col

from canteen.orders.models import MealOrder
from canteen.people import search
from canteen.people.models import Resident
from canteen.people.sealed import called, mask_name
from canteen.pickup.models import Collection
from menus.service_days import MEAL_ORDER, MealPeriod
from subsidies.months import Month

A_PAGE = 50
"""Slips shown and printed at once."""


@dataclass(frozen=True, slots=True)
class SlipDay:
    """The meals of one day, each with the instant of its hand-over."""

    day: date
    meals: tuple[tuple[str, datetime], ...]


@dataclass(frozen=True, slots=True)
class MealSlip:
    """One diner's sheet. The name is shortened: the end of the card tells two of a name apart."""

    resident_id: str
    shown_as: str
    called: str
    card_tail: str
    days: tuple[SlipDay, ...]

    @property
    def count(self) -> int:
        """Meals on it."""
        return sum(len(day.meals) for day in self.days)


@dataclass(frozen=True, slots=True)
class MealSlips:
    """One page of them, by community and name so that a pile is handed out in one walk."""

    slips: tuple[MealSlip, ...]
    diners: int
    page: int
    pages: int


def meal_slips(session: Session, canteen_id: str, month: Month, *, page: int = 1) -> MealSlips:
    """`page` counts from 1; beyond the end is the last one."""
    eaten = (
        col(MealOrder.canteen_id) == canteen_id,
        col(MealOrder.day) >= month.first,
        col(MealOrder.day) < month.after,
        col(MealOrder.status) == "collected",
    )
    here = (
        select(col(Resident.id), col(Resident.name), col(Resident.title))
        .where(
            col(Resident.id).in_(select(col(MealOrder.resident_id)).where(*eaten)), col(Resident.erased_at).is_(None)
        )
        .order_by(col(Resident.community_id), col(Resident.name), col(Resident.id))
    )
    diners = session.execute(select(func.count()).select_from(here.subquery())).scalar_one()
    pages = max(1, -(-diners // A_PAGE))
    page = min(max(page, 1), pages)
    people = session.execute(here.limit(A_PAGE).offset((page - 1) * A_PAGE)).all()
    ids = [person.id for person in people]
    meals: dict[str, list[tuple[date, str, datetime]]] = {key: [] for key in ids}
    for who, day, meal, at in session.execute(
        select(col(MealOrder.resident_id), col(MealOrder.day), col(MealOrder.meal), col(Collection.collected_at))
        .join(Collection, (col(Collection.order_id) == col(MealOrder.id)) & col(Collection.undone_at).is_(None))
        .where(*eaten, col(MealOrder.resident_id).in_(ids))
    ):
        meals[who].append((day, meal, at))
    tails = search.card_tails(session, ids)
    slips = tuple(
        MealSlip(
            person.id,
            mask_name(person.name),
            called(person.name, person.title),
            tails.get(person.id, ""),
            _days(meals[person.id]),
        )
        for person in people
    )
    return MealSlips(slips, diners, page, pages)


def _days(meals: list[tuple[date, str, datetime]]) -> tuple[SlipDay, ...]:
    meals.sort(key=lambda one: (one[0], MEAL_ORDER[MealPeriod(one[1])], one[2]))
    return tuple(
        SlipDay(day, tuple((meal, at) for _, meal, at in of_day))
        for day, of_day in groupby(meals, key=lambda one: one[0])
    )
