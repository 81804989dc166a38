"""The front page: what this is, and the way on for each kind of user. Also the language switch."""

from litestar import Response, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.response import Redirect, Template

from canteen.db.database import Database
from canteen.readmodels.front_page import front_canteens
from canteen.settings import Settings
from canteen.web.forms import Form
from canteen.web.language import COOKIE, LANGUAGES
from canteen.web.templates import PageRequest, page


def local_path(wanted: str, otherwise: str = "/") -> str:
    """`wanted` when it is an address on this site: an open redirect would lend our name to others."""
    plain = wanted.startswith("/") and not wanted.startswith(("//", "/\\"))
    return wanted if plain and wanted.isprintable() and "\\" not in wanted else otherwise


@get("/")
async def front_page(request: PageRequest, database: NamedDependency[Database]) -> Template:
    """For everyone."""
    return page(request, "front/index.html.j2", canteens=await database.read(front_canteens))


@post("/language", status_code=303)
async def change_language(form: NamedDependency[Form], settings: NamedDependency[Settings]) -> Response[None]:
    """Remember the language in this browser for the session and go back where it was asked for."""
    wanted = form.raw("lang")
    answer = Redirect(local_path(form.raw("back")), status_code=303)
    if wanted in LANGUAGES:
        answer.set_cookie(
            Cookie(key=COOKIE, value=wanted, path="/", httponly=True, samesite="lax", secure=settings.secure_cookies)
        )
    return answer
