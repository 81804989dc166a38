"""One elder at a kiosk, or a resident on their phone: what the server remembers between pages, then wipes.

The browser holds a random cookie, limited to its part of the site; whose meal it is stays on the server.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie, State

from canteen.db.database import Database
from canteen.people.tokens import hash_secret, new_secret
from canteen.people.web_sessions import (
    KIOSK_VISIT,
    RESIDENT_PHONE,
    Lifetime,
    OpenSession,
    change_session_data,
    end_session,
    find_session,
    open_session,
    renew_session,
)
from canteen.settings import Settings
from canteen.web.language import COOKIE as LANGUAGE_COOKIE
from canteen.web.language import LARGE_COOKIE
from canteen.web.sessions import send_cookie

COOKIE = "visit"
_PARTS: Mapping[str, Lifetime] = {"kiosk": KIOSK_VISIT, "m": RESIDENT_PHONE}

Connection = ASGIConnection[Any, Any, Any, State]


def _part(connection: Connection) -> str:
    return str(connection.scope["path"]).split("/")[1]


def _cookie(connection: Connection, value: str, max_age: int | None) -> Cookie:
    settings: Settings = connection.app.state.settings
    return Cookie(
        key=COOKIE,
        value=value,
        max_age=max_age,
        path=f"/{_part(connection)}",
        httponly=True,
        samesite="lax",
        secure=settings.secure_cookies,
    )


async def visit_of(connection: Connection) -> OpenSession | None:
    """The dependency `visit`: the visit under way, its `data` as it was last saved."""
    cookie = connection.cookies.get(COOKIE)
    if not cookie or _part(connection) not in _PARTS:
        return None
    database: Database = connection.app.state.database
    now = datetime.now(UTC)
    found = await database.read(find_session, hash_secret(cookie), now)
    if found is not None and found.account_id is not None:
        return None
    if found is not None and found.wants_renewal(now):
        await database.write(renew_session, found.key_hash, min(now + found.idle, found.ends_at))
    return found


async def open_visit(connection: Connection, data: Mapping[str, object], *, lifetime: Lifetime | None = None) -> None:
    """Start a visit (card tapped, a guest's first dish) under a new cookie; the one before it ends."""
    await end_visit(connection, keep_display=True)
    secret = new_secret()
    part = _part(connection)
    lifetime = lifetime or _PARTS[part]
    database: Database = connection.app.state.database
    await database.write(
        open_session, hash_secret(secret), account_id=None, data=data, lifetime=lifetime, now=datetime.now(UTC)
    )
    max_age = None if part == "kiosk" else int(lifetime.absolute.total_seconds())
    send_cookie(connection, _cookie(connection, secret, max_age))


def carry_on(connection: Connection, secret: str) -> None:
    """Give this browser the cookie of a session that a use case opened at sign-in."""
    send_cookie(connection, _cookie(connection, secret, int(RESIDENT_PHONE.absolute.total_seconds())))


async def change_visit(connection: Connection, visit: OpenSession, data: Mapping[str, object]) -> None:
    """Keep `data` instead of what was kept (lines chosen so far…)."""
    database: Database = connection.app.state.database
    await database.write(change_session_data, visit, data)


async def end_visit(connection: Connection, *, keep_display: bool = False) -> None:
    """Forget the visit; at a kiosk also language and 大字, so that the next elder starts afresh."""
    cookie = connection.cookies.get(COOKIE)
    if cookie:
        database: Database = connection.app.state.database
        await database.write(end_session, hash_secret(cookie))
        send_cookie(connection, _cookie(connection, "", 0))
    if not keep_display and _part(connection) == "kiosk":
        for name in (LANGUAGE_COOKIE, LARGE_COOKIE):
            if name in connection.cookies:
                send_cookie(connection, Cookie(key=name, value="", max_age=0, path="/"))
