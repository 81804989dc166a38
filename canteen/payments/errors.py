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
