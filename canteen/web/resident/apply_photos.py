"""Photos of papers on a phone: taken, looked at, taken away again."""

import asyncio

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from canteen.applications.evidence import MEDIA_TYPE, MOST, MOST_BYTES
from canteen.readmodels.application_case import application_photo
from canteen.usecases.answer_application import ApplicationAnswered, answer_application
from canteen.web.errors import problem_of
from canteen.web.forms import Form
from canteen.web.resident.apply import TO_SIGN_IN, own, question_page
from canteen.web.resident.desk import Answer, PhoneDesk
from canteen.web.sent_photos import sent_photos

UPLOAD_BYTES = MOST * MOST_BYTES + 100_000


@get("/apply/{application:str}/photos")
async def photos_page(application: FromPath[str], desk: NamedDependency[PhoneDesk]) -> Answer:
    """Those there are, and one more."""
    own_id = desk.stay.resident_id
    if own_id is None:
        return desk.to(TO_SIGN_IN)
    shown = await own(desk, application, own_id)
    return question_page(desk, "photos", shown) if shown.is_with_applicant else desk.to(f"/apply/{shown.id}")


@post("/apply/{application:str}/photos", status_code=303, request_max_body_size=UPLOAD_BYTES)
async def change_photos(
    application: FromPath[str], form: NamedDependency[Form], desk: NamedDependency[PhoneDesk]
) -> Answer:
    """Adds what was sent as `photo`, takes `remove` away; `do=next` goes on, `do=later` back to the list."""
    own_id = desk.stay.resident_id
    if own_id is None:
        return desk.to(TO_SIGN_IN)
    without = tuple(key[:40] for key in form.every("remove"))
    try:
        await own(desk, application, own_id)  # before a stranger's file is decoded
        added = await asyncio.to_thread(sent_photos, await desk.request.form())
        change = ApplicationAnswered(application, own_id, {}, added, without)
        if added or without:
            await desk.database.write(answer_application, change, now=desk.now, sealing=desk.sealer)
    except Exception as error:
        if problem_of(error) is None:
            raise
        return question_page(desk, "photos", await own(desk, application, own_id), error)
    if form.raw("do") == "later":
        return desk.to("/apply?note=saved")
    return desk.to(f"/apply/{application}/{'check' if form.raw('do') == 'next' else 'photos'}")


@get("/apply/{application:str}/photos/{photo:str}")
async def photo(
    application: FromPath[str], photo: FromPath[str], desk: NamedDependency[PhoneDesk]
) -> Response[bytes] | Response[None]:
    """Theirs only, kept nowhere on the way."""
    own_id = desk.stay.resident_id
    if own_id is None:
        return desk.to(TO_SIGN_IN)
    shown = await own(desk, application, own_id)
    found = await desk.database.read(application_photo, shown.id, photo, sealing=desk.sealer)
    return Response(found, media_type=MEDIA_TYPE)
