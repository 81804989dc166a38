"""Routes for phones under /m, and the public pick-up display."""

from litestar import Router

from canteen.web.resident import display, menu

router = Router("/", route_handlers=[display.display, Router("/m", route_handlers=[menu.week_menu])])
