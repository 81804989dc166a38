"""/staff/people/{id}: one person as the canteen's staff see them, and what staff change: each form one use case."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Concatenate, ParamSpec

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlmodel import Session

from canteen.people import cards
from canteen.people.cards import KINDS, grouped
from canteen.people.consents import TEXT_VERSION, ConsentKind
from canteen.people.diet_notes import DietNotes
from canteen.people.errors import CardUnknown, FieldRefused
from canteen.people.models import CardState, Role
from canteen.people.residents import Contact
from canteen.people.search import whose
from canteen.readmodels.canteen_people import may_open, standing_id
from canteen.readmodels.person_page import person_page
from canteen.usecases.change_resident import ResidentChange, change_resident
from canteen.usecases.end_phone_sessions import end_phone_sessions
from canteen.usecases.look_up_person import LookUp, look_up_person
from canteen.usecases.name_fetcher import FetcherNamed, name_fetcher
from canteen.usecases.propose_merge import MergeProposed, propose_merge
from canteen.usecases.record_consent import ConsentRecord, record_consent
from canteen.usecases.replace_card import CardReplacement, replace_card
from canteen.usecases.report_card import CardReport, report_card
from canteen.usecases.reveal_to_staff import REASONS, STAFF_FIELDS, StaffReveal, reveal_to_staff
from canteen.web.errors import problem_of
from canteen.web.forms import Form
from canteen.web.language import has_sentence
from canteen.web.security import NotYours, require
from canteen.web.staff.desk import Refused, StaffDesk
from canteen.web.staff.people import HOME, TITLES
from menus.diet import ALLERGENS, DIET_TAGS
from menus.service_days import business_day

Answer = Response[None] | Template
P = ParamSpec("P")
STAFF_CONSENTS = (ConsentKind.HEALTH, ConsentKind.FAMILY)
"""What staff record and take back; leaving the roll altogether is the community's matter."""


async def check_person(desk: StaffDesk, resident: str) -> None:
    """Raises: NotYours for somebody this canteen's staff may not see, or who is not on the roll."""
    if not await desk.database.read(may_open, desk.canteen, resident):
        raise NotYours


async def show_person(
    desk: StaffDesk, resident: str, *, refusal: Refused | None = None, revealed: Mapping[str, str] | None = None
) -> Template:
    """The page with what a form has just brought."""
    at = await desk.meal()
    person = await desk.database.read(
        person_page,
        resident,
        desk.canteen.id,
        at,
        today=business_day(desk.now),
        real_now=datetime.now(UTC),
        sealer=desk.sealer,
    )
    done = f"people.done.{desk.request.query_params.get('done', '')}"
    return desk.page(
        "person",
        status_code=refusal.status if refusal else 200,
        person=person,
        at=f"{HOME}/{resident}",
        refusal=refusal,
        revealed=revealed or {},
        done=done if has_sentence("zh", done) else "",
        consent_kinds=[kind.value for kind in STAFF_CONSENTS],
        reasons=REASONS,
        kinds=sorted(KINDS),
        titles=TITLES,
        diet_tags=DIET_TAGS,
        allergens=ALLERGENS,
        text_version=TEXT_VERSION,
        grouped=grouped,
    )


async def _store(
    desk: StaffDesk,
    resident: str,
    done: str,
    use_case: Callable[Concatenate[Session, P], Any],
    *args: P.args,
    **kwargs: P.kwargs,
) -> Answer:
    """One use case; back to the page, with the refusal when there is one."""
    await check_person(desk, resident)
    try:
        await desk.database.write(use_case, *args, **kwargs)
    except Exception as error:
        if problem_of(error) is None:
            raise
        return await show_person(desk, resident, refusal=desk.refused(error))
    return Redirect(f"{HOME}/{resident}?done={done}", status_code=303)


@get("/people/{resident:str}")
async def person(resident: FromPath[str], desk: NamedDependency[StaffDesk]) -> Answer:
    """The page; a file that another took over leads there."""
    await check_person(desk, resident)
    standing = await desk.database.read(standing_id, resident)
    if standing != resident:
        await check_person(desk, standing)
        return Redirect(f"{HOME}/{standing}?done=merged", status_code=303)
    return await show_person(desk, resident)


@post("/people/{resident:str}/reveal", status_code=200)
async def reveal(resident: FromPath[str], form: NamedDependency[Form], desk: NamedDependency[StaffDesk]) -> Template:
    """A whole name or telephone number, once, for a reason that is written down."""
    await check_person(desk, resident)
    field = next((name for name in STAFF_FIELDS if name == form.raw("field")), None)
    try:
        if field is None:
            raise FieldRefused(field=form.raw("field")[:20])
        clear = await desk.database.write(
            reveal_to_staff,
            StaffReveal(resident, desk.canteen.id, field, form.raw("reason")),
            now=desk.now,
            actor=desk.actor.ref,
            sealer=desk.sealer,
        )
    except Exception as error:
        if problem_of(error) is None:
            raise
        return await show_person(desk, resident, refusal=desk.refused(error))
    return await show_person(desk, resident, revealed={field: clear})


@post("/people/{resident:str}/cards")
async def card(resident: FromPath[str], form: NamedDependency[Form], desk: NamedDependency[StaffDesk]) -> Answer:
    """A further card, or one in place of `old`; without a number the canteen prints a new one."""
    await check_person(desk, resident)
    printed = form.raw("print") == "1"
    number = "" if printed else form.raw("number").strip()
    if not printed and not number:
        return Redirect(f"{HOME}/{resident}", status_code=303)
    kind = form.raw("kind") if form.raw("kind") in KINDS else "canteen"
    wanted = CardReplacement(
        resident, number, "canteen" if printed else kind, old=form.raw("old"), canteen_id=desk.canteen.id
    )
    done = "card-printed" if printed else "card"
    return await _store(desk, resident, done, replace_card, wanted, now=desk.now, actor=desk.actor.ref)


