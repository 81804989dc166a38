"""Sentences in Chinese and English: catalogues of flat dotted keys, and which language a request wants."""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any, Literal

from litestar.connection import ASGIConnection
from litestar.datastructures import State

Language = Literal["zh", "en"]
Translate = Callable[..., str]
Connection = ASGIConnection[Any, Any, Any, State]

FOLDER = Path(__file__).resolve().parent.parent / "i18n"
LANGUAGES: tuple[Language, ...] = ("zh", "en")
COOKIE = "lang"
LARGE_COOKIE = "large"
TEXT_SIZE_COOKIE = "text_size"


class DuplicateKey(ValueError):
    """Two catalogues of one language hold the same key."""


def _flat(table: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        name = f"{prefix}{key}"
        if isinstance(value, Mapping):
            yield from _flat(value, f"{name}.")
        else:
            yield name, str(value)


def read_catalogues(folder: Path, language: Language) -> dict[str, str]:
    """Every `*.{language}.toml` of the folder in one table.

    Raises:
        DuplicateKey: a key stands in two files.
    """
    merged: dict[str, str] = {}
    for file in sorted(folder.glob(f"*.{language}.toml")):
        for key, sentence in _flat(tomllib.loads(file.read_text(encoding="utf-8"))):
            if key in merged:
                raise DuplicateKey(f"{key} again in {file.name}")
            merged[key] = sentence
    return merged


@cache
def catalogue(language: Language) -> Mapping[str, str]:
    """The shipped sentences of one language."""
    return read_catalogues(FOLDER, language)


class _Data(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return f"{{{key}}}"  # left for a script of the page to fill in


def sentence(language: Language, key: str, /, **data: object) -> str:
    """The sentence under `key` with `{names}` filled in; an unknown key shows itself (a test finds those)."""
    text = catalogue(language).get(key)
    if text is None:
        return key
    return Formatter().vformat(text, (), _Data(data)) if "{" in text else text


def has_sentence(language: Language, key: str) -> bool:
    """Whether the catalogue holds this key."""
    return key in catalogue(language)


def translator(language: Language) -> Translate:
    """`t(key, **data)` of one language."""

    def t(key: str, /, **data: object) -> str:
        return sentence(language, key, **data)

    return t


def language_of(connection: Connection) -> Language:
    """`?lang=`, else the cookie, else for programs Accept-Language, else Chinese.

    People's browsers are often set to English by whoever installed the kiosk: for pages the header says nothing.
    """
    for wanted in (connection.query_params.get("lang"), connection.cookies.get(COOKIE)):
        if wanted in LANGUAGES:
            return "en" if wanted == "en" else "zh"
    if connection.scope["path"].startswith("/api/"):
        first = connection.headers.get("accept-language", "zh").split(",")[0].strip().lower()
        return "en" if first.startswith("en") else "zh"
    return "zh"


def wants_large(connection: Connection) -> bool:
    """大字: `?large=1|0`, else the cookie, else what the device is set to."""
    asked = connection.query_params.get("large") or connection.cookies.get(LARGE_COOKIE)
    if asked is not None:
        return bool(asked == "1")
    device = connection.scope["state"].get("device")
    return bool(getattr(device, "large_type", False))


def text_size_of(connection: Connection) -> int | None:
    """How large a phone shows its pages, 1 标准 to 4 最大; None on any other page."""
    if connection.scope["path"].split("/")[1] != "m":
        return None
    asked = connection.cookies.get(TEXT_SIZE_COOKIE, "1")
    return int(asked) if asked in {"1", "2", "3", "4"} else 1
