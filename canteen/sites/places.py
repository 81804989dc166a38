"""The canteens and where they lie; the two real ones as data."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from typing import Any

from sqlalchemy import bindparam, select
from sqlmodel import Session, SQLModel, col

from canteen.sites.errors import CanteenUnknown, CommunityUnknown
from canteen.sites.holidays import seed_holidays
from canteen.sites.models import (
    Canteen,
    ClosingDay,
    Community,
    Grid,
    Kitchen,
    KitchenMode,
    Operator,
    ServiceHours,
    Subdistrict,
)


@dataclass(frozen=True, slots=True)
class CanteenView:
    """A service point with its kitchen and its place. `area` is the community's path of area codes."""

    id: str
    name: str
    short_name: str
    name_en: str
    kitchen_id: str
    mode: KitchenMode
    board_distance_mm: int
    operator_id: str
    operator_name: str
    food_licence_until: date | None
    community_id: str
    subdistrict_id: str
    area: str
    address: str
    phone: str
    open_to_all: bool
    refuse_when_budget_short: bool
    number_letter: str
    skip_four: bool
    daily_card_cap: int
    no_show_forfeit_percent: int


@dataclass(frozen=True, slots=True)
class CommunityView:
    """A community and the subdistrict it belongs to."""

    id: str
    name: str
    area: str
    subdistrict_id: str
    subdistrict_name: str


# Tables, not classes: what is asked for every order skips the object layer.
_C = SQLModel.metadata.tables[str(Canteen.__tablename__)]
_K = SQLModel.metadata.tables[str(Kitchen.__tablename__)]
_O = SQLModel.metadata.tables[str(Operator.__tablename__)]
_M = SQLModel.metadata.tables[str(Community.__tablename__)]
CANTEENS = (
    select(
        _C.c.id,
        _C.c.name,
        _C.c.short_name,
        _C.c.name_en,
        _C.c.kitchen_id,
        _K.c.mode,
        _K.c.board_distance_mm,
        _C.c.operator_id,
        _O.c.name,
        _O.c.food_licence_until,
        _C.c.community_id,
        _M.c.subdistrict_id,
        _M.c.area,
        _C.c.address,
        _C.c.phone,
        _C.c.open_to_all,
        _C.c.refuse_when_budget_short,
        _C.c.number_letter,
        _C.c.skip_four,
        _C.c.daily_card_cap,
        _C.c.no_show_forfeit_percent,
    )
    .join(_K, _K.c.id == _C.c.kitchen_id)
    .join(_O, _O.c.id == _C.c.operator_id)
    .join(_M, _M.c.id == _C.c.community_id)
    .order_by(_C.c.position, _C.c.id)
)
_CANTEEN = CANTEENS.where(_C.c.id == bindparam("canteen"))


def canteen(session: Session, canteen_id: str) -> CanteenView:
    """One canteen.

    Raises:
        CanteenUnknown: no canteen has this id.
    """
    row = session.execute(_CANTEEN, {"canteen": canteen_id}).first()
    if row is None:
        raise CanteenUnknown(canteen_id)
    return canteen_from(row)


def all_canteens(session: Session) -> tuple[CanteenView, ...]:
    """Every canteen in the order they are shown."""
    return tuple(canteen_from(row) for row in session.execute(CANTEENS))


def canteen_from(row: Sequence[Any]) -> CanteenView:
    """A row of `CANTEENS`."""
    view = CanteenView(*row)
    return replace(view, mode=KitchenMode(view.mode))


def canteens_of_kitchen(session: Session, kitchen_id: str) -> tuple[str, ...]:
    """The service points that hand out what this kitchen cooks."""
    rows = session.execute(
        select(col(Canteen.id)).where(col(Canteen.kitchen_id) == kitchen_id).order_by(col(Canteen.id))
    )
    return tuple(row[0] for row in rows)


def community(session: Session, community_id: str) -> CommunityView:
    """One community.

    Raises:
        CommunityUnknown: no community has this id.
    """
    for view in communities(session):
        if view.id == community_id:
            return view
    raise CommunityUnknown(community=community_id)


