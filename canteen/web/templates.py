"""Pages: the Jinja environment and `page()`, which adds what every layout needs."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

import jinja2
from litestar import Request
from litestar.datastructures import State
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.response import Template
from litestar.template import TemplateConfig
from litestar.types import Empty
from litestar.utils.scope.state import ScopeState

from canteen.people.accounts import GUEST, Actor
from canteen.settings import ROOT
from canteen.web.language import Translate, language_of, text_size_of, translator, wants_large
from menus.service_days import LOCAL, business_day
from subsidies.money import format_yuan, format_yuan_full

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
STATIC = ROOT / "static"

PageRequest = Request[Actor, object, State]

CSRF_COOKIE = "csrf"
_LAYOUT_SWITCHES = ("style", "script", "theme", "narrow", "kiosk_path", "here", "back")
"""Names the shared layouts test; a page that wants them gives or sets them."""
_WEEKDAYS_ZH = "一二三四五六日"
_PROFILES = {"kiosk": "kiosk", "staff": "touch", "office": "desk", "m": "phone"}
"""First part of the path → how the page is laid out."""


@dataclass(frozen=True, slots=True)
class DemoBand:
    """What the demo band shows."""

    now_text: str
    day_text: str


@dataclass(frozen=True, slots=True)
class CanteenName:
    """The canteen a page belongs to, as layouts show it."""

    id: str
    name: str
    short_name: str


def local_time(at: datetime) -> str:
    """`11:42` in Asia/Shanghai."""
    return at.astimezone(LOCAL).strftime("%H:%M")


def local_date(day: date | datetime, lang: str = "zh") -> str:
    """`11月23日 星期一`, in English `Mon 23 Nov`."""
    if isinstance(day, datetime):
        day = business_day(day)
    if lang == "en":
        return f"{day:%a} {day.day} {day:%b}"
    return f"{day.month}月{day.day}日 星期{_WEEKDAYS_ZH[day.weekday()]}"


@cache
def _manifest() -> frozenset[str]:
    path = STATIC / "vendor" / "manifest.json"
    names = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return frozenset(name.split(".")[0] for name in names) | frozenset(names)


def vendor_has(name: str) -> bool:
    """Whether a browser library was installed: `icons`, `htmx`, `swagger-ui-bundle.js`."""
    return name in _manifest()


@cache
def static_url(path: str) -> str:
    """`/static/css/base.css?v=1a2b3c4d`: changes with the content, so browsers may keep it for a year."""
    path = path.removeprefix("/static/").lstrip("/")
    file = STATIC / path
    if not file.is_file():
        return f"/static/{path}"
    return f"/static/{path}?v={hashlib.sha256(file.read_bytes()).hexdigest()[:8]}"


@cache
def asset_version() -> str:
    """Changes when any own file under static/ does; `?v=` of styles and scripts."""
    digest = hashlib.sha256()
    for kind in ("css", "js", "img"):
        for file in sorted((STATIC / kind).rglob("*")):
            if file.is_file():
                digest.update(file.read_bytes())
    return digest.hexdigest()[:8]


def template_config() -> TemplateConfig[JinjaTemplateEngine]:
    """Templates with autoescape on and unknown names refused."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters.update(
        yuan=format_yuan,
        yuan_full=format_yuan_full,
        local_time=local_time,
        local_date=local_date,
        local_day=business_day,
    )
    environment.globals.update(vendor_has=vendor_has, static_url=static_url, asset_version=asset_version())
    return TemplateConfig(instance=JinjaTemplateEngine.from_environment(environment))


def profile_of(path: str) -> str:
    """Layout profile of an address."""
    return _PROFILES.get(path.split("/")[1], "public")


def actor_of(request: PageRequest) -> Actor:
    """Who asks; a guest where no middleware has looked (an address that does not exist)."""
    found = request.scope.get("user")
    return found if isinstance(found, Actor) else GUEST


def page_translator(request: PageRequest) -> Translate:
    """`t` in the language of this request."""
    return translator(language_of(request))


_NOT_A_PLACE = frozenset({"lang", "print"})
"""Words of a query that choose how a page is shown or start something: going back must not repeat them."""


def here_address(request: PageRequest) -> str:
    """Path and query of the page to come back to; empty where coming back would need the form sent again."""
    if request.method != "GET":
        return ""
    kept = [(key, value) for key, value in parse_qsl(request.url.query, True) if key not in _NOT_A_PLACE]
    return request.url.path + (f"?{urlencode(kept)}" if kept else "")


def _demo_band(request: PageRequest, lang: str) -> DemoBand | None:
    if not request.app.state.settings.demo:
        return None
    now: datetime = request.app.state.clock.now()
    return DemoBand(local_time(now), local_date(now, lang))


def page(request: PageRequest, name: str, *, status_code: int = 200, **context: object) -> Template:
    """The template with lang, t, profile, large, demo, account, canteen (None unless given), here_path and here_address added."""
    lang = language_of(request)
    actor = actor_of(request)
    token = ScopeState.from_scope(request.scope)
    if token.csrf_token is Empty:  # an error page before the middleware ran: its forms must still work
        token.csrf_token = request.cookies.get(CSRF_COOKIE, "")
    everywhere: dict[str, object] = {
        "lang": lang,
        "t": translator(lang),
        "profile": profile_of(request.url.path),
        "large": wants_large(request),
        "text_size": text_size_of(request),
        "demo": _demo_band(request, lang),
        "account": None if actor.is_guest or actor.role is None else actor,
        "canteen": None,
        "here_path": request.url.path,
        "here_address": here_address(request),
    } | dict.fromkeys(_LAYOUT_SWITCHES)
    return Template(template_name=name, context=everywhere | context, status_code=status_code, media_type="text/html")
