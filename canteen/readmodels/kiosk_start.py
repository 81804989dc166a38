"""What does a kiosk show while nobody stands before it?"""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from canteen.readmodels.day_menu import DayMenu, MenuLine, menu_now
from canteen.sites.errors import NoMealAhead

MOST_SETS = 3
"""What fits the first page beside the invitation."""


@dataclass(frozen=True, slots=True)
class KioskStart:
    """K0. `menu` None: the canteen has no hours. `serving`: meals leave the window now, else `menu` is the next meal."""

    menu: DayMenu | None
    serving: bool
    sets: tuple[MenuLine, ...]


def kiosk_start(session: Session, canteen_id: str, now: datetime) -> KioskStart:
    """The set meals on sale first, then those sold out, in the manager's order.

    Raises:
        sites.errors.CanteenUnknown: no such canteen.
    """
    try:
        menu = menu_now(session, canteen_id, now)
    except NoMealAhead:
        return KioskStart(None, serving=False, sets=())
    sets = sorted(menu.sets, key=lambda item: item.sold_out)[:MOST_SETS]
    return KioskStart(menu, serving=menu.opens_at <= now, sets=tuple(sets))
