"""What can be put on the tray instead? Today's set meals with what this person pays for each."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from canteen.people import diet_notes, residents
from canteen.people.sealed import Sealer, mask_name
from canteen.readmodels import quote as quotes
from canteen.readmodels.day_menu import MenuLine, day_menu
from canteen.readmodels.quote import LineWish, MealWish
from canteen.readmodels.window import MealNow, wallet_suffices
from menus.diet import clashes


@dataclass(frozen=True, slots=True)
class Choice:
    """One set meal on sale and what is paid for it; `allergens`: what is in it that this person must not eat."""

    item: MenuLine
    pay_fen: int
    from_wallet: bool
    allergens: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WindowChoices:
    """For a resident (shortened name), or for a guest (`resident_id` None)."""

    resident_id: str | None
    shown_as: str
    choices: tuple[Choice, ...]


def window_choices(
    session: Session,
    canteen_id: str,
    resident_id: str | None,
    at: MealNow,
    *,
    now: datetime,
    sealer: Sealer,
    examples_decide: bool,
) -> WindowChoices:
    """Set meals on sale in the manager's order, those that clash with an allergy last.

    Raises:
        people.errors.ResidentUnknown: nobody has this key.
        orders.errors.GuestNotServed: this canteen serves nobody without a card.
    """
    shown_as = mask_name(residents.resident(session, resident_id).name) if resident_id else ""
    notes = diet_notes.read(session, sealer, resident_id) if resident_id else diet_notes.NOTHING
    menu = day_menu(session, canteen_id, at.day, at.meal)
    found = []
    for item in menu.sets if now < menu.closes_at else ():
        if item.sold_out:
            continue
        wish = MealWish(canteen_id, at.day, at.meal, resident_id, (LineWish(item.id),), "window")
        pay_fen = quotes.quote(session, wish, now=now, examples_decide=examples_decide).self_pay_fen
        held = tuple(clash.key for clash in clashes([item], notes.allergies, ()))
        pays = resident_id is not None and wallet_suffices(session, canteen_id, resident_id, pay_fen)
        found.append(Choice(item, pay_fen, pays, held))
    return WindowChoices(resident_id, shown_as, tuple(sorted(found, key=lambda choice: bool(choice.allergens))))
