"""A published line changes its price, with a reason: from now on, never for orders that stand."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import CheckConstraint, insert, select, update
from sqlmodel import Field, Session, SQLModel, col
from ulid import ULID

from menus.errors import MenuClosed, MenuNotPublished, NotOnMenu, PriceMoved, PriceNotPositive
from menus.models import Menu, MenuItem, MenuStatus
from menus.portions import touch


class MenuPriceChange(SQLModel, table=True):
    """One change of a line's price of the day; fen."""

    __tablename__ = "menu_price_change"
    __table_args__ = (
        CheckConstraint("price_fen > 0", name="menu_price_change_positive"),
        CheckConstraint("half_fen IS NULL OR half_fen <= price_fen", name="menu_price_change_half"),
    )
    id: str = Field(primary_key=True, max_length=26)
    item_id: int = Field(foreign_key="menu_item.id", index=True)
    was_fen: int
    price_fen: int
    was_half_fen: int | None = None
    half_fen: int | None = None
    reason: str
    at: datetime
    by: str
    by_name: str


@dataclass(frozen=True, slots=True)
class NewPrice:
    """`was_fen` is what the page showed; `half_fen` None keeps the half portion's price. Fen."""

    item_id: int
    was_fen: int
    price_fen: int
    half_fen: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class PriceChange:
    """One kept change; fen."""

    item_id: int
    name: str
    was_fen: int
    price_fen: int
    was_half_fen: int | None
    half_fen: int | None
    reason: str
    at: datetime
    by_name: str


def change_price(session: Session, wanted: NewPrice, *, now: datetime, by: str, by_name: str) -> bool:
    """Sell this line for another price from now on; False when it already costs that.

    Raises:
        NotOnMenu: there is no such line.
        MenuNotPublished: a draft's prices are planned, not changed.
        MenuClosed: the meal is over.
        PriceNotPositive: nothing or less, or a half portion dearer than a whole one.
        PriceMoved: somebody else changed it since the page was read; `price_fen` is what it costs now.
    """
    row = session.execute(
        select(
            col(MenuItem.menu_id),
            col(MenuItem.name),
            col(MenuItem.price_fen),
            col(MenuItem.half_price_fen),
            col(Menu.status),
        )
        .join(Menu, col(Menu.id) == col(MenuItem.menu_id))
        .where(col(MenuItem.id) == wanted.item_id)
        .with_for_update(of=MenuItem)
    ).first()
    if row is None:
        raise NotOnMenu(wanted.item_id)
    if row.status == MenuStatus.DRAFT:
        raise MenuNotPublished
    if row.status == MenuStatus.CLOSED:
        raise MenuClosed
    half = row.half_price_fen if wanted.half_fen is None else wanted.half_fen
    if row.half_price_fen is None:
        half = None
    if wanted.price_fen <= 0 or (half is not None and not 0 < half <= wanted.price_fen):
        raise PriceNotPositive(name=row.name)
    if (row.price_fen, row.half_price_fen) == (wanted.price_fen, half):
        return False
    if row.price_fen != wanted.was_fen:
        raise PriceMoved(name=row.name, price_fen=row.price_fen)
    session.execute(
        update(MenuItem)
        .where(col(MenuItem.id) == wanted.item_id)
        .values(price_fen=wanted.price_fen, half_price_fen=half)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        insert(MenuPriceChange).values(
            id=str(ULID.from_datetime(now)),
            item_id=wanted.item_id,
            was_fen=row.price_fen,
            price_fen=wanted.price_fen,
            was_half_fen=row.half_price_fen,
            half_fen=half,
            reason=wanted.reason,
            at=now,
            by=by,
            by_name=by_name,
        )
    )
    touch(session, row.menu_id)
    return True


def changes_of(session: Session, menu_id: int) -> tuple[PriceChange, ...]:
    """Every change on one menu, latest first."""
    rows = session.execute(
        select(
            col(MenuPriceChange.item_id),
            col(MenuItem.name),
            col(MenuPriceChange.was_fen),
            col(MenuPriceChange.price_fen),
            col(MenuPriceChange.was_half_fen),
            col(MenuPriceChange.half_fen),
            col(MenuPriceChange.reason),
            col(MenuPriceChange.at),
            col(MenuPriceChange.by_name),
        )
        .join(MenuItem, col(MenuItem.id) == col(MenuPriceChange.item_id))
        .where(col(MenuItem.menu_id) == menu_id)
        .order_by(col(MenuPriceChange.at).desc(), col(MenuPriceChange.id).desc())
    )
    return tuple(PriceChange(*row) for row in rows)
