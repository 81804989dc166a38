"""A canteen on one day, in one statement: every order asks for it."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, bindparam, exists, select
from sqlmodel import Session, SQLModel

from canteen.sites.errors import CanteenUnknown
from canteen.sites.holidays import DayKind, kind_of
from canteen.sites.hours import EARLIEST_YEAR, LATEST_YEAR, MealHours, hours_from
from canteen.sites.models import ClosingDay, Holiday, ServiceHours
from canteen.sites.places import CANTEENS, CanteenView, canteen_from

_HOURS = SQLModel.metadata.tables[str(ServiceHours.__tablename__)].c
_CLOSED = SQLModel.metadata.tables[str(ClosingDay.__tablename__)].c
_HOLIDAY = SQLModel.metadata.tables[str(Holiday.__tablename__)].c
_CANTEEN = SQLModel.metadata.tables["canteen"].c
_AT = (
    CANTEENS.add_columns(
        _HOURS.meal,
        _HOURS.opens,
        _HOURS.closes,
        _HOURS.phone_cutoff,
        select(_HOLIDAY.kind).where(_HOLIDAY.day == bindparam("day")).scalar_subquery(),
    )
    .outerjoin(
        _HOURS.meal.table,
        and_(
            _HOURS.canteen_id == _CANTEEN.id,
            _HOURS.weekday == bindparam("weekday"),
            ~exists().where(_CLOSED.canteen_id == _CANTEEN.id, _CLOSED.day == bindparam("day")),
        ),
    )
    .where(_CANTEEN.id == bindparam("canteen"))
    .order_by(None)
    .order_by(_HOURS.opens)
)


@dataclass(frozen=True, slots=True)
class ServingPoint:
    """`meals` in the order of the day; empty when nothing is served."""

    canteen: CanteenView
    meals: tuple[MealHours, ...]
    day_kind: DayKind


def canteen_on(session: Session, canteen_id: str, day: date) -> ServingPoint:
    """The canteen with what it serves that day.

    Raises:
        CanteenUnknown: no canteen has this id.
    """
    rows = session.execute(_AT, {"canteen": canteen_id, "day": day, "weekday": day.weekday()}).all()
    if not rows:
        raise CanteenUnknown(canteen_id)
    served = EARLIEST_YEAR <= day.year <= LATEST_YEAR
    meals = tuple(hours_from(day, *row[-5:-1]) for row in rows if row[-5] is not None and served)
    return ServingPoint(canteen_from(rows[0][:-5]), meals, kind_of(day, rows[0][-1]))
