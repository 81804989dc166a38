"""The kitchen's own photos, for every page that shows food. An address is random and its bytes never change."""

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from canteen.db.database import Database
from canteen.web.security import FOR_EVER
from canteen.web.templates import PageRequest
from menus import photos


@get(["/photos/{photo_id:str}", "/photos/{photo_id:str}/small"])
async def photo(photo_id: FromPath[str], database: NamedDependency[Database], request: PageRequest) -> Response[bytes]:
    """800x600; with `/small` 400x300."""
    small = request.url.path.endswith("/small")
    found = await database.read(photos.read, photo_id, small=small)
    return Response(found, media_type=photos.MEDIA_TYPE, headers={"Cache-Control": FOR_EVER})
