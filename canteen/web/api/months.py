"""A month's figures: decided again, in the books, received."""

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath

from canteen.clock import Clock
from canteen.db.database import Database
from canteen.people.accounts import Actor
from canteen.readmodels.month_page import month_page
from canteen.readmodels.office_scope import canteens_seen
from canteen.sites.errors import CanteenUnknown
from canteen.web.api import answers, worded
from canteen.web.api.access import BOOKS
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
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    clock: NamedDependency[Clock],
    canteen: CanteenQuery = None,
) -> answers.MonthAnswer:
    """Per canteen: decided again × ledger × received, and what differs. `month` is `2026-11`; without `canteen` officers
    and auditors get every canteen, managers their own."""
    seen = [view.id for view in await database.read(canteens_seen, actor)]
    if canteen is not None:
        in_scope(actor, canteen)
        if canteen not in seen:
            raise CanteenUnknown(canteen)
        seen = [canteen]
    return worded.month(await database.read(month_page, month, seen, now=clock.now()))
