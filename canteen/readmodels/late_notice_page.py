"""One late notice for those who decide on it: its meals by canteen and by funder, each meal, and what became of it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from sqlalchemy import select
from sqlmodel import Session, col

from canteen.orders import adjustments
from canteen.orders.adjustments import Proposal
from canteen.orders.models import MealOrder
from canteen.orders.store import ShareView
from canteen.people.models import Resident
from canteen.people.sealed import mask_name
from canteen.readmodels.late_notice import LateMeals, late_meals
from canteen.readmodels.month_page import FUNDERS
from canteen.readmodels.noticed import late_notices
from canteen.sites import places
from subsidies import queries

PAGE = 50
"""Meals on one page."""
REMINDED = timedelta(days=62)
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class NoticedMeal:
    """One meal; fen. `name` is masked. `given_fen` and `due_fen` are None once the batch is in the books."""

    order_id: str
    name: str
    canteen_name: str
    day: date
    meal: str
    changes: tuple[ShareView, ...]
    returned_fen: int
    given_fen: int | None = None
    due_fen: int | None = None
    why: tuple[str, ...] = ()
    status: str = ""

    @property
    def change_fen(self) -> int:
        """All shares together."""
        return sum(share.fen for share in self.changes)

    @property
    def by_funder(self) -> tuple[tuple[str, int], ...]:
        """Each funder's rules together, none that stays as it was; in the order every page shows them."""
        sums: dict[str, int] = defaultdict(int)
        for share in self.changes:
            sums[share.funder] += share.fen
        return tuple((funder, sums[funder]) for funder in sorted(sums, key=_place) if sums[funder])


@dataclass(slots=True)
class Sums:
    """One row of a table of sums: meals, less and more given (both positive), back to diners; fen."""

    meals: int = 0
    less_fen: int = 0
    more_fen: int = 0
    returned_fen: int = 0

    def add(self, fen: int, returned_fen: int = 0) -> None:
        """One meal's change."""
        self.meals += 1
        self.less_fen -= min(fen, 0)
        self.more_fen += max(fen, 0)
        self.returned_fen += returned_fen

    @property
    def change_fen(self) -> int:
        """More less less."""
        return self.more_fen - self.less_fen


@dataclass(frozen=True, slots=True)
class NoticePage:
    """`last`: the last day in between. `proposal`: the one that waits or was approved; `declined`: earlier ones.

    `days_open`: its days are not over, nothing can be proposed yet. `is_stale`: it would come to other amounts by now.
    """

    rule_set_id: int
    label: str
    title: str
    first: date
    last: date
    since: date
    is_example: bool
    looked_at: int
    unpaid: int
    guests: int
    people: int
    total: Sums
    by_canteen: tuple[tuple[str, Sums], ...]
    by_funder: tuple[tuple[str, Sums], ...]
    meals: tuple[NoticedMeal, ...]
    page: int
    pages: int
    proposal: Proposal | None
    declined: tuple[Proposal, ...]
    is_own: bool
    is_stale: bool
    days_open: bool

    @property
    def is_settled(self) -> bool:
        """Its batch is in the books."""
        return self.proposal is not None and self.proposal.decision == "approved"


def late_notice_page(
    session: Session, rule_set_id: int, actor: str, *, today: date, page: int, language: Literal["zh", "en"] = "zh"
) -> NoticePage:
    """The notice as it stands, `page` from 1.

    Raises:
        orders.errors.NoticeNotLate: no such set, or it began when it was published.
    """
    found = late_meals(session, rule_set_id)
    every = adjustments.of_notice(session, rule_set_id)
    proposal = next((one for one in every if one.decision != "declined"), None)
    lines = adjustments.lines_of(session, [proposal.id])[proposal.id] if proposal else {}
    settled = proposal is not None and proposal.decision == "approved"
    meals = _booked(session, lines) if settled else _listed(found)
    total, canteens, funders = Sums(), defaultdict[str, Sums](Sums), defaultdict[str, Sums](Sums)
    for meal in meals:
        total.add(meal.change_fen, meal.returned_fen)
        canteens[meal.canteen_name].add(meal.change_fen, meal.returned_fen)
        for funder, fen in meal.by_funder:
            funders[funder].add(fen)
    pages = max(1, -(-len(meals) // PAGE))
    page = min(max(1, page), pages)
    notice = found.notice
    return NoticePage(
        notice.rule_set_id,
        notice.label,
        getattr(notice.rule_set.title, language),
        notice.first,
        notice.until - timedelta(days=1),
        notice.since,
        notice.is_example,
        found.looked_at,
        found.unpaid,
        found.guests,
        len({meal.resident_id for meal in found.meals if meal.resident_id}),
        total,
        tuple(sorted(canteens.items())),
        tuple(sorted(funders.items(), key=lambda row: _place(row[0]))),
        meals[(page - 1) * PAGE : page * PAGE],
        page,
        pages,
        proposal,
        tuple(one for one in every if one.decision == "declined"),
        proposal is not None and proposal.proposed_by == actor,
        proposal is not None
        and proposal.decision is None
        and {meal.order_id: meal.changes for meal in found.meals} != lines,
        today < notice.until,
    )


def notices_to_propose(session: Session, *, today: date) -> tuple[int, ...]:
    """Rule sets in force whose days in between are over, with meals that come out otherwise and no batch so far.

    Examples, and what is older than two months, are left out: nobody is reminded of them.
    """
    return tuple(
        one.rule_set_id
        for one in late_notices(session)
        if not one.is_example
        and one.until <= today < one.since + REMINDED
        and all(other.decision == "declined" for other in adjustments.of_notice(session, one.rule_set_id))
        and late_meals(session, one.rule_set_id).meals
    )


def batches_waiting(session: Session, actor: str) -> tuple[int, ...]:
    """Rule sets with a batch that somebody else than the reader proposed and that waits."""
    found = [one for one in adjustments.proposals(session) if one.decision is None and one.proposed_by != actor]
    return tuple(one.rule_set_id for one in found if one.rule_set_id is not None)


def _place(funder: str) -> int:
    return FUNDERS.index(funder) if funder in FUNDERS else len(FUNDERS)


def _listed(found: LateMeals) -> tuple[NoticedMeal, ...]:
    return tuple(
        NoticedMeal(
            meal.order_id,
            mask_name(meal.name),
            meal.canteen_name,
            meal.day,
            meal.meal,
            meal.changes,
            meal.returned_fen,
            meal.given_fen,
            meal.due_fen,
            meal.why,
            meal.status,
        )
        for meal in found.meals
    )


def _booked(session: Session, lines: adjustments.Lines) -> tuple[NoticedMeal, ...]:
    """As approved: what each share changed by."""
    names = {view.id: view.name for view in places.all_canteens(session)}
    given = queries.given_for(session, lines)
    found: list[NoticedMeal] = []
    wanted = sorted(lines)
    for start in range(0, len(wanted), _AT_ONCE):
        rows = session.execute(
            select(
                col(MealOrder.id),
                col(Resident.name),
                col(MealOrder.canteen_id),
                col(MealOrder.day),
                col(MealOrder.meal),
            )
            .outerjoin(Resident, col(Resident.id) == col(MealOrder.resident_id))
            .where(col(MealOrder.id).in_(wanted[start : start + _AT_ONCE]))
        )
        found += [
            NoticedMeal(key, mask_name(name or ""), names[canteen], day, meal, lines[key], given[key].returned_fen)
            for key, name, canteen, day, meal in rows
        ]
    return tuple(sorted(found, key=lambda meal: (meal.day, meal.order_id)))
