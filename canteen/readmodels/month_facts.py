"""Neutral rows of one month for the reconciliation: one query each for orders, shares, money and dues; decided again."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from sqlalchemy import and_, func, select
from sqlmodel import Session, SQLModel

from canteen.orders.models import DoubleMeal, MealOrder, OrderShare
from canteen.payments.models import Due, Payment
from canteen.pickup.models import Collection as HandOver
from canteen.sites.models import Canteen, ClosingDay, Operator, ServiceHours
from menus.service_days import LOCAL, business_day
from subsidies import published, queries
from subsidies.enrolment import CONFIRM_WITHIN
from subsidies.late_facts import KEPT_BY
from subsidies.models import EligibilityFile, FileStatus
from subsidies.months import Month
from subsidies.queries import Adjusted
from subsidies.reconciliation import MealFact, Received, Reconciliation, reconcile
from subsidies.rules.decide import replay
from subsidies.rules.facts import FrozenInputs
from subsidies.rules.rule_set import RuleSet

GRACE = timedelta(minutes=30)
"""Trays are handed over from half an hour before serving to half an hour after it; see the window's own hours."""
GONE = frozenset({FileStatus.DECEASED, FileStatus.MOVED, FileStatus.INSTITUTION})

_TABLES = SQLModel.metadata.tables
_O = _TABLES[str(MealOrder.__tablename__)]
_S = _TABLES[str(OrderShare.__tablename__)]
_2 = _TABLES[str(DoubleMeal.__tablename__)]
_H = _TABLES[str(HandOver.__tablename__)]
_P = _TABLES[str(Payment.__tablename__)]
_D = _TABLES[str(Due.__tablename__)]
_F = _TABLES[str(EligibilityFile.__tablename__)]
_HOURS = _TABLES[str(ServiceHours.__tablename__)]
_SHUT = _TABLES[str(ClosingDay.__tablename__)]
_C = _TABLES[str(Canteen.__tablename__)]
_OPERATOR = _TABLES[str(Operator.__tablename__)]

