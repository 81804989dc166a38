"""The month's meals on the phone, each with 「这顿不是我吃的」."""

from litestar import get, post
from litestar.di import NamedDependency

from canteen.readmodels.own_meals import own_meals
from canteen.usecases.dispute_meal import MealWord, dispute_meal
from canteen.web.errors import problem_of
from canteen.web.forms import Form
from canteen.web.resident.desk import Answer, PhoneDesk
from subsidies.months import Month, MonthUnreadable, read_month


def _month(text: str) -> Month | None:
    try:
        return read_month(text)
    except MonthUnreadable:
        return None


async def _page(desk: PhoneDesk, resident_id: str, month: Month | None, error: Exception | None = None) -> Answer:
    found = await desk.database.read(own_meals, resident_id, month=month, now=desk.now)
    return desk.page("meals", error=error, found=found)


@get("/meals")
async def meals(desk: NamedDependency[PhoneDesk]) -> Answer:
    """`?month=2026-11`; any other text is this month."""
    if desk.stay.resident_id is None:
        return desk.to("/signin?next=account")
    return await _page(desk, desk.stay.resident_id, _month(desk.request.query_params.get("month", "")))


@post("/meals", status_code=200)
async def say(form: NamedDependency[Form], desk: NamedDependency[PhoneDesk]) -> Answer:
    """One touch: not theirs, or theirs after all. A second touch of the same changes nothing."""
    if desk.stay.resident_id is None:
        return desk.to("/signin?next=account")
    month = _month(form.raw("month"))
    word = MealWord(desk.stay.resident_id, form.raw("order")[:26], form.raw("theirs") == "1", "phone")
    try:
        await desk.database.write(dispute_meal, word, now=desk.now, actor=desk.actor)
    except Exception as error:
        if problem_of(error) is None:
            raise
        return await _page(desk, desk.stay.resident_id, month, error)
    return desk.to(f"/meals?month={month.text}#{word.order_id}" if month else "/meals")
