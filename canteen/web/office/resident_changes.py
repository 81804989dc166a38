"""What the community and the district change on a resident's file: each form one use case, one audit entry."""

from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec

from litestar import Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlmodel import Session

from canteen.events import CanteenChanged, Events
from canteen.people import cards
from canteen.people.consents import ConsentKind
from canteen.people.diet_notes import DietNotes
from canteen.people.models import CardState, Role
from canteen.readmodels.resident_file import PRIVATE_FIELDS
from canteen.sites import places
from canteen.usecases.bind_card import CardBinding, bind_card
from canteen.usecases.change_resident import ENDS_HELP, ResidentChange, change_resident
from canteen.usecases.confirm_residence import ResidenceSeen, confirm_residence
from canteen.usecases.propose_category import propose_category
from canteen.usecases.record_consent import ConsentRecord, record_consent
from canteen.usecases.report_card import CardReport, report_card
from canteen.usecases.reveal_field import FieldReveal, reveal_field
from canteen.usecases.withdraw_category import CategoryWithdrawn, withdraw_category
from canteen.web.errors import problem_of, words_for
from canteen.web.forms import Form
from canteen.web.office.desk import CHANGES_FILES, OfficeDesk
from canteen.web.office.residents import ELSEWHERE, GUARDS, resident_page
from canteen.web.problems import Told
from canteen.web.security import NotYours, require
from subsidies import eligibility
from subsidies.models import FileStatus
from subsidies.proposals import ProposedCategory

Answer = Response[None] | Template
P = ParamSpec("P")
WRITERS = [CHANGES_FILES]


async def _store(
    desk: OfficeDesk,
    resident: str,
    done: str,
    use_case: Callable[Concatenate[Session, P], Any],
    *args: P.args,
    **kwargs: P.kwargs,
) -> Answer:
    """One use case; back to the file, with the refusal when there is one."""
    await desk.check_resident(resident)
    try:
        await desk.database.write(use_case, *args, **kwargs)
    except Exception as error:
        problem = problem_of(error)
        if problem is None:
            raise
        return await resident_page(desk, resident, refusal=words_for(desk.request, error), status_code=problem.status)
    return Redirect(f"/office/residents/{resident}?done={done}", status_code=303)


async def _mend(desk: OfficeDesk, resident: str, form: Form) -> Template:
    """The form could not be read: say what is to be mended."""
    happened = desk.t(next(iter(form.errors.values())))
    return await resident_page(desk, resident, refusal=Told(happened, desk.t("office.file.try-again")), status_code=422)


@post("/residents/{resident:str}/reveal", guards=GUARDS, status_code=200)
async def reveal(resident: FromPath[str], form: NamedDependency[Form], desk: NamedDependency[OfficeDesk]) -> Template:
    """A private field in clear, once, for a reason that goes into the audit log."""
    await desk.check_resident(resident)
    field = next((name for name in PRIVATE_FIELDS if name == form.raw("field")), PRIVATE_FIELDS[0])
    try:
        clear = await desk.database.write(
            reveal_field,
            FieldReveal(resident, field, form.text("reason", required=False)),
            now=desk.now,
            actor=desk.actor.ref,
            sealer=desk.sealer,
        )
    except Exception as error:
        problem = problem_of(error)
        if problem is None:
            raise
        refusal = words_for(desk.request, error)
        return await resident_page(desk, resident, refusal=refusal, status_code=problem.status)
    return await resident_page(desk, resident, revealed={field: clear or desk.t("office.file.nothing")})


@post("/residents/{resident:str}/residence", guards=WRITERS)
async def residence(resident: FromPath[str], desk: NamedDependency[OfficeDesk]) -> Answer:
    """The community has seen that the person lives there."""
    return await _store(
        desk, resident, "residence", confirm_residence, ResidenceSeen(resident), now=desk.now, actor=desk.actor.ref
    )


@post("/residents/{resident:str}/status", guards=WRITERS)
async def status(
    resident: FromPath[str],
    form: NamedDependency[Form],
    desk: NamedDependency[OfficeDesk],
    events: NamedDependency[Events],
) -> Answer:
    """Moved, died, in an institution…, from a day on. A death takes open orders off the kitchens' boards."""
    wanted = form.choice("status", FileStatus, FileStatus.ACTIVE)
    since = form.day("since")
    if form.errors:
        return await _mend(desk, resident, form)
    change = ResidentChange(resident, status=wanted, status_since=since)
    answer = await _store(
        desk, resident, "status", change_resident, change, now=desk.now, actor=desk.actor.ref, sealer=desk.sealer
    )
    if wanted is FileStatus.DECEASED or wanted in ENDS_HELP:
        for canteen in await desk.database.read(places.all_canteens):
            for topic in ("orders", "menu"):
                events.publish(CanteenChanged(canteen.id, topic))
    return answer


