"""Guards and headers: who may enter a route, where a request may come from, what a browser may do with the answer."""

import time
from collections import deque
from collections.abc import Awaitable, Callable

from litestar.connection import ASGIConnection
from litestar.datastructures import MutableScopeHeaders, State
from litestar.enums import ScopeType
from litestar.exceptions import HTTPException, NotAuthorizedException, PermissionDeniedException
from litestar.handlers import BaseRouteHandler
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from canteen.people.accounts import GUEST, Actor
from canteen.people.models import Role
from canteen.settings import Settings

CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "media-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "object-src 'none'",
    ]
)
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
FOR_EVER = "public, max-age=31536000, immutable"
HSTS = "max-age=31536000"

Guard = Callable[[ASGIConnection[object, Actor, object, State], BaseRouteHandler], Awaitable[None]]
BeforeSend = Callable[[Message, Scope], Awaitable[None]]


class WebRefusal(HTTPException):
    """A refusal of the edge itself, with a stable code like those of the domain."""

    status_code = 403
    code = "web.refused"

    def __init__(self, **data: str | int) -> None:
        self.data = data
        super().__init__(detail=self.code)


class NotYours(WebRefusal):
    """It exists, but not for this role or at this canteen. One answer for both, so that ids cannot be probed."""

    code = "web.not-yours"


class ForeignOrigin(WebRefusal):
    """A form or script of another site tried to change something here."""

    code = "web.foreign-origin"


class UnknownHost(WebRefusal):
    """The Host header names no host of ours."""

    status_code = 400
    code = "web.unknown-host"


class TooManyTries(WebRefusal):
    """This address has tried too often; `seconds` until it may again."""

    status_code = 429
    code = "web.too-many-tries"


def require(*roles: Role) -> Guard:
    """A guard that lets in only these roles: `guards=[require(Role.MANAGER)]`. Guests are led to sign in.

    Async although it waits for nothing: Litestar would run a plain function in a thread.
    """
    allowed = frozenset(roles)

    async def guard(connection: ASGIConnection[object, Actor, object, State], _: BaseRouteHandler) -> None:
        actor = connection.scope.get("user") or GUEST
        if actor.role is None:
            raise NotAuthorizedException(headers={"WWW-Authenticate": "Bearer"} if _is_api(connection.scope) else None)
        if actor.role not in allowed:
            raise PermissionDeniedException

    return guard


def in_scope(actor: Actor, canteen_id: str) -> str:
    """`canteen_id`, when the actor may see that canteen.

    Raises:
        NotYours: they may not.
    """
    if not actor.may_see_canteen(canteen_id):
        raise NotYours
    return canteen_id


def _is_api(scope: Scope) -> bool:
    return scope["path"].startswith("/api/")


def _host_name(host: str) -> str:
    return host.rsplit(":", 1)[0].strip("[]").lower() if not host.endswith("]") else host.strip("[]").lower()


class Doorman(ASGIMiddleware):
    """Refuses unknown hosts, and changes asked for by pages of other sites."""

    scopes = (ScopeType.HTTP,)

    def __init__(self, settings: Settings) -> None:
        self._hosts = None if "*" in settings.allowed_hosts else frozenset(h.lower() for h in settings.allowed_hosts)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Bearer requests need no origin check: a foreign page cannot send the token."""
        headers = {key: value for key, value in scope["headers"] if key in {b"host", b"origin", b"sec-fetch-site"}}
        host = headers.get(b"host", b"").decode("latin-1")
        if self._hosts is not None and _host_name(host) not in self._hosts:
            raise UnknownHost
        if scope["type"] == ScopeType.HTTP and scope["method"] not in SAFE_METHODS and not _is_api(scope):
            origin = headers.get(b"origin", b"").decode("latin-1")
            foreign = origin and origin.partition("://")[2].lower() != host.lower()
            if foreign or headers.get(b"sec-fetch-site") == b"cross-site":
                raise ForeignOrigin
        await next_app(scope, receive, send)


def headers_hook(settings: Settings) -> BeforeSend:
    """A before-send hook that adds security headers, no-store on everything but static files, and waiting cookies."""
    fixed = {
        "Content-Security-Policy": CONTENT_SECURITY_POLICY,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=(), usb=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    if settings.secure_cookies:
        fixed["Strict-Transport-Security"] = HSTS

    async def add(message: Message, scope: Scope) -> None:
        if message["type"] != "http.response.start":
            return
        headers = MutableScopeHeaders.from_message(message)
        for name, value in fixed.items():
            headers.setdefault(name, value)
        if scope["path"].startswith("/static/"):
            versioned = scope["query_string"].startswith(b"v=")
            headers.setdefault("Cache-Control", FOR_EVER if versioned else "public, max-age=600")
        else:
            headers.setdefault("Cache-Control", "no-store")
        for cookie in scope.get("state", {}).get("cookies", ()):
            headers.add("set-cookie", cookie.to_header(header=""))

    return add


class TriesByAddress:
    """At most `most` tries per network address in `window_s` seconds, in this process."""

    def __init__(self, most: int, window_s: float) -> None:
        self._most = most
        self._window_s = window_s
        self._tries: dict[str, deque[float]] = {}

    def note(self, address: str) -> None:
        """Count one try.

        Raises:
            TooManyTries: over the limit.
        """
        now = time.monotonic()
        if len(self._tries) > 50_000:
            self._tries = {a: t for a, t in self._tries.items() if t[-1] > now - self._window_s}
        tries = self._tries.setdefault(address, deque())
        while tries and tries[0] <= now - self._window_s:
            tries.popleft()
        if len(tries) >= self._most:
            raise TooManyTries(seconds=int(self._window_s - (now - tries[0])) + 1)
        tries.append(now)
