"""P6: how large, which language, read aloud, the PIN, the other phones, the way out."""

import asyncio
from datetime import UTC, datetime

from litestar import get, post
from litestar.di import NamedDependency

from canteen.people import pins
from canteen.people.passwords import hash_password, matches
from canteen.people.sign_in_errors import PhoneSignInPaused, PinWrong
from canteen.usecases.change_pin import NewPin, change_pin
from canteen.usecases.end_phone_sessions import end_phone_sessions
from canteen.usecases.like_display import TEXT_SIZES, DisplayLiked, like_display
from canteen.web.errors import problem_of
from canteen.web.forms import Form
from canteen.web.language import COOKIE as LANGUAGE_COOKIE
from canteen.web.language import LANGUAGES, TEXT_SIZE_COOKIE
from canteen.web.resident.desk import Answer, PhoneDesk


@get("/settings")
async def settings_page(desk: NamedDependency[PhoneDesk]) -> Answer:
    """For everybody; PIN and other phones for those who have signed in."""
    return desk.page("settings", sizes=TEXT_SIZES)


@post("/settings", status_code=303)
async def change_settings(form: NamedDependency[Form], desk: NamedDependency[PhoneDesk]) -> Answer:
    """Kept in this browser, and with the person: their next phone starts like this."""
    size = int(form.raw("text_size")) if form.raw("text_size") in {str(one) for one in TEXT_SIZES} else None
    language = form.raw("lang") if form.raw("lang") in LANGUAGES else None
    if size is not None:
        desk.remember(TEXT_SIZE_COOKIE, str(size))
    if language is not None:
        desk.remember(LANGUAGE_COOKIE, language)
    if desk.stay.resident_id is not None:
        wanted = DisplayLiked(desk.stay.resident_id, size, language)
        await desk.database.write(like_display, wanted, now=desk.now, actor=desk.actor)
    return desk.to("/settings")


@post("/phones/end", status_code=303)
async def end_others(desk: NamedDependency[PhoneDesk]) -> Answer:
    """A phone was lost: every other one of theirs is signed out at once."""
    if desk.stay.resident_id is None or desk.visit is None:
        return desk.to("/signin?next=settings")
    await desk.database.write(
        end_phone_sessions, desk.stay.resident_id, now=desk.now, actor=desk.actor, keep=desk.visit.key_hash
    )
    return desk.to("/settings?note=others-ended")


@get("/pin")
async def pin_page(desk: NamedDependency[PhoneDesk]) -> Answer:
    """The old PIN, then a new one."""
    return desk.page("pin_change") if desk.stay.resident_id is not None else desk.to("/signin?next=settings")


@post("/pin", status_code=200)
async def change_own_pin(form: NamedDependency[Form], desk: NamedDependency[PhoneDesk]) -> Answer:
    """Wrong old PINs count and pause as at sign-in: a phone lying about tells nobody the PIN."""
    own = desk.stay.resident_id
    if own is None or desk.visit is None:
        return desk.to("/signin?next=settings")
    pin = form.raw("pin").strip()
    try:
        file = await desk.database.read(pins.of_resident, own)
        right = await asyncio.to_thread(matches, file.pin_hash if file else None, form.raw("old").strip())
        wanted = NewPin(own, right, pin, await asyncio.to_thread(hash_password, pin[:12]), desk.visit.key_hash)
        changed = await desk.database.write(
            change_pin, wanted, now=desk.now, real_now=datetime.now(UTC), sealer=desk.sealer
        )
        if changed.paused_s:
            raise PhoneSignInPaused(minutes=-(-changed.paused_s // 60))
        if not changed.changed:
            raise PinWrong
    except Exception as error:
        if problem_of(error) is None:
            raise
        return desk.page("pin_change", error=error)
    return desk.to("/settings?note=pin-changed")
