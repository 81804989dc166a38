"""S3, the counter: choose dishes for somebody, then serve at once or keep the order for later (telephone)."""

from collections.abc import Mapping

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect, Template

from canteen.readmodels.counter_order import CounterOrder, counter_order
from canteen.readmodels.order_days import OrderMeal, meal_wanted, order_meals
from canteen.readmodels.quote import MOST_OF_A_KIND
from canteen.readmodels.window import MealNow
from canteen.usecases.place_order import PlaceOrder, place_order
from canteen.usecases.sell_at_window import WindowSale
from canteen.usecases.steps.collecting import AROUND_MEAL
from canteen.web.errors import problem_of
from canteen.web.forms import Form
from canteen.web.staff.desk import Refused, StaffDesk
from canteen.web.staff.selling import sell
from canteen.web.staff.typed import later_reason

Answer = Response[None] | Template
LARGEST_BASKET = 40
_DIGITS = frozenset("0123456789")


def read_basket(form: Form) -> dict[str, int]:
    """The quantities the page carries, after the one press of a tile, − or + that sent it."""
    basket = {
        key: int(text)
        for key, text in list(form.numbered("quantity-").items())[:LARGEST_BASKET]
        if text.isascii() and text.isdigit() and len(text) <= 4 and _is_key(key)
    }
    added = form.raw("add")
    if _is_key(added):
        basket[added] = basket.get(added, 0) + 1
    key, _, step = form.raw("step").partition(":")
    if key in basket and step in {"less", "more"}:
        basket[key] += 1 if step == "more" else -1
    return {key: min(count, MOST_OF_A_KIND) for key, count in basket.items() if count > 0}


def _is_key(text: str) -> bool:
    digits = text.removesuffix("h")
    return 0 < len(digits) <= 9 and set(digits) <= _DIGITS


@get("/counter")
async def counter(desk: NamedDependency[StaffDesk]) -> Answer:
    """`?who=` a resident, nothing for a guest; `?usual=1` begins with the usual meal; `?phone=1` shows the coming days,
    `?day=` and `?meal=` one of them."""
    query = desk.request.query_params
    who = query.get("who") or None
    at = await _meal(desk, query.get("day", ""), query.get("meal", ""))
    try:
        order = await _order(desk, who, {}, at)
        if who and order.usual_id is not None and query.get("usual"):
            order = await _order(desk, who, {str(order.usual_id): 1}, at)
    except Exception as error:
        if problem_of(error) is None:
            raise
        return _stopped(desk, desk.refused(error))
    return await _show(desk, order, at, by_phone=bool(query.get("phone")))


@post("/counter", status_code=200)
async def counter_press(form: NamedDependency[Form], desk: NamedDependency[StaffDesk]) -> Answer:
    """Every press carries the whole order with it, so the page works without scripts and nothing is kept in between."""
    who = form.raw("who") or None
    at = await _meal(desk, form.raw("day"), form.raw("meal"))
    by_phone = form.raw("phone") == "1"
    basket = read_basket(form)
    seen = form.raw("clashes_seen") == "1" and "add" not in form
    try:
        order = await _order(desk, who, basket, at)
    except Exception as error:
        if problem_of(error) is None:
            raise
        return _stopped(desk, desk.refused(error))
    action = form.raw("do")
    allergic = any(clash.kind == "allergy" for clash in order.clashes)
    if not order.lines or not action or (allergic and not seen):
        return await _show(desk, order, at, seen=seen, form=form, by_phone=by_phone)
    try:
        return await _finish(desk, form, order, at, action, seen=seen)
    except Exception as error:
        if problem_of(error) is None:
            raise
        fresh = await _order(desk, who, basket, at)
        return await _show(desk, fresh, at, seen=seen, form=form, refusal=desk.refused(error), by_phone=by_phone)


async def _finish(
    desk: StaffDesk, form: Form, order: CounterOrder, at: MealNow, action: str, *, seen: bool
) -> Response[None]:
    expected = form.whole("expected_self_pay_fen", 0, 999_999_999, otherwise=order.pay_fen or 0)
    if action in {"phone", "phone-wallet"} or not at.handing_over:
        placed = await desk.database.write(
            place_order,
            PlaceOrder(
                desk.canteen.id,
                at.day,
                at.meal.value,
                order.resident_id,
                order.wish,
                "wallet" if action in {"wallet", "phone-wallet"} else "cash",
                "counter",
                form.raw("key"),
                expected_self_pay_fen=expected,
                clashes_seen=seen,
            ),
            now=desk.now,
            actor=desk.actor.ref,
            sealer=desk.sealer,
            examples_decide=desk.examples_decide,
            device_id=desk.device_id,
        )
        await desk.tell("orders", "menu")
        return Redirect(f"/staff/ordered/{placed.id}", status_code=303)
    sale = WindowSale(
        desk.canteen.id,
        order.resident_id,
        order.wish,
        action,
        later_reason=later_reason(form),
        another=True,
        expected_self_pay_fen=expected,
        device_id=desk.device_id,
        key=form.raw("key"),
        clashes_seen=seen,
    )
    return await sell(desk, sale)


async def _order(desk: StaffDesk, who: str | None, basket: Mapping[str, int], at: MealNow) -> CounterOrder:
    return await desk.database.read(
        counter_order,
        desk.canteen.id,
        who,
        basket,
        at,
        now=desk.now,
        sealer=desk.sealer,
        examples_decide=desk.examples_decide,
    )


async def _meal(desk: StaffDesk, day: str, meal: str) -> MealNow:
    return await desk.database.read(meal_wanted, desk.canteen.id, day, meal, desk.now, around=AROUND_MEAL)


async def _show(
    desk: StaffDesk,
    order: CounterOrder,
    at: MealNow,
    *,
    seen: bool = False,
    form: Form | None = None,
    refusal: Refused | None = None,
    by_phone: bool = False,
) -> Template:
    meals: tuple[OrderMeal, ...] = ()
    if by_phone or not at.handing_over:
        meals = await desk.database.read(order_meals, desk.canteen.id, desk.canteen.kitchen_id, desk.now)
    kept: dict[str, object] = {} if form is None or not form.raw("key") else {"key": form.raw("key")}
    return desk.page(
        "counter",
        status_code=refusal.status if refusal else 200,
        order=order,
        meal=at,
        meals=meals,
        by_phone=by_phone,
        calls=await desk.calls(),
        clashes_seen=seen,
        refusal=refusal,
        reason=form.raw("reason") if form else "",
        reason_text=form.raw("reason_text") if form else "",
        **kept,
    )


def _stopped(desk: StaffDesk, refusal: Refused) -> Template:
    return desk.page("stopped", status_code=refusal.status, refusal=refusal, back="/staff", here="window")