Shares = dict[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class _Places:
    """When meals are served, which days are shut, until when food licences hold."""

    hours: Mapping[tuple[str, int, str], tuple[time, time]]
    shut: frozenset[tuple[str, date]]
    licensed_until: Mapping[str, date | None]

    def serves(self, canteen: str, day: date, meal: str) -> bool:
        """Whether that meal is on the canteen's plan."""
        return (canteen, day) not in self.shut and (canteen, day.weekday(), meal) in self.hours

    def in_hours(self, canteen: str, day: date, meal: str, at: datetime | None) -> bool:
        """Whether `at` lies around that meal's service."""
        span = self.hours.get((canteen, day.weekday(), meal))
        if at is None or span is None:
            return True
        opens, closes = (datetime.combine(day, edge, LOCAL) for edge in span)
        return opens - GRACE <= at < closes + GRACE


@dataclass(frozen=True, slots=True)
class MonthFacts:
    """The compared month with the rows it was compared from."""

    meals: Mapping[str, MealFact]
    received: Mapping[str, Received]
    booked: Mapping[str, Mapping[tuple[str, str], int]]
    """Order → (funder, programme) → what the books hold for it, in fen; adjustments apart."""
    adjusted: Sequence[Adjusted]
    """Adjustments that count in this month, whichever day their meals were for."""
    result: Reconciliation


def month_facts(session: Session, month: Month, canteens: Collection[str]) -> MonthFacts:
    """Read and compare. A month of 2,000 meals takes well under two seconds."""
    meals = _meals(session, month, canteens)
    earned = queries.earned_in(session, month, canteens)
    received = _received(session, month, canteens)
    booked: dict[str, Shares] = defaultdict(dict)
    for row in earned:
        booked[row.order][(row.funder, row.programme)] = row.fen
    adjusted = queries.adjusted_in(session, month, canteens)
    return MonthFacts(meals, received, dict(booked), adjusted, reconcile(meals.values(), earned, received.values()))


def _meals(session: Session, month: Month, canteens: Collection[str]) -> dict[str, MealFact]:
    places = _places(session)
    recorded = _recorded(session, month, canteens)
    adjusted: dict[str, int] = defaultdict(int)
    for one in queries.adjusted_for(session, month, canteens):
        adjusted[one.order] += 0 if one.funder == KEPT_BY else one.fen
    returned = queries.returned_for(session, month, canteens)
    rows = session.execute(
        select(
            _O.c.id, _O.c.canteen_id, _O.c.day, _O.c.meal, _O.c.resident_id, _O.c.rule_set_id, _O.c.inputs,
            _O.c.list_fen, _O.c.offline_reason, _H.c.collected_at, _F.c.status, _F.c.status_since,
            _F.c.residence_confirmed_at, func.coalesce(_F.c.residence_said_at, _F.c.opened_at).label("said_at"),
            _2.c.order_id.label("second"),
        )
        .outerjoin(_H, and_(_H.c.order_id == _O.c.id, _H.c.undone_at.is_(None)))
        .outerjoin(_F, _F.c.resident_id == _O.c.resident_id)
        .outerjoin(_2, _2.c.order_id == _O.c.id)
        .where(_O.c.day >= month.first, _O.c.day < month.after, _O.c.canteen_id.in_(list(canteens)))
    ).all()  # fmt: skip
    found: dict[str, MealFact] = {}
    for row in rows:
        collected = row.collected_at is not None
        expected, self_pay = _decided(session, row.rule_set_id, row.inputs, row.list_fen) if collected else ({}, 0)
        until = places.licensed_until.get(row.canteen_id)
        gone = row.status in GONE and row.status_since is not None and row.status_since <= row.day
        found[row.id] = MealFact(
            order=row.id,
            canteen=row.canteen_id,
            day=row.day,
            meal=row.meal,
            person=row.resident_id,
            collected=collected,
            expected=expected,
            recorded=recorded.get(row.id, {}),
            self_pay_fen=self_pay - returned.get(row.id, 0),
            served_at=row.collected_at,
            hours_ok=places.in_hours(row.canteen_id, row.day, row.meal, row.collected_at),
            open_day=places.serves(row.canteen_id, row.day, row.meal),
            licensed=until is None or row.day <= until,
            ineligible=row.status if gone else "",
            second=row.second is not None,
            residence_open=row.residence_confirmed_at is None and _overdue(row.said_at, row.day),
            by_hand=bool(row.offline_reason),
            adjusted_fen=adjusted.get(row.id),
        )
    return found


def _overdue(said_at: datetime | None, day: date) -> bool:
    return said_at is not None and day > business_day(said_at) + CONFIRM_WITHIN


def _decided(session: Session, rule_set_id: int | None, inputs: bytes, list_fen: int) -> tuple[Shares, int]:
    if rule_set_id is None:  # no set was in force: everyone pays the list price
        return {}, list_fen
    return _replayed(published.by_id(session, rule_set_id).rule_set, inputs)


@lru_cache(maxsize=8_192)
def _replayed(rule_set: RuleSet, inputs: bytes) -> tuple[Shares, int]:
    """Equal inputs under one document always give equal shares, so looking again at a month costs little."""
    decision = replay(rule_set, FrozenInputs.from_json(inputs))
    shares: Shares = defaultdict(int)
    for share in decision.shares:
        shares[(share.funder, share.programme)] += share.fen
    return dict(shares), decision.self_pay_fen


def _recorded(session: Session, month: Month, canteens: Collection[str]) -> dict[str, Shares]:
    rows = session.execute(
        select(_S.c.order_id, _S.c.funder, _S.c.programme, func.sum(_S.c.fen).label("fen"))
        .join(_O, _O.c.id == _S.c.order_id)
        .where(_O.c.day >= month.first, _O.c.day < month.after, _O.c.canteen_id.in_(list(canteens)))
        .group_by(_S.c.order_id, _S.c.funder, _S.c.programme)
    )
    found: dict[str, Shares] = defaultdict(dict)
    for row in rows:
        found[row.order_id][(row.funder, row.programme)] = int(row.fen)
    return found


def _received(session: Session, month: Month, canteens: Collection[str]) -> dict[str, Received]:
    tills: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    of_month = (_O.c.day >= month.first, _O.c.day < month.after, _O.c.canteen_id.in_(list(canteens)))
    for row in session.execute(
        select(_P.c.order_id, _P.c.method, _P.c.direction, func.sum(_P.c.fen).label("fen"))
        .join(_O, _O.c.id == _P.c.order_id)
        .where(*of_month, _P.c.purpose == "order")
        .group_by(_P.c.order_id, _P.c.method, _P.c.direction)
    ):
        tills[row.order_id][row.method] += int(row.fen) if row.direction == "in" else -int(row.fen)
    for row in session.execute(
        select(_D.c.order_id, _D.c.fen)
        .join(_O, _O.c.id == _D.c.order_id)
        .where(*of_month, _D.c.paid_at.is_(None), _D.c.dropped_at.is_(None))
    ):
        tills[row.order_id]["later"] += row.fen
    return {
        order: Received(order, till["wallet"], till["cash"], till["online"], till["later"])
        for order, till in tills.items()
    }


def _places(session: Session) -> _Places:
    return _Places(
        {(row.canteen_id, row.weekday, row.meal): (row.opens, row.closes) for row in session.execute(select(_HOURS))},
        frozenset(session.execute(select(_SHUT.c.canteen_id, _SHUT.c.day)).all()),
        dict(
            session.execute(
                select(_C.c.id, _OPERATOR.c.food_licence_until).join(_OPERATOR, _OPERATOR.c.id == _C.c.operator_id)
            ).all()
        ),
    )
