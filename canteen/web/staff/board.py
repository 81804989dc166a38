"""S1, the kitchen board: counts for a batch kitchen, tickets for a to-order one, and the prep sheet."""

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from canteen.readmodels.kitchen_board import PARTS, kitchen_board, ticket_board
from canteen.readmodels.prep_sheet import prep_is_due, prep_sheet
from canteen.sites.models import KitchenMode
from canteen.usecases.mark_ready import mark_ready
from canteen.usecases.note_prep_printed import note_prep_printed
from canteen.usecases.record_made import MadeNow, record_made
from canteen.web.forms import Form
from canteen.web.staff.desk import StaffDesk

STEPS = (1, 5, 10)
"""Portions one press adds."""
_FAR = (1000, 1500, 2000, 3000)


def far_class(distance_mm: int) -> str:
    """The style for the distance the board is read from: the next larger one that exists."""
    return f"far-{next((known for known in _FAR if distance_mm <= known), _FAR[-1])}"


@get("/board")
async def board(desk: NamedDependency[StaffDesk]) -> Template:
    """The live board; the same address answers the live part of itself. `?part=` set, meat, veg or staple."""
    at = await desk.meal()
    far = far_class(desk.canteen.board_distance_mm)
    prep_due = await desk.database.read(prep_is_due, desk.canteen.id, at.day, at.meal, desk.now)
    if desk.canteen.mode is KitchenMode.TO_ORDER:
        tickets = await desk.database.read(
            ticket_board, desk.canteen.id, at.day, at.meal, opens_at=at.opens_at, now=desk.now, sealer=desk.sealer
        )
        return desk.page("tickets", tickets=tickets, meal=at, far=far, prep_due=prep_due)
    counts = await desk.database.read(kitchen_board, desk.canteen.kitchen_id, at.day, at.meal)
    known = [part for part, _ in counts.parts]
    wanted = desk.request.query_params.get("part", "")
    part = wanted if wanted in known else known[0] if known else ""
    return desk.page("board", board=counts, part=part, meal=at, far=far, steps=STEPS, prep_due=prep_due)


@post("/board/{item_id:int}/made", status_code=303)
async def made(item_id: FromPath[int], form: NamedDependency[Form], desk: NamedDependency[StaffDesk]) -> Response[None]:
    """+1, +5, +10 portions made, or one less for a slip of the finger."""
    more = MadeNow(desk.canteen.kitchen_id, item_id, form.whole("add", -1, STEPS[-1]))
    await desk.database.write(record_made, more, now=desk.now, actor=desk.actor.ref)
    await desk.tell("orders", "menu")
    part = form.raw("part")
    return Redirect(f"/staff/board?part={part}" if part in PARTS else "/staff/board", status_code=303)


@post("/board/tickets/{order_id:str}", status_code=303)
async def ticket(
    order_id: FromPath[str], form: NamedDependency[Form], desk: NamedDependency[StaffDesk]
) -> Response[None]:
    """做好了, or 撤回 with `ready=0`."""
    await desk.own_tray(order_id)
    ready = form.raw("ready") != "0"
    await desk.database.write(mark_ready, order_id, ready=ready, now=desk.now, actor=desk.actor.ref)
    await desk.tell("orders")
    return Redirect("/staff/board", status_code=303)


@get("/prep")
async def prep(desk: NamedDependency[StaffDesk]) -> Template:
    """备餐单: what to cook, dish by dish, how many want it otherwise, and what walk-ins may add."""
    at = await desk.meal()
    sheet = await desk.database.read(
        prep_sheet, desk.canteen.kitchen_id, at.day, at.meal, now=desk.now, sealer=desk.sealer
    )
    return desk.page("prep", meal=at, sheet=sheet, now=desk.now)


@post("/prep/printed", status_code=303)
async def prep_printed(desk: NamedDependency[StaffDesk]) -> Response[None]:
    """Noted, so that nobody is reminded again; the page it leads to prints itself."""
    at = await desk.meal()
    await desk.database.write(
        note_prep_printed, desk.canteen.kitchen_id, at.day, at.meal, now=desk.now, actor=desk.actor.ref
    )
    await desk.tell("orders", "menu")
    return Redirect("/staff/prep?print=1", status_code=303)
