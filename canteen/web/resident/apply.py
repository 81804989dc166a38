"""P5: applying on a phone, one question a page; every page saves, back works, and one may come back days later."""

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Template

from canteen.applications.errors import AlreadyOpen
from canteen.applications.papers import LONGEST, QUESTIONS
from canteen.applications.states import DUE_WORKDAYS
from canteen.readmodels.own_applications import OwnApplication, apply_start, may_apply_for, own_application
from canteen.usecases.answer_application import ApplicationAnswered, answer_application
from canteen.usecases.begin_application import ApplicationBegun, begin_application
from canteen.usecases.submit_application import ApplicationSent, submit_application
from canteen.usecases.withdraw_application import ApplicationWithdrawn, withdraw_application
from canteen.web.errors import problem_of
from canteen.web.forms import Form
from canteen.web.resident.desk import Answer, PhoneDesk
from menus.service_days import business_day

PAGES = ("category", *QUESTIONS, "photos", "check")
"""In this order; 「第 3 步，共 6 步」 counts them."""
TO_SIGN_IN = "/signin?next=apply"


async def own(desk: PhoneDesk, application: str, resident_id: str) -> OwnApplication:
    """Raises: ApplicationUnknown when it is not theirs."""
    return await desk.database.read(own_application, application, resident_id, sealing=desk.sealer)


def question_page(
    desk: PhoneDesk, name: str, shown: OwnApplication, error: Exception | None = None, typed: str | None = None
) -> Template:
    """One of `PAGES`, with what went wrong. Opened again it shows what was said before."""
    return desk.page(
        f"apply_{name if name in {'photos', 'check'} else 'question'}",
        error=error,
        shown=shown,
        question=name,
        step=PAGES.index(name) + 1,
        steps=len(PAGES),
        back=f"/{PAGES[PAGES.index(name) - 1]}" if PAGES.index(name) > 1 else "",
        typed=typed if typed is not None else getattr(shown.answers, name, ""),
        most=LONGEST.get(name, 0),
        due_workdays=DUE_WORKDAYS,
    )


@get("/apply")
async def start(desk: NamedDependency[PhoneDesk]) -> Answer:
    """What is under way, what came of the others, and a new one for oneself or a parent."""
    own_id = desk.stay.resident_id
    if own_id is None:
        return desk.to(TO_SIGN_IN)
    return desk.page("apply", shown=await desk.database.read(apply_start, own_id, sealing=desk.sealer))


@get("/apply/new")
async def new(desk: NamedDependency[PhoneDesk]) -> Answer:
    """The first question: how do you live? `?for=` a parent."""
    own_id = desk.stay.resident_id
    if own_id is None:
        return desk.to(TO_SIGN_IN)
    return await _category(desk, own_id, desk.request.query_params.get("for", "")[:26])


async def _category(desk: PhoneDesk, own_id: str, wanted: str, error: Exception | None = None) -> Template:
    family = dict((await desk.database.read(apply_start, own_id, sealing=desk.sealer)).family)
    for_whom = wanted if wanted in family else own_id
    today = business_day(desk.now)
    return desk.page(
        "apply_category",
        error=error,
        for_whom=for_whom,
        for_name=family.get(for_whom, ""),
        categories=await desk.database.read(may_apply_for, for_whom, today=today),
        step=1,
        steps=len(PAGES),
    )


@post("/apply/new", status_code=303)
async def begin(form: NamedDependency[Form], desk: NamedDependency[PhoneDesk]) -> Answer:
    """The draft is there from here on; nothing chosen asks again."""
    own_id = desk.stay.resident_id
    if own_id is None:
        return desk.to(TO_SIGN_IN)
    wanted = form.raw("for")[:26] or own_id
    try:
        begun = ApplicationBegun(wanted, form.raw("category")[:30], own_id)
        key = await desk.database.write(begin_application, begun, now=desk.now)
    except AlreadyOpen as error:
        if not error.application:
            return await _category(desk, own_id, wanted, error)
        return desk.to(f"/apply/{error.application}")
    except Exception as error:
        if problem_of(error) is None:
            raise
        return await _category(desk, own_id, wanted, error)
    return desk.to(f"/apply/{key}/{QUESTIONS[0]}")


