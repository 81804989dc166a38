"""K7: what is left on the card and the meals of the week, shown on a touch and covered again after ten seconds."""

from litestar import get
from litestar.di import NamedDependency

from canteen.readmodels.resident_home import my_card
from canteen.web.kiosk.desk import Answer, KioskDesk

MOST_MEALS, LARGE_MOST_MEALS = 6, 4
"""What the page shows without scrolling."""


@get("/mine")
async def mine(desk: NamedDependency[KioskDesk]) -> Answer:
    """Covered at first, whoever looks over a shoulder; `?show=1` uncovers it."""
    if desk.stay is None or desk.stay.resident_id is None:
        return desk.to()
    if desk.request.query_params.get("show") != "1":
        return desk.page("mine", card=None, most=0)
    card = await desk.database.read(my_card, desk.canteen.id, desk.stay.resident_id, now=desk.now)
    return desk.page("mine", card=card, most=LARGE_MOST_MEALS if desk.large else MOST_MEALS)
