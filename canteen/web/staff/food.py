"""S8, the kitchen's book: dishes and kinds of set meal, one page each, with photo and price history. For managers."""

import asyncio

from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect, Template

from canteen.people.models import Role
from canteen.readmodels.food_book import FoodFilter, all_dishes, dish_list, food_page, set_list
from canteen.usecases.retire_food import Offer, retire_food
from canteen.usecases.save_food import LONGEST_REASON, FoodToSave, save_food
from canteen.usecases.show_photo import PhotoOf, show_photo
from canteen.web.errors import problem_of
from canteen.web.forms import Form
from canteen.web.security import require
from canteen.web.staff.desk import Refused, StaffDesk
from canteen.web.staff.food_forms import SLOTS, TypedFood, read_dish, read_set_meal, typed_from, typed_in
from menus.diet import ALLERGENS, COURSES, DIET_TAGS
from menus.errors import PhotoUnreadable
from menus.food import Food, FoodKind
from menus.photos import Pictures, pictures
from menus.pictures import COLOURS, FORMS

Answer = Response[None] | Template
MANAGER = require(Role.MANAGER)
UPLOAD_BYTES = 9_000_000
"""A photo of 8 MB and what a form puts around it; every other route takes 1 MB."""
LARGEST_ID = 2**31 - 1


@get(["/dishes", "/sets"], guards=[MANAGER])
async def book(desk: NamedDependency[StaffDesk]) -> Template:
    """`?q=` in name or ingredients, `?course=`, `?retired=1`, `?page=`."""
    query = desk.request.query_params
    kind = _kind(desk)
    course = query.get("course", "")
    page = query.get("page", "1")
    wanted = FoodFilter(
        query.get("q", "").strip()[:40], course if course in COURSES else "", query.get("retired") == "1"
    )
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1
    if kind == "dish":
        found = await desk.database.read(dish_list, desk.canteen.kitchen_id, wanted, number)
    else:
        found = await desk.database.read(set_list, desk.canteen.kitchen_id, wanted)
    return desk.page("food_book", kind=kind, home=_home(kind), found=found, wanted=wanted, courses=COURSES)


@get(["/dishes/new", "/sets/new"], guards=[MANAGER])
async def new_food(desk: NamedDependency[StaffDesk]) -> Template:
    """An empty page of the book."""
    return await _show(desk, _kind(desk), None)


@get(["/dishes/{food_id:int}", "/sets/{food_id:int}"], guards=[MANAGER])
async def one_food(food_id: FromPath[int], desk: NamedDependency[StaffDesk]) -> Template:
    """One dish or set meal."""
    return await _show(desk, _kind(desk), food_id)


@post(["/dishes", "/sets"], guards=[MANAGER], status_code=200)
async def add_food(form: NamedDependency[Form], desk: NamedDependency[StaffDesk]) -> Answer:
    """A new one."""
    return await _save(desk, _kind(desk), None, form)


@post(["/dishes/{food_id:int}", "/sets/{food_id:int}"], guards=[MANAGER], status_code=200)
async def change_food(food_id: FromPath[int], form: NamedDependency[Form], desk: NamedDependency[StaffDesk]) -> Answer:
    """Correct it."""
    return await _save(desk, _kind(desk), food_id, form)


@post(["/dishes/{food_id:int}/offer", "/sets/{food_id:int}/offer"], guards=[MANAGER], status_code=200)
async def offer_food(food_id: FromPath[int], form: NamedDependency[Form], desk: NamedDependency[StaffDesk]) -> Answer:
    """停用 with `offered=0`, 恢复 with `offered=1`."""
    kind = _kind(desk)
    offer = Offer(_food(desk, kind, food_id), offered=form.raw("offered") != "0")
    try:
        await desk.database.write(retire_food, offer, now=desk.now, actor=desk.actor.ref)
    except Exception as error:
        if problem_of(error) is None:
            raise
        return await _show(desk, kind, food_id, refusal=desk.refused(error))
    done = "back" if offer.offered else "retired"
    return Redirect(f"{_home(kind)}/{food_id}?done={done}", status_code=303)


