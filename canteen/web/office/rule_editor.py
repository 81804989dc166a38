"""/office/rules/drafts/…/edit: one part of a draft in a form; lint and examples run while its author types."""

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from canteen.readmodels.rule_drafts import DraftPage, examined, rule_draft_page, unreadable
from canteen.usecases.save_rule_draft import save_rule_draft
from canteen.web.errors import refusal_on
from canteen.web.forms import Form
from canteen.web.office.desk import OfficeDesk
from canteen.web.office.rule_drafts import WRITES, draft_page
from canteen.web.office.rule_form_choices import choices, here
from canteen.web.office.rule_form_faults import field_of
from canteen.web.office.rule_forms import LISTS, PARTS, Part, Shown, as_sent, changed, kept, shown, without
from canteen.web.security import NotYours
from subsidies.document_edits import moved_entry
from subsidies.drafts import RuleDraftUnknown
from subsidies.errors import RuleDocumentError, SubsidyError
from subsidies.rules.problems import problem_words

Answer = Response[None] | Template


async def _open(desk: OfficeDesk, draft: str, part: str) -> tuple[DraftPage, Part]:
    """Raises: NotYours for a part there is none of, and for a draft that is somebody else's or no longer open."""
    found = await desk.database.read(rule_draft_page, draft, desk.actor.ref, today=desk.today, language=desk.language)
    for known in PARTS:
        if known == part and found.may_change:
            return found, known
    raise NotYours


@get("/rules/drafts/{draft:str}/edit/{part:str}", guards=WRITES)
async def edit_part(draft: FromPath[str], part: FromPath[str], desk: NamedDependency[OfficeDesk]) -> Template:
    """`?n=` says which entry of a list; one past the last is a new one."""
    found, known = await _open(desk, draft, part)
    index = _index(desk.query.get("n", "0"), found, known)
    return await _page(desk, found, known, index, shown(found.text, known, index))


@post("/rules/drafts/{draft:str}/edit/{part:str}", guards=WRITES, request_max_body_size=500_000)
async def save_part(
    draft: FromPath[str], part: FromPath[str], form: NamedDependency[Form], desk: NamedDependency[OfficeDesk]
) -> Answer:
    """`do`: save, or remove, up, down for an entry of a list."""
    found, known = await _open(desk, draft, part)
    index, do = _index(form.raw("n"), found, known), form.raw("do")
    if do == "remove" and index >= _count(found, known):
        raise NotYours
    try:
        if do == "remove":
            text = without(found.text, known, index)
        elif do in {"up", "down"} and known in LISTS:
            text = moved_entry(found.text, LISTS[known], index, -1 if do == "up" else 1)
        else:
            text = changed(found.text, found.rule_set, known, index, form)
        if form.errors:
            return await _page(
                desk, found, known, index, as_sent(form, found.text, known, index), form=form, status_code=422
            )
        await desk.database.write(
            save_rule_draft,
            draft,
            text,
            revision=form.whole("revision", 0, 10**8, 0),
            now=desk.now,
            actor=desk.actor.ref,
        )
    except RuleDraftUnknown:
        raise
    except RuleDocumentError as error:
        return await _page(desk, found, known, index, as_sent(form, found.text, known, index), form=form, error=error)
    except SubsidyError as error:
        return await draft_page(desk, draft, error)
    return Redirect(f"/office/rules/drafts/{draft}?done=saved", status_code=303)


@post("/rules/drafts/{draft:str}/try/{part:str}", guards=WRITES, status_code=200, request_max_body_size=500_000)
async def try_part(
    draft: FromPath[str], part: FromPath[str], form: NamedDependency[Form], desk: NamedDependency[OfficeDesk]
) -> Template:
    """A piece of page: what lint and the examples would say; nothing is kept."""
    found, known = await _open(desk, draft, part)
    try:
        text = changed(found.text, found.rule_set, known, _index(form.raw("n"), found, known), form)
        result = examined(text, desk.language) if not form.errors else None
    except RuleDocumentError as error:
        result = unreadable(error, "", desk.language)
    return desk.page("rule_draft_check", here="rules", examined=result, form=form)


def _index(typed: str, found: DraftPage, part: Part) -> int:
    """Raises: NotYours for an entry there is none of."""
    if part not in LISTS:
        return 0
    count = _count(found, part)
    if not (typed.isascii() and typed.isdigit() and int(typed) <= count):
        raise NotYours
    return int(typed)


def _count(found: DraftPage, part: Part) -> int:
    return len(getattr(found.rule_set.document, LISTS[part])) if part in LISTS else 0


async def _page(
    desk: OfficeDesk,
    found: DraftPage,
    part: Part,
    index: int,
    values: Shown,
    *,
    form: Form | None = None,
    error: RuleDocumentError | None = None,
    status_code: int = 200,
) -> Template:
    refusal, status_code = refusal_on(desk.request, error, status_code)
    form = form or Form(())
    if error is not None and (field := field_of(error.path, part)):
        form.refuse(field, problem_words(error, desk.language))
    count = _count(found, part)
    return desk.page(
        "rule_editor",
        here="rules",
        status_code=status_code,
        found=found,
        part=part,
        index=index,
        is_new=part in LISTS and index == count,
        is_last=index >= count - 1,
        values=values,
        form=form,
        refusal=refusal,
        fault=unreadable(error, form.raw("text") if part == "file" else "", desk.language) if error else None,
        words=next(
            (one for one in found.words.rules if part in {"rule", "grant"} and one.key == values.get("key")), None
        ),
        kept=kept(found.text, part, index),
        choices=choices(found.rule_set, values, await desk.database.read(here, desk.language), desk.t),
        examined=found.examined,
    )
