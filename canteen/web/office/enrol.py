"""/office/residents/enrol: a person and a card in 30 seconds."""

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect, Template

from canteen.people.consents import ConsentKind
from canteen.people.errors import AlreadyEnrolled
from canteen.readmodels.office_scope import roll_scope, sees_resident
from canteen.sites import places
from canteen.sites.places import CommunityView
from canteen.usecases.enrol_resident import CardToBind, ConsentGiven, Enrolment, enrol_resident
from canteen.web.errors import problem_of, words_for
from canteen.web.forms import Form
from canteen.web.office.desk import CHANGES_FILES, OfficeDesk
from canteen.web.problems import Told
from canteen.web.security import NotYours

Answer = Response[None] | Template
WRITERS = [CHANGES_FILES]
FIELDS = ("name", "national_id", "born", "card", "phone", "title", "community", "register_area")


async def _communities(desk: OfficeDesk) -> list[CommunityView]:
    scope = roll_scope(desk.actor)
    every = await desk.database.read(places.communities)
    return [view for view in every if scope.community_id in (None, view.id)]


async def _page(
    desk: OfficeDesk,
    form: Form | None = None,
    *,
    refusal: Told | None = None,
    status_code: int = 200,
    standing: str = "",
) -> Template:
    communities = await _communities(desk)
    return desk.page(
        "enrol",
        here="residents",
        status_code=status_code,
        typed={name: form.raw(name) if form else "" for name in FIELDS},
        errors=[(name, desk.t(key)) for name, key in form.errors.items()] if form else [],
        refusal=refusal,
        standing=standing,
        community_options=[(view.id, view.name) for view in communities],
    )


@get("/residents/enrol", guards=WRITERS)
async def enrol_page(desk: NamedDependency[OfficeDesk]) -> Template:
    """Name, ID number, card."""
    return await _page(desk)


@post("/residents/enrol", guards=WRITERS, status_code=200)
async def enrol(form: NamedDependency[Form], desk: NamedDependency[OfficeDesk]) -> Answer:
    """Benefits by age and residence apply at once; the community confirms the residence within 30 days."""
    name = form.text("name", most=40)
    born = form.day("born", required=not form.raw("national_id").strip())
    if form.raw("consent") != "1":
        form.refuse("consent", "office.enrol.consent-needed")
    community = form.raw("community")
    if community not in {view.id for view in await _communities(desk)}:
        raise NotYours
    if form.errors:
        return await _page(desk, form, status_code=422)
    area = next(view.area for view in await _communities(desk) if view.id == community)
    request = Enrolment(
        name=name,
        community_id=community,
        national_id=form.raw("national_id"),
        born=born,
        title=form.text("title", most=8, required=False),
        phone=form.text("phone", most=24, required=False),
        register_area=area if form.raw("register_here") == "1" else "",
        cards=(CardToBind(form.raw("card")),) if form.raw("card").strip() else (),
        consents=(ConsentGiven(ConsentKind.SERVICE),),
    )
    try:
        resident_id = await desk.database.write(
            enrol_resident, request, now=desk.now, actor=desk.actor.ref, sealer=desk.sealer
        )
    except Exception as error:
        problem = problem_of(error)
        if problem is None:
            raise
        standing = ""
        if isinstance(error, AlreadyEnrolled):
            known = error.resident
            seen = await desk.database.read(sees_resident, desk.actor, known)
            standing = known if seen else ""
        return await _page(
            desk, form, refusal=words_for(desk.request, error), status_code=problem.status, standing=standing
        )
    return Redirect(f"/office/residents/{resident_id}?done=enrolled", status_code=303)
