"""The tap: a card, a code, a number or a name finds or makes today's order, charges it and hands it over."""

from dataclasses import dataclass, replace

from litestar import Response, post
from litestar.di import NamedDependency
from litestar.response import Redirect, Template

from canteen.orders import idempotency
from canteen.orders.errors import NotPaid, SubstitutionOpen
from canteen.people import cards
from canteen.people.errors import CardStopped, CardUnknown
from canteen.readmodels.quote import LineWish
from canteen.readmodels.window import find_diners
from canteen.readmodels.window_choices import window_choices
from canteen.usecases.collect_meal import HandOver, collect_meal
from canteen.usecases.sell_at_window import WindowSale
from canteen.web.errors import problem_of
from canteen.web.forms import Form
from canteen.web.staff.desk import StaffDesk
from canteen.web.staff.selling import sold
from canteen.web.staff.typed import is_person, is_tail, is_ticket, later_reason
from canteen.web.staff.window import diner_of, is_in_place, show, show_order

Answer = Response[None] | Template
REFUSED = 409
LONGEST_KEY = 64


@dataclass(frozen=True, slots=True)
class Tap:
    """What was sent. `who`: a resident already found; `item`: what staff chose for them; `key`: the same tap, sent again."""

    typed: str
    who: str
    item_id: int | None
    expected_fen: int | None
    key: str
    another: bool
    """A second meal on purpose."""


def _read(form: Form) -> Tap:
    item = form.raw("item")
    chosen = int(item) if item.isascii() and item.isdigit() and len(item) <= 9 else None
    return Tap(
        form.text("text", most=64, required=False),
        form.raw("who"),
        chosen,
        form.whole("expected_self_pay_fen", 0, 999_999, otherwise=0) if chosen is not None else None,
        form.raw("key")[:LONGEST_KEY],
        form.raw("another") == "1",
    )


@post("/tap", status_code=200)
async def tap(form: NamedDependency[Form], desk: NamedDependency[StaffDesk]) -> Answer:
    """Whatever was scanned or typed. A tap whose answer got lost on the way is sent again and gets that answer."""
    asked = _read(form)
    try:
        if again := await _answered_before(desk, asked.key):
            return await _served(desk, again)
        if choose := form.raw("choose"):
            return await _choose(desk, None if choose == "guest" else choose, another=asked.another)
        if asked.who:
            return await _serve_diner(desk, asked.who, asked)
        if not asked.typed:
            return await show(desk)
        if is_ticket(asked.typed):
            return await _hand_over(desk, HandOver(asked.typed, desk.canteen.id, device_id=desk.device_id), asked.key)
        if is_person(asked.typed):
            found = await desk.database.read(find_diners, asked.typed, sealer=desk.sealer)
            return await show(desk, found=found, typed=asked.typed)
        card = await desk.database.read(cards.find_active, asked.typed)
        return await _serve_diner(desk, card.resident_id, asked)
    except CardUnknown as unknown:
        found = await desk.database.read(find_diners, asked.typed, sealer=desk.sealer) if is_tail(asked.typed) else ()
        refusal = None if found else desk.refused(unknown)
        return await show(
            desk, status_code=200 if found else 404, found=found or None, refusal=refusal, typed=asked.typed
        )
    except Exception as error:
        if problem_of(error) is None:
            raise
        return await _refused(desk, error, asked.typed)


@post("/serve", status_code=200)
async def serve(form: NamedDependency[Form], desk: NamedDependency[StaffDesk]) -> Answer:
    """The second tap: cash, or eat now and pay later, or after all from the card. `guest=1`: nobody on the roll, cash."""
    asked, number, method = _read(form), form.raw("number"), form.raw("method")
    is_guest = form.raw("guest") == "1" and asked.item_id is not None
    reason = later_reason(form)
    try:
        if again := await _answered_before(desk, asked.key):
            return await _served(desk, again)
        if not asked.who and not is_guest:
            take = HandOver(number, desk.canteen.id, take_cash=method == "cash", device_id=desk.device_id)
            return await _hand_over(desk, replace(take, later_reason=reason if method == "later" else ""), asked.key)
        sale = WindowSale(
            desk.canteen.id,
            None if is_guest else asked.who,
            () if asked.item_id is None else (LineWish(asked.item_id),),
            "cash" if is_guest else method,
            later_reason=reason,
            another=asked.another,
            expected_self_pay_fen=asked.expected_fen,
            device_id=desk.device_id,
            key=asked.key,
            clashes_seen=form.raw("clashes_seen") == "1",
        )
        return await _served(desk, (await sold(desk, sale)).order.id)
    except Exception as error:
        if problem_of(error) is None:
            raise
        if is_guest:
            return await _choose(desk, None, error)
        if not asked.who:
            return await _refused(desk, error, number)
        diner = await diner_of(desk, asked.who, asked.item_id, another=asked.another)
        refusal = desk.refused(error)
        return await show(desk, status_code=refusal.status, diner=diner, refusal=refusal, another=asked.another)


