"""/office/calls: three in a hundred diners of a month are telephoned; what they said is written down."""

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from canteen.confirmations.calls import OUTCOMES, LineKey
from canteen.confirmations.errors import NotOnTheList
from canteen.people.models import Role
from canteen.readmodels.call_checks import CallPerson, call_checks, call_people
from canteen.readmodels.office_scope import in_scope, roll_scope
from canteen.readmodels.own_meals import own_meals
from canteen.sites import places
from canteen.usecases.note_call import LONGEST_NOTE, CallNoted, note_call
from canteen.usecases.reveal_field import FieldReveal, reveal_field
from canteen.web.errors import problem_of, words_for
from canteen.web.forms import Form
from canteen.web.language import has_sentence
from canteen.web.office.desk import CHANGES_FILES, OfficeDesk, for_section
from canteen.web.office.months import month_title
from canteen.web.problems import Told
from subsidies.months import Month, MonthUnreadable, month_of, read_month

Answer = Response[None] | Template
WHY = "call-check"
"""Reason of a telephone number shown, for the audit log."""


def _month(desk: OfficeDesk) -> Month:
    this_month = month_of(desk.today)
    try:
        return min(read_month(desk.query.get("month", "")), this_month)
    except MonthUnreadable:
        return this_month.previous


@get("/calls", guards=for_section("residents"))
async def call_list(desk: NamedDependency[OfficeDesk]) -> Template:
    """`?month=2026-10`, else the last whole month: each canteen's count, and the people within the reader's scope."""
    month = _month(desk)
    views = await desk.database.read(places.all_canteens)
    if desk.actor.role is Role.SUBDISTRICT:
        views = await desk.canteens()
    done = f"confirmations.done-{desk.query.get('done', '')}"
    return desk.page(
        "calls",
        here="residents",
        month=month,
        month_title=month_title(desk.t, month),
        this_month=month_of(desk.today),
        progress=[(view, await desk.database.read(call_checks, view.id, month.text)) for view in views],
        people=await desk.database.read(call_people, month.text, in_scope(roll_scope(desk.actor)), sealer=desk.sealer),
        done=done if has_sentence("zh", done) else "",
    )


async def _drawn(desk: OfficeDesk, line: LineKey) -> CallPerson:
    """One person of a list.

    Raises:
        NotOnTheList: none, or out of scope; one answer for both.
    """
    found = await desk.database.read(
        call_people,
        line.period,
        in_scope(roll_scope(desk.actor)),
        sealer=desk.sealer,
        line=(line.canteen_id, line.position),
    )
    if not found:
        raise NotOnTheList(position=line.position)
    return found[0]


async def _page(
    desk: OfficeDesk, line: LineKey, *, phone: str = "", refusal: Told | None = None, status_code: int = 200
) -> Template:
    person = await _drawn(desk, line)
    month = read_month(line.period)
    return desk.page(
        "call",
        here="residents",
        status_code=status_code,
        person=person,
        at=f"/office/calls/{line.period}/{line.canteen_id}/{line.position}",
        found=await desk.database.read(
            own_meals, person.resident_id, month=month, now=desk.now, canteen_id=line.canteen_id
        ),
        month=month,
        month_title=month_title(desk.t, month),
        phone=phone,
        refusal=refusal,
        changes=desk.changes_files,
        outcomes=OUTCOMES,
        longest_note=LONGEST_NOTE,
    )


@get("/calls/{month:str}/{canteen:str}/{position:int}", guards=for_section("residents"))
async def one_call(
    month: FromPath[str], canteen: FromPath[str], position: FromPath[int], desk: NamedDependency[OfficeDesk]
) -> Template:
    """Whom to ring, and what to ask."""
    return await _page(desk, LineKey(canteen, read_month(month).text, position))


@post("/calls/{month:str}/{canteen:str}/{position:int}/number", guards=[CHANGES_FILES], status_code=200)
async def number(
    month: FromPath[str], canteen: FromPath[str], position: FromPath[int], desk: NamedDependency[OfficeDesk]
) -> Template:
    """The telephone number in clear; written down."""
    line = LineKey(canteen, read_month(month).text, position)
    person = await _drawn(desk, line)
    wanted = FieldReveal(person.resident_id, "phone", WHY)
    phone = await desk.database.write(reveal_field, wanted, now=desk.now, actor=desk.actor.ref, sealer=desk.sealer)
    return await _page(desk, line, phone=phone or desk.t("confirmations.calls.no-phone"))


@post("/calls/{month:str}/{canteen:str}/{position:int}", guards=[CHANGES_FILES])
async def note_one(
    month: FromPath[str],
    canteen: FromPath[str],
    position: FromPath[int],
    form: NamedDependency[Form],
    desk: NamedDependency[OfficeDesk],
) -> Answer:
    """How the call went; of what was not theirs, which meals."""
    line = LineKey(canteen, read_month(month).text, position)
    await _drawn(desk, line)
    noted = CallNoted(
        line, form.raw("outcome"), form.every("order"), form.text("note", most=200, required=False), desk.actor.name
    )
    try:
        await desk.database.write(note_call, noted, now=desk.now, actor=desk.actor.ref, sealer=desk.sealer)
    except Exception as error:
        problem = problem_of(error)
        if problem is None:
            raise
        return await _page(desk, line, refusal=words_for(desk.request, error), status_code=problem.status)
    return Redirect(f"/office/calls?month={line.period}&done=noted", status_code=303)
