"""One sale at the window: charged, handed over, told to the boards, shown on the main screen."""

from litestar import Response
from litestar.response import Redirect

from canteen.usecases.sell_at_window import WindowSale, sell_at_window
from canteen.web.staff.desk import StaffDesk


async def sell(desk: StaffDesk, sale: WindowSale) -> Response[None]:
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
    return Redirect(f"/staff?served={served.order.id}", status_code=303)
