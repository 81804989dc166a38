"""What went wrong, told twice: a friendly page for people, RFC 9457 problem+json for programs."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
from litestar import Response
from litestar.response import Redirect

from canteen.web.language import Language, has_sentence, language_of, sentence
from canteen.web.templates import PageRequest, page, profile_of

_UNFILLED = re.compile(r"\{\w+\}")
"""A sentence that names more than the refusal carries shows a gap, not a brace."""
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
    """The two sentences of a code; codes nobody has written sentences for say only that it did not work."""
    key = f"errors.{code}"
    if not has_sentence(language, f"{key}.title"):
        key = "errors.web.refused"
    return Told(*(_UNFILLED.sub("…", sentence(language, f"{key}.{part}", **data)) for part in ("title", "next")))


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
        document: dict[str, object] = {
            key: value
            for key, value in problem.data.items()
            if key not in {"type", "title", "status", "code", "detail"}
        }
        document |= {
            "type": f"urn:nuancan:problem:{problem.code}",
            "title": words.happened,
            "status": problem.status,
            "code": problem.code,
            "detail": words.next,
        }
        body = msgspec.json.encode(document, enc_hook=str)
        headers["Content-Language"] = language
        return Response(content=body, status_code=problem.status, media_type=PROBLEM_JSON, headers=headers)
    if problem.status == 401:
        back = request.url.path if request.method == "GET" else ""
        return Redirect("/signin", query_params={"next": back} if back else None, status_code=303)
    shown = page(
        request,
        "front/error.html.j2",
        status_code=problem.status,
        layout="shared/kiosk.html.j2" if profile_of(request.url.path) == "kiosk" else "shared/public.html.j2",
        happened=words.happened,
        next=words.next,
        code=problem.code,
        home=_home(request.url.path),
    )
    shown.headers.update(headers)
    return shown


def _home(path: str) -> str:
    """Where the button of the error page leads: the start of the same audience's pages."""
    parts = path.strip("/").split("/")
    if parts[0] in {"kiosk", "m"} and len(parts) > 1:
        return f"/{parts[0]}/{parts[1]}"
    return f"/{parts[0]}" if parts[0] in {"staff", "office"} and len(parts) > 1 else "/"
