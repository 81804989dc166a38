"""Signing a phone in: by the slip of the counter and a PIN of one's own, later by card or telephone number and PIN."""

import asyncio
from datetime import UTC, datetime

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.response import Template

from canteen.demo.phones import DEMO_CARD, DEMO_PIN
from canteen.people import pins, residents, slips
from canteen.people.passwords import hash_password, matches
from canteen.people.pins import PinFile
from canteen.people.sealed import mask_name
from canteen.people.sign_in_errors import NumberShared, PhoneSignInPaused, PhoneSignInWrong
from canteen.people.tokens import hash_secret, new_secret
from canteen.readmodels.phone_home import liked_display
from canteen.usecases.end_phone_sessions import sign_out_phone
from canteen.usecases.sign_in_phone import PinTyped, sign_in_phone
from canteen.usecases.sign_in_with_slip import SlipShown, sign_in_with_slip
from canteen.web.errors import problem_of
from canteen.web.forms import Form
from canteen.web.language import COOKIE as LANGUAGE_COOKIE
from canteen.web.language import TEXT_SIZE_COOKIE
from canteen.web.resident.desk import Answer, PhoneDesk
from canteen.web.security import TriesByAddress
from canteen.web.visits import COOKIE, carry_on

AFTERWARDS = {"account": "/account", "settings": "/settings", "apply": "/apply"}
"""Where somebody wanted to go who had to sign in first."""


def _address(desk: PhoneDesk) -> str:
    return desk.request.client.host if desk.request.client else ""


def _slip_page(desk: PhoneDesk, *, code: str = "", shown_as: str = "", error: Exception | None = None) -> Template:
    return desk.page("slip", error=error, code=code, shown_as=shown_as)


async def _of_slip(desk: PhoneDesk, code: str) -> str:
    """Whose slip this is, shortened.

    Raises:
        people.errors.SlipUnknown, SlipEnded: nobody's any more.
    """
    hashed = slips.code_hash(desk.sealer, code)
    resident_id = await desk.database.read(slips.find, hashed, datetime.now(UTC))
    return mask_name((await desk.database.read(residents.resident, resident_id)).name)


@get("/slip")
async def slip_page(desk: NamedDependency[PhoneDesk], sign_in_tries: NamedDependency[TriesByAddress]) -> Answer:
    """What the QR of a slip opens (`?code=`): it asks 「是您吗」, so that a link preview does not use the slip up."""
    code = desk.request.query_params.get("code", "")[:40]
    if not code:
        return _slip_page(desk)
    return await _asked(desk, code, sign_in_tries)


async def _asked(desk: PhoneDesk, code: str, tries: TriesByAddress) -> Answer:
    try:
        tries.note(_address(desk))
        return _slip_page(desk, code=code, shown_as=await _of_slip(desk, code))
    except Exception as error:
        if problem_of(error) is None:
            raise
        return _slip_page(desk, error=error)


@post("/slip", status_code=200)
async def slip_shown(
    form: NamedDependency[Form], desk: NamedDependency[PhoneDesk], sign_in_tries: NamedDependency[TriesByAddress]
) -> Answer:
    """The code as typed asks whose it is; 「是我，继续」 leads to choosing a PIN. The slip is used up with the PIN only."""
    code = form.raw("code")[:40]
    if form.raw("is_me") != "1":
        return await _asked(desk, code, sign_in_tries)
    try:
        sign_in_tries.note(_address(desk))
        await _of_slip(desk, code)
    except Exception as error:
        if problem_of(error) is None:
            raise
        return _slip_page(desk, error=error)
    return desk.page("pin_first", code=code)


