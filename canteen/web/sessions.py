"""Who is asking: session cookie, device cookie or bearer token → `Actor`, found once per request."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie, State
from litestar.enums import ScopeType
from litestar.exceptions import NotAuthorizedException
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send
from sqlmodel import Session

from canteen.db.database import Database
from canteen.people.accounts import GUEST, Actor, actor_of_account
from canteen.people.models import Role
from canteen.people.tokens import StandingToken, demo_device_secret, hash_secret, standing_token
from canteen.people.web_sessions import OpenSession, find_session, renew_session
from canteen.settings import Settings
from canteen.sites.models import DeviceKind
from canteen.sites.pairing import DeviceView, keep_demo_device, paired_device

SESSION_COOKIE = "session"
DEVICE_COOKIE = "device"
KEEP_S = 2.0
"""How long a found token or device is believed without asking the database again: the slowest a revocation works."""
KEEP_MOST = 10_000

_NOBODY_IN_PARTICULAR = ("/static/", "/photos/", "/health", "/live/")
"""Addresses that answer everyone alike."""

Connection = ASGIConnection[Any, Any, Any, State]
T = TypeVar("T")


class Kept(Generic[T]):
    """What was found lately, by key, for `KEEP_S` seconds."""

    def __init__(self) -> None:
        self._found: dict[str, tuple[float, T]] = {}

    def get(self, key: str) -> T | None:
        """The value, if it is fresh."""
        entry = self._found.get(key)
        return entry[1] if entry is not None and entry[0] > time.monotonic() else None

    def put(self, key: str, value: T) -> None:
        """Remember it."""
        if len(self._found) >= KEEP_MOST:
            self._found.clear()
        self._found[key] = (time.monotonic() + KEEP_S, value)

    def forget(self) -> None:
        """Something was revoked here: ask again at once."""
        self._found.clear()


@dataclass(frozen=True, slots=True)
class SignedIn:
    """An account and the session it came with."""

    actor: Actor
    session: OpenSession


class Identities:
    """Looks up whoever asks. One per app."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._settings = settings
        self._tokens: Kept[StandingToken] = Kept()
        self._devices: Kept[DeviceView] = Kept()

    def forget(self) -> None:
        """Call after a token or device was revoked or paired."""
        self._tokens.forget()
        self._devices.forget()

    async def of_bearer(self, header: str) -> Actor:
        """The actor of `Authorization: Bearer …`.

        Raises:
            NotAuthorizedException: not such a header, unknown, revoked or expired.
        """
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer" or not token.isascii():
            raise NotAuthorizedException(headers={"WWW-Authenticate": "Bearer"})
        key = hash_secret(token.strip())
        found = self._tokens.get(key) or await self._database.read(standing_token, key)
        if found is None or (found.expires_at is not None and found.expires_at <= datetime.now(UTC)):
            raise NotAuthorizedException(headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})
        self._tokens.put(key, found)
        return found.actor

    async def of_session(self, cookie: str) -> SignedIn | None:
        """The account signed in with this cookie; pushes the idle end on now and then."""
        now = datetime.now(UTC)
        found = await self._database.read(_signed_in, hash_secret(cookie), now)
        if found is not None and found.session.wants_renewal(now):
            until = min(now + found.session.idle, found.session.ends_at)
            await self._database.write(renew_session, found.session.key_hash, until)
        return found

    async def of_device(self, cookie: str) -> DeviceView | None:
        """The paired device of this cookie."""
        key = hash_secret(cookie)
        found = self._devices.get(key) or await self._database.read(paired_device, key)
        if found is not None:
            self._devices.put(key, found)
        return found

    async def demo_device(self, canteen_id: str, kind: str) -> tuple[str, DeviceView] | None:
        """Demo mode pairs at sight: the cookie and the device of this canteen and kind, None when revoked or unknown."""
        cookie = demo_device_secret(self._settings.secret_key, kind, canteen_id)
        found = await self.of_device(cookie) or await self._database.write(
            keep_demo_device,
            canteen_id=canteen_id,
            kind=kind,
            token_hash=hash_secret(cookie),
            now=datetime.now(UTC),
        )
        return None if found is None else (cookie, found)


def _signed_in(session: Session, key_hash: str, now: datetime) -> SignedIn | None:
    standing = find_session(session, key_hash, now)
    if standing is None or standing.account_id is None:
        return None
    actor = actor_of_account(session, standing.account_id)
    return None if actor is None else SignedIn(actor, standing)


class WhoAsks(ASGIMiddleware):
    """Sets `scope["user"]` to the actor: the bearer of a token under /api, else the account signed in, else a guest."""

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """A bad bearer token is refused here; pages without a session go on as a guest."""
        connection: Connection = ASGIConnection(scope, receive, send)
        identities: Identities = connection.app.state.identities
        scope["user"] = GUEST
        scope["auth"] = None
        if scope["path"].startswith("/api/"):
            header = connection.headers.get("authorization")
            if header is not None:
                scope["user"] = await identities.of_bearer(header)
        elif not scope["path"].startswith(_NOBODY_IN_PARTICULAR):
            cookie = connection.cookies.get(SESSION_COOKIE)
            signed_in = await identities.of_session(cookie) if cookie else None
            if signed_in is not None:
                scope["user"], scope["auth"] = signed_in.actor, signed_in.session
        await next_app(scope, receive, send)


def send_cookie(connection: Connection, cookie: Cookie) -> None:
    """Set a cookie on whatever the answer will be, errors included."""
    connection.scope["state"].setdefault("cookies", []).append(cookie)


def device_cookie(value: str, *, secure: bool) -> Cookie:
    """Kept a year; only the server reads it."""
    return Cookie(
        key=DEVICE_COOKIE, value=value, max_age=365 * 86_400, httponly=True, samesite="lax", secure=secure, path="/"
    )


async def device_of(connection: Connection) -> DeviceView | None:
    """The device this browser is, of the canteen in the address if it names one.

    In demo mode an unpaired browser becomes the demo device of that canteen at sight; the kind is the route's
    `opt["device_kind"]` (kiosk unless said otherwise).
    """
    state = connection.scope["state"]
    if "device" in state:
        found: DeviceView | None = state["device"]
        return found
    identities: Identities = connection.app.state.identities
    settings: Settings = connection.app.state.settings
    cookie = connection.cookies.get(DEVICE_COOKIE)
    device = await identities.of_device(cookie) if cookie else None
    canteen_id = connection.path_params.get("canteen")
    kind = str(connection.scope["route_handler"].opt.get("device_kind", DeviceKind.KIOSK))
    if device is not None and (
        (canteen_id not in {None, device.canteen_id}) or (settings.demo and device.kind != kind)
    ):
        device = None
    if device is None and settings.demo and isinstance(canteen_id, str):
        paired = await identities.demo_device(canteen_id, kind)
        if paired is not None:
            value, device = paired
            send_cookie(connection, device_cookie(value, secure=settings.secure_cookies))
    state["device"] = device
    return device


async def acting(connection: Connection) -> Actor:
    """The actor of a handler: on kiosk addresses the device itself, whoever else is signed in on that browser."""
    if connection.scope["path"].startswith("/kiosk"):
        device = await device_of(connection)
        if device is None:
            return GUEST
        return Actor(f"device:{device.id}", device.name, Role.KIOSK, canteen_id=device.canteen_id)
    user = connection.scope.get("user")
    return user if isinstance(user, Actor) else GUEST
