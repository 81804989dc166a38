"""What the front page and the sign-in lead to: canteens by name."""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from canteen.sites.models import Canteen


@dataclass(frozen=True, slots=True)
class FrontCanteen:
    """One canteen as the public knows it."""

    id: str
    name: str
    short_name: str
    name_en: str
    address: str
    open_to_all: bool


def front_canteens(session: Session) -> tuple[FrontCanteen, ...]:
    """Every canteen, in the order the district lists them."""
    rows = session.exec(select(Canteen).order_by(col(Canteen.position), col(Canteen.id))).all()
    return tuple(
        FrontCanteen(row.id, row.name, row.short_name, row.name_en, row.address, row.open_to_all) for row in rows
    )
