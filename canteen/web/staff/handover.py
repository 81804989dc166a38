"""S2, hand-over: one scan and it is done. The result fills the screen; the next scan may interrupt it."""

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect, Template

from canteen.orders.errors import NotPaid
from canteen.readmodels.handover_list import Tray, last_handed_over, meal_counts
from canteen.usecases.collect_meal import HandOver, collect_meal
from canteen.web.errors import problem_of
from canteen.web.forms import Form
from canteen.web.staff.desk import Refused, StaffDesk
from canteen.web.staff.typed import is_person, later_reason
from menus.service_days import business_day

Answer = Response[None] | Template
AMBER = frozenset(
    {"pickup.other-canteen", "pickup.other-meal", "pickup.ambiguous", "pickup.no-meal-now", "payments.due-open"}
)
"""Refusals where somebody only has to go elsewhere or say more; the others are red."""


async def _show(
    desk: StaffDesk,
    *,
    status_code: int = 200,
    tray: Tray | None = None,
    kind: str = "",
    refusal: Refused | None = None,
    typed: str = "",
) -> Template:
    at = await desk.meal()
    return desk.page(
        "handover",
        status_code=status_code,
        meal=at,
        counts=await desk.database.read(meal_counts, desk.canteen.id, at.day, at.meal),
        calls=await desk.calls(),
        last=await desk.database.read(last_handed_over, desk.canteen.id, business_day(desk.now)),
        tray=tray,
        kind=kind,
        refusal=refusal,
        typed=typed,
    )


@get("/handover")
async def handover(desk: NamedDependency[StaffDesk]) -> Template:
    """Waits for a scan; `?served=` is the result of the last one."""
    served = desk.request.query_params.get("served")
    if not served:
        return await _show(desk)
    tray = await desk.own_tray(served)
    return await _show(desk, tray=tray, kind="ok" if tray.status == "collected" else "")


@post("/handover", status_code=200)
async def hand_over(form: NamedDependency[Form], desk: NamedDependency[StaffDesk]) -> Answer:
    """Code, card or number. `method`: nothing for a scan, `cash` or `later` for the tap that follows."""
    typed = form.text("text", most=64, required=False)
    if not typed or is_person(typed):
        return await _show(desk, kind="name" if typed else "", typed=typed, status_code=422 if typed else 200)
    method = form.raw("method")
    request = HandOver(
        typed,
        desk.canteen.id,
        take_cash=method == "cash",
        later_reason=later_reason(form) if method == "later" else "",
        device_id=desk.device_id,
    )
    try:
        done = await desk.database.write(
            collect_meal, request, now=desk.now, actor=desk.actor.ref, actor_name=desk.actor.name, sealer=desk.sealer
        )
    except NotPaid as unpaid:
        tray = await desk.own_tray(str(unpaid.data["order"]))
        return await _show(desk, status_code=409, tray=tray, kind="owed", typed=typed)
    except Exception as error:
        if problem_of(error) is None:
            raise
        refusal = desk.refused(error)
        kind = "warn" if refusal.code in AMBER else "error"
        return await _show(desk, status_code=refusal.status, kind=kind, refusal=refusal, typed=typed)
    await desk.tell("orders")
    return Redirect(f"/staff/handover?served={done.order.id}", status_code=303)
