"""The key that signs a month: Ed25519, made at the first start and kept beside the database, or given by a setting."""

import hashlib
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from canteen.settings import kept_secret

KEY_FILE = "statement.key"
_PURPOSE = b"nuancan statement signing key 1\n"


class Signer:
    """Signs bytes. The 32 bytes of the private key are SHA-256 of the kept text behind a purpose."""

    def __init__(self, text: str) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(_PURPOSE + text.encode()).digest())
        self.public: bytes = self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        """32 bytes."""
        self.pem: str = (
            self._key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode("ascii")
        )

    @property
    def key_id(self) -> str:
        """The first 16 hex digits of the SHA-256 of the public key: short enough to read out on the telephone."""
        return hashlib.sha256(self.public).hexdigest()[:16]

    def sign(self, data: bytes) -> str:
        """128 hex digits. Source: RFC 8032, Ed25519."""
        return self._key.sign(data).hex()


def kept_signer(data_dir: Path, given: str) -> Signer:
    """The key of the setting, else that of the data directory, made there (0600) when there is none."""
    return Signer(given or kept_secret(data_dir / KEY_FILE))
