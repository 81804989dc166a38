"""Orders by telephone: who rings, which meal, and the number to be read aloud."""

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Template

from canteen.people import cards
from canteen.people.errors import CardUnknown
from canteen.readmodels.window import FoundDiner, find_diners
from canteen.sites import hours
from canteen.web.staff.desk import StaffDesk

LONGEST = 64


@get("/phone")
async def phone(desk: NamedDependency[StaffDesk]) -> Template:
    """`?q=` a name, its pinyin initials, the end of a telephone or card, a whole card number."""
    asked = "".join(sign for sign in desk.request.query_params.get("q", "") if sign.isprintable())[:LONGEST].strip()
    found: tuple[FoundDiner, ...] | None = None
    owner = ""
    if asked:
        try:
            owner = (await desk.database.read(cards.find_active, asked)).resident_id
        except CardUnknown:
            owner = ""
        found = await desk.database.read(find_diners, asked, sealer=desk.sealer)
    return desk.page("phone", asked=asked, found=found, owner=owner)


@get("/ordered/{order_id:str}")
async def ordered(order_id: FromPath[str], desk: NamedDependency[StaffDesk]) -> Template:
    """The number, large enough to be read aloud, and when to come."""
    tray = await desk.own_tray(order_id)
    served = await desk.database.read(hours.meal_hours, desk.canteen.id, tray.day, tray.meal)
    return desk.page("ordered", tray=tray, served=served)
