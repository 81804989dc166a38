"""What was stored when a month was locked, and single files out of it."""

import io
import zipfile
from collections.abc import Mapping

from sqlalchemy import select
from sqlmodel import Session, SQLModel

from canteen.audit_pack.errors import FileUnknown
from subsidies.months import Month
from subsidies.statement_models import MonthStatement, StatementFile

_S = SQLModel.metadata.tables[str(MonthStatement.__tablename__)]
_FILE = SQLModel.metadata.tables[str(StatementFile.__tablename__)]


def stored_files(session: Session, canteen_id: str, month: Month) -> Mapping[str, bytes]:
    """Every stored file of the month by its name; empty while it is not locked."""
    rows = session.execute(
        select(_FILE.c.name, _FILE.c.content)
        .join(_S, _S.c.id == _FILE.c.statement_id)
        .where(_S.c.canteen_id == canteen_id, _S.c.period == month.text)
        .order_by(_FILE.c.name)
    )
    return {name: bytes(content) for name, content in rows}


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
