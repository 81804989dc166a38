"""S7, stored value at the counter: top up, pay back in cash, and the second person's yes above the limit."""

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from canteen.people.models import Role
from canteen.readmodels.wallet_page import wallet_page
from canteen.usecases.decide_refund import decide_refund
from canteen.usecases.refund_wallet import RefundWish, refund_wallet
from canteen.usecases.top_up_wallet import top_up_wallet
from canteen.web.errors import problem_of
from canteen.web.forms import Form
from canteen.web.front import local_path
from canteen.web.staff.desk import Refused, StaffDesk
from canteen.web.staff.typed import LONGEST_REASON
from canteen.web.staff.window import diner_of, is_in_place, show

Answer = Response[None] | Template
AMOUNTS_FEN = (5_000, 10_000, 20_000)
_TYPED = ("amount", "refund", "kind", "reason_text", "payee")


async def _show(desk: StaffDesk, who: str, *, form: Form | None = None, refusal: Refused | None = None) -> Template:
    shown = await desk.database.read(wallet_page, desk.canteen.id, who, now=desk.now)
    wrong = form.errors if form else {}
    kept: dict[str, object] = {"key": form.raw("key")} if form and form.raw("key") else {}
    status = refusal.status if refusal else 422 if wrong else 200
    entered = {name: form.raw(name) if form else "" for name in _TYPED}
    if is_in_place(desk):
        return await show(
            desk,
            status_code=status,
            refusal=refusal,
            wallet=shown,
            amounts=AMOUNTS_FEN,
            entered=entered,
            wrong=wrong,
        )
    return desk.page(
        "wallet",
        status_code=status,
        wallet=shown,
        me=desk.actor.ref,
        amounts=AMOUNTS_FEN,
        entered=entered,
        wrong=wrong,
        refusal=refusal,
        is_refund=form is not None and "kind" in form,
        done=desk.request.query_params.get("done", "") if form is None else "",
        done_payment=desk.request.query_params.get("payment", "") if form is None else "",
        **kept,
    )


@get("/wallet")
async def wallet(desk: NamedDependency[StaffDesk]) -> Template:
    """`?who=` a resident found at the window, where the top-up alone is asked in place."""
    return await _show(desk, desk.request.query_params.get("who", ""))


@post("/wallet/top-up", status_code=200)
async def top_up(form: NamedDependency[Form], desk: NamedDependency[StaffDesk]) -> Answer:
    """Cash into the drawer, stored value onto the card; a doubled press takes it once."""
    who, key = form.raw("who"), form.raw("key")
    ticked = form.raw("fen")
    fen = int(ticked) if ticked in {str(amount) for amount in AMOUNTS_FEN} else form.fen("amount")
    if form.errors:
        return await _show(desk, who, form=form)
    try:
        done = await desk.database.write(
            top_up_wallet, who, desk.canteen.id, fen=fen, now=desk.now, actor=desk.actor.ref, key=key
        )
    except Exception as error:
        if problem_of(error) is None:
            raise
        return await _show(desk, who, form=form, refusal=desk.refused(error))
    if is_in_place(desk):  # whoever was short may be served now
        return await show(desk, diner=await diner_of(desk, who), done="topped-up", payment=done.payment_id)
    return Redirect(f"/staff/wallet?who={who}&done=topped-up&payment={done.payment_id}", status_code=303)


@post("/wallet/refund", status_code=200)
async def refund(form: NamedDependency[Form], desk: NamedDependency[StaffDesk]) -> Answer:
    """Cash out of the drawer, at once or after a second person; `all` gives everything back."""
    who = form.raw("who")
    whole = form.raw("all")
    fen = int(whole) if whole.isascii() and whole.isdigit() and len(whole) <= 9 else form.fen("refund")
    wish = RefundWish(
        desk.canteen.id,
        who,
        fen,
        form.raw("kind"),
        form.text("reason_text", most=LONGEST_REASON, required=False),
        form.text("payee", most=40, required=False),
        f"refund {form.raw('key')}"[:128],
    )
    if form.errors:
        return await _show(desk, who, form=form)
    try:
        done = await desk.database.write(
            refund_wallet, wish, now=desk.now, actor=desk.actor.ref, actor_name=desk.actor.name
        )
    except Exception as error:
        if problem_of(error) is None:
            raise
        return await _show(desk, who, form=form, refusal=desk.refused(error))
    if done.payment_id is None:
        return Redirect(f"/staff/wallet?who={who}&done=waiting", status_code=303)
    return Redirect(f"/staff/wallet?who={who}&done=refunded&payment={done.payment_id}", status_code=303)


@post("/refunds/{refund_id:str}", status_code=303)
async def decide(
    refund_id: FromPath[str], form: NamedDependency[Form], desk: NamedDependency[StaffDesk]
) -> Response[None]:
    """`do`: pay, by a second person; or withdraw."""
    done = await desk.database.write(
        decide_refund,
        refund_id,
        desk.canteen.id,
        agreed=form.raw("do") == "pay",
        now=desk.now,
        actor=desk.actor.ref,
        actor_name=desk.actor.name,
        is_manager=desk.actor.role == Role.MANAGER,
    )
    if done.payment_id:
        return Redirect(
            f"/staff/wallet?who={done.resident_id}&done=refunded&payment={done.payment_id}", status_code=303
        )
    return Redirect(local_path(form.raw("back"), f"/staff/wallet?who={done.resident_id}"), status_code=303)
