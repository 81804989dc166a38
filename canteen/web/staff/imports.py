"""/staff/import: a manager brings in dishes and menus from a file."""

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect, Template

from canteen.people.models import Role
from canteen.tables.kinds import ImportKind
from canteen.web import import_pages
from canteen.web.forms import Form
from canteen.web.import_pages import UPLOAD_BYTES, Answer, ImportDesk
from canteen.web.importing import ImportPlace
from canteen.web.language import language_of
from canteen.web.security import require
from canteen.web.staff.desk import StaffDesk
from canteen.web.tables import kind_of
from canteen.web.templates_to_fill import template_answer

MANAGER = [require(Role.MANAGER)]
KINDS = (ImportKind.DISHES, ImportKind.MENUS)
BASE = "/staff/import"


def _desk(desk: StaffDesk) -> ImportDesk:
    language = language_of(desk.request)
    return ImportDesk(
        desk.request, desk.database, desk.sealer, desk.actor.ref, desk.now, BASE, KINDS, language, desk.page
    )


def _place(desk: StaffDesk, kind: ImportKind) -> ImportPlace:
    return ImportPlace(kind, desk.canteen.kitchen_id, desk.actor.ref, canteen_id=desk.canteen.id)


async def _start(desk: StaffDesk, refusal: str = "", kind: str = "") -> Template:
    about = _desk(desk)
    current = [(about.t(f"tables.kind.{one.value}"), f"/staff/export/{one.value}?kind=") for one in KINDS]
    return await import_pages.show_start(
        about, refusal=refusal, kind=kind, home_options=[], home="", current_links=current
    )


@get("/import", guards=MANAGER)
async def import_start(desk: NamedDependency[StaffDesk]) -> Template:
    """Choose a file; templates."""
    return await _start(desk)


@post("/import", guards=MANAGER, status_code=200, request_max_body_size=UPLOAD_BYTES)
async def import_check(form: NamedDependency[Form], desk: NamedDependency[StaffDesk]) -> Answer:
    """The dry run of the file sent as `file`."""
    kind = ImportKind.MENUS if form.raw("kind") == "menus" else ImportKind.DISHES
    sent = (await desk.request.form()).get("file")
    key, refusal = await import_pages.check_upload(_desk(desk), sent, _place(desk, kind))
    return await _start(desk, refusal, kind.value) if refusal else Redirect(f"{BASE}/{key}", status_code=303)


@get("/import/template/{kind:str}", guards=MANAGER)
async def import_template(kind: FromPath[str], desk: NamedDependency[StaffDesk]) -> Response[bytes]:
    """An empty file to fill in."""
    if kind not in {one.value for one in KINDS}:
        raise NotFoundException
    about = _desk(desk)
    wanted = kind_of(desk.request.query_params.get("kind", ""))
    return template_answer(ImportKind(kind), about.t, about.language, wanted)


@get("/import/{batch:str}", guards=MANAGER)
async def import_batch(batch: FromPath[str], desk: NamedDependency[StaffDesk]) -> Template:
    """What the file would change."""
    return await import_pages.show_batch(_desk(desk), batch)


@post("/import/{batch:str}/apply", guards=MANAGER, status_code=200)
async def import_apply(batch: FromPath[str], desk: NamedDependency[StaffDesk]) -> Answer:
    """Yes."""
    about = _desk(desk)
    found = await import_pages.own_batch(about, batch)
    answer = await import_pages.apply_batch(about, found, _place(desk, found.kind))
    await desk.tell("menu")
    return answer


@post("/import/{batch:str}/drop", guards=MANAGER, status_code=200)
async def import_drop(batch: FromPath[str], desk: NamedDependency[StaffDesk]) -> Answer:
    """No."""
    about = _desk(desk)
    found = await import_pages.own_batch(about, batch)
    return await import_pages.drop_batch(about, found, _place(desk, found.kind))
