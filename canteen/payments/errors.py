"""What payments refuse, as data."""


class PaymentError(Exception):
    """Base of every expected refusal about money in."""

    code = "payments.refused"

    def __init__(self, **data: object) -> None:
        self.data = data
        super().__init__(self.code, data)


class WalletShort(PaymentError):
    """The wallet holds less than is owed: `short_fen` is missing."""

    code = "payments.wallet-short"


class WalletFull(PaymentError):
    """A wallet may hold at most ¥5,000: `limit_fen`."""

    code = "payments.wallet-full"


class NoWallet(PaymentError):
    """A guest, or a resident without a wallet, cannot pay by wallet."""

    code = "payments.no-wallet"


class NothingOwed(PaymentError):
    """The order is paid, or nothing was owed."""

    code = "payments.nothing-owed"


class AmountMismatch(PaymentError):
    """The amount given is not what is owed: `owed_fen`."""

    code = "payments.amount-mismatch"


class MethodUnknown(PaymentError):
    """Not a way to pay here: `method`."""

    code = "payments.method-unknown"


class PaymentNeeded(PaymentError):
    """`none` was asked for but `owed_fen` is owed."""

    code = "payments.needed"


class DueAlreadyOpen(PaymentError):
    """One meal may be paid later; this resident has one open: `fen`."""

    code = "payments.due-open"


class DuePaid(PaymentError):
    """The meal served on credit has been paid since; it cannot be undone any more."""

    code = "payments.due-paid"


class RefundTooMuch(PaymentError):
    """More than the wallet holds: `balance_fen`."""

    code = "payments.refund-too-much"


class CoolingOffOver(PaymentError):
    """Without a reason only what was topped up in the last seven days goes back: `most_fen`."""

    code = "payments.cooling-off"


class PayeeMissing(PaymentError):
    """After a death the cash goes to somebody with a name."""

    code = "payments.payee-missing"


class RefundWaiting(PaymentError):
    """A refund of this wallet waits for a second person already: `fen`."""

    code = "payments.refund-waiting"


class RefundDecided(PaymentError):
    """This refund was paid out or withdrawn already."""

    code = "payments.refund-decided"


class SecondPersonNeeded(PaymentError):
    """The second person is somebody else than the first, and one of the two is the manager."""

    code = "payments.second-person"


class PaymentNotFound(PaymentError):
    """No such payment, or not one of this canteen."""

    code = "payments.not-found"


class NotUndoable(PaymentError):
    """Only cash taken in can be undone, and only while what it paid for stands; `status` of the order."""

    code = "payments.not-undoable"


class UndoMealFirst(PaymentError):
    """The meal it paid for was handed over: that is undone first; `number`."""

    code = "payments.undo-meal-first"


class UndoTooLate(PaymentError):
    """Payments are undone on their own business day: `day`."""

    code = "payments.undo-too-late"


class SpentSince(PaymentError):
    """The top-up was spent since: the wallet lacks `short_fen` of it."""

    code = "payments.spent-since"
