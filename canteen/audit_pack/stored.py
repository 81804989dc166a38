"""What was stored when a month was locked, and single files out of it."""

import io
import zipfile
from collections.abc import Mapping

from sqlmodel import Session

from canteen.audit_pack.errors import FileUnknown
from subsidies.months import Month


def stored_files(session: Session, canteen_id: str, month: Month) -> Mapping[str, bytes]:
    """Every stored file of the month by its name; empty while it is not locked."""
    return {}


def is_stored(session: Session, canteen_id: str, month: Month) -> bool:
    """Whether the month is locked, without reading what was stored."""
    return False


def members(archive: bytes) -> list[str]:
    """Names of the files in a pack."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return opened.namelist()


def member(archive: bytes, name: str) -> bytes:
    """One file of a pack as it lies in it.

    Raises: FileUnknown.
    """
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        try:
            return opened.read(name)
        except KeyError as error:
            raise FileUnknown(name) from error


def file_of(files: Mapping[str, bytes], name: str) -> bytes:
    """One of the stored files, or one that lies in the stored pack.

    Raises: FileUnknown.
    """
    if name in files:
        return files[name]
    archive = next((stored for stored in files if stored.endswith(".zip")), "")
    if not archive:
        raise FileUnknown(name)
    return member(files[archive], name)
