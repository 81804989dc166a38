"""What staff scan, type and tick: which kind of thing a text is, and why something is done."""

from canteen.pickup.codes import looks_like_code
from canteen.web.forms import Form
from canteen.web.language import sentence

LATER_REASONS = ("no-cash", "wallet-empty", "family-pays")
"""One tap each; anything else is written."""
UNDO_REASONS = ("wrong-person", "wrong-dish", "not-taken")
PAYMENT_UNDO_REASONS = ("wrong-amount", "wrong-person", "no-money")
PRICE_REASONS = ("cost", "typing", "clear-out")
LATE_REASONS = ("power", "network", "tablet")
LONGEST_REASON = 100


def is_ticket(text: str) -> bool:
    """A pick-up code, or a number like `A 23` in whatever case and with or without the blank."""
    plain = "".join(text.split())
    is_number = len(plain) in {2, 3, 4} and plain.isascii() and plain[0].isalpha() and plain[1:].isdigit()
    return looks_like_code(plain) or is_number


def is_person(text: str) -> bool:
    """A name: something that no reader types."""
    plain = "".join(text.split())
    return not (plain.isascii() and plain.isalnum() and any(sign.isdigit() for sign in plain))


def is_tail(text: str) -> bool:
    """The end of a telephone or card number, or that and a birthday: digits too few for a card of their own."""
    plain = "".join(text.split())
    return len(plain) in {4, 8} and plain.isascii() and plain.isdigit()


def later_reason(form: Form) -> str:
    """Why somebody pays later: as written, else the one ticked, in Chinese as it is kept."""
    return _reason(form, "staff.later", LATER_REASONS)


def undo_reason(form: Form) -> str:
    """Why a hand-over is undone: as written, else the one pressed, in Chinese as it is kept."""
    return _reason(form, "staff.undo", UNDO_REASONS)


def payment_undo_reason(form: Form) -> str:
    """Why cash is given back: as written, else the one pressed, in Chinese as it is kept."""
    return _reason(form, "staff.undo-payment", PAYMENT_UNDO_REASONS)


def price_reason(form: Form) -> str:
    """Why a price changes: as written, else the one ticked, in Chinese as it is kept."""
    return _reason(form, "staff.prices", PRICE_REASONS)


def late_reason(form: Form) -> str:
    """Why meals are entered afterwards: as written, else the one ticked, in Chinese as it is kept."""
    return _reason(form, "staff.late", LATE_REASONS)


def _reason(form: Form, area: str, known: tuple[str, ...]) -> str:
    written = form.text("reason_text", most=LONGEST_REASON, required=False)
    ticked = form.raw("reason")
    return written or (sentence("zh", f"{area}.{ticked}") if ticked in known else "")
