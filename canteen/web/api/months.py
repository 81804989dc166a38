"""A month's figures: decided again, in the books, received."""

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath

from canteen.readmodels.month_page import month_page
from canteen.readmodels.office_scope import canteens_seen
from canteen.sites.errors import CanteenUnknown
from canteen.web.api import answers, worded
from canteen.web.api.access import BOOKS
from canteen.web.api.desk import Desk
from canteen.web.api.documented import refusals
from canteen.web.api.menus import CanteenQuery
from canteen.web.security import in_scope, require


@get(
    "/months/{month:str}",
    guards=[require(*BOOKS)],
    tags=["months"],
    responses=refusals(404, 422),
    summary="A month of the books",
)
async def show_month(
    *,
    month: FromPath[str],
    desk: NamedDependency[Desk],
    canteen: CanteenQuery = None,
) -> answers.MonthAnswer:
    """Per canteen: decided again × ledger × received, and what differs. `month` is `2026-11`; without `canteen` officers
    and auditors get every canteen, managers their own."""
    seen = [view.id for view in await desk.database.read(canteens_seen, desk.actor)]
    if canteen is not None:
        in_scope(desk.actor, canteen)
        if canteen not in seen:
            raise CanteenUnknown(canteen)
        seen = [canteen]
    return worded.month(await desk.database.read(month_page, month, seen, now=desk.clock.now()))
