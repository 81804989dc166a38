"""One cell, read kindly: what was meant when that is certain, else why not and what to do."""

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from unicodedata import normalize

from canteen.tables.sheet import RawCell, is_empty
from canteen.tables.words import Words, key_of, nearest

_BLANKS = " \t\r\n\u00a0\u3000\ufeff\u200b\u200e\u200f"
_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?[eE]\+?[0-9]{1,3}", re.ASCII)
_WHOLE_FLOAT = re.compile(r"([0-9]+)\.0+", re.ASCII)
_YMD = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?", re.ASCII)
_COMPACT = re.compile(r"(1[89][0-9]{2}|20[0-9]{2})([0-9]{2})([0-9]{2})", re.ASCII)
_OTHER_ORDER = re.compile(r"[0-9]{1,2}[-/.][0-9]{1,2}[-/.](?:[0-9]{2}|[0-9]{4})", re.ASCII)
_TIME_AFTER = re.compile(r"[ T]0{1,2}:00(?::00(?:\.0+)?)?$", re.ASCII)
_MONEY = re.compile(r"[¥￥]?([0-9]{1,7}(?:\.[0-9]{1,2})?)元?", re.ASCII)
_PARTS = re.compile(r"[、,，;；/|\n]+")
_GUARDED = re.compile(r"'[=+\-@\t\r\n＝＋－＠]")
_RUNS = ("=", "+", "@", "＝", "＋", "＠")
EXCEL_ZERO = date(1899, 12, 30)
LEAST_SERIAL, MOST_SERIAL = 3_654, 80_000
"""1910 to 2119 as Excel counts days; anything else is no date."""
PRECISE = 10**15
"""From here on a number in a cell has lost its last digits."""


@dataclass(frozen=True)
class Wrong(Exception):
    """Why a cell cannot be taken: `tables.cell.<key>` with its facts."""

    key: str
    facts: dict[str, str | int] = field(default_factory=dict)


def text(cell: RawCell, most: int = 200) -> str:
    """Text without outer blanks; what a writer of tables guarded with an apostrophe or a tab is bare again.

    Raises:
        Wrong: too long, a formula, or characters no database should keep.
    """
    value = _bare(cell)
    if value.startswith(_RUNS) and len(value) > 1:
        raise Wrong("formula", {"value": value[:30]})
    if _GUARDED.match(value):
        value = value[1:].strip(_BLANKS)
    value = " ".join(value.split())
    if len(value) > most:
        raise Wrong("too-long", {"most": most, "length": len(value)})
    if "\ufffd" in value or any(not c.isprintable() for c in value):
        raise Wrong("strange-characters")
    return value


def id_number(cell: RawCell) -> str:
    """The characters of an ID number as written; what a spreadsheet has rounded cannot be got back.

    Raises:
        Wrong: shown as 1.1E+17, kept as a number, or the fifteen digits of before 2004.
    """
    value = _digits(cell, "id-lost")
    if len(value) == 15 and value.isdigit():
        raise Wrong("id-old")
    return value


def phone(cell: RawCell) -> str:
    """Digits of a telephone.

    Raises:
        Wrong: not 7 to 15 digits, or the zero before an area code is gone.
    """
    value = re.sub(r"[\s\-()（）+]", "", _digits(cell, "phone-lost"))
    if not re.fullmatch(r"[0-9]{7,15}", value, re.ASCII):
        raise Wrong("phone")
    if len(value) in {10, 11} and value[0] not in "01" and not value.startswith(("400", "800")):
        raise Wrong("phone-zero", {"value": value, "with": f"0{value}"})
    if len(value) == 10 and value[0] == "1":
        raise Wrong("phone")
    return value


def card(cell: RawCell) -> str:
    """A card number as a reader types it.

    Raises:
        Wrong: kept as a number, so that zeros in front or the last digits may be gone; or no card number at all.
    """
    if isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) < PRECISE:
        raise Wrong("card-number", {"value": _bare(cell)})
    value = _digits(cell, "card-lost").replace(" ", "").upper()
    if not re.fullmatch(r"[0-9A-Z]{4,32}", value, re.ASCII):
        raise Wrong("card")
    return value


