"""/office: what is off, each count the way to it."""

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.response import Redirect, Template

from canteen.people.models import Role
from canteen.readmodels.office_home import office_home
from canteen.web.office.desk import OfficeDesk
from canteen.web.office.months import month_title
from canteen.web.security import require
from subsidies.months import read_month


@get("/", guards=[require(*(role for role in Role if role not in {Role.STAFF, Role.KIOSK}))])
async def home(desk: NamedDependency[OfficeDesk]) -> Response[None] | Template:
    """A manager's office is the month of their canteen."""
    if desk.actor.role is Role.MANAGER:
        return Redirect("/office/months", status_code=303)
    found = await desk.database.read(office_home, desk.actor, now=desk.now, sealer=desk.sealer)
    last = read_month(found.month).previous
    return desk.page(
        "home",
        here="todo",
        home=found,
        counts={"todo": found.todo_count},
        last_month=(month_title(desk.t, last), f"/office/months/{last.text}"),
    )
