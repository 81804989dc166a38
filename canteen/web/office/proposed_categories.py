"""/office/categories: categories entered from a file or a list, which count once a second person has said yes."""

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect, Template

from canteen.people.models import Role
from canteen.readmodels.proposed_categories import proposals_in_reach, proposed_categories, sent_back
from canteen.usecases.decide_categories import MOST, CategoriesDecided, decide_categories
from canteen.web.errors import problem_of, refusal_on
from canteen.web.forms import Form
from canteen.web.language import has_sentence
from canteen.web.office.desk import OfficeDesk, for_section
from canteen.web.security import NotYours, require

Answer = Response[None] | Template
APPROVES = (Role.SUBDISTRICT, Role.OFFICER)
"""Who says the second yes: public money is no matter of the community alone."""


async def _page(desk: OfficeDesk, *, error: Exception | None = None, form: Form | None = None) -> Template:
    done = f"proposed.done-{desk.query.get('done', '')}"
    refusal, status = refusal_on(desk.request, error, 422 if form and form.errors else 200)
    return desk.page(
        "proposed_categories",
        here="applications",
        status_code=status,
        lists=await desk.database.read(proposed_categories, desk.actor),
        sent_back=await desk.database.read(sent_back, desk.actor, now=desk.now),
        decides=desk.actor.role in APPROVES,
        refusal=refusal,
        errors=[(name, desk.t(words)) for name, words in form.errors.items()] if form else [],
        done=done if has_sentence("zh", done) else "",
    )


@get("/categories", guards=for_section("applications"))
async def waiting_categories(desk: NamedDependency[OfficeDesk]) -> Template:
    """Everything that waits in reach; the readers' own without buttons."""
    return await _page(desk)


@post("/categories", guards=[require(*APPROVES)])
async def decide_waiting(form: NamedDependency[Form], desk: NamedDependency[OfficeDesk]) -> Answer:
    """Those ticked, all of them: `do=approve`, or `do=decline` with a reason."""
    chosen = tuple(dict.fromkeys(key[:26] for key in form.every("proposal")))[:MOST]
    approve = form.raw("do") == "approve"
    reason = form.text("reason", most=120, required=False)
    if not chosen:
        form.refuse("proposal", "proposed.none-chosen")
    if form.errors:
        return await _page(desk, form=form)
    if not await desk.database.read(proposals_in_reach, desk.actor, chosen):
        raise NotYours
    decided = CategoriesDecided(chosen, approve, reason)
    try:
        await desk.database.write(decide_categories, decided, now=desk.now, actor=desk.actor.ref)
    except Exception as error:
        if problem_of(error) is None:
            raise
        return await _page(desk, error=error, form=form)
    return Redirect(f"/office/categories?done={'approved' if approve else 'declined'}", status_code=303)
