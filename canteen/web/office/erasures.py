"""/office/erasures: whose data shall go, who asked and who did it; what is kept how long, and what has come to its end."""

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from canteen.people.errors import PeopleError
from canteen.people.residents import resident as resident_of
from canteen.readmodels.erasure_case import erasure_cases, obstacles
from canteen.readmodels.office_scope import sees_resident
from canteen.readmodels.retention import retention
from canteen.usecases.ask_erasure import WHY, ask_erasure
from canteen.usecases.erase_person import ErasureDecision, erase_person
from canteen.web.errors import words_for
from canteen.web.forms import Form
from canteen.web.language import has_sentence
from canteen.web.office.desk import CHANGES_FILES, OfficeDesk, for_section
from canteen.web.problems import Told
from canteen.web.security import NotYours
from canteen.web.statuses import STATUS

Answer = Response[None] | Template


async def _page(desk: OfficeDesk, *, who: str = "", refusal: Told | None = None, status_code: int = 200) -> Template:
    """With `who` also the form that asks for this person's erasure."""
    person = None
    against: tuple[str, ...] = ()
    if who:
        await desk.check_resident(who)
        person = await desk.database.read(resident_of, who)
        against = await desk.database.read(obstacles, who)
    found = await desk.database.read(retention, now=desk.now)
    seen = [one for one in found.people if await desk.database.read(sees_resident, desk.actor, one.resident_id)]
    done = f"erasing.done-{desk.query.get('done', '')}"
    return desk.page(
        "erasures",
        here="residents",
        status_code=status_code,
        cases=await desk.database.read(erasure_cases, desk.actor),
        person=person,
        against=against,
        reasons=[(why, desk.t(f"erasing.why.{why}")) for why in WHY],
        kept=found.kept,
        people=seen,
        changes=desk.changes_files,
        refusal=refusal,
        done=done if has_sentence("zh", done) else "",
    )


@get("/erasures", guards=for_section("residents"))
async def erasures(desk: NamedDependency[OfficeDesk]) -> Template:
    """What waits and what is done; `?who=` a file to ask for."""
    return await _page(desk, who=desk.query.get("who", ""))


@post("/erasures", guards=[CHANGES_FILES])
async def ask(form: NamedDependency[Form], desk: NamedDependency[OfficeDesk]) -> Answer:
    """The first of two people."""
    who = form.raw("who")
    await desk.check_resident(who)
    try:
        await desk.database.write(
            ask_erasure, who, form.raw("why"), by_name=desk.actor.name, now=desk.now, actor=desk.actor.ref
        )
    except PeopleError as error:
        return await _page(desk, refusal=words_for(desk.request, error), status_code=STATUS[error.code])
    return Redirect("/office/erasures?done=asked", status_code=303)


@post("/erasures/{erasure:str}", guards=[CHANGES_FILES])
async def decide(erasure: FromPath[str], form: NamedDependency[Form], desk: NamedDependency[OfficeDesk]) -> Answer:
    """The second one: done, or not."""
    cases = await desk.database.read(erasure_cases, desk.actor)
    if erasure not in {case.id for case in cases}:
        raise NotYours
    erase = form.raw("do") == "erase"
    decision = ErasureDecision(erasure, erase, desk.actor.name)
    try:
        await desk.database.write(erase_person, decision, now=desk.now, actor=desk.actor.ref, sealer=desk.sealer)
    except PeopleError as error:
        return await _page(desk, refusal=words_for(desk.request, error), status_code=STATUS[error.code])
    return Redirect(f"/office/erasures?done={'erased' if erase else 'declined'}", status_code=303)
