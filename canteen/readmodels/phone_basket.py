"""An order being put together on a phone, for any meal of the week: lines, what is to be paid, what clashes."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlmodel import Session

from canteen.people import fetchers
from canteen.people.sealed import Sealer
from canteen.readmodels.counter_order import CounterOrder, counter_order
from canteen.readmodels.window import MealNow
from canteen.sites import hours


def phone_basket(
    session: Session,
    canteen_id: str,
    resident_id: str | None,
    diner_id: str | None,
    basket: Mapping[str, int],
    *,
    day: date,
    meal: str,
    now: datetime,
    sealer: Sealer,
    examples_decide: bool,
) -> CounterOrder:
    """What of `basket` is on that menu, for the diner if `resident_id` may carry for them, else for themselves.

    Raises:
        orders.errors.OrderingClosed: past the cut-off of phones.
        orders.errors.GuestNotServed: nobody has signed in where guests are not served.
        sites.errors.CanteenShut, MealNotServed: nothing is served then.
    """
    if resident_id is not None and diner_id is not None and diner_id != resident_id:
        diner_id = diner_id if fetchers.may_fetch(session, diner_id, resident_id) else resident_id
    served = hours.meal_hours(session, canteen_id, day, meal)
    at = MealNow(day, served.meal, served.opens_at, served.closes_at, handing_over=False)
    return counter_order(
        session,
        canteen_id,
        diner_id,
        basket,
        at,
        now=now,
        sealer=sealer,
        examples_decide=examples_decide,
        channel="phone",
    )
