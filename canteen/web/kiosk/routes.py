"""Routes under /kiosk: one paired screen, whoever stands before it."""

from litestar import Router
from litestar.di import Provide

from canteen.web.kiosk import choosing, mine, number, start, usual
from canteen.web.kiosk.desk import kiosk_desk

router = Router(
    "/kiosk/{canteen:str}",
    route_handlers=[
        start.start,
        start.tap,
        start.guest,
        start.stopped_card,
        start.ask_for_help,
        start.help_page,
        start.never_mind,
        start.leave,
        usual.usual,
        usual.eat_this,
        usual.another,
        usual.family,
        usual.for_family,
        usual.done,
        usual.take_back,
        choosing.menu,
        choosing.choose,
        choosing.check,
        choosing.checked,
        mine.mine,
        number.number_page,
        number.number_typed,
    ],
    dependencies={"desk": Provide(kiosk_desk)},
)
