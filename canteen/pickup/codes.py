"""Pick-up codes: 20 random digits, stored as a keyed hash, valid once."""

import secrets

DIGITS = 20


def new_code() -> str:
    """20 random decimal digits (66 bits): read by any scanner without an input method getting in the way."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"


def looks_like_code(text: str) -> bool:
    """Whether `text` has the form of a pick-up code."""
    return len(text) == DIGITS and text.isascii() and text.isdigit()
