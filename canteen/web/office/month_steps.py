"""POST /office/months/…/step: whoever it waits for takes the next step of a canteen's month; the lock is with the pack."""

from datetime import date

from litestar import Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from canteen.people.models import Role
from canteen.readmodels.month_claim import month_claim
from canteen.usecases.approve_month import Disallowed, approve_month
from canteen.usecases.cut_off_month import cut_off_month
from canteen.usecases.declare_month import declare_month
from canteen.usecases.record_month_payment import MoneyCame, record_month_payment
from canteen.usecases.return_month import return_month
from canteen.usecases.review_month import review_month
from canteen.usecases.steps.month_moves import MonthStep
from canteen.web.errors import problem_of, words_for
from canteen.web.forms import Form
from canteen.web.office.desk import OfficeDesk
from canteen.web.office.months import month_view
from canteen.web.security import NotYours, require
from subsidies.errors import MoneyFormat
from subsidies.money import parse_yuan
from subsidies.months import read_month
from subsidies.statement_states import AmountsWrong

WHO = {
    "cut-off": Role.MANAGER,
    "declare": Role.MANAGER,
    "review": Role.SUBDISTRICT,
    "return": None,
    "approve": Role.OFFICER,
    "pay": Role.OFFICER,
}
"""A return is for the subdistrict and for civil affairs."""
GUARDS = [require(Role.MANAGER, Role.SUBDISTRICT, Role.OFFICER)]


@post("/months/{month:str}/{canteen:str}/step", guards=GUARDS, status_code=303)
async def step(
    month: FromPath[str],
    canteen: FromPath[str],
    form: NamedDependency[Form],
    desk: NamedDependency[OfficeDesk],
) -> Response[str] | Redirect | Template:
    """One step; a refusal is told on the month's own page, and nothing typed is lost. Fields end in `-` and the canteen."""
    view = await desk.canteen(canteen)
    does = form.raw("do")
    allowed = WHO.get(does, Role.ADMIN)
    if desk.actor.role != allowed and not (allowed is None and desk.actor.role is not Role.MANAGER):
        raise NotYours
    wanted = read_month(month)
    taken = MonthStep(view.id, wanted, desk.actor.ref, desk.actor.name, desk.now, form.raw(f"reason-{view.id}"))
    try:
        await _take(does, taken, form, desk)
    except Exception as error:
        problem = problem_of(error)
        if problem is None:
            raise
        refusal = words_for(desk.request, error)
        return await month_view(desk, wanted, refusal=refusal, typed=(view.id, form), status_code=problem.status)
    return Redirect(f"/office/months/{wanted.text}?done={does}", status_code=303)


async def _take(does: str, taken: MonthStep, form: Form, desk: OfficeDesk) -> None:
    database = desk.database
    if does == "cut-off":
        await database.write(cut_off_month, taken)
    elif does == "declare":
        claim = await database.read(month_claim, taken.canteen_id, taken.month)
        await database.write(declare_month, taken, claim)
    elif does == "review":
        await database.write(review_month, taken)
    elif does == "return":
        await database.write(return_month, taken)
    elif does == "approve":
        await database.write(approve_month, taken, _disallowed(form, taken.canteen_id))
    else:
        await database.write(record_month_payment, taken, _money(form, taken.canteen_id))


def _disallowed(form: Form, canteen: str) -> dict[tuple[str, str], Disallowed]:
    found: dict[tuple[str, str], Disallowed] = {}
    for index in range(1, 21):
        line, typed = form.raw(f"line{index}-{canteen}"), form.raw(f"cut{index}-{canteen}").strip()
        if line and typed:
            funder, _, programme = line.partition("/")
            found[funder, programme] = Disallowed(_fen(typed, line), form.raw(f"why{index}-{canteen}"))
    return found


def _money(form: Form, canteen: str) -> MoneyCame:
    line, day = form.raw(f"line-{canteen}"), form.raw(f"paid_on-{canteen}")
    funder, _, programme = line.partition("/")
    try:
        paid_on = date.fromisoformat(day)
    except ValueError as error:
        raise AmountsWrong(line=day[:20]) from error
    return MoneyCame(
        funder, programme, _fen(form.raw(f"fen-{canteen}"), line), paid_on, form.raw(f"reference-{canteen}")
    )


def _fen(typed: str, line: str) -> int:
    try:
        return parse_yuan(typed.strip()).fen
    except MoneyFormat as error:
        raise AmountsWrong(line=line[:60]) from error
