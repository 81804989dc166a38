"""/office/import: a community worker or an officer brings a list of residents onto the roll."""

from functools import partial

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from canteen.people.models import Role
from canteen.readmodels.file_checks.roll_export import roll_rows
from canteen.readmodels.office_scope import roll_scope
from canteen.sites import places
from canteen.sites.places import CommunityView
from canteen.tables.kinds import COLUMNS, ImportKind
from canteen.usecases.note_export import note_export
from canteen.web import import_pages
from canteen.web.forms import Form
from canteen.web.import_pages import UPLOAD_BYTES, Answer, ImportDesk
from canteen.web.importing import ImportPlace
from canteen.web.office.desk import CHANGES_FILES, OfficeDesk
from canteen.web.tables import kind_of, table_answer
from canteen.web.templates_to_fill import table_column, template_answer
from menus.service_days import business_day

WRITERS = [CHANGES_FILES]
KINDS = (ImportKind.RESIDENTS,)
BASE = "/office/import"


def _desk(desk: OfficeDesk) -> ImportDesk:
    page = partial(desk.page, here="residents")
    return ImportDesk(
        desk.request, desk.database, desk.sealer, desk.actor.ref, desk.now, BASE, KINDS, desk.language, page
    )


async def _communities(desk: OfficeDesk) -> tuple[CommunityView, ...]:
    scope = roll_scope(desk.actor)
    every = await desk.database.read(places.communities)
    return tuple(view for view in every if scope.community_id in {None, view.id})


async def _place(desk: OfficeDesk, home: str) -> ImportPlace:
    """`home`: the community chosen for people whose line names none; a worker's own whatever was sent."""
    communities = await _communities(desk)
    if desk.actor.role is Role.COMMUNITY:
        home = desk.actor.community_id or ""
    if home not in {view.id for view in communities}:
        home = ""
    everywhere = desk.actor.role is Role.OFFICER
    return ImportPlace(ImportKind.RESIDENTS, home, desk.actor.ref, communities, everywhere)


async def _start(desk: OfficeDesk, refusal: str = "", home: str = "") -> Template:
    options: list[tuple[str, str]] = []
    if desk.actor.role is Role.OFFICER:
        options = [("", desk.t("tables.import.home-none"))]
        options += [(view.id, view.name) for view in await _communities(desk)]
    current = [(desk.t("tables.kind.residents"), f"{BASE}/current?kind=")]
    return await import_pages.show_start(
        _desk(desk), refusal=refusal, home_options=options, home=home, current_links=current
    )


@get("/import", guards=WRITERS)
async def import_start(desk: NamedDependency[OfficeDesk]) -> Template:
    """Choose a file; templates."""
    return await _start(desk)


@post("/import", guards=WRITERS, status_code=200, request_max_body_size=UPLOAD_BYTES)
async def import_check(form: NamedDependency[Form], desk: NamedDependency[OfficeDesk]) -> Answer:
    """The dry run of the file sent as `file`."""
    sent = (await desk.request.form()).get("file")
    home = form.raw("home")
    key, refusal = await import_pages.check_upload(_desk(desk), sent, await _place(desk, home))
    return await _start(desk, refusal, home) if refusal else Redirect(f"{BASE}/{key}", status_code=303)


@get("/import/template/residents", guards=WRITERS)
async def import_template(desk: NamedDependency[OfficeDesk]) -> Response[bytes]:
    """An empty list to fill in."""
    return template_answer(ImportKind.RESIDENTS, desk.t, desk.language, kind_of(desk.query.get("kind", "")))


@get("/import/current", guards=WRITERS)
async def import_current(desk: NamedDependency[OfficeDesk]) -> Response[bytes]:
    """The roll in reach as such a list, private fields masked; masked ones come back as they are on file."""
    rows = await desk.database.read(
        roll_rows, roll_scope(desk.actor), today=desk.today, sealer=desk.sealer, language=desk.language
    )
    await desk.database.write(note_export, "residents", len(rows), now=desk.now, actor=desk.actor.ref, canteen_id=None)
    columns = [table_column(column, desk.language) for column in COLUMNS[ImportKind.RESIDENTS]]
    name = f"{desk.t('tables.kind.residents')}-{business_day(desk.now)}"
    return table_answer(name, columns, rows, kind_of(desk.query.get("kind", "")))


@get("/import/{batch:str}", guards=WRITERS)
async def import_batch(batch: FromPath[str], desk: NamedDependency[OfficeDesk]) -> Template:
    """What the list would change."""
    return await import_pages.show_batch(_desk(desk), batch)


@post("/import/{batch:str}/apply", guards=WRITERS, status_code=200)
async def import_apply(batch: FromPath[str], desk: NamedDependency[OfficeDesk]) -> Answer:
    """Yes."""
    about = _desk(desk)
    found = await import_pages.own_batch(about, batch)
    return await import_pages.apply_batch(about, found, await _place(desk, found.scope))


@post("/import/{batch:str}/drop", guards=WRITERS, status_code=200)
async def import_drop(batch: FromPath[str], desk: NamedDependency[OfficeDesk]) -> Answer:
    """No."""
    about = _desk(desk)
    found = await import_pages.own_batch(about, batch)
    return await import_pages.drop_batch(about, found, await _place(desk, found.scope))