@post("/people/{resident:str}/cards/report")
async def card_report(resident: FromPath[str], form: NamedDependency[Form], desk: NamedDependency[StaffDesk]) -> Answer:
    """A card of this person is lost: from this commit it opens nothing anywhere. Or it was found again."""
    await check_person(desk, resident)
    mine = {one.number: one.state for one in await desk.database.read(cards.of_resident, resident)}
    number, found_again = form.raw("number"), form.raw("state") == "active"
    if number not in mine:
        raise NotYours
    if found_again and mine[number] is not CardState.LOST:  # a blocked card is the office's matter
        return await show_person(desk, resident, refusal=desk.refused(CardUnknown()))
    report = CardReport(number, CardState.ACTIVE if found_again else CardState.LOST)
    done = "card-found" if found_again else "card-lost"
    return await _store(desk, resident, done, report_card, report, now=desk.now, actor=desk.actor.ref)


@post("/people/{resident:str}/consents")
async def consent(resident: FromPath[str], form: NamedDependency[Form], desk: NamedDependency[StaffDesk]) -> Answer:
    """Given or taken back, each kind by itself; taken back, its use ends with this commit."""
    kind = form.choice("kind", ConsentKind, ConsentKind.HEALTH)
    if form.errors or kind not in STAFF_CONSENTS:
        await check_person(desk, resident)
        return await show_person(desk, resident, refusal=desk.refused(FieldRefused(field="consent")))
    given = form.raw("given") == "1"
    record = ConsentRecord(resident, kind, given=given, how=form.raw("how") or "signed")
    done = "consent" if given else f"withdrawn-{kind.value}"
    return await _store(desk, resident, done, record_consent, record, now=desk.now, actor=desk.actor.ref)


@post("/people/{resident:str}/diet")
async def diet(resident: FromPath[str], form: NamedDependency[Form], desk: NamedDependency[StaffDesk]) -> Answer:
    """What the kitchen must know; only while the consent to it stands."""
    note = form.text("note", most=200, required=False)
    if form.errors:
        await check_person(desk, resident)
        return await show_person(desk, resident, refusal=desk.refused(FieldRefused(field="note")))
    change = ResidentChange(resident, diet=DietNotes(form.every("diet"), form.every("allergen"), note))
    return await _store(
        desk, resident, "diet", change_resident, change, now=desk.now, actor=desk.actor.ref, sealer=desk.sealer
    )


@post("/people/{resident:str}/phones")
async def end_phones(resident: FromPath[str], desk: NamedDependency[StaffDesk]) -> Answer:
    """A phone is lost: whoever holds it has to sign in again."""
    here = desk.canteen.id
    return await _store(
        desk,
        resident,
        "phones-ended",
        end_phone_sessions,
        resident,
        now=desk.now,
        actor=desk.actor.ref,
        canteen_id=here,
    )


@post("/people/{resident:str}/settings")
async def settings(resident: FromPath[str], form: NamedDependency[Form], desk: NamedDependency[StaffDesk]) -> Answer:
    """How they are called, telephone, language, large type. A blank telephone leaves the one on file."""
    phone = form.raw("phone").strip()
    change = ResidentChange(
        resident,
        title=form.raw("title").strip(),
        contact=Contact(phone=phone) if phone else None,
        large_type=form.raw("large") == "1",
        language=form.raw("language") or "zh",
    )
    return await _store(
        desk, resident, "settings", change_resident, change, now=desk.now, actor=desk.actor.ref, sealer=desk.sealer
    )


@post("/people/{resident:str}/fetchers")
async def fetcher(resident: FromPath[str], form: NamedDependency[Form], desk: NamedDependency[StaffDesk]) -> Answer:
    """`number`: card or ID of whoever will bring meals, who stands here too. `remove`: nobody's business any more."""
    await check_person(desk, resident)
    gone = form.raw("remove")
    if gone:
        ended = FetcherNamed(resident, gone, may_fetch=False)
        return await _store(desk, resident, "fetcher-removed", name_fetcher, ended, now=desk.now, actor=desk.actor.ref)
    try:
        who = await desk.database.write(
            look_up_person,
            LookUp(desk.canteen.id, form.text("number", most=40, required=False)),
            now=desk.now,
            actor=desk.actor.ref,
            sealer=desk.sealer,
        )
    except Exception as error:
        if problem_of(error) is None:
            raise
        return await show_person(desk, resident, refusal=desk.refused(error))
    named = FetcherNamed(resident, who)
    return await _store(desk, resident, "fetcher", name_fetcher, named, now=desk.now, actor=desk.actor.ref)


@post("/people/{resident:str}/merge", guards=[require(Role.MANAGER)])
async def merge(resident: FromPath[str], form: NamedDependency[Form], desk: NamedDependency[StaffDesk]) -> Answer:
    """The manager says that another file, named by its card or ID number, is the same person; the office decides."""
    await check_person(desk, resident)
    other = await desk.database.read(whose, form.text("other", most=40, required=False), sealer=desk.sealer)
    if other is None:
        return await show_person(desk, resident, refusal=desk.refused(CardUnknown()))
    wanted = MergeProposed(resident, other, form.text("why", most=120, required=False), desk.actor.name)
    return await _store(
        desk,
        resident,
        "merge-proposed",
        propose_merge,
        wanted,
        now=desk.now,
        actor=desk.actor.ref,
        canteen_id=desk.canteen.id,
    )
