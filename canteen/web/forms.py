"""Reads posted forms kindly: values of the right kind, and for each field that is wrong the key of a sentence."""

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import TypeVar

from litestar import Request
from litestar.datastructures import State

from canteen.people.accounts import Actor
from subsidies.errors import MoneyFormat
from subsidies.money import parse_yuan

E = TypeVar("E", bound=StrEnum)


class Form:
    """What somebody sent. Getters note what is wrong in `errors` (field → key under `forms.`) and give a blank value."""

    def __init__(self, fields: Iterable[tuple[str, str]]) -> None:
        self._values: dict[str, list[str]] = {}
        for name, value in fields:
            self._values.setdefault(name, []).append(value)
        self.errors: dict[str, str] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def raw(self, name: str) -> str:
        """As sent, for showing it again; empty when it was not."""
        return self._values.get(name, [""])[0]

    def every(self, name: str) -> tuple[str, ...]:
        """All values of ticked boxes and repeated fields."""
        return tuple(self._values.get(name, ()))

    def numbered(self, prefix: str) -> Mapping[str, str]:
        """`quantity-12=2` under `12`, for every field that starts with `quantity-`."""
        return {
            name.removeprefix(prefix): values[0] for name, values in self._values.items() if name.startswith(prefix)
        }

    def refuse(self, name: str, key: str) -> None:
        """Mark a field; the first mark stays."""
        self.errors.setdefault(name, key)

    def text(self, name: str, *, most: int = 200, required: bool = True) -> str:
        """Trimmed; control characters are refused (a database may not be able to keep them)."""
        value = self.raw(name).strip()
        if not value and required:
            self.refuse(name, "forms.required")
        elif len(value) > most:
            self.refuse(name, "forms.too-long")
        elif not value.isprintable():
            self.refuse(name, "forms.strange-characters")
            return ""
        return value[:most]

    def whole(self, name: str, least: int, most: int, otherwise: int | None = None) -> int:
        """A whole number in ASCII digits; `otherwise` when the field is blank."""
        value = self.raw(name).strip()
        if not value and otherwise is not None:
            return otherwise
        digits = value.removeprefix("-")
        if not (digits.isascii() and digits.isdigit() and len(digits) <= 9):
            self.refuse(name, "forms.number")
            return least
        if not least <= int(value) <= most:
            self.refuse(name, "forms.out-of-range")
            return least
        return int(value)

    def fen(self, name: str) -> int:
        """Money typed in yuan: `6`, `6.5`, `6.50`."""
        try:
            return parse_yuan(self.raw(name)).fen
        except MoneyFormat:
            self.refuse(name, "forms.money")
            return 0

    def day(self, name: str, *, required: bool = True) -> date | None:
        """`2026-11-23`, as date inputs send it."""
        value = self.raw(name).strip()
        if not value and not required:
            return None
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.refuse(name, "forms.date")
            return None

    def choice(self, name: str, kind: type[E], otherwise: E) -> E:
        """A member of `kind`; anything else is marked and read as `otherwise`."""
        try:
            return kind(self.raw(name))
        except ValueError:
            self.refuse(name, "forms.choice")
            return otherwise


async def read_form(request: Request[Actor, object, State]) -> Form:
    """The dependency `form`."""
    fields = await request.form()
    return Form((name, value) for name, value in fields.multi_items() if isinstance(value, str))
