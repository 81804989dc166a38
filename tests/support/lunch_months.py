"""The same lunches with months that close: any step by anybody at any time."""

from collections.abc import Callable
from datetime import date

from hypothesis import strategies as st
from hypothesis.stateful import rule

from canteen.readmodels.month_claim import month_claim
from canteen.usecases.approve_month import approve_month
from canteen.usecases.cut_off_month import cut_off_month
from canteen.usecases.declare_month import declare_month
from canteen.usecases.return_month import return_month
from canteen.usecases.review_month import review_month
from canteen.usecases.steps.month_moves import MonthStep
from subsidies.errors import SubsidyError
from subsidies.months import month_of
from tests.support.lunches import Lunches, places


class LunchMonths(Lunches):
    """Two canteens, six diners, a few months."""

    @rule()
    def next_month(self) -> None:
        """The first day of the next month."""
        self.day = date.fromordinal(month_of(self.day).after.toordinal() - 1)
        self.sleep()

    @rule(canteen=places, does=st.sampled_from(("cut_off", "declare", "review", "approve", "return")))
    def close(self, canteen: str, does: str) -> None:
        """Somebody takes a step of the month before."""
        month = month_of(self.day).previous
        taken = MonthStep(canteen, month, f"account:{does}", does, self.now, "再看一遍")
        if does == "declare":
            self.moved(declare_month, taken, self.database.read_sync(month_claim, canteen, month))
        else:
            steps = {"cut_off": cut_off_month, "review": review_month, "approve": approve_month, "return": return_month}
            self.moved(steps[does], taken)

    def moved(self, deed: Callable[..., object], *args: object) -> None:
        """A step of a month, or its refusal."""
        try:
            self.database.write_sync(deed, *args)
        except SubsidyError:
            return
        self.done[deed.__name__] += 1
