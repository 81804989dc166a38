"""`/pair` makes this browser a device; `/devices` is where a manager opens codes and takes devices away."""

import secrets
from datetime import UTC, datetime

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from canteen.clock import Clock
from canteen.db.database import Database
from canteen.people.accounts import ANYWHERE, Actor
from canteen.people.models import Role
from canteen.people.tokens import derived_secret, hash_secret, new_secret
from canteen.readmodels.device_list import device_list
from canteen.readmodels.front_page import front_canteens
from canteen.readmodels.job_list import job_list
from canteen.settings import Settings
from canteen.sites.errors import PairingRefused
from canteen.sites.models import DeviceKind
from canteen.usecases.open_pairing import open_pairing
from canteen.usecases.pair_device import pair_device
from canteen.usecases.revoke_device import revoke_device
from canteen.web.due_jobs import JOBS
from canteen.web.errors import words_for
from canteen.web.forms import Form
from canteen.web.security import TriesByAddress, in_scope, require
from canteen.web.sessions import Identities, device_cookie
from canteen.web.templates import PageRequest, page, page_translator

CODE_DIGITS = 8
LOOKS_AFTER_DEVICES = require(Role.MANAGER, Role.ADMIN)


def code_hash(settings: Settings, code: str) -> str:
    """Keyed: eight digits could be guessed back from a plain hash."""
    return derived_secret(settings.secret_key, f"pairing/{code}")


def _home(kind: str, canteen_id: str) -> str:
    return f"/kiosk/{canteen_id}" if kind == DeviceKind.KIOSK else "/staff"


@get("/pair")
async def pair_page(request: PageRequest) -> Template:
    """For whoever stands at the new device."""
    return page(request, "front/pair.html.j2", refusal=None)


@post("/pair", status_code=200)
async def pair_form(
    *,
    request: PageRequest,
    form: NamedDependency[Form],
    database: NamedDependency[Database],
    clock: NamedDependency[Clock],
    settings: NamedDependency[Settings],
    identities: NamedDependency[Identities],
    sign_in_tries: NamedDependency[TriesByAddress],
) -> Response[None] | Template:
    """The code works once; tries are counted per address like sign-ins."""
    sign_in_tries.note(request.client.host if request.client else "")
    secret = new_secret()
    code = "".join(form.raw("code").split())
    try:
        device = await database.write(
            pair_device,
            pairing_hash=code_hash(settings, code),
            token_hash=hash_secret(secret),
            now=datetime.now(UTC),
            business_now=clock.now(),
        )
    except PairingRefused as refusal:
        return page(request, "front/pair.html.j2", status_code=403, refusal=words_for(request, refusal))
    identities.forget()
    answer = Redirect(_home(device.kind, device.canteen_id), status_code=303)
    answer.set_cookie(device_cookie(secret, secure=settings.secure_cookies))
    return answer


async def _devices_page(
    request: PageRequest, database: Database, actor: Actor, *, code: str = "", status_code: int = 200
) -> Template:
    scope = None if actor.role in ANYWHERE else actor.canteen_id
    canteens = await database.read(front_canteens)
    t = page_translator(request)
    return page(
        request,
        "front/devices.html.j2",
        status_code=status_code,
        devices=await database.read(device_list, scope, datetime.now(UTC)),
        canteens=[(canteen.id, canteen.name) for canteen in canteens if actor.may_see_canteen(canteen.id)],
        jobs=await database.read(job_list, [job.name for job in JOBS], datetime.now(UTC)),
        kinds=[(str(kind), t(f"device.{kind}")) for kind in DeviceKind],
        code=code,
    )


@get("/devices", guards=[LOOKS_AFTER_DEVICES])
async def devices_page(
    request: PageRequest, database: NamedDependency[Database], actor: NamedDependency[Actor]
) -> Template:
    """Devices of the manager's canteen; all of them for the administrator."""
    return await _devices_page(request, database, actor)


@post("/devices", guards=[LOOKS_AFTER_DEVICES], status_code=200)
async def open_code(
    *,
    request: PageRequest,
    form: NamedDependency[Form],
    database: NamedDependency[Database],
    clock: NamedDependency[Clock],
    settings: NamedDependency[Settings],
    actor: NamedDependency[Actor],
) -> Template:
    """Shows the code once, good for ten minutes."""
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
    await database.write(
        open_pairing,
        canteen_id=in_scope(actor, form.raw("canteen")),
        kind=form.choice("kind", DeviceKind, DeviceKind.KIOSK),
        name=form.text("name", most=40, required=False) or form.raw("kind")[:40],
        large_type="large_type" in form,
        prints_tickets="prints_tickets" in form,
        pairing_hash=code_hash(settings, code),
        now=datetime.now(UTC),
        business_now=clock.now(),
        actor=actor,
    )
    return await _devices_page(request, database, actor, code=f"{code[:4]} {code[4:]}")


@post("/devices/{device_id:str}/revoke", guards=[LOOKS_AFTER_DEVICES], status_code=303)
async def take_away(
    *,
    device_id: FromPath[str],
    database: NamedDependency[Database],
    clock: NamedDependency[Clock],
    identities: NamedDependency[Identities],
    actor: NamedDependency[Actor],
) -> Response[None]:
    """Works at once here, and within two seconds in other processes."""
    await database.write(revoke_device, device_id, now=datetime.now(UTC), business_now=clock.now(), actor=actor)
    identities.forget()
    return Redirect("/devices", status_code=303)
