"""Routes under /staff: for managers and staff, each at their own canteen."""

from litestar import Router
from litestar.di import Provide

from canteen.people.models import Role
from canteen.web.security import require
from canteen.web.staff import (
    board,
    counter,
    handover,
    menu,
    menus,
    more,
    orders,
    people,
    person,
    person_papers,
    till,
    window,
)
from canteen.web.staff.desk import staff_desk

router = Router(
    "/staff",
    route_handlers=[
        window.window,
        window.side,
        window.today,
        window.help_calls,
        window.answered,
        window.tap,
        window.serve,
        counter.counter,
        counter.counter_press,
        handover.handover,
        handover.hand_over,
        orders.undo_page,
        orders.undo,
        orders.cancel,
        orders.printed_list,
        till.top_up_page,
        till.top_up,
        till.settle,
        board.board,
        board.made,
        board.ticket,
        board.prep,
        menu.menu,
        menu.save_left,
        menu.sold_out,
        menus.menus,
        menus.one_menu,
        menus.change_menu,
        more.more,
        people.people,
        people.find_people,
        people.enrol_page,
        people.enrol,
        person.person,
        person.reveal,
        person.card,
        person.card_report,
        person.consent,
        person.diet,
        person.settings,
        person.fetcher,
        person_papers.card_sheet,
        person_papers.slip,
    ],
    guards=[require(Role.MANAGER, Role.STAFF)],
    dependencies={"desk": Provide(staff_desk)},
)
