"""Placing an order at the kiosk: from the card where it suffices, else in cash at the window."""

from dataclasses import replace
from uuid import uuid4

from canteen.readmodels.quote import LineWish
from canteen.sites.hours import current_or_next_meal
from canteen.usecases.place_order import PlaceOrder
from canteen.web.forms import Form
from canteen.web.kiosk.desk import Answer, KioskDesk, Stay
from canteen.web.ordering import Orderer

MOST_FEN = 999_999_999


async def place(desk: KioskDesk, stay: Stay, lines: tuple[LineWish, ...], form: Form) -> Answer:
    """Order `lines` at the sum the page showed, then on to K4.

    Raises:
        The refusals of `place_order`, PriceChanged and SoldOut among them: nothing was kept.
    """
    at = await desk.database.read(current_or_next_meal, desk.canteen.id, desk.now)
    request = PlaceOrder(
        desk.canteen.id,
        at.day,
        at.meal.value,
        stay.diner_id,
        lines,
        "wallet" if form.raw("method") == "wallet" else "cash",
        "kiosk",
        form.text("key", most=64, required=False) or uuid4().hex,
        expected_self_pay_fen=form.whole("expected_self_pay_fen", 0, MOST_FEN, otherwise=0),
        clashes_seen=form.raw("clashes_seen") == "1",
        fetcher_id=stay.resident_id if stay.diner_id != stay.resident_id else None,
    )
    orderer = Orderer(desk.database, desk.sealer, desk.now, desk.actor.ref, desk.examples_decide, desk.device_id)
    placed = await orderer.order(request)
    await desk.keep(replace(stay, lines={}, another=False, done=placed.id))
    desk.tell("orders", "menu")
    return desk.to("/done")
