"""/office/rules/drafts: one person writes a rule set, a second one returns or publishes it."""

from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect, Template

from canteen.people.models import Role
from canteen.readmodels.rule_drafts import Examined, next_first, rule_draft_page, text_from_version, unreadable
from canteen.readmodels.rule_sets import rule_sets
from canteen.usecases.publish_rule_draft import Publication, publish_rule_draft
from canteen.usecases.return_rule_draft import return_rule_draft
from canteen.usecases.start_rule_draft import start_rule_draft
from canteen.usecases.submit_rule_draft import submit_rule_draft
from canteen.usecases.withdraw_rule_draft import withdraw_rule_draft
from canteen.web.errors import refusal_on
from canteen.web.forms import Form
from canteen.web.office.desk import OfficeDesk
from canteen.web.security import require
from subsidies.document_edits import edited
from subsidies.drafts import RuleDraftUnknown
from subsidies.errors import RuleDocumentError, SubsidyError
from subsidies.rule_models import DraftState

WRITES = [require(Role.OFFICER)]
READS = [require(Role.OFFICER, Role.AUDITOR)]
Answer = Response[None] | Template
_DONE = {"submit": "submitted", "withdraw": "withdrawn", "return": "returned"}
_MOST_BYTES = 400_000
_BLANK = """\
code = "x"
version = 1
title = {{ zh = "{title}", en = "{title}" }}
source = "（待填）"
effective_from = {first}
odd_fen_to = "district"

[cap]
minimum_self_pay = "0"

[[rules]]
key = "age-60"
title = {{ zh = "60岁及以上减1元", en = "60 and over: 1 yuan off" }}
age = {{ from = 60 }}
meals = ["lunch", "dinner"]
benefit = {{ kind = "fixed_off", amount = "1" }}
split = "district"

[[examples]]
name = "70岁，套餐12元"
date = {first}
age = 70
spend = "12"
expect = {{ self_pay = "11" }}
"""
"""A set that can be read, tried and changed: one rule and one example of it."""


@get("/rules/drafts/new", guards=WRITES)
async def new_draft(desk: NamedDependency[OfficeDesk]) -> Template:
    """From a published version, from nothing, or from a file."""
    return await _new(desk)


async def _new(
    desk: OfficeDesk,
    error: Exception | None = None,
    form: Form | None = None,
    fault: Examined | None = None,
    status_code: int = 200,
) -> Template:
    refusal, status_code = refusal_on(desk.request, error, status_code)
    return desk.page(
        "rule_draft_new",
        here="rules",
        status_code=status_code,
        versions=await desk.database.read(rule_sets, today=desk.today),
        refusal=refusal,
        fault=fault,
        form=form or Form(()),
        chosen=desk.query.get("from", ""),
    )


@post("/rules/drafts", guards=WRITES, request_max_body_size=_MOST_BYTES + 10_000)
async def start_draft(form: NamedDependency[Form], desk: NamedDependency[OfficeDesk]) -> Answer:
    """`how`: `version` (its key in `from`), `blank` (`code`, `title`) or `file`."""
    how = form.raw("how")
    text = ""
    try:
        if how == "file":
            text = await _uploaded(desk)
        elif how == "version":
            chosen = form.whole("from", 0, 10**8, 0)
            text = await desk.database.read(text_from_version, chosen, today=desk.today)
        else:
            title = form.text("title", most=80).replace('"', "").replace("\\", "")
            blank = _BLANK.format(title=title or "x", first=next_first(desk.today))
            text = edited(blank, {"code": form.raw("code").strip()})
        if form.errors:
            return await _new(desk, form=form, status_code=422)
        key = await desk.database.write(
            start_rule_draft, text, now=desk.now, actor=desk.actor.ref, actor_name=desk.actor.name
        )
    except RuleDocumentError as error:
        return await _new(desk, error, form, unreadable(error, text if how == "file" else "", desk.language))
    except SubsidyError as error:
        return await _new(desk, error, form)
    return Redirect(f"/office/rules/drafts/{key}?done=started", status_code=303)


async def _uploaded(desk: OfficeDesk) -> str:
    sent = (await desk.request.form()).get("file")
    data = await sent.read(_MOST_BYTES + 1) if isinstance(sent, UploadFile) else b""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RuleDocumentError("document", "not UTF-8") from error
    if not text.strip() or len(data) > _MOST_BYTES:
        raise RuleDocumentError("document", "empty, or too large")
    return text


@get("/rules/drafts/{draft:str}", guards=READS)
async def one_draft(draft: FromPath[str], desk: NamedDependency[OfficeDesk]) -> Template:
    """In words, with what lint and the examples say, and what it would change."""
    return await draft_page(desk, draft)


async def draft_page(desk: OfficeDesk, draft: str, error: Exception | None = None) -> Template:
    """The page of a draft; `error` is what was refused on it."""
    refusal, status_code = refusal_on(desk.request, error, 200)
    found = await desk.database.read(rule_draft_page, draft, desk.actor.ref, today=desk.today, language=desk.language)
    done = desk.query.get("done", "")
    return desk.page(
        "rule_draft",
        here="rules",
        status_code=status_code,
        found=found,
        refusal=refusal,
        done=done if done in {"started", "saved", "tried", "submitted", "returned", "withdrawn"} else "",
        writes=desk.actor.role is Role.OFFICER,
        is_past=found.line.state in {DraftState.PUBLISHED, DraftState.WITHDRAWN},
    )


@post("/rules/drafts/{draft:str}/{step:str}", guards=WRITES)
async def take_step(
    draft: FromPath[str], step: FromPath[str], form: NamedDependency[Form], desk: NamedDependency[OfficeDesk]
) -> Answer:
    """`submit`, `withdraw`, `return` (with `reason`) or `publish` (with `ends`, and `leaves`: canteens left without)."""
    revision = form.whole("revision", 0, 10**8, 0)
    write, now, actor, name = desk.database.write, desk.now, desk.actor.ref, desk.actor.name
    try:
        match step:
            case "submit":
                await write(submit_rule_draft, draft, revision=revision, now=now, actor=actor)
            case "withdraw":
                await write(withdraw_rule_draft, draft, revision=revision, now=now, actor=actor)
            case "return":
                reason = form.text("reason", most=400, required=False)
                await write(return_rule_draft, draft, reason, revision=revision, now=now, actor=actor, actor_name=name)
            case "publish":
                ends = frozenset(int(one) for one in form.every("ends") if one.isascii() and one.isdigit())
                request = Publication(draft, revision, ends, name, frozenset(form.raw("leaves").split()))
                done = await write(publish_rule_draft, request, now=now, actor=actor)
                return Redirect(f"/office/rules/{done.rule_set_id}?done=published", status_code=303)
            case _:
                raise NotFoundException
    except RuleDraftUnknown:
        raise
    except SubsidyError as error:
        return await draft_page(desk, draft, error)
    return Redirect(f"/office/rules/drafts/{draft}?done={_DONE[step]}", status_code=303)
