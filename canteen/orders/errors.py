"""What orders refuse, as data: a stable code and facts, never a sentence or a status."""


class OrderError(Exception):
    """Base of every expected refusal about orders; `data` holds what a sentence needs."""

    code = "orders.refused"

    def __init__(self, **data: object) -> None:
        self.data = data
        super().__init__(self.code, data)


class OrderNotFound(OrderError):
    """No such order, or not one this actor may see."""

    code = "orders.not-found"


class EmptyOrder(OrderError):
    """No line was chosen."""

    code = "orders.empty"


class QuantityOutOfRange(OrderError):
    """A quantity is not between 1 and `most`."""

    code = "orders.quantity"


class NoHalfPortion(OrderError):
    """This item is not sold in half portions."""

    code = "orders.no-half-portion"


class OrderingClosed(OrderError):
    """The cut-off of this channel has passed, or the canteen is closed then. `reason`: over · cutoff · closed-day · not-open."""

    code = "orders.closed"


class PriceChanged(OrderError):
    """The diner would pay another sum than the page showed; `quote` is the fresh one."""

    code = "orders.price-changed"


class GuestNotServed(OrderError):
    """This canteen serves residents with a card only."""

    code = "orders.guest-not-served"


class GuestsUnpaid(OrderError):
    """As many orders of guests wait unpaid at this meal as kiosks, or phones, may place."""

    code = "orders.guests-unpaid"


class GuestHoldsUnpaid(OrderError):
    """This phone, without an account, holds `most` orders that are not paid yet."""

    code = "orders.guest-holds-unpaid"


class DailyCapReached(OrderError):
    """One person has placed as many orders for that day as a card or a phone may."""

    code = "orders.daily-cap"


class BudgetShort(OrderError):
    """The district refuses orders once the budget is used up."""

    code = "orders.budget-short"


class ClashNotConfirmed(OrderError):
    """The meal clashes with an allergy and nobody confirmed it; `clashes` names dish and allergen."""

    code = "orders.clash"


class WrongStatus(OrderError):
    """An order in `status` cannot go to `wanted`."""

    code = "orders.wrong-status"


class NotPaid(OrderError):
    """`due_fen` must be paid before the meal can be handed over."""

    code = "orders.not-paid"


class KeyReused(OrderError):
    """The idempotency key was used with another body."""

    code = "orders.key-reused"


class KeyInProgress(OrderError):
    """A request with this key is still being worked on."""

    code = "orders.key-in-progress"


class KeyMissing(OrderError):
    """Placing an order needs the header Idempotency-Key (1–128 characters)."""

    code = "orders.key-missing"


class ReasonMissing(OrderError):
    """This act needs a reason in words."""

    code = "orders.reason-missing"


class TooLateToCancel(OrderError):
    """The order has ended, or its meal is over."""

    code = "orders.too-late-to-cancel"


class SubstitutionOpen(OrderError):
    """A dish of the order is gone and the diner has not answered yet; `number`, `order`."""

    code = "orders.substitution-open"


class SubstitutionAnswered(OrderError):
    """The question has another answer already, or lapsed; `state`."""

    code = "orders.substitution-answered"


class SubstitutionUnfit(OrderError):
    """The order does not hold this line any more, or the line offered is the same one."""

    code = "orders.substitution-unfit"


class NotServedYet(OrderError):
    """Only a meal of today that has begun can be entered afterwards."""

    code = "orders.not-served-yet"


class NothingToAdjust(OrderError):
    """As known now, every meal of this person was given what it should have been."""

    code = "orders.nothing-to-adjust"


class AdjustmentWaiting(OrderError):
    """A proposal about this person waits for its second person."""

    code = "orders.adjustment-waiting"


class AdjustmentDecided(OrderError):
    """No such proposal waits: it never was, or somebody decided it before."""

    code = "orders.adjustment-decided"


class AdjustmentStale(OrderError):
    """More became known since it was proposed: it would come to other amounts now."""

    code = "orders.adjustment-stale"


class NoticeNotLate(OrderError):
    """No such notice that began before it was published, or only an example where examples never decide."""

    code = "orders.notice-not-late"


class NoticeDaysOpen(OrderError):
    """Meals of its days are still being handed over; `data["since"]` is the first day it may be proposed."""

    code = "orders.notice-days-open"


class NoticeSettled(OrderError):
    """A batch of this notice was approved; there is never a second."""

    code = "orders.notice-settled"


class CardCannotHold(OrderError):
    """What goes back to a diner would exceed what a card may hold; `data["name"]` is masked."""

    code = "orders.card-cannot-hold"


class SecondPersonNeeded(OrderError):
    """Whoever proposed an adjustment may not decide it."""

    code = "orders.second-person"
