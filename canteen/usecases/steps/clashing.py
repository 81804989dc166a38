"""Nobody is sold what they must not eat unless somebody has asked them: the same question at kiosk, phone and window."""

from collections.abc import Iterable

from sqlmodel import Session

from canteen.orders import store
from canteen.orders.errors import ClashNotConfirmed
from canteen.orders.store import OrderView
from canteen.people import diet_notes
from canteen.people.sealed import Sealer
from canteen.readmodels.diner_clashes import diner_clashes, waiting_allergies
from menus.diet import Clash, Eatable


def check(
    session: Session, resident_id: str | None, items: Iterable[Eatable], sealer: Sealer, *, seen: bool
) -> tuple[Clash, ...]:
    """What clashes on lines about to be ordered. `seen`: the diner was told and wants them all the same.

    Raises:
        ClashNotConfirmed: an allergy nobody was told about.
    """
    found = diner_clashes(session, resident_id, items, sealer)
    _refuse(found, seen=seen)
    return found


def check_waiting(session: Session, order: OrderView, sealer: Sealer, *, seen: bool) -> None:
    """The same for an order about to be handed over: the allergy may have been noted after it was placed.

    Raises:
        ClashNotConfirmed: an allergy nobody was told about.
    """
    if seen or order.resident_id is None:
        return
    notes = diet_notes.read(session, sealer, order.resident_id)
    if notes.allergies:
        ids = [line.menu_item_id for line in store.lines(session, order.id)]
        found = waiting_allergies(session, order.canteen_id, order.day, order.meal, item_ids=ids, notes=notes)
        _refuse(found, seen=seen)


def _refuse(found: tuple[Clash, ...], *, seen: bool) -> None:
    allergies = tuple(clash for clash in found if clash.kind == "allergy")
    if allergies and not seen:
        raise ClashNotConfirmed(clashes=allergies)
