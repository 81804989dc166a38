"""Random secrets of browsers and programs: session and device cookies, bearer tokens. Only hashes are stored."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from canteen.people.accounts import Actor
from canteen.people.models import ApiToken, Role

BEARER_PREFIX = "nc_"
"""Makes a leaked token recognisable to scanners."""


def new_secret() -> str:
    """32 random bytes, safe in a cookie and a header."""
    return secrets.token_urlsafe(32)


def new_bearer() -> str:
    """A bearer token, shown once."""
    return BEARER_PREFIX + secrets.token_urlsafe(32)


def hash_secret(secret: str) -> str:
    """SHA-256 in hex. The secrets are random, so a plain hash cannot be guessed back."""
    return hashlib.sha256(secret.encode()).hexdigest()


def derived_secret(secret_key: str, purpose: str) -> str:
    """A secret that every process derives alike from the secret key (HMAC-SHA256, hex)."""
    return hmac.new(secret_key.encode(), f"nuancan/{purpose}".encode(), hashlib.sha256).hexdigest()


def demo_device_secret(secret_key: str, kind: str, canteen_id: str) -> str:
    """The cookie of the one demo device of this kind at this canteen."""
    return derived_secret(secret_key, f"demo-device/{kind}/{canteen_id}")


@dataclass(frozen=True, slots=True)
class StandingToken:
    """A bearer token that opens doors until `expires_at`."""

    actor: Actor
    expires_at: datetime | None


def standing_token(session: Session, token_hash: str) -> StandingToken | None:
    """The token of this hash unless revoked; the caller compares `expires_at` with real time."""
    row = session.execute(
        select(ApiToken).where(col(ApiToken.token_hash) == token_hash, col(ApiToken.revoked_at).is_(None))
    ).scalar_one_or_none()
    if row is None:
        return None
    actor = Actor(ref=f"token:{row.id}", name=row.name, role=Role(row.role), canteen_id=row.canteen_id)
    return StandingToken(actor, row.expires_at)