def has_grid(session: Session, community_id: str, grid_id: str) -> bool:
    """Whether this grid lies in this community."""
    found = select(col(Grid.id)).where(col(Grid.id) == grid_id, col(Grid.community_id) == community_id)
    return session.execute(found).first() is not None


def communities(session: Session) -> tuple[CommunityView, ...]:
    """Every community, by subdistrict."""
    rows = session.execute(
        select(
            col(Community.id),
            col(Community.name),
            col(Community.area),
            col(Subdistrict.id),
            col(Subdistrict.name),
        )
        .join(Subdistrict, col(Subdistrict.id) == col(Community.subdistrict_id))
        .order_by(col(Subdistrict.id), col(Community.id))
    )
    return tuple(CommunityView(*row) for row in rows)


_DAILY = (
    ("breakfast", time(6, 30), time(8, 30), time(6, 0)),
    ("lunch", time(10, 30), time(13, 0), time(10, 0)),
    ("dinner", time(16, 30), time(18, 30), time(15, 30)),
)
_CLOSING = ((date(2026, 10, 1), "国庆节"), (date(2027, 2, 6), "春节"))


def seed_places(session: Session) -> None:
    """Put in the two canteens of Fengman District, their places, hours, closing days and the known holidays.

    What is already there is left as it stands: the district may have edited it.
    """
    _add_missing(
        session,
        Subdistrict(id="jianhua", name="建华街道", area="jilin/fengman/jianhua"),
        Subdistrict(id="taishan", name="泰山街道", area="jilin/fengman/taishan"),
        Community(id="longcheng", subdistrict_id="jianhua", name="龙城社区", area="jilin/fengman/jianhua/longcheng"),
        Community(id="shuiyun", subdistrict_id="taishan", name="水韵社区", area="jilin/fengman/taishan/shuiyun"),
        Grid(id="longcheng-1", community_id="longcheng", name="龙城第一网格"),
        Grid(id="longcheng-2", community_id="longcheng", name="龙城第二网格"),
        Grid(id="shuiyun-1", community_id="shuiyun", name="水韵第一网格"),
        Grid(id="shuiyun-2", community_id="shuiyun", name="水韵第二网格"),
        Operator(id="longcheng", name="龙城社区长者食堂运营方", kind="company"),
        Operator(id="shuiyun", name="水韵社区社区食堂运营方", kind="company"),
        Kitchen(id="longcheng", operator_id="longcheng", name="龙城社区长者食堂后厨"),
        Kitchen(id="shuiyun", operator_id="shuiyun", name="水韵社区社区食堂后厨"),
        Canteen(
            id="longcheng",
            kitchen_id="longcheng",
            operator_id="longcheng",
            community_id="longcheng",
            name="龙城社区长者食堂",
            short_name="龙城食堂",
            name_en="Longcheng Elders' Canteen",
            position=1,
        ),
        Canteen(
            id="shuiyun",
            kitchen_id="shuiyun",
            operator_id="shuiyun",
            community_id="shuiyun",
            name="水韵社区社区食堂",
            short_name="水韵食堂",
            name_en="Shuiyun Community Canteen",
            open_to_all=True,
            position=2,
        ),
    )
    for canteen_id in ("longcheng", "shuiyun"):
        if session.execute(select(col(ServiceHours.meal)).where(col(ServiceHours.canteen_id) == canteen_id)).first():
            continue
        _add_missing(
            session,
            *(
                ServiceHours(
                    canteen_id=canteen_id, weekday=weekday, meal=meal, opens=opens, closes=closes, phone_cutoff=cutoff
                )
                for weekday in range(7)
                for meal, opens, closes, cutoff in _DAILY
            ),
            *(ClosingDay(canteen_id=canteen_id, day=day, reason=reason) for day, reason in _CLOSING),
        )
    seed_holidays(session)


def _add_missing(session: Session, *rows: SQLModel) -> None:
    """Add rows in this order, so that what they refer to is there first."""
    for row in rows:
        key = tuple(getattr(row, column.key) for column in SQLModel.metadata.tables[str(row.__tablename__)].primary_key)
        if session.get(type(row), key) is None:
            session.add(row)
            session.flush()
