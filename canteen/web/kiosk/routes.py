"""Routes under /kiosk."""

from litestar import Router

router = Router("/kiosk", route_handlers=[])
