"""What a refusal answers: its status (`statuses`), its words, and the page or problem they are told in."""

from collections.abc import Mapping
from typing import Any

import structlog
from litestar import Response
from litestar.exceptions import HTTPException, ValidationException
from sqlalchemy.exc import DataError, OperationalError

from canteen.web.language import language_of
from canteen.web.problems import Problem, Told, answer, told
from canteen.web.security import WebRefusal
from canteen.web.statuses import STATUS, UNLISTED
from canteen.web.templates import PageRequest

log = structlog.get_logger(__name__)

_BY_HTTP_STATUS = {
    400: "web.malformed",
    401: "web.sign-in-needed",
    403: "web.forbidden",
    404: "web.not-found",
    405: "web.method",
    413: "web.too-large",
    415: "web.media-type",
    429: "web.too-many-tries",
}


def problem_of(error: Exception) -> Problem | None:
    """The refusal a domain error stands for; None for anything that is not one."""
    code = getattr(error, "code", None)
    if not isinstance(code, str) or "." not in code:
        return None
    data = getattr(error, "data", None)
    return Problem(STATUS.get(code, UNLISTED), code, data if isinstance(data, Mapping) else {})


def words_for(request: PageRequest, error: Exception) -> Told:
    """A refusal in the language of the page, for handlers that show it inside their own page.

    Raises:
        error: it is no refusal.
    """
    problem = problem_of(error)
    if problem is None:
        raise error
    return told(problem.code, language_of(request), problem.data)


def refusal_on(request: PageRequest, error: Exception | None, status_code: int) -> tuple[Told | None, int]:
    """What a page says of `error` and the status it then has, as `words_for`; without one nothing, and `status_code`."""
    if error is None:
        return None, status_code
    words, problem = words_for(request, error), problem_of(error)
    return words, problem.status if problem else status_code


def answer_http(request: PageRequest, error: HTTPException) -> Response[Any]:
    """What Litestar refuses: missing pages, wrong methods, unreadable bodies, guards, forms without token."""
    headers = dict(error.headers or {})
    if isinstance(error, WebRefusal):
        return answer(request, Problem(error.status_code, error.code, error.data, headers))
    if isinstance(error, ValidationException):
        return answer(request, Problem(400, "web.invalid", {"errors": _fields(error.extra)}, headers))
    if error.status_code == 403 and error.detail.startswith("CSRF"):
        return answer(request, Problem(403, "web.form-expired"))
    if error.status_code >= 500:
        return answer_other(request, error)
    return answer(
        request, Problem(error.status_code, _BY_HTTP_STATUS.get(error.status_code, "web.refused"), {}, headers)
    )


def answer_other(request: PageRequest, error: Exception) -> Response[Any]:
    """Refusals of the domain; everything else is our fault, logged and told without details."""
    problem = problem_of(error)
    if problem is not None:
        return answer(request, problem)
    if isinstance(
        error, DataError | OverflowError
    ):  # a NUL in an address, a number no column holds: nothing we could look for
        return answer(request, Problem(400, "web.malformed"))
    if isinstance(error, OperationalError):
        log.error("database unavailable", path=request.url.path, error=type(error.orig).__name__)
        return answer(request, Problem(503, "web.busy", {}, {"Retry-After": "2"}))
    log.error("unexpected error", path=request.url.path, method=request.method, exc_info=error)
    return answer(request, Problem(500, "web.broken"))


def _fields(extra: object) -> list[dict[str, str]]:
    if not isinstance(extra, list):
        return []
    return [
        {"field": str(entry.get("key", "")), "problem": str(entry.get("message", ""))}
        for entry in extra
        if isinstance(entry, dict)
    ]
