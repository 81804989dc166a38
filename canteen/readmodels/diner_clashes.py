"""What of a meal must this diner not eat, or would rather not? Asked on every page, and again inside every sale."""

from collections.abc import Collection, Iterable
from datetime import date

from sqlmodel import Session

from canteen.people import diet_notes
from canteen.people.diet_notes import DietNotes
from canteen.people.sealed import Sealer
from canteen.readmodels.day_menu import day_menu
from menus.diet import Clash, Eatable, clashes
from menus.service_days import MealPeriod


def diner_clashes(
    session: Session, resident_id: str | None, items: Iterable[Eatable], sealer: Sealer
) -> tuple[Clash, ...]:
    """Clashes of lines about to be ordered, allergies first; none for a guest."""
    if resident_id is None:
        return ()
    notes = diet_notes.read(session, sealer, resident_id)
    if notes is diet_notes.NOTHING:
        return ()
    return clashes(items, notes.allergies, notes.instructions)


def waiting_allergies(
    session: Session, canteen_id: str, day: date, meal: str, *, item_ids: Collection[int], notes: DietNotes
) -> tuple[Clash, ...]:
    """Allergies against the lines of an order that waits. A line that left the menu is not judged any more."""
    if not notes.allergies:
        return ()
    menu = day_menu(session, canteen_id, day, MealPeriod(meal))
    found = (menu.item(item_id) for item_id in item_ids)
    return clashes([item for item in found if item is not None], notes.allergies, ())
