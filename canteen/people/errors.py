"""What the roll refuses, as data: a stable code and facts, never a sentence or an HTTP status."""

from collections.abc import Mapping
from typing import ClassVar

Fact = str | int | bool | None


class PeopleError(Exception):
    """Base of every expected refusal in `canteen.people`; `data` holds what a sentence needs."""

    code: ClassVar[str] = "people.refused"

    def __init__(self, **data: Fact) -> None:
        self.data: Mapping[str, Fact] = data
        super().__init__(self.code, data)


class CardUnknown(PeopleError):
    """No card has this number."""

    code = "people.card-unknown"


class CardStopped(PeopleError):
    """The card was reported lost or blocked. Public surfaces say only that staff should look at it."""

    code = "people.card-stopped"

    def __init__(self, state: str, resident_id: str = "") -> None:
        self.state = state
        self.resident_id = resident_id
        super().__init__(state=state)


class CardTaken(PeopleError):
    """The card already belongs to somebody else."""

    code = "people.card-taken"


class CardNumberRefused(PeopleError):
    """A card number is 4 to 32 letters and digits."""

    code = "people.card-number"


class ResidentUnknown(PeopleError):
    """No resident has this key."""

    code = "people.resident-unknown"


class AlreadyEnrolled(PeopleError):
    """The ID number is on the roll; `resident` is whose file it is, empty when they came on it this very moment.

    It is no part of `data`: whoever asked may not be allowed to see that person.
    """

    code = "people.already-enrolled"

    def __init__(self, resident: str) -> None:
        self.resident = resident
        super().__init__()


class NationalIdWrong(PeopleError):
    """Not 18 characters, an impossible birthday, or the check digit does not match."""

    code = "people.national-id"


class NameMissing(PeopleError):
    """A name has 1 to 40 characters."""

    code = "people.name"


class BirthdayMissing(PeopleError):
    """Without an ID number the birthday must be given; it lies in the past 130 years."""

    code = "people.birthday"


class PhoneWrong(PeopleError):
    """A telephone number has 7 to 15 digits."""

    code = "people.phone"


class FieldRefused(PeopleError):
    """A field holds a key nobody knows (diet tag, allergen, title too long); `data["field"]`."""

    code = "people.field"


class ConsentMissing(PeopleError):
    """The person has not agreed to this use; `data["kind"]`."""

    code = "people.consent-missing"


class NotAFetcher(PeopleError):
    """This person was not named to bring meals to that one, or not any more."""

    code = "people.not-a-fetcher"


class FetcherRefused(PeopleError):
    """Nobody fetches for themselves, and both must be on the roll."""

    code = "people.fetcher"


class ReasonMissing(PeopleError):
    """Looking at a private field needs a reason."""

    code = "people.reason-missing"


class ResidentMerged(PeopleError):
    """This file was taken over by another one; `data["kept"]` is that file's key."""

    code = "people.merged"


class SlipUnknown(PeopleError):
    """No sign-in slip has this code."""

    code = "people.slip-unknown"


class SlipEnded(PeopleError):
    """The slip was used, taken back, or is older than seven days; `data["why"]`: used · revoked · expired."""

    code = "people.slip-ended"


class MergeRefused(PeopleError):
    """These two files cannot become one now; `data["why"]`: same · two-ids · open-same-meal · wallet-full · refund-waiting ·
    not-active · waiting."""

    code = "people.merge-refused"


class MergeDecided(PeopleError):
    """No such proposal waits: it never was, or somebody decided it before."""

    code = "people.merge-decided"


class SecondPersonNeeded(PeopleError):
    """Whoever proposed a merge does not decide it."""

    code = "people.merge-second-person"


class ErasureDecided(PeopleError):
    """No such erasure waits: somebody has decided it, or nobody asked."""

    code = "people.erasure-decided"


class ErasureRefused(PeopleError):
    """Something stands against erasing this person now; `data["why"]` is a key of a sentence."""

    code = "people.erasure-refused"
