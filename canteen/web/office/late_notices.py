"""/office/rules/…/late: the meals a notice was meant for before it was published; one batch of two people puts them right."""

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from canteen.people.models import Role
from canteen.readmodels.late_notice_page import late_notice_page
from canteen.settings import Settings
from canteen.usecases.decide_adjustment import AdjustmentDecision, decide_adjustment
from canteen.usecases.propose_notice import NoticeProposed, propose_notice
from canteen.web.errors import problem_of, words_for
from canteen.web.forms import Form
from canteen.web.language import has_sentence
from canteen.web.office.desk import OfficeDesk
from canteen.web.problems import Told
from canteen.web.security import NotYours, require

Answer = Response[None] | Template
READS = [require(Role.OFFICER, Role.AUDITOR)]
ADJUSTS = [require(Role.OFFICER)]
"""It reaches every subdistrict: civil affairs alone."""


async def _page(
    desk: OfficeDesk, settings: Settings, rule_set: int, *, refusal: Told | None = None, status_code: int = 200
) -> Template:
    asked, done = desk.query.get("page", ""), f"notices.done-{desk.query.get('done', '')}"
    found = await desk.database.read(
        late_notice_page,
        rule_set,
        desk.actor.ref,
        today=desk.today,
        page=int(asked) if asked.isdecimal() and len(asked) < 6 else 1,
        language=desk.language,
    )
    return desk.page(
        "late_notice",
        here="rules",
        status_code=status_code,
        found=found,
        adjusts=desk.actor.role is Role.OFFICER,
        decides=settings.demo or not found.is_example,
        refusal=refusal,
        done=done if has_sentence("zh", done) else "",
    )


@get("/rules/{rule_set:int}/late", guards=READS)
async def late_notice(
    rule_set: FromPath[int], desk: NamedDependency[OfficeDesk], settings: NamedDependency[Settings]
) -> Template:
    """What comes out otherwise, by canteen and funder, and meal by meal; what waits, and what became of it."""
    return await _page(desk, settings, rule_set)


@post("/rules/{rule_set:int}/late", guards=ADJUSTS)
async def propose(
    rule_set: FromPath[int],
    form: NamedDependency[Form],
    desk: NamedDependency[OfficeDesk],
    settings: NamedDependency[Settings],
) -> Answer:
    """All of it as one batch, as it stands now."""
    request = NoticeProposed(rule_set, form.text("reason", most=120, required=False), desk.actor.name)
    try:
        await desk.database.write(
            propose_notice, request, now=desk.now, actor=desk.actor.ref, examples_decide=settings.demo
        )
    except Exception as error:
        problem = problem_of(error)
        if problem is None:
            raise
        refusal = words_for(desk.request, error)
        return await _page(desk, settings, rule_set, refusal=refusal, status_code=problem.status)
    return Redirect(f"/office/rules/{rule_set}/late?done=proposed", status_code=303)


@post("/rules/{rule_set:int}/late/{proposal:str}", guards=ADJUSTS)
async def decide(
    rule_set: FromPath[int],
    proposal: FromPath[str],
    form: NamedDependency[Form],
    desk: NamedDependency[OfficeDesk],
    settings: NamedDependency[Settings],
) -> Answer:
    """Approve the batch: one entry a meal in the open month. Or decline, with a reason."""
    found = await desk.database.read(late_notice_page, rule_set, desk.actor.ref, today=desk.today, page=1)
    if proposal not in {one.id for one in (found.proposal, *found.declined) if one is not None}:
        raise NotYours
    approve = form.raw("do") == "approve"
    decision = AdjustmentDecision(proposal, approve, form.text("why", most=120, required=False), desk.actor.name)
    try:
        await desk.database.write(decide_adjustment, decision, now=desk.now, actor=desk.actor.ref)
    except Exception as error:
        problem = problem_of(error)
        if problem is None:
            raise
        refusal = words_for(desk.request, error)
        return await _page(desk, settings, rule_set, refusal=refusal, status_code=problem.status)
    return Redirect(f"/office/rules/{rule_set}/late?done={'approved' if approve else 'declined'}", status_code=303)