def day(cell: RawCell) -> date:
    """2026-11-03, 2026/11/3, 1948.3.12, 2026年11月3日, 19480312, a date cell, or Excel's count of days.

    Raises:
        Wrong: a day that is none, another order of its parts, a year of two digits, or no date at all.
    """
    if isinstance(cell, list):
        return date.fromisoformat(cell[0])
    value = _TIME_AFTER.sub("", normalize("NFKC", _bare(cell)))
    found = _YMD.fullmatch(value) or _COMPACT.fullmatch(value)
    if found:
        try:
            return date(int(found[1]), int(found[2]), int(found[3]))
        except ValueError:
            raise Wrong("no-such-day", {"value": value}) from None
    if re.fullmatch(r"[0-9]{4,5}", value, re.ASCII) and LEAST_SERIAL <= int(value) <= MOST_SERIAL:
        if len(value) == 4:
            raise Wrong("only-year", {"value": value})
        return EXCEL_ZERO + timedelta(days=int(value))
    if _OTHER_ORDER.fullmatch(value):
        raise Wrong("date-order", {"value": value})
    raise Wrong("date", {"value": value[:30]})


def fen(cell: RawCell) -> int:
    """Yuan as written: `12`, `12.5`, `12.50元`, `¥12`.

    Raises:
        Wrong: more than two decimals, a sign, or no amount.
    """
    value = normalize("NFKC", _bare(cell)).replace(",", "").replace(" ", "")
    if isinstance(cell, float):
        # a spreadsheet computes in binary: 12.5 comes as 12.5, 0.1 + 0.2 does not come as 0.3
        value = format(Decimal(repr(cell)).quantize(Decimal("0.01")), "f") if abs(cell * 100 % 1) < 1e-6 else value
    found = _MONEY.fullmatch(value)
    if found is None:
        raise Wrong("money", {"value": value[:30]})
    try:
        return int(Decimal(found[1]) * 100)
    except InvalidOperation:
        raise Wrong("money", {"value": value[:30]}) from None


def whole(cell: RawCell, most: int) -> int:
    """A whole number from 0 to `most`. Raises: Wrong."""
    value = normalize("NFKC", _bare(cell)).removesuffix("份").replace(",", "").strip()
    if not re.fullmatch(r"[0-9]{1,9}", value, re.ASCII):
        raise Wrong("whole", {"value": value[:30]})
    if int(value) > most:
        raise Wrong("too-many", {"value": value, "most": most})
    return int(value)


def word(cell: RawCell, words: Words) -> str:
    """The key of a word. Raises: Wrong, with the word that may have been meant."""
    value = text(cell)
    found = key_of(value, words)
    if found is None:
        meant = nearest(value, [name for names in words.values() for name in names[:2]])
        known = "、".join(names[0] for names in words.values())
        raise Wrong("word-near" if meant else "word", {"value": value[:30], "meant": meant or "", "known": known})
    return found


def several(cell: RawCell, words: Words) -> tuple[str, ...]:
    """Keys of words parted by 、 or a comma, each once, in the order of `words`. Raises: Wrong."""
    found = {word(part, words) for part in _PARTS.split(text(cell)) if part.strip()}
    return tuple(key for key in words if key in found)


def listed(cell: RawCell, most: int = 400) -> tuple[str, ...]:
    """Names parted by 、 or a comma. Raises: Wrong."""
    return tuple(part.strip() for part in _PARTS.split(text(cell, most)) if part.strip())


def _bare(cell: RawCell) -> str:
    if isinstance(cell, list):
        return cell[0]
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 10**21:
        return str(int(cell))
    return "" if is_empty(cell) else str(cell).strip(_BLANKS)


def _digits(cell: RawCell, lost: str) -> str:
    """Half-width, without blanks inside."""
    if isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) >= PRECISE:
        raise Wrong(lost, {"value": f"{float(cell):.5G}"})
    value = re.sub(r"\s", "", normalize("NFKC", _bare(cell))).removeprefix("'")
    if _SCIENTIFIC.fullmatch(value):
        raise Wrong(lost, {"value": value})
    if value.startswith("="):
        raise Wrong("formula", {"value": value[:30]})
    found = _WHOLE_FLOAT.fullmatch(value)
    return found[1] if found else value
