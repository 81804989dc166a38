"""P1: the usual meal in one touch, what is ordered already; for whoever has not signed in, the week's menu."""

from dataclasses import replace

from litestar import get, post
from litestar.di import NamedDependency

from canteen.people.errors import ResidentUnknown
from canteen.people.fetchers import may_fetch
from canteen.readmodels.phone_home import phone_home
from canteen.readmodels.phone_menu import phone_menu
from canteen.readmodels.phone_order import OwnOrder, own_orders
from canteen.web.forms import Form
from canteen.web.resident.desk import Answer, PhoneDesk, day_in


@get("/")
async def home(desk: NamedDependency[PhoneDesk]) -> Answer:
    """`?day=2026-11-24` is for the public menu; any other day, or none, shows the first that still serves something."""
    if desk.stay.resident_id is None:
        return await _public(desk)
    return await show_home(desk)


async def _public(desk: PhoneDesk) -> Answer:
    shown = await desk.database.read(
        phone_menu, desk.canteen.id, day_in(desk.request.query_params.get("day", "")), desk.now
    )
    orders: tuple[OwnOrder, ...] = ()
    if desk.stay.placed:
        orders = await desk.database.read(own_orders, None, guest_orders=desk.stay.placed, now=desk.now)
    query = f"?{desk.request.url.query}" if desk.request.url.query else ""
    return desk.page("public", menu=shown, orders=orders, path=f"{desk.home}{query}")


async def show_home(desk: PhoneDesk, error: Exception | None = None) -> Answer:
    """P1, with what went wrong."""
    resident_id = desk.stay.resident_id
    if resident_id is None:
        return desk.to()
    try:
        shown = await desk.database.read(
            phone_home,
            desk.canteen.id,
            resident_id,
            desk.stay.diner_id or resident_id,
            now=desk.now,
            sealer=desk.sealer,
            examples_decide=desk.settings.demo,
            lang=desk.lang,
        )
    except ResidentUnknown:  # the file is gone; so is what this phone was signed in for
        await desk.forget()
        return desk.to("/signin")
    if shown.diner_id != desk.stay.diner_id:  # withdrawn meanwhile: back to their own meal
        await desk.keep(replace(desk.stay, diner_id=shown.diner_id))
    return desk.page("today", error=error, shown=shown)


@post("/family", status_code=303)
async def for_family(form: NamedDependency[Form], desk: NamedDependency[PhoneDesk]) -> Answer:
    """From here on the meal is for somebody else, at that person's price; whether they may is asked again when ordering."""
    own = desk.stay.resident_id
    if own is None:
        return desk.to("/signin")
    diner = form.text("diner", most=40, required=False) or own
    if diner != own and not await desk.database.read(may_fetch, diner, own):
        diner = own  # a forged form: a price tells the category, a clash an illness
    await desk.keep(replace(desk.stay, diner_id=diner))
    return desk.to()