@post("/residents/{resident:str}/place", guards=WRITERS)
async def place(
    resident: FromPath[str],
    form: NamedDependency[Form],
    desk: NamedDependency[OfficeDesk],
) -> Answer:
    """Lives, or is registered, elsewhere since a day that may lie long before anybody told."""
    since = form.day("since")
    area = form.raw("area")
    known = {view.area for view in await desk.database.read(places.communities)} | ELSEWHERE.keys()
    if area not in known:
        form.refuse("area", "forms.choice")
    if form.errors:
        return await _mend(desk, resident, form)
    is_register = form.raw("which") == "register"
    change = ResidentChange(
        resident,
        register_area=area if is_register else None,
        living_area=None if is_register else area,
        place_since=since,
    )
    return await _store(
        desk, resident, "place", change_resident, change, now=desk.now, actor=desk.actor.ref, sealer=desk.sealer
    )


@post("/residents/{resident:str}/born", guards=WRITERS)
async def born(resident: FromPath[str], form: NamedDependency[Form], desk: NamedDependency[OfficeDesk]) -> Answer:
    """The birthday on file was wrong."""
    day = form.day("born")
    if form.errors:
        return await _mend(desk, resident, form)
    change = ResidentChange(resident, born=day)
    return await _store(
        desk, resident, "born", change_resident, change, now=desk.now, actor=desk.actor.ref, sealer=desk.sealer
    )


@post("/residents/{resident:str}/categories", guards=[require(Role.OFFICER)])
async def category(resident: FromPath[str], form: NamedDependency[Form], desk: NamedDependency[OfficeDesk]) -> Answer:
    """Enter a category; a second person approves it. `until` is the first day without. Everybody else applies for it."""
    start, until = form.day("valid_from"), form.day("valid_until", required=False)
    evidence = form.text("evidence", most=120)
    if form.errors or start is None:
        return await _mend(desk, resident, form)
    wanted = ProposedCategory(resident, form.raw("category"), start, until, evidence)
    return await _store(desk, resident, "category", propose_category, wanted, now=desk.now, actor=desk.actor.ref)


@post("/residents/{resident:str}/categories/{grant:str}/withdraw", guards=WRITERS)
async def withdraw(
    resident: FromPath[str], grant: FromPath[str], form: NamedDependency[Form], desk: NamedDependency[OfficeDesk]
) -> Answer:
    """Take a category of this resident off, with a reason."""
    await desk.check_resident(resident)
    held = await desk.database.read(eligibility.grants, resident)
    if grant not in {one.id for one in held}:
        raise NotYours
    ended_on = form.day("ended_on", required=False)
    if form.errors:
        return await _mend(desk, resident, form)
    withdrawn = CategoryWithdrawn(grant, form.text("reason", most=120, required=False), ended_on)
    return await _store(desk, resident, "withdrawn", withdraw_category, withdrawn, now=desk.now, actor=desk.actor.ref)


@post("/residents/{resident:str}/cards", guards=WRITERS)
async def card(resident: FromPath[str], form: NamedDependency[Form], desk: NamedDependency[OfficeDesk]) -> Answer:
    """Bind a card."""
    binding = CardBinding(resident, form.raw("number"), form.raw("kind") or "canteen")
    return await _store(desk, resident, "card", bind_card, binding, now=desk.now, actor=desk.actor.ref)


@post("/residents/{resident:str}/cards/report", guards=WRITERS)
async def card_report(
    resident: FromPath[str], form: NamedDependency[Form], desk: NamedDependency[OfficeDesk]
) -> Answer:
    """A card of this resident is lost, blocked or found again."""
    await desk.check_resident(resident)
    mine = await desk.database.read(cards.of_resident, resident)
    if form.raw("number") not in {one.number for one in mine}:
        raise NotYours
    report = CardReport(form.raw("number"), form.choice("state", CardState, CardState.LOST))
    return await _store(desk, resident, "card-state", report_card, report, now=desk.now, actor=desk.actor.ref)


@post("/residents/{resident:str}/consents", guards=WRITERS)
async def consent(resident: FromPath[str], form: NamedDependency[Form], desk: NamedDependency[OfficeDesk]) -> Answer:
    """Given or taken back; taking back the one to health notes forgets them."""
    kind = form.choice("kind", ConsentKind, ConsentKind.SERVICE)
    if form.errors:
        return await _mend(desk, resident, form)
    record = ConsentRecord(resident, kind, given=form.raw("given") == "1", how=form.raw("how") or "signed")
    return await _store(desk, resident, "consent", record_consent, record, now=desk.now, actor=desk.actor.ref)


@post("/residents/{resident:str}/diet", guards=WRITERS)
async def diet(resident: FromPath[str], form: NamedDependency[Form], desk: NamedDependency[OfficeDesk]) -> Answer:
    """What the kitchen must know."""
    notes = DietNotes(form.every("diet"), form.every("allergen"), form.text("note", most=200, required=False))
    if form.errors:
        return await _mend(desk, resident, form)
    change = ResidentChange(resident, diet=notes)
    return await _store(
        desk, resident, "diet", change_resident, change, now=desk.now, actor=desk.actor.ref, sealer=desk.sealer
    )
