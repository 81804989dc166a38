"""What applications refuse, as data: a stable code and facts, never a sentence or an HTTP status."""

from collections.abc import Mapping
from typing import ClassVar

Fact = str | int | bool | None


class ApplicationError(Exception):
    """Base of every expected refusal in `canteen.applications`; `data` holds what a sentence needs."""

    code: ClassVar[str] = "applications.refused"

    def __init__(self, **data: Fact) -> None:
        self.data: Mapping[str, Fact] = data
        super().__init__(self.code, data)


class ApplicationUnknown(ApplicationError):
    """No such application, or none this person may see: one answer for both."""

    code = "applications.unknown"


class NotApplicable(ApplicationError):
    """This category is not applied for: age needs no application, and anything else does not exist."""

    code = "applications.category"


class AlreadyHeld(ApplicationError):
    """The category stands on the file and does not end soon; nothing needs to be applied for."""

    code = "applications.held"


class AlreadyOpen(ApplicationError):
    """An application for this category is under way; `application` is its key, no part of `data`."""

    code = "applications.open"

    def __init__(self, application: str = "") -> None:
        self.application = application
        super().__init__()


class FileClosed(ApplicationError):
    """The person moved away, died, lives in an institution, or the file is suspended."""

    code = "applications.file-closed"


class MovedOn(ApplicationError):
    """Somebody decided, sent or withdrew it meanwhile; `data["state"]` is where it stands now."""

    code = "applications.moved-on"


class SecondPersonNeeded(ApplicationError):
    """Whoever filed it, or decided for another office, does not decide here."""

    code = "applications.second-person"


class WrongOffice(ApplicationError):
    """This decision is another office's."""

    code = "applications.wrong-office"


class ReasonNeeded(ApplicationError):
    """Sending back and refusing need a reason, which the applicant reads."""

    code = "applications.reason"


class NotAgreed(ApplicationError):
    """Sent without the tick that the person agrees."""

    code = "applications.not-agreed"


class AnswerRefused(ApplicationError):
    """An answer too long or with strange characters; `data["question"]`."""

    code = "applications.answer"


class TooManyPhotos(ApplicationError):
    """No more than three photos."""

    code = "applications.photos"


class PdfRefused(ApplicationError):
    """A PDF cannot be made harmless here; a photo of the paper can."""

    code = "applications.pdf"
