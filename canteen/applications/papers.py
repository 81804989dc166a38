"""What an application says in people's own words, and its photos: sealed, each for its own row."""

from typing import Protocol

import msgspec

from canteen.applications.errors import AnswerRefused

LONGEST = {"paper": 80, "about": 300, "phone": 24}
"""Question → characters."""
QUESTIONS = tuple(LONGEST)


class Sealing(Protocol):
    """What encrypts here; the slices know nothing of each other's."""

    def seal_bytes(self, data: bytes, about: tuple[str, str, str]) -> bytes:
        """`data` for storing in this table, column and row."""
        ...

    def open_bytes(self, blob: bytes, about: tuple[str, str, str]) -> bytes:
        """What was sealed for exactly this place."""
        ...


class Answers(msgspec.Struct, frozen=True):
    """`paper`: which certificate, its last digits. `about`: how they live, in their words. `phone`: where to ask back."""

    paper: str = ""
    about: str = ""
    phone: str = ""


def checked(question: str, text: str) -> str:
    """An answer as it is kept; line breaks become blanks.

    Raises:
        AnswerRefused: no such question, too long, or characters that print as nothing.
    """
    text = " ".join(text.split())
    if question not in LONGEST or len(text) > LONGEST[question] or not text.isprintable():
        raise AnswerRefused(question=question, most=LONGEST.get(question, 0))
    return text


def seal_answers(sealing: Sealing, application_id: str, answers: Answers) -> bytes:
    """For storing."""
    return sealing.seal_bytes(msgspec.json.encode(answers), _about("application", "answers_sealed", application_id))


def open_answers(sealing: Sealing, application_id: str, blob: bytes | None) -> Answers:
    """Nothing when they were forgotten."""
    if blob is None:
        return Answers()
    place = _about("application", "answers_sealed", application_id)
    return msgspec.json.decode(sealing.open_bytes(blob, place), type=Answers)


def seal_reason(sealing: Sealing, step_id: str, reason: str) -> bytes | None:
    """None for none."""
    if not reason:
        return None
    return sealing.seal_bytes(reason.encode(), _about("application_step", "reason_sealed", step_id))


def open_reason(sealing: Sealing, step_id: str, blob: bytes | None) -> str:
    """Empty without one."""
    if blob is None:
        return ""
    return sealing.open_bytes(blob, _about("application_step", "reason_sealed", step_id)).decode()


def seal_photo(sealing: Sealing, evidence_id: str, photo: bytes) -> bytes:
    """For storing."""
    return sealing.seal_bytes(photo, _about("application_evidence", "sealed", evidence_id))


def open_photo(sealing: Sealing, evidence_id: str, blob: bytes) -> bytes:
    """WebP."""
    return sealing.open_bytes(blob, _about("application_evidence", "sealed", evidence_id))


def _about(table: str, column: str, row: str) -> tuple[str, str, str]:
    return table, column, row
