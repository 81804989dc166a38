"""没带卡: the tail of the telephone and the birthday, or the card's number, typed on the screen."""

from datetime import UTC, datetime

from litestar import get, post
from litestar.di import NamedDependency

from canteen.usecases.find_without_card import find_without_card
from canteen.web.forms import Form
from canteen.web.kiosk.desk import Answer, KioskDesk
from canteen.web.kiosk.start import read_card, welcome

TAIL_AND_BIRTHDAY = 8


@get("/number")
async def number_page(desk: NamedDependency[KioskDesk]) -> Answer:
    """Digits on the screen; a keyboard works too."""
    return desk.page("number", wrong="") if desk.may_order else desk.to()


@post("/number", status_code=200)
async def number_typed(form: NamedDependency[Form], desk: NamedDependency[KioskDesk]) -> Answer:
    """Eight digits are telephone and birthday, more are a card. One answer for everything that is not found."""
    digits = "".join(letter for letter in form.text("number", most=40, required=False) if letter.isalnum())
    if not desk.may_order or desk.device_id is None or not digits:
        return desk.to("/number" if desk.may_order else "")
    if len(digits) != TAIL_AND_BIRTHDAY:
        return await read_card(desk, digits)
    found = await desk.database.write(
        find_without_card, digits, device_id=desk.device_id, sealer=desk.sealer, real_now=datetime.now(UTC)
    )
    if found.resident_id is not None:
        return await welcome(desk, found.resident_id)
    wrong = "paused" if found.paused else "wrong"
    return desk.page("number", status_code=429 if found.paused else 404, wrong=wrong)
