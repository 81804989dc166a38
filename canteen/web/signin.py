"""Sign in and out of the pages for people who work here."""

import asyncio
from datetime import UTC, datetime

from litestar import Response, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.response import Redirect, Template

from canteen.clock import Clock
from canteen.db.database import Database
from canteen.demo.accounts import DEMO_PASSWORD, DEMO_SIGN_INS
from canteen.people.accounts import Actor, sign_in_file
from canteen.people.errors import PeopleError
from canteen.people.models import Role
from canteen.people.passwords import matches
from canteen.people.sign_in_errors import SignInPaused, SignInWrong
from canteen.people.tokens import hash_secret, new_secret
from canteen.settings import Settings
from canteen.usecases.sign_in import sign_in
from canteen.usecases.sign_out import sign_out
from canteen.web.errors import words_for
from canteen.web.forms import Form
from canteen.web.front import local_path
from canteen.web.security import TriesByAddress
from canteen.web.sessions import SESSION_COOKIE
from canteen.web.templates import PageRequest, actor_of, page


def home_of(actor: Actor) -> str:
    """Where a role's work starts."""
    return "/staff" if actor.role in {Role.STAFF, Role.MANAGER} else "/office"


def _form(
    request: PageRequest, settings: Settings, *, wanted: str, username: str = "", refusal: PeopleError | None = None
) -> Template:
    return page(
        request,
        "front/sign_in.html.j2",
        status_code=200 if refusal is None else 403,
        wanted=wanted,
        username=username,
        refusal=None if refusal is None else words_for(request, refusal),
        demo_sign_ins=DEMO_SIGN_INS if settings.demo else (),
        demo_password=DEMO_PASSWORD if settings.demo else "",
    )


@get("/signin")
async def sign_in_page(request: PageRequest, settings: NamedDependency[Settings]) -> Response[None] | Template:
    """`?next=` is where to go afterwards."""
    back = local_path(request.query_params.get("next", ""), "")
    actor = actor_of(request)
    if not actor.is_guest and not back:
        return Redirect(home_of(actor), status_code=303)
    return _form(request, settings, wanted=back)


@post("/signin", status_code=200)
async def sign_in_form(
    *,
    request: PageRequest,
    form: NamedDependency[Form],
    database: NamedDependency[Database],
    clock: NamedDependency[Clock],
    settings: NamedDependency[Settings],
    sign_in_tries: NamedDependency[TriesByAddress],
) -> Response[None] | Template:
    """A right password opens a new session; five wrong ones pause the account a minute."""
    sign_in_tries.note(request.client.host if request.client else "")
    username = form.raw("username").strip().lower()[:60]
    wanted = local_path(form.raw("next"), "")
    file = await database.read(sign_in_file, username)
    right = await asyncio.to_thread(matches, file.password_hash if file else None, form.raw("password"))
    cookie = new_secret()
    old = request.cookies.get(SESSION_COOKIE)
    result = await database.write(
        sign_in,
        username,
        password_is_right=right,
        session_hash=hash_secret(cookie),
        old_session_hash=hash_secret(old) if old else None,
        now=datetime.now(UTC),
        business_now=clock.now(),
    )
    if result.actor is None:
        refusal: PeopleError = SignInPaused(seconds=result.paused_s) if result.paused_s else SignInWrong()
        return _form(request, settings, wanted=wanted, username=username, refusal=refusal)
    answer = Redirect(wanted or home_of(result.actor), status_code=303)
    answer.set_cookie(
        Cookie(
            key=SESSION_COOKIE, value=cookie, path="/", httponly=True, samesite="lax", secure=settings.secure_cookies
        )
    )
    return answer


@post(["/signout", "/sign-out"], status_code=303)
async def sign_out_form(
    request: PageRequest, database: NamedDependency[Database], clock: NamedDependency[Clock]
) -> Response[None]:
    """Ends the session on the server and in the browser."""
    cookie = request.cookies.get(SESSION_COOKIE)
    if cookie:
        await database.write(sign_out, hash_secret(cookie), actor=actor_of(request), now=clock.now())
    answer = Redirect("/", status_code=303)
    answer.delete_cookie(SESSION_COOKIE)
    return answer
