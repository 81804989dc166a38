"""/office/months/…/pack: the audit pack of a month and its single files; before the lock a draft."""

from collections.abc import Mapping

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from canteen.audit_pack.accounts import account_names
from canteen.audit_pack.build import build_pack
from canteen.audit_pack.keys import Signer
from canteen.audit_pack.stored import file_of, stored_files
from canteen.people.models import Role
from canteen.readmodels.locked_months import is_locked
from canteen.readmodels.month_claim import blocking
from canteen.settings import Settings
from canteen.usecases.lock_month import lock_month
from canteen.usecases.steps.month_moves import MonthStep
from canteen.web.office.desk import OfficeDesk, for_section
from canteen.web.security import require
from canteen.web.tables import XLSX_TYPE, file_answer
from subsidies.months import read_month

GUARDS = for_section("months")
_TYPES = {
    "zip": "application/zip",
    "pdf": "application/pdf",
    "json": "application/json",
    "csv": "text/csv",
    "xlsx": XLSX_TYPE,
}


@get("/months/{month:str}/{canteen:str}/pack", guards=GUARDS)
async def pack(
    month: FromPath[str],
    canteen: FromPath[str],
    desk: NamedDependency[OfficeDesk],
    settings: NamedDependency[Settings],
) -> Response[bytes]:
    """All of it in one file."""
    files = await _files(desk, settings, month, canteen)
    name = next(name for name in files if name.endswith(".zip"))
    return _answer(name, files[name])


@get("/months/{month:str}/{canteen:str}/pack/{name:path}", guards=GUARDS)
async def pack_file(
    month: FromPath[str],
    canteen: FromPath[str],
    name: FromPath[str],
    desk: NamedDependency[OfficeDesk],
    settings: NamedDependency[Settings],
) -> Response[bytes]:
    """One file of it, by its name in the pack."""
    wanted = name.lstrip("/")
    files = await _files(desk, settings, month, canteen)
    return _answer(f"{canteen}-{month}-{wanted.rpartition('/')[2]}", file_of(files, wanted))


@post("/months/{month:str}/{canteen:str}/lock", guards=[*GUARDS, require(Role.OFFICER)])
async def lock(
    month: FromPath[str],
    canteen: FromPath[str],
    desk: NamedDependency[OfficeDesk],
    settings: NamedDependency[Settings],
    signer: NamedDependency[Signer],
) -> Redirect:
    """Build, verify and sign the pack beside the running till, then store it in one small transaction."""
    view = await desk.canteen(canteen)
    wanted = read_month(month)
    accounts = account_names(settings.data_dir, view.operator_id)
    if not await desk.database.read(is_locked, view.id, wanted.text):
        stand_in_the_way = await desk.database.read(blocking, view.id, wanted)
        built = await desk.database.read(build_pack, view.id, wanted, signer=signer, now=desk.now, accounts=accounts)
        step = MonthStep(view.id, wanted, desk.actor.ref, desk.actor.name, desk.now)
        await desk.database.write(lock_month, step, built, blocking=stand_in_the_way)
    return Redirect(f"/office/months/{wanted.text}/{view.id}", status_code=303)


async def _files(desk: OfficeDesk, settings: Settings, month: str, canteen: str) -> Mapping[str, bytes]:
    view = await desk.canteen(canteen)
    wanted = read_month(month)
    files = await desk.database.read(stored_files, view.id, wanted)
    if files:
        return files
    accounts = account_names(settings.data_dir, view.operator_id)
    built = await desk.database.read(build_pack, view.id, wanted, signer=None, now=desk.now, accounts=accounts)
    return built.files


def _answer(name: str, content: bytes) -> Response[bytes]:
    return file_answer(name, content, _TYPES.get(name.rpartition(".")[2], "text/plain; charset=utf-8"))