@get("/apply/{application:str}")
async def one(application: FromPath[str], desk: NamedDependency[PhoneDesk]) -> Answer:
    """Where it stands, what was said, what happens next."""
    own_id = desk.stay.resident_id
    if own_id is None:
        return desk.to(TO_SIGN_IN)
    return _standing(desk, await own(desk, application, own_id))


def _standing(desk: PhoneDesk, shown: OwnApplication, error: Exception | None = None) -> Template:
    return desk.page("apply_one", error=error, shown=shown, due_workdays=DUE_WORKDAYS)


@get(["/apply/{application:str}/paper", "/apply/{application:str}/about", "/apply/{application:str}/phone",
      "/apply/{application:str}/check"])  # fmt: skip
async def question(application: FromPath[str], desk: NamedDependency[PhoneDesk]) -> Answer:
    """A question with what was said before; sent ones show where they stand instead."""
    own_id = desk.stay.resident_id
    if own_id is None:
        return desk.to(TO_SIGN_IN)
    shown = await own(desk, application, own_id)
    if not shown.is_with_applicant:
        return desk.to(f"/apply/{shown.id}")
    return question_page(desk, _asked(desk), shown)


def _asked(desk: PhoneDesk) -> str:
    return desk.request.url.path.rsplit("/", 1)[-1]


@post(["/apply/{application:str}/paper", "/apply/{application:str}/about", "/apply/{application:str}/phone"],
      status_code=303)  # fmt: skip
async def answer(application: FromPath[str], form: NamedDependency[Form], desk: NamedDependency[PhoneDesk]) -> Answer:
    """Saved; on to the next question, or with `do=later` back to the list."""
    own_id = desk.stay.resident_id
    if own_id is None:
        return desk.to(TO_SIGN_IN)
    name = _asked(desk)
    said = form.raw(name)[:1_000]
    try:
        answered = ApplicationAnswered(application, own_id, {name: said})
        await desk.database.write(answer_application, answered, now=desk.now, sealing=desk.sealer)
    except Exception as error:
        if problem_of(error) is None:
            raise
        shown = await own(desk, application, own_id)
        return (
            question_page(desk, name, shown, error, said) if shown.is_with_applicant else _standing(desk, shown, error)
        )
    if form.raw("do") == "later":
        return desk.to("/apply?note=saved")
    return desk.to(f"/apply/{application}/{PAGES[PAGES.index(name) + 1]}")


@post("/apply/{application:str}/send", status_code=303)
async def send(application: FromPath[str], form: NamedDependency[Form], desk: NamedDependency[PhoneDesk]) -> Answer:
    """Off to the community; the next page has its number."""
    own_id = desk.stay.resident_id
    if own_id is None:
        return desk.to(TO_SIGN_IN)
    try:
        sent = ApplicationSent(application, own_id, agreed=form.raw("agreed") == "1")
        await desk.database.write(submit_application, sent, now=desk.now, sealing=desk.sealer)
    except Exception as error:
        if problem_of(error) is None:
            raise
        shown = await own(desk, application, own_id)
        return question_page(desk, "check", shown, error) if shown.is_with_applicant else _standing(desk, shown, error)
    return desk.to(f"/apply/{application}?note=sent")


@post("/apply/{application:str}/withdraw", status_code=303)
async def withdraw(application: FromPath[str], form: NamedDependency[Form], desk: NamedDependency[PhoneDesk]) -> Answer:
    """Asked once more first: what was written is forgotten."""
    own_id = desk.stay.resident_id
    if own_id is None:
        return desk.to(TO_SIGN_IN)
    if form.raw("sure") != "1":
        return desk.page("apply_withdraw", shown=await own(desk, application, own_id))
    try:
        taken_back = ApplicationWithdrawn(application, own_id)
        await desk.database.write(withdraw_application, taken_back, now=desk.now, actor=desk.actor, sealing=desk.sealer)
    except Exception as error:
        if problem_of(error) is None:
            raise
        return _standing(desk, await own(desk, application, own_id), error)
    return desk.to("/apply?note=withdrawn")
