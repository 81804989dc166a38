"""/staff/people: find somebody, or enrol them in 30 seconds."""

from dataclasses import dataclass

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect, Template

from canteen.people.cards import KINDS
from canteen.people.consents import HOW, TEXT_VERSION, ConsentKind
from canteen.people.errors import AlreadyEnrolled, CardUnknown, NationalIdWrong, ResidentUnknown
from canteen.people.models import Role
from canteen.people.national_ids import read_national_id
from canteen.people.residents import LANGUAGES
from canteen.readmodels.canteen_people import MOST, CanteenPerson, newest_people, people_found, seen_by
from canteen.readmodels.people_rows import people_rows
from canteen.sites import places
from canteen.usecases.enrol_resident import CardToBind, ConsentGiven, Enrolment, enrol_resident
from canteen.usecases.look_up_person import LookUp, look_up_person
from canteen.usecases.note_people_export import PeopleExport, note_people_export
from canteen.web.errors import problem_of
from canteen.web.forms import Form
from canteen.web.language import has_sentence, language_of, sentence, translator
from canteen.web.people_table import people_cells, people_columns
from canteen.web.security import require
from canteen.web.staff.desk import Refused, StaffDesk
from canteen.web.tables import kind_of, table_answer
from menus.service_days import business_day

Answer = Response[None] | Template
HOME = "/staff/people"
ELSEWHERE = "-"
"""The choice of no community here: somebody who lives elsewhere."""
TITLES = ("奶奶", "爷爷", "阿姨", "叔叔", "老师")
CARDS = 3
FIELDS = (
    "name national_id born sex phone title community card-0 card-1 card-2 kind-0 kind-1 kind-2 consent_how language"
).split()
_PLACES = {"people.name": "name", "people.national-id": "national_id", "people.birthday": "born"}
_PLACES |= {"people.phone": "phone", "people.card-number": "card-0", "people.card-taken": "card-0"}
_PLACES |= {"people.consent-missing": "consent", "people.already-enrolled": "national_id"}


@dataclass(frozen=True, slots=True)
class _Typed:
    """What was looked for, and what that found; None before anything was."""

    text: str = ""
    found: tuple[CanteenPerson, ...] | None = None
    refusal: Refused | None = None


async def _people(desk: StaffDesk, typed: _Typed, *, status_code: int = 200) -> Template:
    newest: tuple[CanteenPerson, ...] = ()
    if typed.found is None:
        newest = await desk.database.read(newest_people, desk.canteen, today=business_day(desk.now))
    found = typed.found or ()
    return desk.page(
        "people",
        status_code=status_code,
        typed=typed.text,
        found=None if typed.found is None else found[:MOST],
        more=len(found) > MOST,
        newest=newest,
        refusal=typed.refusal,
    )


@get("/people")
async def people(desk: NamedDependency[StaffDesk]) -> Template:
    """The search, and who came last."""
    return await _people(desk, _Typed())


@post("/people", status_code=200)
async def find_people(form: NamedDependency[Form], desk: NamedDependency[StaffDesk]) -> Answer:
    """Names and numbers are sent in the body: they belong in no address. A whole card or ID number opens its page."""
    text = form.text("text", most=64, required=False)
    if not text:
        return await _people(desk, _Typed())
    found = await desk.database.read(people_found, text, desk.canteen, today=business_day(desk.now), sealer=desk.sealer)
    if any(sign.isdigit() for sign in text) and len(text) > 4:
        try:
            who = await desk.database.write(
                look_up_person,
                LookUp(desk.canteen.id, text),
                now=desk.now,
                actor=desk.actor.ref,
                sealer=desk.sealer,
            )
        except (CardUnknown, ResidentUnknown):
            pass  # no whole number: what the text found among the canteen's own people is shown
        else:
            return Redirect(f"{HOME}/{who}", status_code=303)
    return await _people(desk, _Typed(text, found))


@post("/people/export", guards=[require(Role.MANAGER)], status_code=200)
async def export(form: NamedDependency[Form], desk: NamedDependency[StaffDesk]) -> Response[bytes]:
    """The canteen's people with shortened names and masked numbers; written down before the file leaves."""
    t = translator(language_of(desk.request))
    kind = kind_of(form.raw("kind"))
    rows = await desk.database.read(
        people_rows, seen_by(desk.canteen), sealer=desk.sealer, clear=False, whole_names=False
    )
    noted = PeopleExport(len(rows), kind)
    await desk.database.write(note_people_export, noted, now=desk.now, actor=desk.actor.ref, canteen_id=desk.canteen.id)
    name = f"{desk.canteen.short_name}-{t('people.table.name')}-{business_day(desk.now).isoformat()}"
    return table_answer(name, people_columns(t, whole=False), people_cells(rows, t, whole=False), kind)


