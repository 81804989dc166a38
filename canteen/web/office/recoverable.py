"""/office/recoverable: past meals that should have been given otherwise, as is known by now; one proposes, another decides."""

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from canteen.people.models import Role
from canteen.readmodels.adjustment_list import adjustment_cases
from canteen.readmodels.office_scope import roll_scope
from canteen.readmodels.recoverable import recoverable_people
from canteen.usecases.decide_adjustment import AdjustmentDecision, decide_adjustment
from canteen.usecases.propose_adjustment import AdjustmentProposed, propose_adjustment
from canteen.web.errors import problem_of, words_for
from canteen.web.forms import Form
from canteen.web.language import has_sentence
from canteen.web.office.desk import OfficeDesk, for_section
from canteen.web.office.residents import resident_page
from canteen.web.problems import Told
from canteen.web.security import NotYours, require

Answer = Response[None] | Template
ADJUSTS = require(Role.SUBDISTRICT, Role.OFFICER)
"""Who puts money right; the community tells the facts."""


async def _page(desk: OfficeDesk, *, refusal: Told | None = None, status_code: int = 200) -> Template:
    done = f"recoverable.done-{desk.query.get('done', '')}"
    cases = await desk.database.read(adjustment_cases, desk.actor)
    proposed = {case.proposal.resident_id for case in cases if case.proposal.decision is None}
    people = await desk.database.read(recoverable_people, roll_scope(desk.actor))
    return desk.page(
        "recoverable",
        here="residents",
        status_code=status_code,
        people=[one for one in people if one.resident_id not in proposed],
        cases=cases,
        adjusts=desk.actor.role in {Role.SUBDISTRICT, Role.OFFICER},
        refusal=refusal,
        done=done if has_sentence("zh", done) else "",
    )


@get("/recoverable", guards=for_section("spend"))
async def recoverable(desk: NamedDependency[OfficeDesk]) -> Template:
    """Everybody with such meals, what waits for a second person, and what was decided."""
    return await _page(desk)


@post("/recoverable/{proposal:str}", guards=[ADJUSTS])
async def decide(proposal: FromPath[str], form: NamedDependency[Form], desk: NamedDependency[OfficeDesk]) -> Answer:
    """Approve it: the entries are booked in the open month. Or decline, with a reason."""
    cases = await desk.database.read(adjustment_cases, desk.actor)
    if proposal not in {case.proposal.id for case in cases}:
        raise NotYours
    approve = form.raw("do") == "approve"
    decision = AdjustmentDecision(proposal, approve, form.text("why", most=120, required=False), desk.actor.name)
    try:
        await desk.database.write(decide_adjustment, decision, now=desk.now, actor=desk.actor.ref)
    except Exception as error:
        problem = problem_of(error)
        if problem is None:
            raise
        return await _page(desk, refusal=words_for(desk.request, error), status_code=problem.status)
    return Redirect(f"/office/recoverable?done={'approved' if approve else 'declined'}", status_code=303)


@post("/residents/{resident:str}/adjustment", guards=[ADJUSTS])
async def propose(resident: FromPath[str], form: NamedDependency[Form], desk: NamedDependency[OfficeDesk]) -> Answer:
    """Everything listed on the file, as it stands now."""
    await desk.check_resident(resident)
    request = AdjustmentProposed(resident, form.text("reason", most=120, required=False), desk.actor.name)
    try:
        await desk.database.write(propose_adjustment, request, now=desk.now, actor=desk.actor.ref)
    except Exception as error:
        problem = problem_of(error)
        if problem is None:
            raise
        refusal = words_for(desk.request, error)
        return await resident_page(desk, resident, refusal=refusal, status_code=problem.status)
    return Redirect("/office/recoverable?done=proposed", status_code=303)
