"""/display/{canteen}: D1, the screen above the window. Public: numbers and hours, nothing about anybody."""

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Template

from canteen.clock import Clock
from canteen.db.database import Database
from canteen.readmodels.pickup_board import pickup_board
from canteen.web.templates import PageRequest, local_time, page


@get("/display/{canteen:str}")
async def display(
    canteen: FromPath[str], request: PageRequest, database: NamedDependency[Database], clock: NamedDependency[Clock]
) -> Template:
    """Always Chinese and numerals: the screen has one audience at a time and no switch."""
    now = clock.now()
    shown = await database.read(pickup_board, canteen, now)
    answer = page(request, "resident/display.html.j2", board=shown, canteen=shown.canteen, as_of=local_time(now))
    answer.headers["X-As-Of"] = local_time(now)
    return answer
