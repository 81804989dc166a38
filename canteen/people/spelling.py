"""How a name is spelt in Latin letters, so that staff find `单丽华` by `slh` as well as by `dlh`."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice, product

MOST_READINGS = 48
"""A name of many polyphones has more; the first are kept."""


def spellings(name: str) -> str:
    """Initials under every reading of every character, then the name written out: ` slh dlh clh shanlihua danlihua`.

    Each spelling stands after a blank, so that a beginning is found by one pattern. Never empty: a name without any
    reading gives one blank. A character nobody can read is passed over.
    """
    units = list(_units(name))
    initials = _joined([[full[:1] for full in readings] for readings in units])
    # written out, only the surname is tried under every reading: given names are read as usual
    whole = _joined([readings if place == 0 else readings[:1] for place, readings in enumerate(units)])
    words = [readings[0] for readings in units if len(readings) == 1 and len(readings[0]) > 6]
    return "".join(f" {spelling}" for spelling in dict.fromkeys([*initials, *whole, *words])) or " "


def _joined(options: list[list[str]]) -> list[str]:
    if not options:
        return []
    unique = [list(dict.fromkeys(choices)) for choices in options]
    return ["".join(parts) for parts in islice(product(*unique), MOST_READINGS)]


def _units(name: str) -> Iterator[list[str]]:
    """Characters with their readings, most usual first, and Latin words as they are; everything else is passed over."""
    word = ""
    for sign in f"{name} ":
        if sign.isascii() and sign.isalnum():
            word += sign.lower()
            continue
        if word:
            yield [word]
            word = ""
        readings = _readings(sign)
        if readings:
            yield list(readings)


@lru_cache(maxsize=4_096)
def _readings(sign: str) -> tuple[str, ...]:
    # imported when first needed: its tables take a third of a second, and a server mostly starts without them
    from pypinyin import Style, pinyin  # noqa: PLC0415 - see above

    found = pinyin(sign, style=Style.NORMAL, heteronym=True, errors="ignore")
    return tuple(reading.replace("ü", "v") for reading in found[0] if reading.isascii()) if found else ()
