"""What places refuse, as data: a stable code and facts, never a sentence or an HTTP status."""

from collections.abc import Mapping
from typing import ClassVar

Fact = str | int | bool | None


class SiteError(Exception):
    """Base of every expected refusal in `canteen.sites`; `data` holds what a sentence needs."""

    code: ClassVar[str] = "sites.refused"

    def __init__(self, **data: Fact) -> None:
        self.data: Mapping[str, Fact] = data
        super().__init__(self.code, data)


class CanteenUnknown(SiteError):
    """No canteen has this id."""

    code = "sites.canteen-unknown"

    def __init__(self, canteen: str) -> None:
        self.canteen = canteen
        super().__init__(canteen=canteen)


class CommunityUnknown(SiteError):
    """No community has this id."""

    code = "sites.community-unknown"


class CanteenShut(SiteError):
    """The canteen does not serve on that day."""

    code = "sites.shut"


class MealNotServed(SiteError):
    """The canteen is open that day but does not serve this meal."""

    code = "sites.meal-not-served"


class NoMealAhead(SiteError):
    """No service hours lie ahead within a year: nobody has entered any."""

    code = "sites.no-meal-ahead"


class DeviceUnknown(SiteError):
    """No device has this key."""

    code = "sites.device-unknown"


class PairingRefused(SiteError):
    """The pairing code is wrong, used, or out of time."""

    code = "sites.pairing"


class HelpCallUnknown(SiteError):
    """No call for help has this key."""

    code = "sites.help-unknown"


class HelpReasonUnknown(SiteError):
    """Help is asked for, or called for a stopped card or a printer; nothing else."""

    code = "sites.help-reason"
