"""Files as offices make them, and the importer on a world."""

import csv
import io
from collections.abc import Sequence
from datetime import date

import xlsxwriter
from sqlmodel import Session, col, select
from stdnum.cn import ric

from canteen.people.models import Resident
from canteen.sites import places
from canteen.tables.kinds import ImportKind
from canteen.web.importing import Importer, ImportPlace
from tests.support.world import World

ACTOR = "account:imports"


def id_number(place: int, born: str = "19440312") -> str:
    """The ID number of an invented person; different for each `place`."""
    body = f"220211{born}{place % 1000:03d}"
    return body + ric.calc_check_digit(body + "0")


def csv_bytes(rows: Sequence[Sequence[str]], *, encoding: str = "utf-8-sig", separator: str = ",") -> bytes:
    """A text file."""
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows(rows)
    return out.getvalue().encode(encoding)


def xlsx_bytes(rows: Sequence[Sequence[object]], *, sheet: str = "名单") -> bytes:
    """A workbook; dates become date cells, floats and ints numbers."""
    out = io.BytesIO()
    workbook = xlsxwriter.Workbook(out, {"default_date_format": "yyyy-mm-dd", "strings_to_numbers": False})
    written = workbook.add_worksheet(sheet)
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            if isinstance(cell, date):
                written.write_datetime(number, place, cell)
            elif isinstance(cell, int | float):
                written.write_number(number, place, cell)
            elif cell is not None:
                written.write_string(number, place, str(cell))
    workbook.close()
    return out.getvalue()


def people(*rows: Sequence[str], header: Sequence[str] = ("姓名", "身份证号", "电话", "餐卡号")) -> bytes:
    """A list of residents as CSV."""
    return csv_bytes([header, *rows])


def importer(world: World) -> Importer:
    """Without pauses."""
    return Importer(world.database, world.sealer, world.now, pause_s=0)


def roll(world: World, scope: str = "longcheng") -> ImportPlace:
    """A community worker of Longcheng with a list of residents."""
    communities = world.database.read_sync(places.communities)
    own = tuple(view for view in communities if view.id == "longcheng")
    return ImportPlace(ImportKind.RESIDENTS, scope, ACTOR, own)


def kitchen(kind: ImportKind) -> ImportPlace:
    """Longcheng's manager with dishes or menus."""
    return ImportPlace(kind, "longcheng", ACTOR, canteen_id="longcheng")


def bring_in(world: World, data: bytes, place: ImportPlace) -> str:
    """Dry run, staging and yes."""
    working = importer(world)
    key = working.stage(working.check(data, place), place, "list.csv")
    working.apply(key, place)
    return key


def names(world: World) -> set[str]:
    """Everybody with a row, seen or not."""

    def ask(session: Session) -> set[str]:
        return set(session.execute(select(col(Resident.name))).scalars())

    return world.database.read_sync(ask)


__all__ = ["bring_in", "csv_bytes", "id_number", "importer", "kitchen", "names", "people", "roll", "xlsx_bytes"]
