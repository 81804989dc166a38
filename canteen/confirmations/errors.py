"""What is refused about meals that diners speak of, as data: a stable code, never a sentence."""

from typing import ClassVar


class ConfirmationError(Exception):
    """Base of every expected refusal in `canteen.confirmations`."""

    code: ClassVar[str] = "confirmations.refused"

    def __init__(self, **data: str | int) -> None:
        self.data = data
        super().__init__(self.code, data)


class MealNotTheirs(ConfirmationError):
    """No meal of this person that was handed over."""

    code = "confirmations.meal-not-theirs"


class MonthLocked(ConfirmationError):
    """The month of the meal is locked: a dispute can neither be opened nor taken back."""

    code = "confirmations.month-locked"


class NotOnTheList(ConfirmationError):
    """Nobody of this position was drawn."""

    code = "confirmations.not-on-the-list"


class MealsMissing(ConfirmationError):
    """They say that not every meal was theirs: which ones must be marked."""

    code = "confirmations.meals-missing"


class OutcomeMissing(ConfirmationError):
    """How the call went was not chosen."""

    code = "confirmations.outcome"
