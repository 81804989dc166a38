"""P2: dishes of any meal of the week tile by tile, then the check of lines, clashes and the one sum, then the order."""

from dataclasses import replace
from datetime import date
from urllib.parse import urlencode
from uuid import uuid4

from litestar import get, post
from litestar.di import NamedDependency

from canteen.readmodels.counter_order import CounterOrder
from canteen.readmodels.phone_basket import phone_basket
from canteen.readmodels.phone_menu import phone_choice
from canteen.usecases.place_order import PlaceOrder
from canteen.web import basket
from canteen.web.errors import problem_of
from canteen.web.forms import Form
from canteen.web.resident.desk import Answer, PhoneDesk, day_in
from canteen.web.resident.today import show_home
from canteen.web.security import TriesByAddress
from menus.service_days import MealPeriod

MOST_FEN = 999_999_999


@get("/menu")
async def menu(desk: NamedDependency[PhoneDesk]) -> Answer:
    """`?day=2026-11-24&meal=lunch`. List prices on the tiles, no sums beside them."""
    query = desk.request.query_params
    return await _menu(desk, day_in(query.get("day", "")), query.get("meal", ""))


async def _menu(desk: PhoneDesk, day: date | None, meal: str, error: Exception | None = None) -> Answer:
    shown = await desk.database.read(phone_choice, desk.canteen.id, day, meal, desk.now)
    counts: dict[int, int] = {}
    on_menu = {item.id for item in shown.meal.menu.items} if shown.meal is not None else set()
    for key, count in desk.stay.lines.items():
        number = int(key.removesuffix("h"))
        if number in on_menu:
            counts[number] = counts.get(number, 0) + count
    groups = []
    if shown.meal is not None:
        groups = [("sets", shown.meal.sets)] + [
            (course, tuple(item for item in shown.meal.dishes if item.course in kinds))
            for course, kinds in basket.COURSES.items()
        ]
    full = len(counts) >= basket.MOST_LINES
    can_order = desk.may_order and shown.can_order
    return desk.page(
        "choose",
        error=error,
        shown=shown,
        counts=counts,
        groups=[(name, items) for name, items in groups if items],
        full=full,
        can_order=can_order,
    )


@post("/menu", status_code=303)
async def choose(form: NamedDependency[Form], desk: NamedDependency[PhoneDesk]) -> Answer:
    """One tile was pressed: one more of it, and back to where it stood on the page."""
    if not desk.may_order:
        return desk.to("/signin")
    key = form.raw("add")
    if key.isascii() and key.isdigit() and len(key) < 10:
        here = {name.removesuffix("h") for name in form.raw("on_menu").split()[:200]}
        chosen = sum(name.removesuffix("h") in here for name in desk.stay.lines)
        if key in desk.stay.lines or chosen < basket.MOST_LINES:
            await desk.keep(replace(desk.stay, lines=basket.stepped(_of_late(desk), f"{key}:more")))
    else:
        key = ""
    return desk.to(f"/menu{_at(form)}{f'#dish-{key}' if key else ''}")


def _of_late(desk: PhoneDesk) -> dict[str, int]:
    """What was chosen for days gone by falls out of the basket in the end: the newest forty lines stay."""
    return dict(list(desk.stay.lines.items())[-40:])


def _at(form: Form) -> str:
    day, meal = day_in(form.raw("day")), form.raw("meal")
    if day is None or meal not in set(MealPeriod):
        return ""
    return "?" + urlencode({"day": day.isoformat(), "meal": meal})


async def _basket(desk: PhoneDesk, day: date, meal: str) -> CounterOrder:
    return await desk.database.read(
        phone_basket,
        desk.canteen.id,
        desk.stay.resident_id,
        desk.stay.diner_id,
        desk.stay.lines,
        day=day,
        meal=meal,
        now=desk.now,
        sealer=desk.sealer,
        examples_decide=desk.settings.demo,
    )


async def _check(desk: PhoneDesk, day: date | None, meal: str, error: Exception | None = None) -> Answer:
    if day is None:
        return desk.to("/menu")
    try:
        order = await _basket(desk, day, meal)
    except Exception as refused:  # past the cut-off, or no such meal: the menu says so, and what still can be had
        if problem_of(refused) is None:
            raise
        return await _menu(desk, None, "", error or refused)
    if not order.lines and error is not None:
        return await _menu(desk, day, meal, error)
    if not order.lines:
        return desk.to(f"/menu?{urlencode({'day': day.isoformat(), 'meal': meal, 'note': 'nothing'})}")
    gone = tuple(line.item for line in order.lines if line.item.sold_out)
    return desk.page("check", error=error, order=order, gone=gone, written=basket.written(order.wish))


@get("/check")
async def check(desk: NamedDependency[PhoneDesk]) -> Answer:
    """Lines with ±, half portions, what clashes in words, what is to be paid and how."""
    query = desk.request.query_params
    if not desk.may_order:
        return desk.to("/signin")
    return await _check(desk, day_in(query.get("day", "")), query.get("meal", ""))


@post("/check", status_code=303)
async def change_line(form: NamedDependency[Form], desk: NamedDependency[PhoneDesk]) -> Answer:
    """One press of ± or 半份."""
    if not desk.may_order:
        return desk.to("/signin")
    step = form.raw("step")
    if step.partition(":")[0] in desk.stay.lines:
        await desk.keep(replace(desk.stay, lines=basket.stepped(desk.stay.lines, step)))
    return desk.to(f"/check{_at(form)}")


@post("/order", status_code=200)
async def order(
    form: NamedDependency[Form], desk: NamedDependency[PhoneDesk], guest_orders: NamedDependency[TriesByAddress]
) -> Answer:
    """就点这个 or 确定. A price that changed or a dish that ran out shows the page again, nothing lost."""
    own = desk.stay.resident_id
    if not desk.may_order or desk.visit is None:
        return desk.to("/signin")
    day, meal, from_home = day_in(form.raw("day")), form.raw("meal"), form.raw("from") == "home"
    if day is None:
        return desk.to("/menu")
    lines = basket.read(form.raw("lines"))
    diner = (form.text("diner", most=40, required=False) or own) if own is not None else None
    request = PlaceOrder(
        desk.canteen.id,
        day,
        meal,
        diner,
        lines,
        "wallet" if form.raw("method") == "wallet" and own is not None else "cash",
        "phone",
        form.text("key", most=64, required=False) or uuid4().hex,
        expected_self_pay_fen=form.whole("expected_self_pay_fen", 0, MOST_FEN, otherwise=0),
        clashes_seen=form.raw("clashes_seen") == "1",
        fetcher_id=own if diner != own else None,
    )
    try:
        if own is None:
            guest_orders.note(desk.request.client.host if desk.request.client else "")
        placed = await desk.orderer().order(request)
    except Exception as error:
        if problem_of(error) is None:
            raise
        return await (show_home(desk, error) if from_home and own else _check(desk, day, meal, error))
    ordered = {f"{line.item_id}{'h' if line.portion == 'half' else ''}" for line in lines} if not from_home else set()
    left = {key: count for key, count in desk.stay.lines.items() if key not in ordered}
    known = desk.stay.placed
    if own is None and placed.id not in known:
        known = (*known, placed.id)[-20:]
    await desk.keep(replace(desk.stay, lines=left, placed=known))
    desk.tell("orders", "menu")
    return desk.to(f"/orders/{placed.id}?note=placed")
