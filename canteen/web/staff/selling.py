"""One sale at the window: charged, handed over, told to the boards, shown on the main screen."""

from litestar import Response
from litestar.response import Redirect

from canteen.usecases.sell_at_window import Served, WindowSale, sell_at_window
from canteen.web.staff.desk import StaffDesk


async def sold(desk: StaffDesk, sale: WindowSale) -> Served:
    """Raises as the use case does."""
    served = await desk.database.write(
        sell_at_window,
        sale,
        now=desk.now,
        actor=desk.actor.ref,
        actor_name=desk.actor.name,
        sealer=desk.sealer,
        examples_decide=desk.examples_decide,
    )
    await desk.tell("orders", "menu")
    return served


async def sell(desk: StaffDesk, sale: WindowSale) -> Response[None]:
    """The main screen with what was sold. Raises as the use case does."""
    served = await sold(desk, sale)
    return Redirect(f"/staff?served={served.order.id}", status_code=303)
