"""The day close (交班): what is off, the drawer counted by two, kitchen counts, food samples, the day sheet."""

import asyncio
from datetime import UTC, datetime

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from canteen.payments.shifts import SecondPersonWrong
from canteen.people.accounts import Actor, sign_in_file
from canteen.people.passwords import matches
from canteen.readmodels.day_close import day_close
from canteen.usecases.close_shift import DrawerCounted, close_shift
from canteen.usecases.confirm_second import confirm_second
from canteen.usecases.note_sample import take_sample, throw_sample
from canteen.usecases.open_shift import open_shift
from canteen.web.errors import problem_of
from canteen.web.forms import Form
from canteen.web.security import TriesByAddress
from canteen.web.staff.desk import Refused, StaffDesk
from menus.errors import NotOnMenu
from menus.service_days import business_day

Answer = Response[None] | Template
DONE = frozenset({"opened", "done", "sample-taken", "sample-thrown"})


async def _show(desk: StaffDesk, *, form: Form | None = None, error: Exception | None = None) -> Template:
    refusal: Refused | None = None
    if error is not None:
        refusal = desk.refused(error)
    today = business_day(desk.now)
    shown = await desk.database.read(day_close, desk.canteen.id, desk.canteen.kitchen_id, today, desk.now)
    done = desk.request.query_params.get("done", "")
    wrong = form.errors if form else {}
    return desk.page(
        "close",
        status_code=refusal.status if refusal else 422 if wrong else 200,
        close=shown,
        typed=form,
        wrong=wrong,
        refusal=refusal,
        done=done if done in DONE else "",
    )


@get("/close")
async def close(desk: NamedDependency[StaffDesk]) -> Template:
    """The day sheet; on paper without its forms."""
    return await _show(desk)


@post("/close/open", status_code=200)
async def open_drawer(form: NamedDependency[Form], desk: NamedDependency[StaffDesk]) -> Answer:
    """The float counted, a shift begins."""
    float_fen = form.fen("float")
    if form.errors:
        return await _show(desk, form=form)
    try:
        await desk.database.write(
            open_shift, desk.canteen.id, float_fen=float_fen, now=desk.now, actor=desk.actor.ref,
            actor_name=desk.actor.name,
        )  # fmt: skip
    except Exception as error:
        if problem_of(error) is None:
            raise
        return await _show(desk, form=form, error=error)
    return Redirect("/staff/close?done=opened", status_code=303)


@post("/close", status_code=200)
async def close_drawer(
    form: NamedDependency[Form], desk: NamedDependency[StaffDesk], sign_in_tries: NamedDependency[TriesByAddress]
) -> Answer:
    """The drawer counted; the second person confirms on the same page, or nobody else is on site."""
    counted, banked = form.fen("counted"), form.fen("banked") if form.raw("banked").strip() else 0
    reference = form.text("reference", most=60, required=False)
    note = form.text("note", most=100, required=False)
    if form.errors:
        return await _show(desk, form=form)
    try:
        second = None if form.raw("none_on_site") else await _second(form, desk, sign_in_tries)
        count = DrawerCounted(form.raw("shift"), desk.canteen.id, counted, banked, reference, second, note)
        await desk.database.write(close_shift, count, now=desk.now, actor=desk.actor.ref, actor_name=desk.actor.name)
    except Exception as error:
        if problem_of(error) is None:
            raise
        return await _show(desk, form=form, error=error)
    return Redirect("/staff/close?done=done", status_code=303)


async def _second(form: Form, desk: StaffDesk, tries: TriesByAddress) -> Actor:
    tries.note(desk.request.client.host if desk.request.client else "")
    username = form.raw("second").strip().lower()[:60]
    file = await desk.database.read(sign_in_file, username)
    right = await asyncio.to_thread(matches, file.password_hash if file else None, form.raw("second_password"))
    found = await desk.database.write(
        confirm_second, username, password_is_right=right, now=datetime.now(UTC), business_now=desk.now
    )
    if found is None:
        raise SecondPersonWrong()
    return found


@post("/close/samples", status_code=200)
async def note_taken(form: NamedDependency[Form], desk: NamedDependency[StaffDesk]) -> Answer:
    """A sample of one dish of today: `dish` is `lunch/17`."""
    meal_key, _, dish = form.raw("dish").partition("/")
    grams = form.whole("grams", 0, 9_999)
    if form.errors:
        return await _show(desk, form=form)
    try:
        today = business_day(desk.now)
        shown = await desk.database.read(day_close, desk.canteen.id, desk.canteen.kitchen_id, today, desk.now)
        meal = next((one for one in shown.meals if one.meal == meal_key), None)
        if meal is None or not (dish.isascii() and dish.isdigit() and len(dish) < 10):
            raise NotOnMenu(0)
        await desk.database.write(
            take_sample, desk.canteen.id, desk.canteen.kitchen_id, (meal.menu_id, today, meal.meal.value),
            dish_id=int(dish), grams=grams, now=desk.now, actor=desk.actor.ref, actor_name=desk.actor.name,
        )  # fmt: skip
    except Exception as error:
        if problem_of(error) is None:
            raise
        return await _show(desk, form=form, error=error)
    return Redirect("/staff/close?done=sample-taken#samples", status_code=303)


@post("/close/samples/{sample_id:str}", status_code=200)
async def note_thrown(sample_id: FromPath[str], desk: NamedDependency[StaffDesk]) -> Answer:
    """A sample went after its 48 hours."""
    try:
        await desk.database.write(
            throw_sample, desk.canteen.id, desk.canteen.kitchen_id, sample_id, now=desk.now, actor=desk.actor.ref,
            actor_name=desk.actor.name,
        )  # fmt: skip
    except Exception as error:
        if problem_of(error) is None:
            raise
        return await _show(desk, error=error)
    return Redirect("/staff/close?done=sample-thrown#samples", status_code=303)
