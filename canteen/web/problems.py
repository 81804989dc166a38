"""What went wrong, told twice: a friendly page for people, RFC 9457 problem+json for programs."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import msgspec
from litestar import Response
from litestar.response import Redirect

from canteen.web.language import Language, has_sentence, language_of, sentence
from canteen.web.sections import SECTIONS
from canteen.web.templates import PageRequest, actor_of, local_time, page, profile_of
from subsidies.money import format_yuan

_UNFILLED = re.compile(r"\{\w+\}")
"""A sentence that names more than the refusal carries shows a gap, not a brace."""
_RESERVED = frozenset({"type", "title", "status", "code", "detail"})
PROBLEM_JSON = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Problem:
    """One refusal on its way out."""

    status: int
    code: str
    data: Mapping[str, object] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Told:
    """A refusal in words: what happened, and what to do now."""

    happened: str
    next: str


def told(code: str, language: Language, data: Mapping[str, object]) -> Told:
    """The two sentences of a code; codes nobody has written sentences for say only that it did not work.

    A refusal of many reasons has a second sentence for each: `why-two-ids` for a fact `why` of `two-ids`.

    Besides the facts themselves a sentence may name `{owed_yuan}` for a fact `owed_fen`; instants show as local time.
    """
    key = f"errors.{code}"
    if not has_sentence(language, f"{key}.title"):
        key = "errors.web.refused"
    shown = {name: local_time(fact) if isinstance(fact, datetime) else fact for name, fact in data.items()}
    for name, fact in data.items():
        if isinstance(fact, int) and name.endswith("fen"):
            shown[name.removesuffix("_fen") + "_yuan"] = format_yuan(fact)
    why = f"why-{data.get('why')}"
    parts = ("title", why if has_sentence(language, f"{key}.{why}") else "next")
    return Told(*(_UNFILLED.sub("…", sentence(language, f"{key}.{part}", **shown)) for part in parts))


def facts_for_programs(data: Mapping[str, object]) -> dict[str, object]:
    """Facts that are plain JSON; objects of the program (a fresh quote…) are for the handler that knows their shape."""
    plain = (str, int, bool, datetime, date, type(None))
    return {
        name: fact
        for name, fact in data.items()
        if name not in _RESERVED
        and (isinstance(fact, plain) or (isinstance(fact, list) and all(isinstance(f, str | int | dict) for f in fact)))
    }


def wants_json(request: PageRequest) -> bool:
    """Programs: everything under /api and /live, and whoever accepts JSON but not HTML."""
    path = request.scope["path"]
    if path.startswith(("/api/", "/live/", "/health")):
        return True
    accept = request.headers.get("accept", "")
    return "json" in accept and "html" not in accept


def answer(request: PageRequest, problem: Problem) -> Response[Any]:
    """The page, the document, or for guests of a page that needs an account the way to the sign-in."""
    language = language_of(request)
    words = told(problem.code, language, problem.data)
    headers = dict(problem.headers)
    if wants_json(request):
        document = facts_for_programs(problem.data) | {
            "type": f"urn:nuancan:problem:{problem.code}",
            "title": words.happened,
            "status": problem.status,
            "code": problem.code,
            "detail": words.next,
        }
        body = msgspec.json.encode(document)
        headers["Content-Language"] = language
        return Response(content=body, status_code=problem.status, media_type=PROBLEM_JSON, headers=headers)
    if problem.status == 401:
        back = request.url.path if request.method == "GET" else ""
        return Redirect("/signin", query_params={"next": back} if back else None, status_code=303)
    profile, role = profile_of(request.url.path), actor_of(request).role
    sections = SECTIONS.get(role) if role is not None else None
    in_office = profile == "desk" and sections is not None
    shown = page(
        request,
        "front/error.html.j2",
        status_code=problem.status,
        layout=f"shared/{'kiosk' if profile == 'kiosk' else 'desk' if in_office else 'public'}.html.j2",
        sections=sections,
        happened=words.happened,
        next=words.next,
        code=problem.code,
        home=_home(request.url.path),
        kiosk_path=_home(request.url.path),
    )
    shown.headers.update(headers)
    return shown


def _home(path: str) -> str:
    """Where the button of the error page leads: the start of the same audience's pages."""
    parts = path.strip("/").split("/")
    if parts[0] in {"kiosk", "m"} and len(parts) > 1:
        return f"/{parts[0]}/{parts[1]}"
    return f"/{parts[0]}" if parts[0] in {"staff", "office"} and len(parts) > 1 else "/"
