"""/office/residents/{id}/meals: what somebody tells the community of their month; /office/slips: the sheets to print."""

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from canteen.people.residents import resident as resident_of
from canteen.readmodels.meal_slips import meal_slips
from canteen.readmodels.own_meals import own_meals
from canteen.usecases.dispute_meal import MealWord, dispute_meal
from canteen.web.errors import problem_of, words_for
from canteen.web.forms import Form
from canteen.web.language import translator
from canteen.web.office.desk import CHANGES_FILES, OfficeDesk, for_section
from canteen.web.office.months import month_title
from canteen.web.problems import Told
from canteen.web.templates import page
from subsidies.months import Month, MonthUnreadable, month_of, read_month

Answer = Response[None] | Template


def _month(desk: OfficeDesk, text: str) -> Month:
    this_month = month_of(desk.today)
    try:
        return min(read_month(text), this_month)
    except MonthUnreadable:
        return this_month


async def _page(
    desk: OfficeDesk, resident: str, month: Month, refusal: Told | None = None, status_code: int = 200
) -> Template:
    await desk.check_resident(resident)
    person = await desk.database.read(resident_of, resident)
    return desk.page(
        "own_meals",
        here="residents",
        status_code=status_code,
        person=person,
        at=f"/office/residents/{resident}",
        found=await desk.database.read(own_meals, resident, month=month, now=desk.now),
        month_title=month_title(desk.t, month),
        refusal=refusal,
        changes=desk.changes_files,
    )


@get("/residents/{resident:str}/meals", guards=for_section("residents"))
async def meals(resident: FromPath[str], desk: NamedDependency[OfficeDesk]) -> Template:
    """`?month=2026-11`, else this month."""
    return await _page(desk, resident, _month(desk, desk.query.get("month", "")))


@post("/residents/{resident:str}/meals", guards=[CHANGES_FILES])
async def say(resident: FromPath[str], form: NamedDependency[Form], desk: NamedDependency[OfficeDesk]) -> Answer:
    """They said it to somebody here."""
    await desk.check_resident(resident)
    month = _month(desk, form.raw("month"))
    word = MealWord(resident, form.raw("order")[:26], form.raw("theirs") == "1", "office")
    try:
        await desk.database.write(dispute_meal, word, now=desk.now, actor=desk.actor.ref)
    except Exception as error:
        problem = problem_of(error)
        if problem is None:
            raise
        return await _page(desk, resident, month, words_for(desk.request, error), problem.status)
    return Redirect(f"/office/residents/{resident}/meals?month={month.text}#{word.order_id}", status_code=303)


@get("/slips/{month:str}/{canteen:str}", guards=for_section("months"))
async def slips(month: FromPath[str], canteen: FromPath[str], desk: NamedDependency[OfficeDesk]) -> Template:
    """Every diner of a canteen, fifty sheets a page (`?page=`)."""
    view = await desk.canteen(canteen)
    wanted = read_month(month)
    number = desk.query.get("page", "1")
    found = await desk.database.read(
        meal_slips, view.id, wanted, page=int(number[:4]) if number.isascii() and number.isdigit() else 1
    )
    return page(
        desk.request,
        "shared/meal_slips.html.j2",
        canteen=view,
        month=wanted,
        this_month=month_of(desk.today),
        found=found,
        back=f"/office/months/{wanted.text}",
        address=lambda of, number: f"/office/slips/{of.text}/{view.id}?page={number}",
        zh=translator("zh"),
    )
