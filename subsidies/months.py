"""A month of the books: `2026-11`, its days half-open."""

import re
from dataclasses import dataclass
from datetime import date

from subsidies.errors import SubsidyError

_TEXT = re.compile(r"(20[0-9]{2}|2100)-(0[1-9]|1[0-2])", re.ASCII)


class MonthUnreadable(SubsidyError):
    """Not a month from 2000 to 2100 written `2026-11`; `data["month"]`."""

    code = "subsidies.month"


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """One calendar month; business days of Asia/Shanghai."""

    year: int
    number: int

    @property
    def text(self) -> str:
        """`2026-11`, as `ledger_transaction.period` holds it."""
        return f"{self.year}-{self.number:02d}"

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.number, 1)

    @property
    def after(self) -> date:
        """The first day that no longer belongs to it."""
        return self.following.first

    @property
    def following(self) -> "Month":
        """The next month."""
        return Month(self.year + self.number // 12, self.number % 12 + 1)

    @property
    def previous(self) -> "Month":
        """The month before."""
        return Month(self.year - (self.number == 1), 12 if self.number == 1 else self.number - 1)

    def holds(self, day: date) -> bool:
        """Whether the day belongs to it."""
        return (day.year, day.month) == (self.year, self.number)


def month_of(day: date) -> Month:
    """The month a business day belongs to."""
    return Month(day.year, day.month)


def read_month(text: str) -> Month:
    """Raises: MonthUnreadable for anything but `2026-11`."""
    if not _TEXT.fullmatch(text):
        raise MonthUnreadable(month=text[:20])
    return Month(int(text[:4]), int(text[5:]))
