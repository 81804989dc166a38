"""What staff scan, type and tick: which kind of thing a text is, and why somebody pays later."""

from canteen.pickup.codes import looks_like_code
from canteen.web.forms import Form

LATER_REASONS = ("no-cash", "wallet-empty", "family-pays")
"""One tap each; anything else is written."""
UNDO_REASONS = ("wrong-person", "wrong-dish", "not-taken")


def is_ticket(text: str) -> bool:
    """A pick-up code, or a number like `A 23` in whatever case and with or without the blank."""
    plain = "".join(text.split())
    is_number = len(plain) in {2, 3, 4} and plain.isascii() and plain[0].isalpha() and plain[1:].isdigit()
    return looks_like_code(plain) or is_number


def is_person(text: str) -> bool:
    """A name: something that no reader types."""
    plain = "".join(text.split())
    return not (plain.isascii() and plain.isalnum() and any(sign.isdigit() for sign in plain))


def later_reason(form: Form) -> str:
    """The reason given in words, else the one ticked."""
    written = form.text("reason_text", most=100, required=False)
    ticked = form.raw("reason")
    return written or (ticked if ticked in LATER_REASONS else "")
