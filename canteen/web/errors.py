"""One table: refusal code → HTTP status. Its sentences are `errors.<code>.title` and `.next` in the catalogues."""

from collections.abc import Mapping
from typing import Any

import structlog
from litestar import Response
from litestar.exceptions import HTTPException, ValidationException
from sqlalchemy.exc import DataError, OperationalError

from canteen.web.language import language_of
from canteen.web.problems import Problem, Told, answer, told
from canteen.web.security import WebRefusal
from canteen.web.templates import PageRequest

log = structlog.get_logger(__name__)

STATUS: Mapping[str, int] = {
    # the edge itself
    "web.malformed": 400,
    "web.invalid": 400,
    "web.unknown-host": 400,
    "web.sign-in-needed": 401,
    "web.forbidden": 403,
    "web.not-yours": 403,
    "web.foreign-origin": 403,
    "web.form-expired": 403,
    "web.refused": 403,
    "web.not-found": 404,
    "web.method": 405,
    "web.too-large": 413,
    "web.media-type": 415,
    "web.too-many-tries": 429,
    "web.broken": 500,
    "web.busy": 503,
    # menus
    "menus.refused": 409,
    "menus.sold-out": 409,
    "menus.not-on-menu": 404,
    "menus.not-published": 409,
    "menus.closed": 409,
    "menus.count-too-late": 409,
    "menus.already-published": 409,
    "menus.empty": 422,
    "menus.price-not-positive": 422,
    "menus.dish-unknown": 404,
    "menus.dish-refused": 422,
    "menus.portions-refused": 422,
    "menus.line-twice": 422,
    "menus.price-moved": 409,
    "menus.name-taken": 409,
    "menus.dish-retired": 409,
    "menus.photo-too-large": 413,
    "menus.photo-unreadable": 422,
    "menus.photo-pixels": 422,
    "menus.top-up-refused": 422,
    "menus.cycle-week": 422,
    # subsidies
    "subsidies.refused": 409,
    "subsidies.money-format": 422,
    "subsidies.month": 422,
    "subsidies.rule-document": 422,
    "subsidies.unknown-rule-set": 404,
    "subsidies.already-booked": 409,
    "subsidies.budget-missing": 409,
    "subsidies.category-held": 409,
    "subsidies.category-unknown": 422,
    "subsidies.evidence-missing": 422,
    "subsidies.file-unknown": 404,
    "subsidies.grant-unknown": 404,
    "subsidies.rule-draft-unknown": 404,
    "subsidies.rule-draft-moved": 409,
    "subsidies.rule-draft-author": 403,
    "subsidies.rule-draft-second-person": 403,
    "subsidies.rule-draft-reason": 422,
    "subsidies.rule-set-canteen": 422,
    "subsidies.rule-set-overlaps": 409,
    "subsidies.rule-set-published": 409,
    "subsidies.rule-set-refused": 422,
    "subsidies.unbalanced": 409,
    "subsidies.validity": 422,
    "subsidies.fact-ahead": 422,
    # people
    "people.refused": 409,
    "people.card-unknown": 404,
    "people.card-stopped": 409,
    "people.card-taken": 409,
    "people.card-number": 422,
    "people.resident-unknown": 404,
    "people.already-enrolled": 409,
    "people.national-id": 422,
    "people.name": 422,
    "people.birthday": 422,
    "people.phone": 422,
    "people.field": 422,
    "people.consent-missing": 409,
    "people.not-a-fetcher": 403,
    "people.fetcher": 422,
    "people.reason-missing": 422,
    "people.merged": 409,
    "people.merge-refused": 409,
    "people.merge-decided": 409,
    "people.merge-second-person": 403,
    "people.slip-unknown": 404,
    "people.slip-ended": 409,
    "people.sign-in-wrong": 403,
    "people.sign-in-paused": 429,
    "people.phone-sign-in-wrong": 403,
    "people.phone-sign-in-paused": 429,
    "people.number-shared": 409,
    "people.pin": 422,
    "people.pin-obvious": 422,
    "people.pin-wrong": 403,
    "people.account-unknown": 404,
    "people.account-refused": 422,
    "people.username-taken": 409,
    "people.token-unknown": 404,
    # sites
    "sites.refused": 409,
    "sites.canteen-unknown": 404,
    "sites.community-unknown": 404,
    "sites.shut": 409,
    "sites.meal-not-served": 409,
    "sites.no-meal-ahead": 409,
    "sites.device-unknown": 404,
    "sites.pairing": 403,
    "sites.help-unknown": 404,
    "sites.help-reason": 422,
    # orders
    "orders.refused": 409,
    "orders.not-found": 404,
    "orders.empty": 422,
    "orders.quantity": 422,
    "orders.no-half-portion": 422,
    "orders.closed": 409,
    "orders.price-changed": 409,
    "orders.guest-not-served": 403,
    "orders.guests-unpaid": 409,
    "orders.guest-holds-unpaid": 409,
    "orders.daily-cap": 409,
    "orders.budget-short": 409,
    "orders.clash": 409,
    "orders.wrong-status": 409,
    "orders.not-paid": 409,
    "orders.key-reused": 422,
    "orders.key-in-progress": 409,
    "orders.key-missing": 400,
    "orders.reason-missing": 422,
    "orders.nothing-to-adjust": 409,
    "orders.adjustment-waiting": 409,
    "orders.adjustment-decided": 409,
    "orders.adjustment-stale": 409,
    "orders.second-person": 403,
    "orders.too-late-to-cancel": 409,
    "orders.substitution-open": 409,
    "orders.substitution-answered": 409,
    "orders.substitution-unfit": 409,
    "orders.not-served-yet": 409,
    # payments
    "payments.refused": 409,
    "payments.amount-mismatch": 409,
    "payments.due-open": 409,
    "payments.due-paid": 409,
    "payments.method-unknown": 422,
    "payments.needed": 409,
    "payments.no-wallet": 409,
    "payments.nothing-owed": 409,
    "payments.wallet-full": 409,
    "payments.wallet-short": 409,
    "payments.refund-too-much": 409,
    "payments.cooling-off": 409,
    "payments.payee-missing": 422,
    "payments.refund-waiting": 409,
    "payments.refund-decided": 409,
    "payments.second-person": 403,
    "payments.not-found": 404,
    "payments.not-undoable": 409,
    "payments.undo-meal-first": 409,
    "payments.undo-too-late": 409,
    "payments.spent-since": 409,
    # hand-over
    "pickup.refused": 409,
    "pickup.already-collected": 409,
    "pickup.ambiguous": 409,
    "pickup.no-meal-now": 409,
    "pickup.not-collected": 409,
    "pickup.order-ended": 409,
    "pickup.other-canteen": 409,
    "pickup.other-meal": 409,
    "pickup.undo-too-late": 409,
    "pickup.unknown": 404,
    # applications for categories
    "applications.refused": 409,
    "applications.unknown": 404,
    "applications.category": 422,
    "applications.held": 409,
    "applications.open": 409,
    "applications.file-closed": 409,
    "applications.moved-on": 409,
    "applications.second-person": 403,
    "applications.wrong-office": 403,
    "applications.reason": 422,
    "applications.not-agreed": 422,
    "applications.answer": 422,
    "applications.photos": 422,
    "applications.pdf": 422,
    # tables: imports and exports
    "tables.refused": 409,
    "tables.file": 422,
    "tables.batch-unknown": 404,
    "tables.bad-rows": 422,
    "tables.changed-meanwhile": 409,
    "tables.batch-busy": 409,
    "tables.range": 422,
}
UNLISTED = 409
"""A refusal nobody has listed is still a refusal, not a crash; a test finds it."""

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
    """What a page says of `error` and the status it then has; without one nothing, and `status_code`.

    Raises:
        error: it is no refusal.
    """
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
