"""K1 and K4: the usual meal in one touch, the number to collect it with, taking it back."""

from dataclasses import replace

from litestar import get, post
from litestar.di import NamedDependency

from canteen.people.fetchers import may_fetch
from canteen.pickup import qr
from canteen.readmodels.kiosk_visit import KioskDone, KioskHome, kiosk_done, kiosk_home
from canteen.readmodels.quote import LineWish
from canteen.usecases.cancel_order import cancel_order
from canteen.web.errors import problem_of
from canteen.web.forms import Form
from canteen.web.kiosk.desk import Answer, KioskDesk, Stay
from canteen.web.kiosk.placing import place


async def home_of(desk: KioskDesk, resident_id: str, diner_id: str) -> KioskHome:
    """What K1 shows to `resident_id` for `diner_id`."""
    return await desk.database.read(
        kiosk_home,
        desk.canteen.id,
        resident_id,
        diner_id,
        now=desk.now,
        sealer=desk.sealer,
        examples_decide=desk.examples_decide,
        lang=desk.lang,
    )


async def _show(desk: KioskDesk, stay: Stay, error: Exception | None = None) -> Answer:
    resident_id = stay.resident_id
    if resident_id is None:
        return desk.to("/menu")
    shown = await home_of(desk, resident_id, stay.diner_id or resident_id)
    if not shown.for_whom and stay.diner_id != resident_id:  # withdrawn meanwhile: back to their own meal
        await desk.keep(Stay(desk.canteen.id, resident_id, resident_id, card=stay.card))
    waiting = shown.home.orders if not stay.another else ()
    if shown.home.usual is None and not waiting and error is None:
        return desk.to("/menu")
    return desk.page("ordered" if waiting else "usual", error=error, shown=shown, waiting=waiting, stay=stay)


@get("/usual")
async def usual(desk: NamedDependency[KioskDesk]) -> Answer:
    """K1: the usual meal, or the order that already waits."""
    return desk.to() if desk.stay is None else await _show(desk, desk.stay)


@post("/usual", status_code=200)
async def eat_this(form: NamedDependency[Form], desk: NamedDependency[KioskDesk]) -> Answer:
    """就吃这个. What changed meanwhile comes back as the same page with the fresh meal and sum."""
    stay = desk.stay
    if stay is None or stay.is_guest:
        return desk.to()
    line = LineWish(form.whole("item", 1, 999_999_999))
    try:
        return await place(desk, stay, (line,), form)
    except Exception as error:
        if problem_of(error) is None:
            raise
        return await _show(desk, replace(stay, another=True), error)


@post("/another", status_code=303)
async def another(desk: NamedDependency[KioskDesk]) -> Answer:
    """再点一份."""
    if desk.stay is not None:
        await desk.keep(replace(desk.stay, another=True))
    return desk.to("/usual")


@get("/family")
async def family(desk: NamedDependency[KioskDesk]) -> Answer:
    """Whose meal may this person carry?"""
    own = desk.stay.resident_id if desk.stay is not None else None
    if own is None:
        return desk.to()
    return desk.page("family", shown=await home_of(desk, own, own), stay=desk.stay)


@post("/family", status_code=303)
async def for_family(form: NamedDependency[Form], desk: NamedDependency[KioskDesk]) -> Answer:
    """From here on the meal is for somebody else, at that person's price; whether they may is asked again when ordering."""
    own = desk.stay.resident_id if desk.stay is not None else None
    if own is None:
        return desk.to()
    diner = form.text("diner", most=40, required=False) or own
    if diner != own and not await desk.database.read(may_fetch, diner, own):
        diner = own  # a forged form: a price tells the category, a clash an illness
    await desk.keep(Stay(desk.canteen.id, own, diner, card=desk.stay.card if desk.stay is not None else ""))
    return desk.to("/usual")


@get("/done")
async def done(desk: NamedDependency[KioskDesk]) -> Answer:
    """K4: the number, its QR, from when, what is paid or still to be paid; the ticket is this page on paper."""
    stay = desk.stay
    if stay is None or not stay.done:
        return desk.to("/usual" if stay else "")
    order = await _done(desk, stay, stay.done)
    if not order.is_open:
        return desk.to("/usual")
    return desk.page(
        "done", order=order, stay=stay, qr=qr.svg(order.code, title=order.number), tickets=desk.prints_tickets
    )


async def _done(desk: KioskDesk, stay: Stay, order_id: str) -> KioskDone:
    return await desk.database.read(
        kiosk_done, desk.canteen.id, stay.resident_id, order_id, now=desk.now, sealer=desk.sealer
    )


@post("/cancel", status_code=303)
async def take_back(form: NamedDependency[Form], desk: NamedDependency[KioskDesk]) -> Answer:
    """点错了，撤销: an order this person eats or carries, as long as nobody collected it."""
    stay = desk.stay
    if stay is None:
        return desk.to()
    order_id = stay.done if stay.is_guest else form.text("order", most=40, required=False)
    try:
        order = await _done(desk, stay, order_id)
        await desk.database.write(cancel_order, order.order_id, now=desk.now, actor=desk.actor.ref, at_counter=False)
    except Exception as error:
        if problem_of(error) is None:
            raise
        return await _show(desk, stay, error)
    desk.tell("orders", "menu")
    await desk.keep(replace(stay, done="", lines={}, another=False))
    return desk.to("/menu?note=cancelled" if stay.is_guest else "/usual?note=cancelled")
