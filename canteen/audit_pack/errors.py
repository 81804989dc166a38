"""What stands in the way of a pack, as data."""

from collections.abc import Mapping
from typing import ClassVar


class PackError(Exception):
    """Base of every expected refusal of `canteen.audit_pack`; `data` holds what a sentence needs."""

    code: ClassVar[str] = "audit-pack.refused"

    def __init__(self, **data: str | int) -> None:
        self.data: Mapping[str, str | int] = data
        super().__init__(self.code, data)


class PackDoubted(PackError):
    """Our own verifier does not agree with what was built: nothing is signed off on it. `problems` says where."""

    code = "audit-pack.doubted"

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__(count=len(problems), first=problems[0] if problems else "")


class EntryWithoutLegs(PackError):
    """The books hold an entry that moves nothing: rows were removed."""

    code = "audit-pack.entry-without-legs"

    def __init__(self, canteen: str, seq: int) -> None:
        super().__init__(canteen=canteen, seq=seq)


class FileUnknown(PackError):
    """The pack has no file of this name."""

    code = "audit-pack.file-unknown"

    def __init__(self, name: str) -> None:
        super().__init__(name=name[:80])
