"""Cash at the counter that is not for the meal of the moment: top-ups, and meals that were served on credit."""

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from canteen.people.residents import resident
from canteen.people.sealed import mask_name
from canteen.usecases.settle_due import settle_due
from canteen.usecases.top_up_wallet import top_up_wallet
from canteen.web.errors import problem_of
from canteen.web.forms import Form
from canteen.web.staff.desk import Refused, StaffDesk

Answer = Response[None] | Template
AMOUNTS_FEN = (5_000, 10_000, 20_000)


async def _top_up_page(
    desk: StaffDesk, who: str, *, typed: str = "", error: str = "", refusal: Refused | None = None, key: str = ""
) -> Template:
    person = await desk.database.read(resident, who)
    kept: dict[str, object] = {"key": key} if key else {}
    status = refusal.status if refusal else 422 if error else 200
    return desk.page(
        "top_up",
        status_code=status,
        who=who,
        shown_as=mask_name(person.name),
        amounts=AMOUNTS_FEN,
        typed=typed,
        error=error,
        refusal=refusal,
        **kept,
    )


@get("/top-up")
async def top_up_page(desk: NamedDependency[StaffDesk]) -> Template:
    """`?who=` a resident found at the window."""
    return await _top_up_page(desk, desk.request.query_params.get("who", ""))


@post("/top-up", status_code=200)
async def top_up(form: NamedDependency[Form], desk: NamedDependency[StaffDesk]) -> Answer:
    """Cash into the drawer, stored value onto the card; a doubled press takes it once."""
    who, key = form.raw("who"), form.raw("key")
    ticked = form.raw("fen")
    fen = int(ticked) if ticked in {str(amount) for amount in AMOUNTS_FEN} else form.fen("amount")
    if form.errors:
        return await _top_up_page(desk, who, typed=form.raw("amount"), error=form.errors["amount"], key=key)
    try:
        await desk.database.write(
            top_up_wallet, who, desk.canteen.id, fen=fen, now=desk.now, actor=desk.actor.ref, key=key
        )
    except Exception as error:
        if problem_of(error) is None:
            raise
        return await _top_up_page(desk, who, typed=form.raw("amount"), refusal=desk.refused(error), key=key)
    return Redirect("/staff?done=topped-up", status_code=303)


@post("/dues/{order_id:str}", status_code=303)
async def settle(order_id: FromPath[str], form: NamedDependency[Form], desk: NamedDependency[StaffDesk]) -> Answer:
    """Take the money for a meal eaten earlier."""
    await desk.own_tray(order_id)
    method = "wallet" if form.raw("method") == "wallet" else "cash"
    await desk.database.write(settle_due, order_id, method=method, now=desk.now, actor=desk.actor.ref)
    await desk.tell("orders")
    return Redirect("/staff?done=due-paid", status_code=303)
