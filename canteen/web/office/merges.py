"""/office/merges: two files that are one person; whoever proposed it, a second person decides."""

from datetime import UTC, datetime

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from canteen.people.errors import CardUnknown, PeopleError
from canteen.people.search import whose
from canteen.readmodels.merge_case import sees_merge, waiting_merges
from canteen.readmodels.resident_file import resident_file
from canteen.usecases.decide_merge import MergeDecision, decide_merge
from canteen.usecases.propose_merge import MergeProposed, propose_merge
from canteen.web.errors import words_for
from canteen.web.forms import Form
from canteen.web.language import has_sentence
from canteen.web.office.desk import CHANGES_FILES, OfficeDesk, for_section
from canteen.web.problems import Told
from canteen.web.security import NotYours
from canteen.web.statuses import STATUS

Answer = Response[None] | Template


async def _page(desk: OfficeDesk, *, refusal: Told | None = None, status_code: int = 200, kept: str = "") -> Template:
    """The list, and with `kept` the form that proposes another file to be taken over by it."""
    done = f"people.merges.done-{desk.query.get('done', '')}"
    file = None
    if kept:
        await desk.check_resident(kept)
        file = await desk.database.read(resident_file, kept, today=desk.today, sealer=desk.sealer)
    return desk.page(
        "merges",
        here="residents",
        status_code=status_code,
        cases=await desk.database.read(waiting_merges, desk.actor, sealer=desk.sealer),
        file=file,
        changes=desk.changes_files,
        refusal=refusal,
        done=done if has_sentence("zh", done) else "",
    )


@get("/merges", guards=for_section("residents"))
async def merges(desk: NamedDependency[OfficeDesk]) -> Template:
    """What waits; `?kept=` a file to propose another one for."""
    return await _page(desk, kept=desk.query.get("kept", ""))


@post("/merges", guards=[CHANGES_FILES])
async def propose(form: NamedDependency[Form], desk: NamedDependency[OfficeDesk]) -> Answer:
    """The other file is named by its card or ID number."""
    kept = form.raw("kept")
    await desk.check_resident(kept)
    try:
        other = await desk.database.read(whose, form.text("other", most=40, required=False), sealer=desk.sealer)
        if other is None:
            raise CardUnknown
        request = MergeProposed(kept, other, form.text("why", most=120, required=False), desk.actor.name)
        await desk.database.write(propose_merge, request, now=desk.now, actor=desk.actor.ref)
    except PeopleError as error:
        return await _refused(desk, error, kept)
    return Redirect("/office/merges?done=proposed", status_code=303)


@post("/merges/{proposal:str}", guards=[CHANGES_FILES])
async def decide(proposal: FromPath[str], form: NamedDependency[Form], desk: NamedDependency[OfficeDesk]) -> Answer:
    """One person, or not."""
    if not await desk.database.read(sees_merge, desk.actor, proposal):
        raise NotYours
    merge = form.raw("do") == "merge"
    decision = MergeDecision(proposal, merge, form.text("why", most=120, required=False), desk.actor.name)
    try:
        merged = await desk.database.write(
            decide_merge,
            decision,
            now=desk.now,
            real_now=datetime.now(UTC),
            actor=desk.actor.ref,
            sealer=desk.sealer,
        )
    except PeopleError as error:
        return await _refused(desk, error)
    if not merge:
        return Redirect("/office/merges?done=declined", status_code=303)
    return Redirect(f"/office/residents/{merged.kept_id}?done=merged", status_code=303)


async def _refused(desk: OfficeDesk, error: PeopleError, kept: str = "") -> Template:
    return await _page(desk, refusal=words_for(desk.request, error), status_code=STATUS[error.code], kept=kept)
