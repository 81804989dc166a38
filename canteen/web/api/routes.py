"""Routes under /api/v1."""

from litestar import Router

router = Router("/api/v1", route_handlers=[], include_in_schema=True)
