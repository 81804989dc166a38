"""One meal's plan in detail: which dishes a set meal has that day, and which lines get more portions during the meal."""

from datetime import date, datetime, time
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect, Template

from canteen.people.models import Role
from canteen.readmodels.food_book import FoodFilter, FoodLine, all_dishes, set_list
from canteen.readmodels.menu_admin import PlanLine, PlannedMenu, planned_menu
from canteen.sites import hours
from canteen.usecases.plan_menu import MenuPlan, plan_menu
from canteen.usecases.plan_top_up import MenuOf, MorePortions, NoMore, plan_top_up
from canteen.web.errors import problem_of
from canteen.web.forms import Form
from canteen.web.security import require
from canteen.web.staff.desk import Refused, StaffDesk
from canteen.web.staff.food_forms import SLOTS
from menus.errors import TopUpRefused
from menus.models import MenuStatus
from menus.planning import PlannedLine
from menus.portions import MOST_PORTIONS
from menus.service_days import MealPeriod, instant

Answer = Response[None] | Template
MANAGER = require(Role.MANAGER)


@get("/menus/{day:str}/{meal:str}/set", guards=[MANAGER])
async def set_on_menu(day: FromPath[str], meal: FromPath[str], desk: NamedDependency[StaffDesk]) -> Template:
    """`?key=` the kind of set meal."""
    return await _show(desk, *which(day, meal), desk.request.query_params.get("key", ""))


@post("/menus/{day:str}/{meal:str}/set", guards=[MANAGER], status_code=200)
async def put_set_on_menu(
    day: FromPath[str], meal: FromPath[str], form: NamedDependency[Form], desk: NamedDependency[StaffDesk]
) -> Answer:
    """The set with these dishes: in place of the line of the same set on a draft, else as a new line."""
    on, period = which(day, meal)
    shown = await desk.database.read(planned_menu, desk.canteen.kitchen_id, on, period)
    kind = await _kind(desk, form.raw("key"))
    parts = tuple(dict.fromkeys(part for place in range(1, SLOTS + 1) if (part := form.raw(f"part-{place}"))))
    portions = form.whole("portions", 1, MOST_PORTIONS)
    if not parts:
        form.refuse("part-1", "forms.slots")
    if form.errors:
        return await _show(desk, on, period, kind.key, form=form)
    line = PlannedLine("set", kind.key, portions, None, parts)
    try:
        await desk.database.write(
            plan_menu,
            MenuPlan(desk.canteen.kitchen_id, on, period, _with(shown, line), shown.recommended_key or kind.key),
            now=desk.now,
            actor=desk.actor.ref,
        )
    except Exception as error:
        if problem_of(error) is None:
            raise
        return await _show(desk, on, period, kind.key, form=form, refusal=desk.refused(error))
    await desk.tell("menu", "orders")
    return Redirect(f"/staff/menus/{day}/{meal}?saved=1", status_code=303)


@post("/menus/{day:str}/{meal:str}/more", guards=[MANAGER], status_code=303)
async def more_portions(
    day: FromPath[str], meal: FromPath[str], form: NamedDependency[Form], desk: NamedDependency[StaffDesk]
) -> Response[None]:
    """「11:30 再加 40 份」: `line` as `set:soft`, `at`, `more`; or `drop` a planned one. What is wrong is told on the plan."""
    on, period = which(day, meal)
    back = f"/staff/menus/{on.isoformat()}/{period}"
    menu = MenuOf(desk.canteen.kitchen_id, on, period)
    if form.raw("drop"):
        number = form.whole("drop", 1, 2**31 - 1)
        dropped = await desk.database.write(plan_top_up, NoMore(menu, number), now=desk.now, actor=desk.actor.ref)
        return Redirect(f"{back}?{'saved' if dropped else 'too-late'}=1#later", status_code=303)
    served = await desk.database.read(hours.meal_hours, desk.canteen.id, on, period)
    kind, _, key = form.raw("line").partition(":")
    at, portions = _moment(on, form.raw("at")), form.whole("more", 1, MOST_PORTIONS)
    wrong = "at" if at is None else "more" if form.errors else ""
    if at is not None and not wrong:
        request = MorePortions(menu, "set" if kind == "set" else "dish", key, at, served.closes_at, portions)
        try:
            await desk.database.write(plan_top_up, request, now=desk.now, actor=desk.actor.ref)
        except TopUpRefused as refused:
            wrong = str(refused.data["field"])
    typed = {"wrong": wrong, **{name: form.raw(name)[:80] for name in ("line", "at", "more")}}
    return Redirect(f"{back}?{urlencode(typed) if wrong else 'saved=1'}#later", status_code=303)


def which(day: str, meal: str) -> tuple[date, MealPeriod]:
    """The meal an address names."""
    try:
        return date.fromisoformat(day), MealPeriod(meal)
    except ValueError:
        raise NotFoundException from None


def _with(shown: PlannedMenu, line: PlannedLine) -> tuple[PlannedLine, ...]:
    before = shown.all_planned()
    same = [(one.kind, one.key) == (line.kind, line.key) for one in before]
    if not any(same):
        sets = sum(1 for one in before if one.kind == "set")
        return (*before[:sets], line, *before[sets:])
    return tuple(line if is_it else one for one, is_it in zip(before, same, strict=True))


async def _kind(desk: StaffDesk, key: str) -> FoodLine:
    found = await desk.database.read(set_list, desk.canteen.kitchen_id, FoodFilter())
    kind = next((line for line in found.lines if line.key == key), None)
    if kind is None:
        raise NotFoundException
    return kind


async def _show(
    desk: StaffDesk,
    on: date,
    period: MealPeriod,
    key: str,
    *,
    form: Form | None = None,
    refusal: Refused | None = None,
) -> Template:
    menu = await desk.database.read(planned_menu, desk.canteen.kitchen_id, on, period)
    kind = await _kind(desk, key)
    line = menu.line(key, "set")
    if menu.status is MenuStatus.CLOSED or (line is not None and menu.status is MenuStatus.PUBLISHED):
        raise NotFoundException  # what people have ordered keeps its dishes
    places = max(len(kind.slots), len(line.part_keys) if line else 0, 1)
    typed = {str(place): _part(form, line, place) for place in range(1, places + 1)}
    wrong = form.errors if form else {}
    return desk.page(
        "menu_set",
        status_code=refusal.status if refusal else 422 if wrong else 200,
        menu=menu,
        kind=kind,
        line=line,
        slots=(*kind.slots, *("",) * (places - len(kind.slots))),
        dishes=await desk.database.read(all_dishes, desk.canteen.kitchen_id),
        typed=typed,
        portions=form.raw("portions") if form else line.portions if line else "",
        wrong=wrong,
        refusal=refusal,
    )


def _part(form: Form | None, line: PlanLine | None, place: int) -> str:
    if form is not None:
        return form.raw(f"part-{place}")
    return line.part_keys[place - 1] if line is not None and place <= len(line.part_keys) else ""


def _moment(on: date, text: str) -> datetime | None:
    try:
        return instant(on, time.fromisoformat(text.strip()))
    except ValueError:
        return None