async def _answered_before(desk: StaffDesk, key: str) -> str | None:
    return await desk.database.read(idempotency.order_of, desk.actor.ref, key) if key else None


async def _served(desk: StaffDesk, order_id: str) -> Answer:
    """In place at once; else the page again by its own address, so that reloading it sells nothing."""
    if is_in_place(desk):
        return await show_order(desk, order_id, "served")
    return Redirect(f"/staff?served={order_id}", status_code=303)


async def _serve_diner(desk: StaffDesk, resident_id: str, asked: Tap) -> Answer:
    """Done at once when nothing has to be asked; else one question."""
    at = await desk.meal()
    diner = await diner_of(desk, resident_id, asked.item_id, another=asked.another)
    pays_itself = diner.wallet_suffices if diner.waiting is None else diner.waiting.owed_fen == 0
    lines = (LineWish(diner.usual.id),) if diner.usual else ()
    to_ask = diner.taken or diner.clashes or diner.replaced or diner.question or not at.handing_over or not pays_itself
    if to_ask or not (lines or diner.waiting):
        return await show(desk, status_code=REFUSED if diner.taken else 200, diner=diner, another=asked.another)
    shown_fen = diner.pay_fen if asked.item_id is None else asked.expected_fen
    sale = WindowSale(
        desk.canteen.id,
        resident_id,
        lines,
        "wallet",
        another=asked.another,
        expected_self_pay_fen=None if diner.waiting else shown_fen,
        device_id=desk.device_id,
        key=asked.key,
    )
    return await _served(desk, (await sold(desk, sale)).order.id)


async def _choose(
    desk: StaffDesk, resident_id: str | None, error: Exception | None = None, *, another: bool = False
) -> Template:
    """Set meals with their price, one press each; `error` is why the last press sold nothing."""
    choices = await desk.database.read(
        window_choices,
        desk.canteen.id,
        resident_id,
        await desk.meal(),
        now=desk.now,
        sealer=desk.sealer,
        examples_decide=desk.examples_decide,
    )
    refusal = None if error is None else desk.refused(error)
    return await show(
        desk, status_code=refusal.status if refusal else 200, choices=choices, refusal=refusal, another=another
    )


async def _hand_over(desk: StaffDesk, request: HandOver, key: str) -> Answer:
    tray = await desk.database.write(
        collect_meal,
        replace(request, key=key),
        now=desk.now,
        actor=desk.actor.ref,
        actor_name=desk.actor.name,
        sealer=desk.sealer,
    )
    await desk.tell("orders")
    return await _served(desk, tray.order.id)


async def _refused(desk: StaffDesk, error: Exception, typed: str) -> Template:
    """A refusal on the same page; money owed and a dish gone are questions, and a stopped card leads to its owner."""
    if isinstance(error, NotPaid):
        return await show(desk, status_code=REFUSED, owed=await desk.own_tray(str(error.data["order"])), typed=typed)
    refusal = desk.refused(error)
    if isinstance(error, SubstitutionOpen):  # the question itself, to be answered here
        tray = await desk.own_tray(str(error.data["order"]))
        if tray.resident_id:
            return await show(
                desk, status_code=refusal.status, diner=await diner_of(desk, tray.resident_id), typed=typed
            )
    if isinstance(error, CardStopped) and error.resident_id:
        owner = await diner_of(desk, error.resident_id)
        return await show(desk, status_code=refusal.status, refusal=refusal, diner=owner, typed=typed)
    return await show(desk, status_code=refusal.status, refusal=refusal, typed=typed)
