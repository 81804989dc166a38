"""S0, the window: the main screen, its live parts, and the answer to whatever was tapped."""

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect, Template

from canteen.readmodels.window import FoundDiner, WindowDiner, window_diner
from canteen.readmodels.window_choices import WindowChoices
from canteen.readmodels.window_page import window_page
from canteen.usecases.answer_help import HelpAnswered, answer_help
from canteen.usecases.steps.collecting import AROUND_MEAL
from canteen.web.forms import Form
from canteen.web.staff.desk import Refused, StaffDesk

IN_PLACE = "X-Window"
"""A page with scripts asks with it, and gets only the answer, with it; the page itself stays where it is."""
_AFTER_HELP = {"window": "/staff", "handover": "/staff/handover", "counter": None}
_DONE = ("served", "ordered", "undone", "cancelled")


def is_in_place(desk: StaffDesk) -> bool:
    """Whether the page that asks stays."""
    return IN_PLACE in desk.request.headers


async def show(
    desk: StaffDesk,
    *,
    status_code: int = 200,
    diner: WindowDiner | None = None,
    found: tuple[FoundDiner, ...] | None = None,
    choices: WindowChoices | None = None,
    refusal: Refused | None = None,
    typed: str = "",
    **context: object,
) -> Template:
    """The window with whatever the last tap led to; nothing typed is lost."""
    answer: dict[str, object] = {"diner": diner, "found": found, "choices": choices, "refusal": refusal, "typed": typed}
    answer |= {"tray": None, "done": "", "owed": None, "undo": None, "wallet": None, "another": False} | context
    if is_in_place(desk):
        page = desk.page("window_answer", status_code=status_code, serving=await desk.meal(), **answer)
        page.headers[IN_PLACE] = "answer"
        return page
    shown = await desk.database.read(window_page, desk.canteen.id, desk.now, around=AROUND_MEAL)
    return desk.page("window", status_code=status_code, window=shown, serving=shown.meal, **answer)


async def diner_of(
    desk: StaffDesk, resident_id: str, item_id: int | None = None, *, another: bool = False
) -> WindowDiner:
    """What a tap of this person means now; `another`: a second meal on purpose."""
    return await desk.database.read(
        window_diner,
        desk.canteen.id,
        resident_id,
        await desk.meal(),
        now=desk.now,
        sealer=desk.sealer,
        examples_decide=desk.examples_decide,
        item_id=item_id,
        another=another,
    )


async def show_order(desk: StaffDesk, order_id: str, done: str) -> Template:
    """The window with what was just done to an order of this canteen."""
    return await show(desk, tray=await desk.own_tray(order_id), done=done)


@get("/")
async def window(desk: NamedDependency[StaffDesk]) -> Template:
    """The main screen; `?served=`, `?ordered=`, `?undone=`, `?cancelled=` show what was just done to an order."""
    for done in _DONE:
        order_id = desk.request.query_params.get(done)
        if order_id:
            return await show_order(desk, order_id, done)
    done = desk.request.query_params.get("done", "")
    return await show(desk, done=done if done in {"topped-up", "due-paid"} else "")


@get("/side")
async def side(desk: NamedDependency[StaffDesk]) -> Template:
    """The live part of the window."""
    shown = await desk.database.read(window_page, desk.canteen.id, desk.now, around=AROUND_MEAL)
    return desk.page("window_side", window=shown)


@get("/today")
async def today(desk: NamedDependency[StaffDesk]) -> Template:
    """Today's dishes on the window, live."""
    shown = await desk.database.read(window_page, desk.canteen.id, desk.now, around=AROUND_MEAL)
    return desk.page("window_today", window=shown)


@get("/help")
async def help_calls(desk: NamedDependency[StaffDesk]) -> Template:
    """Who waits at a kiosk; `?at=` the page that shows it."""
    at = desk.request.query_params.get("at", "")
    return desk.page("window_help", calls=await desk.calls(), at=at if at in _AFTER_HELP else "window")


@post("/help/answer", status_code=303)
async def answered(form: NamedDependency[Form], desk: NamedDependency[StaffDesk]) -> Response[None]:
    """Somebody goes there. The counter stays as it is: what was chosen so far lives in its form."""
    answer = HelpAnswered(desk.canteen.id, form.raw("call"))
    await desk.database.write(answer_help, answer, now=desk.now, actor=desk.actor.ref)
    await desk.tell("help")
    back = _AFTER_HELP.get(form.raw("at"), "/staff")
    return Redirect(back, status_code=303) if back else Response(None, status_code=204)
