"""What is printed for one person: cards with QR and big number, and the sign-in slip for their phone."""

from dataclasses import dataclass
from datetime import UTC, datetime

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from canteen.people import cards
from canteen.people.cards import grouped
from canteen.people.models import CardState
from canteen.people.residents import resident as resident_of
from canteen.people.sealed import called, mask_name
from canteen.people.slips import VALID_FOR
from canteen.pickup import qr
from canteen.usecases.issue_slip import issue_slip, revoke_slip
from canteen.web.addresses import public_url
from canteen.web.errors import problem_of
from canteen.web.forms import Form
from canteen.web.language import translator
from canteen.web.staff.desk import StaffDesk
from canteen.web.staff.people import HOME
from canteen.web.staff.person import check_person, show_person

Answer = Response[None] | Template
ZH = translator("zh")
"""What the person takes home is in Chinese, whatever language the tablet shows."""


@dataclass(frozen=True, slots=True)
class PrintedCard:
    """A card on paper: the QR holds the opaque number and nothing else."""

    number: str
    qr: str


@dataclass(frozen=True, slots=True)
class PrintedSlip:
    """A slip on paper; its code is known only now."""

    code: str
    qr: str
    address: str
    valid_until: datetime


async def _papers(
    desk: StaffDesk, resident: str, *, printed_cards: tuple[PrintedCard, ...], slip: PrintedSlip | None
) -> Template:
    person = await desk.database.read(resident_of, resident)
    answer = desk.page(
        "person_papers",
        at=f"{HOME}/{resident}",
        shown_as=mask_name(person.name),
        called=called(person.name, person.title),
        cards=printed_cards,
        slip=slip,
        zh=ZH,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


async def _printable(desk: StaffDesk, resident: str) -> tuple[PrintedCard, ...]:
    mine = await desk.database.read(cards.of_resident, resident)
    return tuple(
        PrintedCard(grouped(one.number), qr.svg(one.number, title=ZH("people.papers.qr-card")))
        for one in mine
        if one.kind == "canteen" and one.state is CardState.ACTIVE
    )


@get("/people/{resident:str}/cards")
async def card_sheet(resident: FromPath[str], desk: NamedDependency[StaffDesk]) -> Template:
    """Their working cards of the canteen's own kind, to cut out."""
    await check_person(desk, resident)
    return await _papers(desk, resident, printed_cards=await _printable(desk, resident), slip=None)


@post("/people/{resident:str}/slip", status_code=200)
async def slip(resident: FromPath[str], form: NamedDependency[Form], desk: NamedDependency[StaffDesk]) -> Answer:
    """A new slip, shown once, with `cards=1` beside their cards; the slip before it ends. Or the standing one ends."""
    await check_person(desk, resident)
    now = datetime.now(UTC)
    try:
        if form.raw("do") == "revoke":
            await desk.database.write(
                revoke_slip, resident, now=desk.now, real_now=now, actor=desk.actor.ref, canteen_id=desk.canteen.id
            )
            return Redirect(f"{HOME}/{resident}?done=slip-revoked", status_code=303)
        code = await desk.database.write(
            issue_slip,
            resident,
            now=desk.now,
            real_now=now,
            actor=desk.actor.ref,
            sealer=desk.sealer,
            canteen_id=desk.canteen.id,
        )
    except Exception as error:
        if problem_of(error) is None:
            raise
        return await show_person(desk, resident, refusal=desk.refused(error))
    door = f"/m/{desk.canteen.id}/slip"
    address = public_url(desk.request, f"{door}?code={code.replace(' ', '')}")
    printed = PrintedSlip(
        code, qr.svg(address, title=ZH("people.papers.qr-slip")), public_url(desk.request, door), now + VALID_FOR
    )
    shown = await _printable(desk, resident) if form.raw("cards") == "1" else ()
    return await _papers(desk, resident, printed_cards=shown, slip=printed)
