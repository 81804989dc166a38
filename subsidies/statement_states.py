"""The way of a month's statement from cut-off to payment. The database holds to the same moves."""

from datetime import timedelta
from enum import StrEnum

from subsidies.errors import SubsidyError


class StatementState(StrEnum):
    """Where a month stands at one canteen; a month without a statement is open."""

    CUT_OFF = "cut-off"
    """Its days are over; meals of them are still to be ended."""
    RECONCILING = "reconciling"
    """Compared; differences are being cleared up."""
    DECLARED = "declared"
    """The canteen claims it. What comes later counts in the next month."""
    REVIEWED = "reviewed"
    """The subdistrict agrees."""
    APPROVED = "approved"
    """Civil affairs owe it."""
    LOCKED = "locked"
    """Signed, stored, and never changed again."""
    PAID = "paid"
    """All of it has arrived."""
    RETURNED = "returned"
    """Sent back to the canteen, with a reason."""


PAY_WITHIN = timedelta(days=30)
"""An approved month should have been paid by then; afterwards it is overdue. Source: 保障中小企业款项支付条例 (30 days)."""
OPEN = "open"
"""What a month without a statement is called."""
MOVES = (
    ("cut-off", "reconciling"),
    ("reconciling", "declared"),
    ("declared", "reviewed"),
    ("declared", "returned"),
    ("reviewed", "approved"),
    ("reviewed", "returned"),
    ("approved", "locked"),
    ("locked", "paid"),
    ("returned", "reconciling"),
)
NEXT_ROLE = {
    "open": "manager",
    "cut-off": "manager",
    "reconciling": "manager",
    "returned": "manager",
    "declared": "subdistrict",
    "reviewed": "officer",
    "approved": "officer",
    "locked": "officer",
    "paid": "",
}
"""Whom it waits for; nobody once it is paid."""
CLAIMED = frozenset({"declared", "reviewed", "approved", "locked", "paid"})
"""The month takes no entries any more."""
IN_REVIEW = frozenset({"declared", "reviewed"})
"""Somebody reads exactly what was claimed."""
APPROVED = frozenset({"approved", "locked", "paid"})
"""What it claimed is settled."""
LOCKED = frozenset({"locked", "paid"})


class MonthNotThere(SubsidyError):
    """The month is not at that step: somebody was quicker, or the step before has not been taken; `data["state"]`."""

    code = "subsidies.month-not-there"


class MonthNotOver(SubsidyError):
    """Its last day has not passed yet."""

    code = "subsidies.month-not-over"


class EarlierMonthOpen(SubsidyError):
    """The month before has not been declared: months close in order; `data["month"]`."""

    code = "subsidies.earlier-month-open"


class MealsNotEnded(SubsidyError):
    """Orders of the month are neither handed over nor ended; `data["count"]`."""

    code = "subsidies.meals-not-ended"


class DifferencesOpen(SubsidyError):
    """Differences that block are open; `data["count"]`."""

    code = "subsidies.differences-open"


class AnotherPersonNeeded(SubsidyError):
    """Whoever declared or reviewed it may not take this step too."""

    code = "subsidies.another-person"


class ReasonNeeded(SubsidyError):
    """Sent back or disallowed without a reason of at least two characters."""

    code = "subsidies.reason-needed"


class AmountsWrong(SubsidyError):
    """A line that is not claimed, or more disallowed than was claimed; `data["line"]`."""

    code = "subsidies.amounts-wrong"


class BooksMoved(SubsidyError):
    """The pack was built from other books than these: build it again."""

    code = "subsidies.books-moved"


class PaidTooMuch(SubsidyError):
    """More than is still to come from this funder; `data["open_fen"]`."""

    code = "subsidies.paid-too-much"


class MonthInReview(SubsidyError):
    """Less for a meal whose month is being read: have it returned, or wait for the approval; `data["month"]`."""

    code = "subsidies.month-in-review"


class TooLateForMore(SubsidyError):
    """More can be claimed for a month only within 60 days of its end; less at any time."""

    code = "subsidies.too-late-for-more"
