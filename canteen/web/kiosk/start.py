"""K0, K5, K6: the invitation, a card or a number typed, a card staff must look at, a call for help, the way out."""

from litestar import get, post
from litestar.di import NamedDependency
from litestar.response import Template

from canteen.people import cards
from canteen.people.errors import CardStopped, CardUnknown
from canteen.readmodels.kiosk_start import kiosk_start
from canteen.readmodels.kiosk_visit import liked_display
from canteen.usecases.answer_help import HelpAnswered, answer_help
from canteen.usecases.call_help import HelpWanted, call_help
from canteen.web.forms import Form
from canteen.web.kiosk.desk import Answer, KioskDesk, Stay
from canteen.web.language import COOKIE as LANGUAGE_COOKIE
from canteen.web.language import LARGE_COOKIE

DEMO_CARD = "6222000000000082"
"""What a demo has instead of a card reader: 82, 92, and a card reported lost."""


@get("/")
async def start(desk: NamedDependency[KioskDesk]) -> Template:
    """K0. Coming here ends the visit before, however one came."""
    if desk.visit is not None:
        await desk.forget()
    shown = await desk.database.read(kiosk_start, desk.canteen.id, desk.now)
    return desk.page("start", start=shown, may_order=desk.may_order, demo_card=DEMO_CARD)


@post("/guest", status_code=303)
async def guest(desk: NamedDependency[KioskDesk]) -> Answer:
    """没有卡，直接点: where the canteen is open to everyone, at list price, paid at the window."""
    if not desk.may_order or not desk.canteen.open_to_all:
        return desk.to()
    await desk.begin(Stay(desk.canteen.id, None, None))
    return desk.to("/menu")


@post("/tap", status_code=303)
async def tap(form: NamedDependency[Form], desk: NamedDependency[KioskDesk]) -> Answer:
    """A card was read, or its number typed. Whatever is wrong with it is told to staff, not to the room."""
    number = form.text("card", most=64, required=False)
    if not desk.may_order or not number:
        return desk.to()
    return await read_card(desk, number)


async def read_card(desk: KioskDesk, number: str) -> Answer:
    """Whose card this is; K5 for any that cannot be used."""
    try:
        card = await desk.database.read(cards.find_active, number)
    except CardUnknown:
        return await _to_staff(desk, None)
    except CardStopped as stopped:
        return await _to_staff(desk, stopped.resident_id)
    return await welcome(desk, card.resident_id, number)


async def welcome(desk: KioskDesk, resident_id: str, card: str = "") -> Answer:
    """Begin the visit the way this person likes it: 大字, language."""
    large, language = await desk.database.read(liked_display, resident_id)
    await desk.begin(Stay(desk.canteen.id, resident_id, resident_id, card=card))
    if large:
        desk.show_as(LARGE_COOKIE, "1")
    if language != "zh":
        desk.show_as(LANGUAGE_COOKIE, language)
    return desk.to("/usual")


async def _to_staff(desk: KioskDesk, resident_id: str | None) -> Answer:
    await _call(desk, "card-stopped", resident_id)
    return desk.to("/card")


@get("/card")
async def stopped_card(desk: NamedDependency[KioskDesk]) -> Template:
    """K5: one neutral sentence for every card that cannot be used."""
    return desk.page("card")


async def _call(desk: KioskDesk, reason: str, resident_id: str | None) -> str:
    wanted = HelpWanted(desk.canteen.id, reason, desk.device_id, resident_id)
    call_id = await desk.database.write(call_help, wanted, now=desk.now, actor=desk.actor.ref)
    desk.tell("help")
    return call_id


@post("/help", status_code=303)
async def ask_for_help(desk: NamedDependency[KioskDesk]) -> Answer:
    """Page the staff. A browser that is no kiosk pages nobody."""
    if desk.device_id is None:
        return desk.to()
    call_id = await _call(desk, "asked", desk.stay.resident_id if desk.stay else None)
    return desk.to(f"/help?call={call_id}")


@get("/help")
async def help_page(desk: NamedDependency[KioskDesk]) -> Template:
    """K6."""
    back = f"{desk.home}/usual" if desk.stay else desk.home
    return desk.page("help", call=desk.request.query_params.get("call", ""), back=back)


@post("/help/cancel", status_code=303)
async def never_mind(form: NamedDependency[Form], desk: NamedDependency[KioskDesk]) -> Answer:
    """They found the way themselves."""
    if desk.device_id is not None and form.raw("call"):
        answered = HelpAnswered(desk.canteen.id, form.raw("call"))
        await desk.database.write(answer_help, answered, now=desk.now, actor=desk.actor.ref)
        desk.tell("help")
    return desk.to("/usual") if desk.stay else desk.to()


@post("/exit", status_code=303)
async def leave(desk: NamedDependency[KioskDesk]) -> Answer:
    """退出, or nobody touched the page: everything is wiped."""
    await desk.forget()
    return desk.to()
