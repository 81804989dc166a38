"""/office/applications: what waits for this office, one application with its papers, the decision."""

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from canteen.applications.evidence import MEDIA_TYPE
from canteen.applications.states import State
from canteen.people.models import Role
from canteen.readmodels.application_case import application_case, application_photo, sees_application
from canteen.readmodels.application_list import LEVELS, application_list, next_waiting
from canteen.readmodels.standard_meal import STANDARD_FEN
from canteen.settings import Settings
from canteen.usecases.decide_application import (
    LONGEST_REASON,
    ApplicationDecided,
    CategoryDates,
    decide_application,
)
from canteen.usecases.withdraw_application import ApplicationWithdrawn, withdraw_application
from canteen.web.errors import problem_of, refusal_on
from canteen.web.forms import Form
from canteen.web.language import has_sentence
from canteen.web.office.desk import OfficeDesk, for_section
from canteen.web.security import NotYours, require

Answer = Response[None] | Template
GUARDS = for_section("applications")
DECIDES = [require(*LEVELS)]
FILES = [require(Role.COMMUNITY)]
STATES = tuple(state for state in State if state is not State.DRAFT)


def done_words(desk: OfficeDesk) -> str:
    """What was just done, by `?done=`; empty for anything else."""
    done = f"applications.done.{desk.query.get('done', '')}"
    return done if has_sentence("zh", done) else ""


@get("/applications", guards=GUARDS)
async def applications(desk: NamedDependency[OfficeDesk]) -> Template:
    """`?state=refused&page=2` narrows the others; what waits is always first."""
    wanted = desk.query.get("state", "")
    number = desk.query.get("page", "1")
    found = await desk.database.read(
        application_list,
        desk.actor,
        today=desk.today,
        state=State(wanted) if wanted in set(STATES) else None,
        page=int(number) if number.isascii() and number.isdigit() else 1,
    )
    return desk.page(
        "applications",
        here="applications",
        found=found,
        decides=desk.actor.role in LEVELS,
        state=wanted,
        state_options=[("", desk.t("applications.all"))]
        + [(state.value, desk.t(f"applications.state.{state}")) for state in STATES],
        done=done_words(desk),
    )


@get("/applications/{application:str}", guards=GUARDS)
async def application(
    application: FromPath[str], desk: NamedDependency[OfficeDesk], settings: NamedDependency[Settings]
) -> Template:
    """Papers left, check right, the decision below."""
    return await _case(desk, application, examples=settings.demo)


async def _case(
    desk: OfficeDesk, key: str, *, examples: bool, error: Exception | None = None, form: Form | None = None
) -> Template:
    await check(desk, key)
    case = await desk.database.read(
        application_case,
        desk.actor,
        key,
        now=desk.now,
        today=desk.today,
        sealing=desk.sealer,
        examples=examples,
    )
    refusal, status = refusal_on(desk.request, error, 200)
    if form is not None and form.errors and error is None:
        status = 422
    names = ("decision", "reason", "valid_from", "valid_until", "evidence")
    typed = {name: form.raw(name) for name in names} if form else {
        "decision": "",
        "reason": "",
        "valid_from": case.grant_from.isoformat(),
        "valid_until": case.grant_from.replace(year=case.grant_from.year + 1, day=1).isoformat(),
        "evidence": " ".join(part for part in (case.answers.paper, case.number) if part),
    }  # fmt: skip
    return desk.page(
        "application",
        here="applications",
        status_code=status,
        case=case,
        refusal=refusal,
        errors=[(name, desk.t(words)) for name, words in form.errors.items()] if form else [],
        typed=typed,
        most=LONGEST_REASON,
        standard_fen=STANDARD_FEN,
        next_one=await desk.database.read(next_waiting, desk.actor, today=desk.today, after=key),
        done=done_words(desk),
    )


async def check(desk: OfficeDesk, key: str) -> None:
    """Raises: NotYours when it is out of scope, not sent, or none."""
    if not await desk.database.read(sees_application, desk.actor, key):
        raise NotYours


@get("/applications/{application:str}/photos/{photo:str}", guards=GUARDS)
async def photo(application: FromPath[str], photo: FromPath[str], desk: NamedDependency[OfficeDesk]) -> Response[bytes]:
    """For those who may read the application; kept nowhere on the way."""
    await check(desk, application)
    found = await desk.database.read(application_photo, application, photo, sealing=desk.sealer)
    return Response(found, media_type=MEDIA_TYPE)


@post("/applications/{application:str}", guards=DECIDES)
async def decide(
    application: FromPath[str],
    form: NamedDependency[Form],
    desk: NamedDependency[OfficeDesk],
    settings: NamedDependency[Settings],
) -> Answer:
    """One decision of this office, about what was on the page."""
    await check(desk, application)
    role = desk.actor.role
    if role is None or role not in LEVELS:
        raise NotYours
    grant = None
    if form.raw("decision") == "approve":
        start, until = form.day("valid_from"), form.day("valid_until", required=False)
        evidence = form.text("evidence", most=120)
        grant = CategoryDates(start, until, evidence) if start is not None else None
    reason = form.text("reason", most=LONGEST_REASON, required=False)
    version = form.whole("version", 1, 999_999, otherwise=1)
    if form.errors:
        return await _case(desk, application, examples=settings.demo, form=form)
    decided = ApplicationDecided(
        application, LEVELS[role], form.raw("decision"), version, reason, grant, desk.actor.name
    )
    try:
        state = await desk.database.write(
            decide_application, decided, now=desk.now, actor=desk.actor.ref, sealing=desk.sealer
        )
    except Exception as error:
        if problem_of(error) is None:
            raise
        return await _case(desk, application, examples=settings.demo, error=error, form=form)
    return Redirect(f"/office/applications/{application}?done={state.value}", status_code=303)


@post("/applications/{application:str}/withdraw", guards=FILES)
async def withdraw(
    application: FromPath[str], desk: NamedDependency[OfficeDesk], settings: NamedDependency[Settings]
) -> Answer:
    """By the worker who filed it, when the person says so."""
    await check(desk, application)
    try:
        await desk.database.write(
            withdraw_application,
            ApplicationWithdrawn(application, None, desk.actor.name),
            now=desk.now,
            actor=desk.actor.ref,
            sealing=desk.sealer,
        )
    except Exception as error:
        if problem_of(error) is None:
            raise
        return await _case(desk, application, examples=settings.demo, error=error)
    return Redirect(f"/office/applications/{application}?done=withdrawn", status_code=303)
