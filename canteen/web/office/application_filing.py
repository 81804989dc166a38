"""/office/applications/new: a community worker applies for somebody who sits beside them, or completes what came back."""

import asyncio

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from canteen.applications.evidence import MOST, MOST_BYTES
from canteen.applications.papers import LONGEST, QUESTIONS
from canteen.applications.states import State
from canteen.people.errors import CardUnknown
from canteen.people.search import whose
from canteen.readmodels.application_case import ApplicationCase, application_case
from canteen.readmodels.colleagues import colleagues
from canteen.readmodels.resident_file import resident_file
from canteen.settings import Settings
from canteen.usecases.file_application import ApplicationFiled, file_application
from canteen.web.errors import problem_of, refusal_on
from canteen.web.forms import Form
from canteen.web.office.applications import FILES, check
from canteen.web.office.desk import OfficeDesk
from canteen.web.security import NotYours
from canteen.web.sent_photos import sent_photos
from subsidies.eligibility import APPLIED_FOR

Answer = Response[None] | Template
UPLOAD_BYTES = MOST * MOST_BYTES + 100_000


async def _page(
    desk: OfficeDesk,
    *,
    resident: str = "",
    case: ApplicationCase | None = None,
    form: Form | None = None,
    error: Exception | None = None,
) -> Template:
    name = case.name if case else ""
    if resident and case is None:
        await desk.check_resident(resident)
        name = (await desk.database.read(resident_file, resident, today=desk.today, sealer=desk.sealer)).name
    refusal, status = refusal_on(desk.request, error, 422 if form and form.errors else 200)
    typed = {key: form.raw(key) if form else "" for key in ("who", "category", *QUESTIONS)}
    if case and form is None:
        typed |= {key: getattr(case.answers, key) for key in QUESTIONS}
    return desk.page(
        "application_filing",
        here="applications",
        status_code=status,
        refusal=refusal,
        errors=[(key, desk.t(words)) for key, words in form.errors.items()] if form else [],
        case=case,
        resident=resident,
        person=name,
        typed=typed,
        longest=LONGEST,
        colleagues=await desk.database.read(colleagues, desk.actor),
        photos_left=MOST - len(case.photos) if case else MOST,
        category_options=[(key, desk.t(f"office.category.{key}")) for key in APPLIED_FOR],
    )


@get("/applications/new", guards=FILES)
async def filing_page(desk: NamedDependency[OfficeDesk]) -> Template:
    """`?resident=` from somebody's file; without it their ID number or card is asked."""
    return await _page(desk, resident=desk.query.get("resident", "")[:26])


@post("/applications/new", guards=FILES, status_code=303, request_max_body_size=UPLOAD_BYTES)
async def file_one(form: NamedDependency[Form], desk: NamedDependency[OfficeDesk]) -> Answer:
    """Sent at once; a colleague verifies it."""
    resident = form.raw("resident")[:26]
    try:
        if not resident:
            found = await desk.database.read(whose, form.text("who", most=40), sealer=desk.sealer)
            if found is None:
                raise CardUnknown
            resident = found
        await desk.check_resident(resident)
        key = await _file(desk, form, resident, form.raw("category")[:30], None)
    except NotYours:
        raise
    except Exception as error:
        if problem_of(error) is None:
            raise
        return await _page(desk, resident=form.raw("resident")[:26], form=form, error=error)
    return Redirect(f"/office/applications/{key}?done=filed", status_code=303)


@get("/applications/{application:str}/complete", guards=FILES)
async def complete_page(
    application: FromPath[str], desk: NamedDependency[OfficeDesk], settings: NamedDependency[Settings]
) -> Template:
    """One that was returned, with what it says."""
    return await _page(desk, case=await _returned(desk, application, examples=settings.demo))


@post("/applications/{application:str}/complete", guards=FILES, status_code=303, request_max_body_size=UPLOAD_BYTES)
async def complete(
    application: FromPath[str],
    form: NamedDependency[Form],
    desk: NamedDependency[OfficeDesk],
    settings: NamedDependency[Settings],
) -> Answer:
    """Sent again."""
    case = await _returned(desk, application, examples=settings.demo)
    try:
        key = await _file(desk, form, case.resident_id, case.category, case.id)
    except Exception as error:
        if problem_of(error) is None:
            raise
        return await _page(desk, case=case, form=form, error=error)
    return Redirect(f"/office/applications/{key}?done=filed", status_code=303)


async def _returned(desk: OfficeDesk, key: str, *, examples: bool) -> ApplicationCase:
    await check(desk, key)
    case = await desk.database.read(
        application_case, desk.actor, key, now=desk.now, today=desk.today, sealing=desk.sealer, examples=examples
    )
    if case.state is not State.RETURNED:
        raise NotYours
    return case


async def _file(desk: OfficeDesk, form: Form, resident: str, category: str, key: str | None) -> str:
    photos = await asyncio.to_thread(sent_photos, await desk.request.form())
    filed = ApplicationFiled(
        resident,
        category,
        {question: form.raw(question)[:1_000] for question in QUESTIONS},
        agreed=form.raw("agreed") == "1",
        by_name=desk.actor.name,
        photos=photos,
        application_id=key,
    )
    return await desk.database.write(file_application, filed, now=desk.now, actor=desk.actor.ref, sealing=desk.sealer)
