"""A page of A4 for the door: the QR of the phone pages, three steps in pictures and words, hours, telephone."""

import ipaddress
from urllib.parse import urlsplit

from litestar import get
from litestar.di import NamedDependency
from litestar.response import Template

from canteen.pickup import qr
from canteen.readmodels.poster import poster_meals
from canteen.web.addresses import public_url
from canteen.web.staff.desk import StaffDesk
from menus.service_days import business_day


@get("/poster")
async def poster(desk: NamedDependency[StaffDesk]) -> Template:
    """Printed by the browser; on the screen it also says where the QR leads, and whether other phones get there."""
    address = public_url(desk.request, f"/m/{desk.canteen.id}")
    meals = await desk.database.read(poster_meals, desk.canteen.id, business_day(desk.now))
    return desk.page(
        "poster",
        address=address,
        is_local=_is_local(address),
        qr=qr.svg(address, title=desk.canteen.name),
        meals=meals,
    )


def _is_local(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
