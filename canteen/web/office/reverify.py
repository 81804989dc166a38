"""/office/reverify: categories whose papers nobody saw for a year, or that end soon: seen again, or ended."""

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect, Template

from canteen.readmodels.office_scope import roll_scope
from canteen.readmodels.reverify_list import reverify_list
from canteen.usecases.reverify_category import CategorySeen, reverify_category
from canteen.usecases.withdraw_category import CategoryWithdrawn, withdraw_category
from canteen.web.errors import problem_of, refusal_on
from canteen.web.forms import Form
from canteen.web.language import has_sentence
from canteen.web.office.desk import CHANGES_FILES, OfficeDesk, for_section
from canteen.web.security import NotYours
from subsidies import eligibility

Answer = Response[None] | Template


async def _page(desk: OfficeDesk, *, error: Exception | None = None, form: Form | None = None) -> Template:
    done = f"reverify.done-{desk.query.get('done', '')}"
    refusal, status = refusal_on(desk.request, error, 422 if form and form.errors else 200)
    found = await desk.database.read(reverify_list, roll_scope(desk.actor), now=desk.now)
    looked_at = form.raw("grant") if form else desk.query.get("grant", "")
    return desk.page(
        "reverify",
        here="applications",
        status_code=status,
        found=found,
        case=next((line for line in found.lines if line.grant_id == looked_at), None),
        changes=desk.changes_files,
        refusal=refusal,
        errors=[(name, desk.t(words)) for name, words in form.errors.items()] if form else [],
        done=done if has_sentence("zh", done) else "",
    )


@get("/reverify", guards=for_section("applications"))
async def reverify(desk: NamedDependency[OfficeDesk]) -> Template:
    """The list; `?grant=` opens the two forms of one of them."""
    return await _page(desk)


@post("/reverify", guards=[CHANGES_FILES])
async def seen(form: NamedDependency[Form], desk: NamedDependency[OfficeDesk]) -> Answer:
    """`do=seen`: the papers are as they were, or new ones; `do=end`: no longer so, with a reason."""
    resident, grant = form.raw("resident"), form.raw("grant")
    await desk.check_resident(resident)
    held = {one.id: one for one in await desk.database.read(eligibility.grants, resident)}
    if grant not in held:
        raise NotYours
    ends = form.raw("do") == "end"
    until = None
    if ends and not form.text("reason", most=120, required=False):
        form.refuse("reason", "reverify.reason-needed")
    if not ends:
        form.text("evidence", most=120)
        until = form.day("until", required=False)
        if held[grant].valid_until is not None and until is None:
            form.refuse("until", "reverify.until-needed")
    if form.errors:
        return await _page(desk, form=form)
    try:
        if ends:
            withdrawn = CategoryWithdrawn(grant, form.raw("reason").strip())
            await desk.database.write(withdraw_category, withdrawn, now=desk.now, actor=desk.actor.ref)
        else:
            looked = CategorySeen(resident, grant, form.raw("evidence"), until, desk.actor.name)
            await desk.database.write(reverify_category, looked, now=desk.now, actor=desk.actor.ref)
    except Exception as error:
        if problem_of(error) is None:
            raise
        return await _page(desk, error=error, form=form)
    return Redirect(f"/office/reverify?done={'ended' if ends else 'seen'}", status_code=303)
