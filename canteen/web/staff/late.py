"""After an outage: the manager enters from paper what was served today without the system."""

from dataclasses import dataclass
from uuid import uuid4

from litestar import get, post
from litestar.di import NamedDependency
from litestar.response import Template

from canteen.orders.errors import EmptyOrder
from canteen.people.models import Role
from canteen.pickup.errors import AlreadyCollected
from canteen.readmodels.day_menu import day_menu
from canteen.readmodels.handover_list import ListLine, day_list
from canteen.readmodels.order_days import OrderMeal, meals_begun
from canteen.readmodels.quote import LineWish
from canteen.readmodels.window import FoundDiner, find_diners
from canteen.usecases.enter_late import Entered, LateMeal, enter_late
from canteen.web.errors import problem_of
from canteen.web.forms import Form
from canteen.web.security import require
from canteen.web.staff.desk import Refused, StaffDesk
from canteen.web.staff.typed import LATE_REASONS, late_reason

MANAGER = require(Role.MANAGER)
ROWS = 6
METHODS = ("cash", "later", "wallet")
LONGEST_BATCH = 60
"""Rows one press may carry: each is a transaction of its own."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the paper list as it stands on the page. `found`: several people fit what was typed."""

    key: str
    order_id: str = ""
    who: str = ""
    pick: str = ""
    guest: bool = False
    item: str = ""
    count: str = "1"
    method: str = "cash"
    another: bool = False
    may_insist: bool = False
    found: tuple[FoundDiner, ...] = ()
    wrong: str = ""
    refusal: Refused | None = None

    @property
    def is_blank(self) -> bool:
        """Nothing was typed: it is left alone."""
        return not (self.order_id or self.who or self.guest)


def _blank() -> Row:
    return Row(uuid4().hex)


@get("/late", guards=[MANAGER])
async def late(desk: NamedDependency[StaffDesk]) -> Template:
    """`?meal=` one of today's meals that have begun, the latest without."""
    return await _show(desk, desk.request.query_params.get("meal", ""), [])


@post("/late", guards=[MANAGER], status_code=200)
async def enter(form: NamedDependency[Form], desk: NamedDependency[StaffDesk]) -> Template:
    """Each row by itself: what went in is listed, what did not stays as it was typed, with the reason beside it."""
    meal, reason = form.raw("meal"), late_reason(form)
    rows = [row for row in _rows(form) if not row.is_blank]
    if not reason or not rows:
        form.refuse(
            "reason_text" if not reason else "rows", "staff.late.no-reason" if not reason else "staff.late.no-rows"
        )
        return await _show(desk, meal, rows, form=form)
    begun = await desk.database.read(meals_begun, desk.canteen.id, desk.now)
    chosen = next((one for one in begun if one.meal == meal), None)
    done: list[Entered] = []
    left: list[Row] = []
    for row in rows:
        after = await _enter(desk, row, chosen, reason)
        if isinstance(after, Entered):
            done.append(after)
        else:
            left.append(after)
    if done:
        await desk.tell("orders", "menu")
    return await _show(desk, meal, left, form=form, done=done)


def _rows(form: Form) -> list[Row]:
    found = []
    for name, key in list(form.numbered("row-").items())[:LONGEST_BATCH]:
        order_id = form.raw(f"order-{name}")
        if order_id and form.raw(f"eaten-{name}") != "1":
            continue
        method = form.raw(f"method-{name}")
        found.append(
            Row(
                key[:64],
                order_id,
                form.text(f"who-{name}", most=64, required=False),
                form.raw(f"pick-{name}"),
                form.raw(f"guest-{name}") == "1",
                form.raw(f"item-{name}"),
                form.raw(f"count-{name}") or "1",
                method if method in METHODS else "cash",
                form.raw(f"another-{name}") == "1",
            )
        )
    return found


async def _enter(desk: StaffDesk, row: Row, meal: OrderMeal | None, reason: str) -> Entered | Row:
    """Enter one row; gives it back with what is wrong when it cannot be."""
    resident_id: str | None = None
    if not row.guest and not row.order_id:
        people = await desk.database.read(find_diners, row.who, sealer=desk.sealer)
        picked = [one for one in people if one.resident_id == row.pick] or list(people)
        if len(picked) != 1:
            return _with(row, wrong="staff.late.several" if people else "staff.late.nobody", found=people)
        resident_id = picked[0].resident_id
    if meal is None:
        return _with(row, wrong="staff.late.no-meal")
    if not (row.count.isascii() and row.count.isdigit() and len(row.count) <= 2):
        return _with(row, wrong="forms.number")
    lines = (LineWish(int(row.item), int(row.count)),) if row.item.isascii() and row.item.isdigit() else ()
    wish = LateMeal(
        desk.canteen.id,
        meal.day,
        meal.meal.value,
        resident_id,
        lines,
        row.method,
        reason,
        row.key,
        row.order_id or None,
        row.another,
    )
    try:
        return await desk.database.write(
            enter_late,
            wish,
            now=desk.now,
            actor=desk.actor.ref,
            actor_name=desk.actor.name,
            sealer=desk.sealer,
            examples_decide=desk.examples_decide,
        )
    except EmptyOrder:
        return _with(row, wrong="staff.late.no-dish")
    except Exception as error:
        if problem_of(error) is None:
            raise
        return _with(row, refusal=desk.refused(error), may_insist=isinstance(error, AlreadyCollected))


def _with(
    row: Row,
    *,
    wrong: str = "",
    found: tuple[FoundDiner, ...] = (),
    refusal: Refused | None = None,
    may_insist: bool = False,
) -> Row:
    return Row(
        row.key,
        row.order_id,
        row.who,
        row.pick,
        row.guest,
        row.item,
        row.count,
        row.method,
        row.another,
        may_insist,
        found,
        wrong,
        refusal,
    )


async def _show(
    desk: StaffDesk, meal: str, rows: list[Row], *, form: Form | None = None, done: list[Entered] | None = None
) -> Template:
    begun = await desk.database.read(meals_begun, desk.canteen.id, desk.now)
    chosen = next((one for one in begun if one.meal == meal), begun[0] if begun else None)
    waiting: tuple[ListLine, ...] = ()
    menu = None
    if chosen is not None:
        menu = await desk.database.read(day_menu, desk.canteen.id, chosen.day, chosen.meal)
        listed = await desk.database.read(day_list, desk.canteen.id, chosen.day, chosen.meal)
        waiting = tuple(line for line in listed if not line.is_collected)
    typed = {row.order_id: row for row in rows if row.order_id}
    free = [row for row in rows if not row.order_id]
    return desk.page(
        "late",
        status_code=422 if rows else 200,
        meals=begun,
        chosen=chosen,
        menu=menu,
        waiting=[(line, typed.get(line.order_id) or Row(uuid4().hex, line.order_id)) for line in waiting],
        ticked=frozenset(typed),
        rows=[*free, *(_blank() for _ in range(max(2, ROWS - len(free))))],
        methods=METHODS,
        reasons=LATE_REASONS,
        reason=form.raw("reason") if form else "",
        reason_text=form.raw("reason_text") if form else "",
        wrong=form.errors if form else {},
        done=done or [],
    )
