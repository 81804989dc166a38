"""/office/residence: whose address the community still has to see, the overdue first."""

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect, Template

from canteen.readmodels.office_scope import roll_scope
from canteen.readmodels.residence_list import residence_list
from canteen.usecases.change_resident import ResidentChange, change_resident
from canteen.usecases.confirm_residence import ResidenceSeen, confirm_residence
from canteen.web.errors import problem_of, words_for
from canteen.web.forms import Form
from canteen.web.language import has_sentence
from canteen.web.office.desk import CHANGES_FILES, OfficeDesk, for_section
from canteen.web.problems import Told
from subsidies.models import FileStatus

Answer = Response[None] | Template


async def _page(desk: OfficeDesk, *, refusal: Told | None = None, status_code: int = 200) -> Template:
    done = f"people.residence.done-{desk.query.get('done', '')}"
    return desk.page(
        "residence",
        here="residents",
        status_code=status_code,
        found=await desk.database.read(residence_list, roll_scope(desk.actor), now=desk.now),
        changes=desk.changes_files,
        refusal=refusal,
        moved=desk.query.get("moved", ""),
        done=done if has_sentence("zh", done) else "",
    )


@get("/residence", guards=for_section("residents"))
async def residence(desk: NamedDependency[OfficeDesk]) -> Template:
    """The list."""
    return await _page(desk)


@post("/residence", guards=[CHANGES_FILES])
async def seen(form: NamedDependency[Form], desk: NamedDependency[OfficeDesk]) -> Answer:
    """Somebody was there: the person lives there, or moved away from a day on."""
    resident = form.raw("resident")
    await desk.check_resident(resident)
    moved = form.raw("do") == "moved"
    since = form.day("since", required=moved)
    if form.errors:
        told = Told(desk.t("people.residence.since-needed"), desk.t("office.file.try-again"))
        return await _page(desk, refusal=told, status_code=422)
    try:
        if moved:
            change = ResidentChange(resident, status=FileStatus.MOVED, status_since=since)
            await desk.database.write(change_resident, change, now=desk.now, actor=desk.actor.ref, sealer=desk.sealer)
        else:
            await desk.database.write(confirm_residence, ResidenceSeen(resident), now=desk.now, actor=desk.actor.ref)
    except Exception as error:
        problem = problem_of(error)
        if problem is None:
            raise
        return await _page(desk, refusal=words_for(desk.request, error), status_code=problem.status)
    return Redirect(f"/office/residence?done={'moved' if moved else 'confirmed'}", status_code=303)
