"""A week of menus: seeing it whole, taking over another week or the cycle, keeping it for the cycle, publishing it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.response import Template

from canteen.people.models import Role
from canteen.readmodels.takeovers import NotLater, Takeover, from_cycle, from_week, to_keep
from canteen.readmodels.week_plan import MealOfPlan, WeekPlan, week_plan
from canteen.sites.hours import EARLIEST_YEAR, LATEST_YEAR
from canteen.usecases.fill_menu import Filled, MenuPlan, ToFill, fill_menu
from canteen.usecases.keep_cycle_week import WeekToKeep, keep_cycle_week
from canteen.usecases.publish_menu import MenuOf, publish_menu
from canteen.web.errors import problem_of
from canteen.web.forms import Form
from canteen.web.security import require
from canteen.web.staff.desk import Refused, StaffDesk
from menus.cycle import WEEKS, monday_of
from menus.models import MenuStatus
from menus.service_days import business_day

Answer = Response[None] | Template
MANAGER = require(Role.MANAGER)


@dataclass(frozen=True, slots=True)
class Left:
    """A meal that was not touched, and why: a key under `menus.week.left-`, or a refusal in words."""

    meal: MealOfPlan
    why: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a press. `done` meals (or lines kept); `missing` names what is no longer offered, by meal.

    `not_later` are more portions for later in a meal that were not taken over.
    """

    what: str
    done: int
    left: tuple[Left, ...] = ()
    missing: tuple[tuple[MealOfPlan, tuple[str, ...]], ...] = ()
    not_later: tuple[tuple[MealOfPlan, NotLater], ...] = ()


@get("/week", guards=[MANAGER])
async def week(desk: NamedDependency[StaffDesk]) -> Template:
    """`?from=2026-11-23`: the week of that day; without it this week."""
    return await _show(desk, asked_week(desk, desk.request.query_params.get("from", "")))


@post("/week", guards=[MANAGER], status_code=200)
async def change_week(form: NamedDependency[Form], desk: NamedDependency[StaffDesk]) -> Answer:
    """`do`: copy (from `source`), cycle (`week`), keep (`week`), publish. Each meal is its own short transaction."""
    shown = await _plan(desk, asked_week(desk, form.raw("from")))
    kitchen = desk.canteen.kitchen_id
    number = form.whole("week", 1, WEEKS, otherwise=1)
    result, refusal = None, None
    try:
        match form.raw("do"):
            case "copy":
                source = form.day("source")
                if source is not None and _in_calendar(source) and monday_of(source) != shown.monday:
                    wanted = await desk.database.read(from_week, shown, kitchen, source, desk.now)
                    result = await _fill(desk, shown, "copied", wanted)
                else:
                    form.refuse("source", "forms.choice")
            case "cycle" if not form.errors:
                wanted = await desk.database.read(from_cycle, shown, kitchen, number, desk.now)
                result = await _fill(desk, shown, "cycled", wanted)
            case "keep" if not form.errors:
                menus = await desk.database.read(to_keep, shown, kitchen)
                request = WeekToKeep(kitchen, number, shown.monday, menus)
                kept = await desk.database.write(keep_cycle_week, request, now=desk.now, actor=desk.actor.ref)
                result = Result("kept", kept)
            case "publish":
                result = await _publish(desk, shown)
    except Exception as error:
        if problem_of(error) is None:
            raise
        refusal = desk.refused(error)
    return await _show(desk, shown.monday, form=form, result=result, refusal=refusal)


async def _fill(desk: StaffDesk, shown: WeekPlan, what: str, wanted: Sequence[Takeover]) -> Result:
    of = {(meal.day, meal.meal): meal for meal in shown.meals}
    left = [Left(meal, _why_left(meal)) for meal in shown.meals if not meal.is_open]
    done, missing = 0, []
    not_later: list[tuple[MealOfPlan, NotLater]] = []
    for one in wanted:
        meal = of[one.day, one.meal]
        request = ToFill(MenuPlan(desk.canteen.kitchen_id, one.day, one.meal, one.lines, one.recommended), one.later)
        outcome = await desk.database.write(fill_menu, request, now=desk.now, actor=desk.actor.ref)
        if outcome is Filled.FILLED:
            done += 1
        else:
            left.append(Left(meal, outcome.value))
        if one.missing:
            missing.append((meal, one.missing))
        not_later += [(meal, more) for more in one.not_later]
    if done:
        await desk.tell("menu")
    left.sort(key=lambda found: (found.meal.day, found.meal.opens_at))
    return Result(what, done, tuple(left), tuple(missing), tuple(not_later))


async def _publish(desk: StaffDesk, shown: WeekPlan) -> Result:
    done, left = 0, []
    for meal in shown.meals:
        if meal.status is not MenuStatus.DRAFT:
            continue
        if meal.is_over:
            left.append(Left(meal, "over"))
            continue
        which = MenuOf(desk.canteen.kitchen_id, meal.day, meal.meal)
        try:
            await desk.database.write(publish_menu, which, now=desk.now, actor=desk.actor.ref)
            done += 1
        except Exception as error:
            if problem_of(error) is None:
                raise
            left.append(Left(meal, "refused", desk.refused(error).told.happened))
    if done:
        await desk.tell("menu", "orders")
    return Result("published", done, tuple(left))


def _why_left(meal: MealOfPlan) -> str:
    if meal.status in {MenuStatus.PUBLISHED, MenuStatus.CLOSED}:
        return meal.status.value
    return "over"


async def _show(
    desk: StaffDesk,
    monday: date,
    *,
    form: Form | None = None,
    result: Result | None = None,
    refusal: Refused | None = None,
) -> Template:
    wrong = form.errors if form else {}
    shown = await _plan(desk, monday)
    return desk.page(
        "week",
        status_code=refusal.status if refusal else 422 if wrong else 200,
        week=shown,
        today=business_day(desk.now),
        before=shown.monday - timedelta(days=7),
        after=shown.monday + timedelta(days=7),
        cycle_weeks=range(1, WEEKS + 1),
        result=result,
        wrong=wrong,
        refusal=refusal,
    )


async def _plan(desk: StaffDesk, day: date) -> WeekPlan:
    return await desk.database.read(week_plan, desk.canteen.id, desk.canteen.kitchen_id, day, desk.now)


def asked_week(desk: StaffDesk, text: str) -> date:
    """The Monday of the day in the address; of this week when there is none."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return monday_of(business_day(desk.now))
    return monday_of(day if _in_calendar(day) else business_day(desk.now))


def _in_calendar(day: date) -> bool:
    return EARLIEST_YEAR < day.year < LATEST_YEAR
