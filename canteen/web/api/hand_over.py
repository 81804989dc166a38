"""The window: a code, a card or a number becomes a tray, exactly once."""

from litestar import post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from canteen.events import CanteenChanged
from canteen.usecases.collect_meal import HandOver, collect_meal
from canteen.web.api import answers, worded
from canteen.web.api.access import WINDOW, at_own_canteen
from canteen.web.api.bodies import CollectionBody
from canteen.web.api.desk import Desk
from canteen.web.api.documented import refusals
from canteen.web.api.strict_body import StrictBody
from canteen.web.security import require


@post(
    "/collections",
    dto=StrictBody[CollectionBody],
    return_dto=None,
    guards=[require(*WINDOW)],
    tags=["hand-over"],
    status_code=201,
    responses=refusals(404, 409, 413),
    summary="Hand a meal over",
)
async def make_collection(
    *,
    data: JSONBody[CollectionBody],
    desk: NamedDependency[Desk],
) -> answers.CollectionAnswer:
    """What to put on the tray. Unpaid: 409 `orders.not-paid` with `due_fen`; handed over before: 409
    `pickup.already-collected` with when (`at`) and by whom (`by`)."""
    canteen = at_own_canteen(desk.actor, data.canteen)
    tray = await desk.database.write(
        collect_meal,
        HandOver(data.code, canteen, take_cash=data.take_cash),
        now=desk.clock.now(),
        actor=desk.actor.ref,
        actor_name=desk.actor.name,
        sealer=desk.sealer,
    )
    desk.events.publish(CanteenChanged(canteen, "orders"))
    return worded.tray(tray)