@get("/people/enrol")
async def enrol_page(desk: NamedDependency[StaffDesk]) -> Template:
    """One page, one button."""
    return await _enrol_page(desk)


@post("/people/enrol", status_code=200)
async def enrol(form: NamedDependency[Form], desk: NamedDependency[StaffDesk]) -> Answer:
    """Benefits by age and residence apply at once; the community confirms the residence within 30 days."""
    number = form.raw("national_id").strip()
    form.text("name", most=40)
    if number:
        try:
            read_national_id(number)
        except NationalIdWrong as wrong:
            form.refuse("national_id", f"people.id.{wrong.data['why']}")
    born = form.day("born", required=False) if not number else None
    if not number and born is None:
        form.refuse("national_id", "people.enrol.id-or-birthday")
    if form.raw("consent") != "1":
        form.refuse("consent", "people.enrol.consent-needed")
    here = {view.id: view.area for view in await desk.database.read(places.communities)}
    community = form.raw("community") or desk.canteen.community_id
    if community not in here and community != ELSEWHERE:
        form.refuse("community", "forms.choice")
    if form.errors:
        return await _enrol_page(desk, form, status_code=422)
    how = form.raw("consent_how")
    request = Enrolment(
        name=form.raw("name"),
        community_id=None if community == ELSEWHERE else community,
        national_id=number,
        born=born,
        sex=form.raw("sex") if form.raw("sex") in {"f", "m"} else "",
        title=form.raw("title").strip(),
        phone=form.raw("phone").strip(),
        register_area=here.get(community, "") if form.raw("register_here") == "1" else "",
        cards=_cards(form),
        consents=(ConsentGiven(ConsentKind.SERVICE, TEXT_VERSION, how if how in HOW else "signed"),),
        large_type=form.raw("large") == "1",
        language=form.raw("language") if form.raw("language") in LANGUAGES else "zh",
        canteen_id=desk.canteen.id,
    )
    try:
        resident_id = await desk.database.write(
            enrol_resident, request, now=desk.now, actor=desk.actor.ref, sealer=desk.sealer
        )
    except AlreadyEnrolled:
        who = await desk.database.write(
            look_up_person, LookUp(desk.canteen.id, number), now=desk.now, actor=desk.actor.ref, sealer=desk.sealer
        )
        return Redirect(f"{HOME}/{who}?done=already", status_code=303)
    except Exception as error:
        problem = problem_of(error)
        if problem is None:
            raise
        field = str(problem.data.get("field", "")) or _PLACES.get(problem.code, "")
        refused = desk.refused(error)
        if field:
            form.refuse(field, f"errors.{problem.code}.title")
        return await _enrol_page(desk, form, status_code=problem.status, refusal=None if field else refused)
    return Redirect(f"{HOME}/{resident_id}?done=enrolled", status_code=303)


def _cards(form: Form) -> tuple[CardToBind, ...]:
    read = [(form.raw(f"card-{place}").strip(), form.raw(f"kind-{place}")) for place in range(CARDS)]
    return tuple(CardToBind(number, kind if kind in KINDS else "canteen") for number, kind in read if number)


async def _enrol_page(
    desk: StaffDesk, form: Form | None = None, *, status_code: int = 200, refusal: Refused | None = None
) -> Template:
    language = language_of(desk.request)
    every = await desk.database.read(places.communities)
    own = [view for view in every if view.id == desk.canteen.community_id]
    others = [view for view in every if view.id != desk.canteen.community_id]
    ticked = {name: form is not None and form.raw(name) == "1" for name in ("consent", "large")}
    errors = form.errors if form else {}
    return desk.page(
        "enrol",
        status_code=status_code,
        typed={name: form.raw(name) if form else "" for name in FIELDS},
        ticked=ticked | {"register_here": form is None or form.raw("register_here") == "1"},
        errors=[(name, sentence(language, key)) for name, key in errors.items() if has_sentence("zh", key)],
        refusal=refusal,
        community_options=[
            *((view.id, view.name) for view in [*own, *others]),
            (ELSEWHERE, sentence(language, "people.enrol.elsewhere")),
        ],
        card_places=range(CARDS),
        kinds=sorted(KINDS),
        titles=TITLES,
        text_version=TEXT_VERSION,
        today=business_day(desk.now).isoformat(),
    )
