"""What a phone keeps for times without a line: the script that keeps it, and the page that stands in for all others."""

from litestar import MediaType, Response, get
from litestar.response import Template

from canteen.web.templates import STATIC, PageRequest, page

WORKER = STATIC / "js" / "sw.js"


@get("/sw.js", media_type=MediaType.TEXT, sync_to_thread=True)
def worker() -> Response[bytes]:
    """Here, not under /static: a service worker answers for the addresses beside and below its own."""
    return Response(
        WORKER.read_bytes(),
        media_type="text/javascript",
        headers={"Cache-Control": "no-cache", "Service-Worker-Allowed": "/m/"},
    )


@get("/offline")
async def offline_page(request: PageRequest) -> Template:
    """Fetched once while there is a line, and kept."""
    return page(request, "resident/offline.html.j2")
