"""Routes for phones under /m, and the public pick-up display."""

from litestar import Router
from litestar.di import Provide

from canteen.web.resident import (
    account,
    apply,
    apply_photos,
    choosing,
    display,
    meals,
    offline,
    orders,
    preferences,
    signin,
    today,
    week_sheet,
)
from canteen.web.resident.desk import phone_desk

phone = Router(
    "/m/{canteen:str}",
    route_handlers=[
        today.home,
        today.for_family,
        choosing.menu,
        choosing.choose,
        choosing.check,
        choosing.change_line,
        choosing.order,
        orders.one_order,
        orders.take_back,
        orders.answer_question,
        account.account,
        account.table,
        meals.meals,
        meals.say,
        apply.start,
        apply.new,
        apply.begin,
        apply.one,
        apply.question,
        apply.answer,
        apply.send,
        apply.withdraw,
        apply_photos.photos_page,
        apply_photos.change_photos,
        apply_photos.photo,
        preferences.settings_page,
        preferences.change_settings,
        preferences.end_others,
        preferences.pin_page,
        preferences.change_own_pin,
        signin.slip_page,
        signin.slip_shown,
        signin.pin_chosen,
        signin.sign_in_page,
        signin.sign_in_form,
        signin.sign_out,
    ],
    dependencies={"desk": Provide(phone_desk)},
)
router = Router(
    "/",
    route_handlers=[
        display.display,
        Router("/m", route_handlers=[offline.worker, offline.offline_page, week_sheet.sheet]),
        phone,
    ],
)
