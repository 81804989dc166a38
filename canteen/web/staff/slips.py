"""/staff/slips: every diner's month on paper; /staff/people/{id}/meals: what somebody without a phone says of theirs."""

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from canteen.people.residents import resident as resident_of
from canteen.people.sealed import mask_name
from canteen.readmodels.meal_slips import meal_slips
from canteen.readmodels.own_meals import own_meals
from canteen.usecases.dispute_meal import MealWord, dispute_meal
from canteen.web.errors import problem_of
from canteen.web.forms import Form
from canteen.web.language import translator
from canteen.web.staff.desk import Refused, StaffDesk
from canteen.web.staff.people import HOME
from canteen.web.staff.person import check_person
from canteen.web.templates import page
from menus.service_days import business_day
from subsidies.months import Month, MonthUnreadable, month_of, read_month

Answer = Response[None] | Template


def _month(desk: StaffDesk, text: str, otherwise: Month) -> Month:
    try:
        wanted = read_month(text)
    except MonthUnreadable:
        return otherwise
    return min(wanted, month_of(business_day(desk.now)))


@get("/slips")
async def slips(desk: NamedDependency[StaffDesk]) -> Template:
    """`?month=2026-10` (else the last whole one), fifty sheets a page."""
    this_month = month_of(business_day(desk.now))
    month = _month(desk, desk.request.query_params.get("month", ""), this_month.previous)
    number = desk.request.query_params.get("page", "1")
    found = await desk.database.read(
        meal_slips, desk.canteen.id, month, page=int(number[:4]) if number.isascii() and number.isdigit() else 1
    )
    return page(
        desk.request,
        "shared/meal_slips.html.j2",
        canteen=desk.canteen,
        month=month,
        this_month=this_month,
        found=found,
        back="/staff/more",
        address=lambda of, number: f"/staff/slips?month={of.text}&page={number}",
        zh=translator("zh"),
    )


async def _page(desk: StaffDesk, resident: str, month: Month, refusal: Refused | None = None) -> Template:
    person = await desk.database.read(resident_of, resident)
    return desk.page(
        "person_meals",
        status_code=refusal.status if refusal else 200,
        at=f"{HOME}/{resident}",
        shown_as=mask_name(person.name),
        refusal=refusal,
        found=await desk.database.read(own_meals, resident, month=month, now=desk.now, canteen_id=desk.canteen.id),
    )


@get("/people/{resident:str}/meals")
async def meals(resident: FromPath[str], desk: NamedDependency[StaffDesk]) -> Template:
    """Their meals here, this month's or `?month=`."""
    await check_person(desk, resident)
    this_month = month_of(business_day(desk.now))
    return await _page(desk, resident, _month(desk, desk.request.query_params.get("month", ""), this_month))


@post("/people/{resident:str}/meals")
async def say(resident: FromPath[str], form: NamedDependency[Form], desk: NamedDependency[StaffDesk]) -> Answer:
    """They said it at the counter."""
    await check_person(desk, resident)
    month = _month(desk, form.raw("month"), month_of(business_day(desk.now)))
    word = MealWord(resident, form.raw("order")[:26], form.raw("theirs") == "1", "staff")
    try:
        await desk.database.write(dispute_meal, word, now=desk.now, actor=desk.actor.ref)
    except Exception as error:
        if problem_of(error) is None:
            raise
        return await _page(desk, resident, month, desk.refused(error))
    return Redirect(f"{HOME}/{resident}/meals?month={month.text}#{word.order_id}", status_code=303)
