"""What the verifier of a pack is built from: reading it, hashing, signatures, amounts. Standard library only.

Travels at the head of `verify.py` in every pack, so it must run on Python 3.9 as it stands.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO


class Pack:
    """A folder or a zip."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._zip = None if path.is_dir() else zipfile.ZipFile(path)

    def names(self) -> list[str]:
        """Every file, sorted."""
        if self._zip is not None:
            return sorted(name for name in self._zip.namelist() if not name.endswith("/"))
        found = (path for path in self._path.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
        return sorted(path.relative_to(self._path).as_posix() for path in found)

    def open(self, name: str) -> IO[bytes]:
        """To be read."""
        return self._zip.open(name) if self._zip is not None else (self._path / name).open("rb")

    def read(self, name: str) -> bytes:
        """All of it."""
        with self.open(name) as file:
            return file.read()

    def rows(self, name: str) -> Iterator[list[str]]:
        """The rows of a CSV below its header."""
        with self.open(name) as file:
            rows = csv.reader(io.TextIOWrapper(file, "utf-8-sig", newline=""))
            next(rows)
            yield from rows


class Tree:
    """Merkle tree of RFC 9162, leaf by leaf."""

    def __init__(self) -> None:
        self.full: list[tuple[int, bytes]] = []

    def add(self, leaf: bytes) -> None:
        """One more leaf."""
        size, node = 1, hashlib.sha256(b"\0" + leaf).digest()
        while self.full and self.full[-1][0] == size:
            node = hashlib.sha256(b"\1" + self.full.pop()[1] + node).digest()
            size *= 2
        self.full.append((size, node))

    def root(self) -> bytes:
        """Of the leaves so far."""
        node = self.full[-1][1]
        for _, left in reversed(self.full[:-1]):
            node = hashlib.sha256(b"\1" + left + node).digest()
        return node


def canonical(value: object) -> bytes:
    """Sorted keys, no spaces, UTF-8, integers only, a line end."""
    return (json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False) + "\n").encode()


def fen_of(text: str) -> int:
    """`-12.05` is -1205; anything else than two decimals is an error."""
    whole, _, rest = text.lstrip("-").partition(".")
    if len(rest) not in (0, 2) or not (whole + rest).isdigit():
        raise ValueError(f"no amount: {text!r}")
    fen = int(whole) * 100 + int(rest or 0)
    return -fen if text.startswith("-") else fen


def yuan(fen: int) -> str:
    """`98,406.00`."""
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100:,}.{abs(fen) % 100:02d}"


_P = 2**255 - 19
_D = -121665 * pow(121666, _P - 2, _P) % _P
_ORDER = 2**252 + 27742317777372353535851937790883648493
_Point = tuple[int, int, int, int]
_NEUTRAL: _Point = (0, 1, 1, 0)


def ed25519(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether `public` signed `message`: by `cryptography` where it is installed, else by hand."""
    try:
        from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - an auditor's machine may not have it
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415 - as above
    except ImportError:
        return ed25519_by_hand(public, message, signature)
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def ed25519_by_hand(public: bytes, message: bytes, signature: bytes) -> bool:
    """The same without any library, some milliseconds slow. Source: RFC 8032, sections 5.1.7 and 6."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, commitment = _point(public), _point(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if key is None or commitment is None or scalar >= _ORDER:
        return False
    digest = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % _ORDER
    base_y = 4 * pow(5, _P - 2, _P) % _P
    base = _point(base_y.to_bytes(32, "little"))
    if base is None:
        raise ArithmeticError("the base point lies on the curve")
    left, right = _times(scalar, base), _sum(commitment, _times(digest, key))
    return (left[0] * right[2] - right[0] * left[2]) % _P == 0 and (left[1] * right[2] - right[1] * left[2]) % _P == 0


def _point(text: bytes) -> _Point | None:
    number = int.from_bytes(text, "little")
    sign, y = number >> 255, number & ((1 << 255) - 1)
    if y >= _P:
        return None
    square = (y * y - 1) * pow(_D * y * y + 1, _P - 2, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * pow(2, (_P - 1) // 4, _P) % _P
    if (x * x - square) % _P or (not x and sign):
        return None
    if x & 1 != sign:
        x = _P - x
    return (x, y, 1, x * y % _P)


def _sum(one: _Point, other: _Point) -> _Point:
    a, b = (one[1] - one[0]) * (other[1] - other[0]) % _P, (one[1] + one[0]) * (other[1] + other[0]) % _P
    c, d = 2 * one[3] * other[3] * _D % _P, 2 * one[2] * other[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % _P, g * h % _P, f * g % _P, e * h % _P)


def _times(number: int, point: _Point) -> _Point:
    found = _NEUTRAL
    while number:
        if number & 1:
            found = _sum(found, point)
        point = _sum(point, point)
        number >>= 1
    return found
