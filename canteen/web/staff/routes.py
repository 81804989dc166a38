"""Routes under /staff."""

from litestar import Router

router = Router("/staff", route_handlers=[])