@post("/slip/pin", status_code=200)
async def pin_chosen(
    form: NamedDependency[Form], desk: NamedDependency[PhoneDesk], sign_in_tries: NamedDependency[TriesByAddress]
) -> Answer:
    """The slip is used up, the PIN kept, this phone signed in; a PIN that may not be asks for another."""
    code, pin, secret = form.raw("code")[:40], form.raw("pin").strip(), new_secret()
    try:
        sign_in_tries.note(_address(desk))
        shown = SlipShown(code, pin, await asyncio.to_thread(hash_password, pin[:12]), hash_secret(secret), _old(desk))
        resident_id = await desk.database.write(
            sign_in_with_slip, shown, now=desk.now, real_now=datetime.now(UTC), sealer=desk.sealer
        )
    except Exception as error:
        problem = problem_of(error)
        if problem is None:
            raise
        if problem.code.startswith("people.slip"):
            return _slip_page(desk, error=error)
        return desk.page("pin_first", error=error, code=code)
    return await _welcome(desk, resident_id, secret, "?note=welcome")


@get("/signin")
async def sign_in_page(desk: NamedDependency[PhoneDesk]) -> Answer:
    """Card or telephone number, and the PIN. `?next=account`."""
    if desk.stay.resident_id is not None:
        return desk.to()
    return _sign_in_page(desk, wanted=desk.request.query_params.get("next", ""))


def _sign_in_page(desk: PhoneDesk, *, wanted: str, number: str = "", error: Exception | None = None) -> Template:
    return desk.page("signin", error=error, number=number, wanted=wanted, demo_card=DEMO_CARD, demo_pin=DEMO_PIN)


@post("/signin", status_code=200)
async def sign_in_form(
    form: NamedDependency[Form], desk: NamedDependency[PhoneDesk], sign_in_tries: NamedDependency[TriesByAddress]
) -> Answer:
    """The same answer for a wrong PIN and a number nobody has, after the same work."""
    number, wanted, secret = form.text("number", most=40, required=False), form.raw("next"), new_secret()
    try:
        sign_in_tries.note(_address(desk))
        known = await desk.database.read(pins.of_number, desk.sealer, number)
        right = await asyncio.to_thread(_right, known, form.raw("pin").strip())
        typed = PinTyped(number, tuple(one.resident_id for one in known), right, hash_secret(secret), _old(desk))
        result = await desk.database.write(
            sign_in_phone, typed, now=desk.now, real_now=datetime.now(UTC), sealer=desk.sealer
        )
        if result.paused_s:
            raise PhoneSignInPaused(minutes=-(-result.paused_s // 60))
        if result.is_shared:
            raise NumberShared
        if result.resident_id is None:
            raise PhoneSignInWrong
    except Exception as error:
        if problem_of(error) is None:
            raise
        return _sign_in_page(desk, wanted=wanted, number=number, error=error)
    return await _welcome(desk, result.resident_id, secret, AFTERWARDS.get(wanted, ""))


def _right(known: tuple[PinFile, ...], pin: str) -> tuple[str, ...]:
    """Whose PIN it is. About 40 ms each; for a number nobody has it takes as long and is nobody's."""
    if not known:
        matches(None, pin)
    return tuple(one.resident_id for one in known if matches(one.pin_hash, pin))


def _old(desk: PhoneDesk) -> str | None:
    cookie = desk.request.cookies.get(COOKIE)
    return hash_secret(cookie) if cookie else None


async def _welcome(desk: PhoneDesk, resident_id: str, secret: str, path: str) -> Answer:
    """The new cookie, and the pages the way this person likes them."""
    carry_on(desk.request, secret)
    size, language = await desk.database.read(liked_display, resident_id)
    desk.remember(TEXT_SIZE_COOKIE, str(size))
    desk.remember(LANGUAGE_COOKIE, language)
    return desk.to(path)


@post("/signout", status_code=303)
async def sign_out(desk: NamedDependency[PhoneDesk]) -> Response[None]:
    """What this phone kept for times without a line goes too."""
    if desk.stay.resident_id is not None and desk.visit is not None:
        await desk.database.write(sign_out_phone, desk.visit.key_hash, desk.stay.resident_id, now=desk.now)
    await desk.forget()
    answer = desk.to("?note=signed-out")
    answer.headers["Clear-Site-Data"] = '"storage"'
    return answer
