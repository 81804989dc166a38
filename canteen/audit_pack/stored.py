"""What was stored when a month was locked, and single files out of it."""

import io
import zipfile
from collections.abc import Mapping

from sqlmodel import Session

from subsidies.months import Month


def stored_files(session: Session, canteen_id: str, month: Month) -> Mapping[str, bytes]:
    """Every stored file of the month by its name; empty while it is not locked."""
    return {}


def members(archive: bytes) -> list[str]:
    """Names of the files in a pack."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return opened.namelist()


def member(archive: bytes, name: str) -> bytes:
    """One file of a pack as it lies in it.

    Raises: KeyError when there is none.
    """
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return opened.read(name)
