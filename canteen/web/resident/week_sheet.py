"""/m/{canteen}/week: the published week as a sheet for the wall, A4 across, a page a meal; on a screen it just reads."""

from datetime import date, timedelta

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Template

from canteen.clock import Clock
from canteen.db.database import Database
from canteen.readmodels.week_sheet import week_sheet
from canteen.sites.hours import EARLIEST_YEAR, LATEST_YEAR
from canteen.web.templates import PageRequest, page
from menus.service_days import business_day


@get("/{canteen:str}/week")
async def sheet(
    canteen: FromPath[str], request: PageRequest, database: NamedDependency[Database], clock: NamedDependency[Clock]
) -> Template:
    """`?from=2026-11-23` any day of the week, `?meal=lunch` one page only."""
    now = clock.now()
    shown = await database.read(week_sheet, canteen, _day(request.query_params.get("from", ""), business_day(now)))
    wanted = request.query_params.get("meal", "")
    return page(
        request,
        "resident/week_sheet.html.j2",
        sheet=shown,
        canteen=shown.canteen,
        meals=tuple(meal for meal in shown.meals if meal.meal == wanted) or shown.meals,
        wanted=wanted,
        before=shown.monday - timedelta(days=7),
        after=shown.monday + timedelta(days=7),
        now=now,
    )


def _day(text: str, today: date) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return today
    return day if EARLIEST_YEAR < day.year < LATEST_YEAR else today
