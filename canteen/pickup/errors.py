"""What the window refuses, as data."""


class PickupError(Exception):
    """Base of every expected refusal at hand-over."""

    code = "pickup.refused"

    def __init__(self, **data: object) -> None:
        self.data = data
        super().__init__(self.code, data)


class CodeUnknown(PickupError):
    """No order has this code, number or card at this meal."""

    code = "pickup.unknown"


class AlreadyCollected(PickupError):
    """Handed over before: `at` (aware UTC), `by` and `number` say when, by whom and which."""

    code = "pickup.already-collected"


class OtherCanteen(PickupError):
    """The order belongs to another canteen: `canteen` is its name."""

    code = "pickup.other-canteen"


class OtherMeal(PickupError):
    """The order is for another day or meal: `day` and `meal`."""

    code = "pickup.other-meal"


class OrderEnded(PickupError):
    """The order was cancelled, expired or not collected: `status`."""

    code = "pickup.order-ended"


class Ambiguous(PickupError):
    """Several open orders fit; `numbers` lists them. Ask for the number or the code."""

    code = "pickup.ambiguous"


class UndoTooLate(PickupError):
    """A hand-over can be undone until the end of its business day only."""

    code = "pickup.undo-too-late"


class NotCollected(PickupError):
    """Nothing to undo: the order was not handed over."""

    code = "pickup.not-collected"


class NoMealNow(PickupError):
    """Nothing is handed over at this hour: half an hour before serving to half an hour after it."""

    code = "pickup.no-meal-now"
