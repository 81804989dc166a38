"""The OpenAPI 3.1 document of /api/v1 and a page that shows it, served from here, never from a CDN."""

from typing import Any

from litestar import Request
from litestar.enums import MediaType
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin, OpenAPIRenderPlugin
from litestar.openapi.spec import Components, Contact, License, SecurityScheme, Server, Tag
from litestar.plugins.jinja import JinjaTemplateEngine

from canteen.web.health import app_version
from canteen.web.templates import page, vendor_has

DESCRIPTION = """\
Menus, quotes, orders, hand-overs and months of community canteens.

Money is in whole fen (`*_fen`), times are RFC 3339 in UTC, business days are local dates in Asia/Shanghai. Refusals are
`application/problem+json` with a stable `code`; `Accept-Language: zh` or `en` picks the language of `title` and `detail`.
Get a token with `canteen token create --role kiosk --canteen longcheng` and send it as `Authorization: Bearer nc_…`.
Placing an order needs the header `Idempotency-Key`: the same key and body get the first answer again.
"""


class _PlainJson(JsonRenderPlugin):
    """`application/json` besides the OpenAPI media type, so that browsers show it."""

    def __init__(self) -> None:
        super().__init__(path="/openapi.json", media_type=MediaType.JSON)


def openapi_config() -> OpenAPIConfig:
    """Only routes that ask for it (`include_in_schema=True`) are in the document."""
    plugins: list[OpenAPIRenderPlugin] = [_PlainJson(), _ApiPage()]
    return OpenAPIConfig(
        title="暖餐 Nuancan",
        version=app_version(),
        description=DESCRIPTION,
        license=License(name="Apache-2.0", identifier="Apache-2.0"),
        contact=Contact(name="暖餐"),
        servers=[Server(url="/")],
        path="/schema",
        render_plugins=plugins,
        components=Components(
            security_schemes={"bearer": SecurityScheme(type="http", scheme="bearer", bearer_format="nc_…")}
        ),
        security=[{"bearer": []}],
        tags=[Tag(name="menus"), Tag(name="orders"), Tag(name="hand-over"), Tag(name="months")],
        use_handler_docstrings=True,
    )


class _ApiPage(OpenAPIRenderPlugin):
    """Swagger UI where the browser library was installed; without scripts a plain list of operations."""

    def __init__(self) -> None:
        super().__init__(path="/", media_type=MediaType.HTML)

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        """The page as HTML."""
        shown = page(
            request,
            "front/api.html.j2",
            operations=_operations(openapi_schema),
            has_viewer=vendor_has("swagger-ui-bundle.js"),
        )
        engine = request.app.template_engine
        if not isinstance(engine, JinjaTemplateEngine):
            raise TypeError("pages are Jinja templates")
        return engine.get_template("front/api.html.j2").render(**shown.create_template_context(request)).encode()


def _operations(document: dict[str, Any]) -> list[dict[str, str]]:
    """Method, path and summary of every route."""
    return [
        {"method": method.upper(), "path": path, "summary": str(operation.get("summary", ""))}
        for path, item in sorted(document.get("paths", {}).items())
        for method, operation in item.items()
        if isinstance(operation, dict)
    ]
