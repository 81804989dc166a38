"""Who may do what through the interface for programs."""

from litestar.exceptions import ValidationException

from canteen.people.accounts import ANYWHERE, Actor
from canteen.people.models import Role
from canteen.web.security import in_scope

READERS = (Role.KIOSK, Role.STAFF, Role.MANAGER, Role.OFFICER, Role.AUDITOR)
ORDERERS = (Role.KIOSK, Role.STAFF, Role.MANAGER)
WINDOW = (Role.STAFF, Role.MANAGER)
BOOKS = (Role.MANAGER, Role.OFFICER, Role.AUDITOR)


def at_canteen(actor: Actor, wanted: str | None) -> str:
    """The canteen asked for, else the token's own.

    Raises:
        ValidationException: neither names one.
    """
    canteen = wanted if wanted is not None else actor.canteen_id
    if canteen is None:
        raise ValidationException(extra=[{"key": "canteen", "message": "Missing; this token is of no canteen"}])
    return canteen


def at_own_canteen(actor: Actor, wanted: str | None) -> str:
    """The same, and within the token's reach.

    Raises:
        NotYours: another canteen's.
    """
    return in_scope(actor, at_canteen(actor, wanted))


def reach(actor: Actor) -> str | None:
    """The one canteen whose orders the token sees; None: every canteen's."""
    return None if actor.role in ANYWHERE else (actor.canteen_id or "")


def audits(actor: Actor) -> bool:
    """Whether they read to check, and never fetch a meal."""
    return actor.role in ANYWHERE
