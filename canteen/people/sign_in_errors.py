"""What accounts, sign-in and tokens refuse."""

from canteen.people.errors import PeopleError


class SignInWrong(PeopleError):
    """User name and password do not belong together, or the account has left. One answer for both."""

    code = "people.sign-in-wrong"


class SignInPaused(PeopleError):
    """Too many failures on this account; `data["seconds"]` until it may be tried again."""

    code = "people.sign-in-paused"


class AccountUnknown(PeopleError):
    """No account has this user name, or it has left already."""

    code = "people.account-unknown"


class AccountRefused(PeopleError):
    """A user name, password or scope an account cannot have; `data["field"]`."""

    code = "people.account-refused"


class UsernameTaken(PeopleError):
    """User names are never given twice, not even after somebody left: the audit log names them."""

    code = "people.username-taken"


class TokenUnknown(PeopleError):
    """No standing token has this id."""

    code = "people.token-unknown"


class PhoneSignInWrong(PeopleError):
    """Number and PIN do not belong together, or nobody has that number. One answer for all."""

    code = "people.phone-sign-in-wrong"


class PhoneSignInPaused(PeopleError):
    """Too many wrong PINs at this number; `data["minutes"]` until it may be tried again."""

    code = "people.phone-sign-in-paused"


class NumberShared(PeopleError):
    """Two people share this telephone and this PIN: the card tells them apart. Said only when the PIN is right."""

    code = "people.number-shared"


class PinRefused(PeopleError):
    """A PIN has six digits."""

    code = "people.pin"


class PinObvious(PeopleError):
    """A PIN others would try first; `data["why"]`: pattern · birthday · number."""

    code = "people.pin-obvious"


class PinWrong(PeopleError):
    """The PIN they have is another one."""

    code = "people.pin-wrong"
