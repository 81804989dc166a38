"""Private fields: encrypted with a key id, found by keyed hash, shown masked."""

import hashlib
import hmac
import json
import os
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_ID_BYTES = 4
NONCE_BYTES = 12


class About(NamedTuple):
    """Where a sealed value belongs. A value moved to another row or column does not open."""

    table: str
    column: str
    row: str


class CannotOpen(Exception):
    """The value was sealed with a key we do not have, belongs elsewhere, or was changed. Never an expected refusal."""


def _derive(secret: str, purpose: str) -> bytes:
    return HKDF(hashes.SHA256(), length=32, salt=None, info=f"nuancan {purpose}".encode()).derive(secret.encode())


class Sealer:
    """Seals and opens with keys derived from the platform's secret.

    Stored form: 4 bytes of key id, 12 of nonce, then AES-256-GCM ciphertext with its tag. Secrets of the past go to
    `old_keys`: what they sealed still opens. Keyed hashes use the present secret only.
    """

    def __init__(self, secret_key: str, *, old_keys: tuple[str, ...] = ()) -> None:
        self._ciphers: dict[bytes, AESGCM] = {}
        for secret in (*old_keys, secret_key):
            key = _derive(secret, "seal 1")
            self._key_id = hashlib.sha256(b"nuancan key id" + key).digest()[:KEY_ID_BYTES]
            self._ciphers[self._key_id] = AESGCM(key)
        self._index_key = _derive(secret_key, "index 1")

    def seal(self, text: str, about: tuple[str, str, str]) -> bytes:
        """`text` for storing; sealing twice gives different bytes."""
        return self.seal_bytes(text.encode(), about)

    def seal_bytes(self, data: bytes, about: tuple[str, str, str]) -> bytes:
        """The same for a picture."""
        nonce = os.urandom(NONCE_BYTES)
        return self._key_id + nonce + self._ciphers[self._key_id].encrypt(nonce, data, _associated(about))

    def open(self, blob: bytes, about: tuple[str, str, str]) -> str:
        """What was sealed for exactly this place.

        Raises:
            CannotOpen: unknown key, another place, or changed bytes.
        """
        return self.open_bytes(blob, about).decode()

    def open_bytes(self, blob: bytes, about: tuple[str, str, str]) -> bytes:
        """The same for a picture.

        Raises:
            CannotOpen: as `open`.
        """
        cipher = self._ciphers.get(blob[:KEY_ID_BYTES])
        if cipher is None:
            raise CannotOpen("unknown key id")
        nonce, sealed = blob[KEY_ID_BYTES : KEY_ID_BYTES + NONCE_BYTES], blob[KEY_ID_BYTES + NONCE_BYTES :]
        try:
            return cipher.decrypt(nonce, sealed, _associated(about))
        except (InvalidTag, ValueError) as error:
            raise CannotOpen("changed, or sealed for another place") from error

    def index(self, kind: str, text: str) -> str:
        """Keyed hash to find a value by: 64 hex digits, different for every `kind`."""
        return hmac.new(self._index_key, f"{kind}\0{text}".encode(), hashlib.sha256).hexdigest()


def _associated(about: tuple[str, str, str]) -> bytes:
    return json.dumps(about, ensure_ascii=True).encode()


def mask_id(text: str) -> str:
    """`220211194403120025` → `2202**********0025`."""
    return _masked(text, 4, 4)


def mask_phone(text: str) -> str:
    """`19900000001` → `199****0001`."""
    return _masked(text, 3, 4)


def mask_name(name: str) -> str:
    """`张玉兰` → `张*兰`, `王强` → `王*`: enough to call out, too little to look up."""
    if len(name) < 2:
        return name
    return f"{name[0]}*" if len(name) == 2 else f"{name[0]}*{name[-1]}"


def _masked(text: str, head: int, tail: int) -> str:
    if len(text) <= head + tail:
        return "*" * len(text)
    return text[:head] + "*" * (len(text) - head - tail) + text[-tail:]


COMPOUND_SURNAMES = frozenset(
    "欧阳 司马 上官 诸葛 司徒 东方 皇甫 尉迟 公孙 慕容 令狐 宇文 长孙 夏侯 轩辕 端木 呼延 南宫 赫连 澹台 完颜".split()
)


def called(name: str, title: str) -> str:
    """Surname and the title the person chose, `张奶奶`; empty when none was chosen."""
    if not title:
        return ""
    surname = name[:2] if name[:2] in COMPOUND_SURNAMES and len(name) > 2 else name[:1]
    return title if title.startswith(surname) else surname + title


def greeting(name: str, title: str, lang: str = "zh") -> str:
    """`张奶奶，您好`; without a title only `您好`. The name of address stays Chinese in English."""
    who = called(name, title)
    if lang == "en":
        return f"Hello, {who}" if who else "Hello"
    return f"{who}，您好" if who else "您好"
