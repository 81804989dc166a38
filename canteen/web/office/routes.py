"""Routes under /office."""

from litestar import Router

router = Router("/office", route_handlers=[])
