"""The day's kitchen counts: made and left typed dish by dish on large number pads, beside what was served."""

from datetime import date, timedelta

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect, Template

from canteen.readmodels.kitchen_counts import MealKitchen, kitchen_day
from canteen.usecases.count_dishes import DishesCounted, count_dishes
from canteen.web.errors import problem_of
from canteen.web.forms import Form
from canteen.web.staff.desk import Refused, StaffDesk
from menus.kitchen_counts import LAST_DAYS, Count, Counted
from menus.portions import FULL, MOST_PORTIONS
from menus.service_days import business_day

Answer = Response[None] | Template
HALF_SIGNS = {"": 0, ".0": 0, ".5": 1}


def read_halves(form: Form, name: str) -> int | None:
    """`12` or `12.5` portions as halves; None when left blank. Anything else is marked in `form.errors`."""
    text = form.raw(name).strip().replace("½", ".5")
    if not text:
        return None
    whole, dot, rest = text.partition(".")
    halves = HALF_SIGNS.get(dot + rest)
    if halves is None or not (whole.isascii() and (whole.isdigit() or (not whole and dot)) and len(whole) <= 4):
        form.refuse(name, "forms.half-portions")
        return None
    found = int(whole or "0") * FULL + halves
    if found > MOST_PORTIONS * FULL:
        form.refuse(name, "forms.out-of-range")
        return None
    return found


def _asked_day(desk: StaffDesk, text: str) -> date:
    today = business_day(desk.now)
    return today - timedelta(days=LAST_DAYS) if text == "yesterday" else today


async def _show(
    desk: StaffDesk, day_key: str, meal_key: str, *, form: Form | None = None, refusal: Refused | None = None
) -> Template:
    day = _asked_day(desk, day_key)
    meals = await desk.database.read(kitchen_day, desk.canteen.kitchen_id, day)
    now = (await desk.meal()).meal
    chosen = _chosen(meals, meal_key) or _chosen(meals, now) or (meals[-1] if meals else None)
    errors = form.errors if form else {}
    return desk.page(
        "kitchen",
        status_code=refusal.status if refusal else 422 if errors else 200,
        day=day,
        day_key="yesterday" if day_key == "yesterday" else "today",
        meals=meals,
        kitchen=chosen,
        typed=form,
        errors=errors,
        refusal=refusal,
        saved=desk.request.query_params.get("saved", ""),
    )


def _chosen(meals: tuple[MealKitchen, ...], key: str) -> MealKitchen | None:
    return next((meal for meal in meals if meal.meal == key), None)


@get("/kitchen")
async def counts(desk: NamedDependency[StaffDesk]) -> Template:
    """`?day=yesterday` for the evening before; `?meal=` one of the day's meals."""
    query = desk.request.query_params
    return await _show(desk, query.get("day", ""), query.get("meal", ""))


@post("/kitchen", status_code=200)
async def save_counts(form: NamedDependency[Form], desk: NamedDependency[StaffDesk]) -> Answer:
    """What differs from what stands is kept beside it; a blank field says nothing."""
    day_key, meal_key = form.raw("day"), form.raw("meal")
    day = _asked_day(desk, day_key)
    meal = _chosen(await desk.database.read(kitchen_day, desk.canteen.kitchen_id, day), meal_key)
    if meal is None:
        return await _show(desk, day_key, meal_key)
    typed = [
        Count(dish.dish_id, what, halves)
        for dish in meal.dishes
        for what in Counted
        if (halves := read_halves(form, f"{what}-{dish.dish_id}")) is not None
    ]
    if form.errors:
        return await _show(desk, day_key, meal_key, form=form)
    request = DishesCounted(desk.canteen.kitchen_id, day, meal.meal, typed)
    try:
        changed = await desk.database.write(
            count_dishes, request, now=desk.now, actor=desk.actor.ref, actor_name=desk.actor.name
        )
    except Exception as error:
        if problem_of(error) is None:
            raise
        return await _show(desk, day_key, meal_key, form=form, refusal=desk.refused(error))
    await desk.tell("menu")
    back = f"/staff/kitchen?day={'yesterday' if day_key == 'yesterday' else 'today'}&meal={meal.meal}"
    return Redirect(f"{back}&saved={changed}", status_code=303)
