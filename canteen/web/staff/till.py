"""Today's money at the counter: every sum, the drawer's total, taking back what was taken by mistake."""

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from canteen.readmodels.receipt import Receipt, receipt
from canteen.readmodels.till_day import till_day
from canteen.usecases.pay_out import pay_out
from canteen.usecases.undo_payment import undo_payment
from canteen.web.errors import problem_of
from canteen.web.forms import Form
from canteen.web.staff.desk import Refused, StaffDesk
from canteen.web.staff.typed import PAYMENT_UNDO_REASONS, payment_undo_reason
from menus.service_days import business_day

Answer = Response[None] | Template
DONE = frozenset({"undone", "paid-out"})


@get("/till")
async def till(desk: NamedDependency[StaffDesk]) -> Template:
    """What went through the drawer today, and who waits for money."""
    shown = await desk.database.read(till_day, desk.canteen.id, business_day(desk.now))
    done = desk.request.query_params.get("done", "")
    return desk.page("till", till=shown, me=desk.actor.ref, done=done if done in DONE else "", refusal=None)


@get("/payments/{payment_id:str}/undo")
async def undo_payment_page(payment_id: FromPath[str], desk: NamedDependency[StaffDesk]) -> Template:
    """Asks for the reason: one tap for the usual ones."""
    return _ask(desk, await desk.database.read(receipt, payment_id, desk.canteen.id))


@post("/payments/{payment_id:str}/undo", status_code=200)
async def undo_payment_form(
    payment_id: FromPath[str], form: NamedDependency[Form], desk: NamedDependency[StaffDesk]
) -> Answer:
    """The cash goes back to whoever paid, the order or the wallet to where it was."""
    try:
        reason = payment_undo_reason(form)
        await desk.database.write(
            undo_payment, payment_id, desk.canteen.id, reason=reason, now=desk.now, actor=desk.actor.ref
        )
    except Exception as error:
        if problem_of(error) is None:
            raise
        shown = await desk.database.read(receipt, payment_id, desk.canteen.id)
        return _ask(desk, shown, refusal=desk.refused(error), typed=form.raw("reason_text"))
    await desk.tell("orders")
    return Redirect("/staff/till?done=undone", status_code=303)


@post("/pay-out/{order_id:str}", status_code=303)
async def hand_out(order_id: FromPath[str], desk: NamedDependency[StaffDesk]) -> Response[None]:
    """Money of an ended order that found no wallet, out of the drawer."""
    payment_id = await desk.database.write(pay_out, order_id, desk.canteen.id, now=desk.now, actor=desk.actor.ref)
    return Redirect(f"/staff/receipt/{payment_id}", status_code=303)


def _ask(desk: StaffDesk, shown: Receipt, *, refusal: Refused | None = None, typed: str = "") -> Template:
    return desk.page(
        "undo_payment",
        status_code=refusal.status if refusal else 200,
        receipt=shown,
        reasons=PAYMENT_UNDO_REASONS,
        refusal=refusal,
        typed=typed,
    )