@post(
    ["/dishes/{food_id:int}/photo", "/sets/{food_id:int}/photo"],
    guards=[MANAGER],
    status_code=200,
    request_max_body_size=UPLOAD_BYTES,
)
async def photo_of_food(
    food_id: FromPath[int], form: NamedDependency[Form], desk: NamedDependency[StaffDesk]
) -> Answer:
    """Put up the photo sent as `photo`, or take it down with `do=remove`."""
    kind = _kind(desk)
    food = _food(desk, kind, food_id)
    try:
        shown: Pictures | None = None
        if form.raw("do") != "remove":
            sent = (await desk.request.form()).get("photo")
            if not isinstance(sent, UploadFile):
                raise PhotoUnreadable
            # decoding takes a while and lets other threads run
            shown = await asyncio.to_thread(pictures, await sent.read())
        await desk.database.write(show_photo, PhotoOf(food, shown), now=desk.now, actor=desk.actor.ref)
    except Exception as error:
        if problem_of(error) is None:
            raise
        return await _show(desk, kind, food_id, refusal=desk.refused(error))
    await desk.tell("menu")
    return Redirect(f"{_home(kind)}/{food_id}?done={'photo' if shown else 'no-photo'}", status_code=303)


async def _save(desk: StaffDesk, kind: FoodKind, food_id: int | None, form: Form) -> Answer:
    spec = read_dish(form) if kind == "dish" else read_set_meal(form)
    reason = form.text("reason", most=LONGEST_REASON, required=False)
    if food_id is not None:
        _food(desk, kind, food_id)
    if form.errors:
        return await _show(desk, kind, food_id, form=form)
    request = FoodToSave(desk.canteen.kitchen_id, spec, food_id, reason, reprice=bool(form.raw("reprice")))
    try:
        saved = await desk.database.write(save_food, request, now=desk.now, actor=desk.actor.ref)
    except Exception as error:
        if problem_of(error) is None:
            raise
        return await _show(desk, kind, food_id, form=form, refusal=desk.refused(error))
    if saved.told:
        await desk.tell("menu")
    done = "added" if food_id is None else "saved"
    counts = f"&told={saved.told}&repriced={saved.repriced}"
    return Redirect(f"{_home(kind)}/{saved.id}?done={done}{counts}", status_code=303)


async def _show(
    desk: StaffDesk, kind: FoodKind, food_id: int | None, *, form: Form | None = None, refusal: Refused | None = None
) -> Template:
    shown = None if food_id is None else await desk.database.read(food_page, _food(desk, kind, food_id))
    typed = typed_in(form) if form else typed_from(shown.food) if shown else TypedFood()
    wrong = form.errors if form else {}
    query = desk.request.query_params
    dishes = await desk.database.read(all_dishes, desk.canteen.kitchen_id) if kind == "set" else ()
    return desk.page(
        "food",
        status_code=refusal.status if refusal else 422 if wrong else 200,
        kind=kind,
        home=_home(kind),
        shown=shown,
        typed=typed,
        wrong=wrong,
        refusal=refusal,
        done=query.get("done", ""),
        told=query.get("told", "0"),
        repriced=query.get("repriced", "0"),
        courses=COURSES,
        diet_tags=DIET_TAGS,
        allergens=ALLERGENS,
        forms=FORMS,
        colours=COLOURS,
        slots=range(1, SLOTS + 1),
        per_course={course: sum(1 for dish in dishes if dish.course == course) for course in COURSES},
    )


def _kind(desk: StaffDesk) -> FoodKind:
    return "set" if desk.request.url.path.startswith("/staff/sets") else "dish"


def _home(kind: FoodKind) -> str:
    return "/staff/sets" if kind == "set" else "/staff/dishes"


def _food(desk: StaffDesk, kind: FoodKind, food_id: int) -> Food:
    if not 0 < food_id <= LARGEST_ID:
        raise NotFoundException
    return Food(desk.canteen.kitchen_id, kind, food_id)
