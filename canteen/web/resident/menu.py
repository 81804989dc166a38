"""/m/{canteen}: what there is to eat this week, for any phone. Ordering is at the kiosk and the window, and it says so."""

from datetime import date

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Template

from canteen.clock import Clock
from canteen.db.database import Database
from canteen.readmodels.phone_menu import phone_menu
from canteen.web.templates import PageRequest, local_time, page


@get("/{canteen:str}")
async def week_menu(
    canteen: FromPath[str], request: PageRequest, database: NamedDependency[Database], clock: NamedDependency[Clock]
) -> Template:
    """`?day=2026-11-24`; any other day, or none, shows the first that still serves something."""
    now = clock.now()
    shown = await database.read(phone_menu, canteen, _day(request.query_params.get("day", "")), now)
    query = f"?{request.url.query}" if request.url.query else ""
    answer = page(
        request,
        "resident/menu.html.j2",
        menu=shown,
        canteen=shown.canteen,
        path=request.url.path + query,
        as_of=local_time(now),
    )
    answer.headers["X-As-Of"] = local_time(now)
    return answer


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
