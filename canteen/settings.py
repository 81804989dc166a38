"""All settings, read from the environment once, at the edge. The table is in docs/operations.md."""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class SettingsError(ValueError):
    """A setting is missing or cannot be read; the message names it."""


@dataclass(frozen=True)
class Settings:
    """One running copy of the platform."""

    database_url: str
    data_dir: Path
    secret_key: str
    """At least 32 characters; encryption, keyed hashes and cookies are derived from it."""
    demo: bool = False
    host: str = "127.0.0.1"
    port: int = 8000
    allowed_hosts: tuple[str, ...] = ("*",)
    secure_cookies: bool = False
    """Set behind TLS: cookies then carry `Secure`."""
    public_url: str = ""
    """What phones reach this installation by, for QR codes on paper: `https://canteen.example.cn`, no slash at the end."""
    statement_key: str = ""
    """What monthly statements are signed with, at least 43 characters; empty: kept in `statement.key` of the data directory."""

    @property
    def is_sqlite(self) -> bool:
        """Whether the embedded database is used."""
        return self.database_url.startswith("sqlite")


def from_environment(environ: Mapping[str, str], *, demo: bool = False) -> Settings:
    """Settings from `CANTEEN_*` (and `HOST`, `PORT`) in `environ`.

    In demo mode a missing secret key is created once and kept in the data directory; otherwise it must be given.

    Raises:
        SettingsError: a value is missing or unreadable.
    """
    data_dir = Path(environ.get("CANTEEN_DATA_DIR") or "var").absolute()
    demo = demo or environ.get("CANTEEN_DEMO", "") in {"1", "true", "yes"}
    url = environ.get("CANTEEN_DATABASE_URL") or f"sqlite:///{data_dir / 'canteen.sqlite3'}"
    secret = environ.get("CANTEEN_SECRET_KEY", "")
    if not secret:
        secret = kept_secret(data_dir / "secret.key")
    if len(secret) < 32:
        raise SettingsError("CANTEEN_SECRET_KEY must have at least 32 characters")
    port_text = environ.get("CANTEEN_PORT") or environ.get("PORT") or "8000"
    if not port_text.isdigit() or not 0 < int(port_text) < 65536:
        raise SettingsError(f"PORT must be a number from 1 to 65535, not {port_text!r}")
    hosts = tuple(h.strip() for h in environ.get("CANTEEN_ALLOWED_HOSTS", "").split(",") if h.strip())
    return Settings(
        database_url=normalise_url(url),
        data_dir=data_dir,
        secret_key=secret,
        demo=demo,
        host=environ.get("CANTEEN_HOST") or environ.get("HOST") or "127.0.0.1",
        port=int(port_text),
        allowed_hosts=hosts or ("*",),
        secure_cookies=environ.get("CANTEEN_SECURE_COOKIES", "") in {"1", "true", "yes"},
        public_url=_public_url(environ.get("CANTEEN_PUBLIC_URL", "")),
        statement_key=_statement_key(environ.get("CANTEEN_STATEMENT_KEY", "")),
    )


def _statement_key(text: str) -> str:
    if text and len(text.strip()) < 43:
        raise SettingsError("CANTEEN_STATEMENT_KEY must have at least 43 characters")
    return text.strip()


def _public_url(text: str) -> str:
    address = text.strip().rstrip("/")
    if address and not re.fullmatch(r"https?://[^\s/?#@]+(/[^\s?#]*)?", address):
        raise SettingsError(f"CANTEEN_PUBLIC_URL must look like https://canteen.example.cn, not {text!r}")
    return address


def normalise_url(url: str) -> str:
    """`postgres://` and `postgresql://` name the psycopg 3 driver."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url[len(prefix) :]
    return url


def kept_secret(path: Path) -> str:
    """The random text kept in a file, made on first use and readable by its owner only: 48 bytes, base64url."""
    if path.exists():
        return path.read_text().strip()
    path.parent.mkdir(parents=True, exist_ok=True)
    made = secrets.token_urlsafe(48)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # another process was quicker
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(made + "\n")
    return made
