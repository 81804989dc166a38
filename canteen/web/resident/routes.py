"""Routes under /m."""

from litestar import Router

router = Router("/m", route_handlers=[])
