"""S0, the window: one tap of a card finds or makes today's order, charges it and hands it over."""

from dataclasses import replace

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect, Template

from canteen.orders.errors import NotPaid
from canteen.people import cards
from canteen.people.errors import CardStopped, CardUnknown
from canteen.readmodels.quote import LineWish
from canteen.readmodels.window import FoundDiner, MealNow, WindowDiner, find_diners, window_diner
from canteen.readmodels.window_page import window_page
from canteen.usecases.answer_help import HelpAnswered, answer_help
from canteen.usecases.collect_meal import HandOver, collect_meal
from canteen.usecases.sell_at_window import WindowSale
from canteen.usecases.steps.collecting import AROUND_MEAL
from canteen.web.errors import problem_of
from canteen.web.forms import Form
from canteen.web.staff.desk import Refused, StaffDesk
from canteen.web.staff.selling import sell
from canteen.web.staff.typed import is_person, is_tail, is_ticket, later_reason

Answer = Response[None] | Template
REFUSED = 409
_AFTER_HELP = {"window": "/staff", "handover": "/staff/handover", "counter": None}


async def show(
    desk: StaffDesk,
    *,
    status_code: int = 200,
    diner: WindowDiner | None = None,
    found: tuple[FoundDiner, ...] | None = None,
    refusal: Refused | None = None,
    typed: str = "",
    **context: object,
) -> Template:
    """The window with whatever the last tap led to; nothing typed is lost."""
    shown = await desk.database.read(window_page, desk.canteen.id, desk.now, around=AROUND_MEAL)
    return desk.page(
        "window",
        status_code=status_code,
        window=shown,
        diner=diner,
        found=found,
        refusal=refusal,
        typed=typed,
        **({"tray": None, "done": "", "owed": None} | context),
    )


@get("/")
async def window(desk: NamedDependency[StaffDesk]) -> Template:
    """The main screen; `?served=`, `?ordered=`, `?undone=`, `?cancelled=` show what was just done to an order."""
    for done in ("served", "ordered", "undone", "cancelled"):
        order_id = desk.request.query_params.get(done)
        if order_id:
            return await show(desk, tray=await desk.own_tray(order_id), done=done)
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


@post("/tap", status_code=200)
async def tap(form: NamedDependency[Form], desk: NamedDependency[StaffDesk]) -> Answer:
    """Whatever was scanned or typed: a card, a pick-up code or number, a name, the tail of a telephone and a birthday."""
    typed = form.text("text", most=64, required=False)
    who = form.raw("who")
    try:
        if who:
            return await _serve_diner(desk, who, await desk.meal())
        if not typed:
            return await show(desk)
        if is_ticket(typed):
            return await _hand_over(desk, HandOver(typed, desk.canteen.id, device_id=desk.device_id))
        if is_person(typed):
            return await show(desk, found=await desk.database.read(find_diners, typed, sealer=desk.sealer), typed=typed)
        card = await desk.database.read(cards.find_active, typed)
        return await _serve_diner(desk, card.resident_id, await desk.meal())
    except CardUnknown as unknown:
        found = await desk.database.read(find_diners, typed, sealer=desk.sealer) if is_tail(typed) else ()
        refusal = None if found else desk.refused(unknown)
        return await show(desk, status_code=200 if found else 404, found=found or None, refusal=refusal, typed=typed)
    except Exception as error:
        if problem_of(error) is None:
            raise
        return await _refused(desk, error, typed)


@post("/serve", status_code=200)
async def serve(form: NamedDependency[Form], desk: NamedDependency[StaffDesk]) -> Answer:
    """The second tap: cash, or eat now and pay later, or after all from the card."""
    who, number, method = form.raw("who"), form.raw("number"), form.raw("method")
    reason = later_reason(form)
    at = await desk.meal()
    try:
        if not who:
            take = HandOver(number, desk.canteen.id, take_cash=method == "cash", device_id=desk.device_id)
            return await _hand_over(desk, replace(take, later_reason=reason if method == "later" else ""))
        item = form.raw("item")
        sale = WindowSale(
            desk.canteen.id,
            who,
            (LineWish(int(item)),) if item.isascii() and item.isdigit() and len(item) <= 9 else (),
            method,
            later_reason=reason,
            expected_self_pay_fen=form.whole("expected_self_pay_fen", 0, 999_999, otherwise=0) if item else None,
            device_id=desk.device_id,
            clashes_seen=form.raw("clashes_seen") == "1",
        )
        return await sell(desk, sale)
    except Exception as error:
        if problem_of(error) is None:
            raise
        if not who:
            return await _refused(desk, error, number)
        diner = await _diner(desk, who, at)
        refusal = desk.refused(error)
        return await show(desk, status_code=refusal.status, diner=diner, refusal=refusal)


async def _serve_diner(desk: StaffDesk, resident_id: str, at: MealNow) -> Answer:
    """Done at once when nothing has to be asked; else the page with one question."""
    diner = await _diner(desk, resident_id, at)
    pays_itself = diner.wallet_suffices if diner.waiting is None else diner.waiting.owed_fen == 0
    lines = (LineWish(diner.usual.id),) if diner.usual else ()
    if diner.taken or diner.clashes or not at.handing_over or not pays_itself or not (lines or diner.waiting):
        return await show(desk, status_code=REFUSED if diner.taken else 200, diner=diner)
    expected = None if diner.waiting else diner.pay_fen
    sale = WindowSale(
        desk.canteen.id, resident_id, lines, "wallet", expected_self_pay_fen=expected, device_id=desk.device_id
    )
    return await sell(desk, sale)


async def _diner(desk: StaffDesk, resident_id: str, at: MealNow) -> WindowDiner:
    return await desk.database.read(
        window_diner,
        desk.canteen.id,
        resident_id,
        at,
        now=desk.now,
        sealer=desk.sealer,
        examples_decide=desk.examples_decide,
    )


async def _hand_over(desk: StaffDesk, request: HandOver) -> Response[None]:
    tray = await desk.database.write(
        collect_meal, request, now=desk.now, actor=desk.actor.ref, actor_name=desk.actor.name, sealer=desk.sealer
    )
    await desk.tell("orders")
    return Redirect(f"/staff?served={tray.order.id}", status_code=303)


async def _refused(desk: StaffDesk, error: Exception, typed: str) -> Template:
    """A refusal on the same page; with money owed it is a question, and a stopped card leads to its owner."""
    if isinstance(error, NotPaid):
        return await show(desk, status_code=REFUSED, owed=await desk.own_tray(str(error.data["order"])), typed=typed)
    refusal = desk.refused(error)
    if isinstance(error, CardStopped) and error.resident_id:
        owner = await _diner(desk, error.resident_id, await desk.meal())
        return await show(desk, status_code=refusal.status, refusal=refusal, diner=owner, typed=typed)
    return await show(desk, status_code=refusal.status, refusal=refusal, typed=typed)
