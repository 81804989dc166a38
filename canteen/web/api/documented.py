"""What every operation says about its refusals in the OpenAPI document."""

from collections.abc import Mapping
from typing import Annotated

from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Example
from msgspec import Meta, Struct

from canteen.web.problems import PROBLEM_JSON


class ProblemDocument(Struct, frozen=True):
    """A refusal (RFC 9457). `code` is stable; further members hold its figures, such as `due_fen` or `left`."""

    type: str
    title: Annotated[str, Meta(description="What happened, by Accept-Language.")]
    status: int
    code: str
    detail: Annotated[str, Meta(description="What to do now, by Accept-Language.")]


_WHEN: Mapping[int, tuple[str, str, str]] = {
    400: ("The request cannot be read; `errors` names the field.", "web.invalid", "有几处填得不对"),
    401: ("No token, or none that stands.", "web.sign-in-needed", "要先登录"),
    403: ("This token may not do that, or not at this canteen.", "web.not-yours", "这不在您的管理范围里"),
    404: ("There is no such thing.", "people.card-unknown", "这张卡要请工作人员看一下"),
    409: ("It cannot be done as things stand now.", "menus.sold-out", "软烂两荤一素 卖完了"),
    413: ("The body is larger than 1 MB.", "web.too-large", "内容太大了"),
    422: ("It can be read and makes no sense.", "orders.quantity", "份数不对"),
}


def refusals(*statuses: int) -> dict[int, ResponseSpec]:
    """The refusals an operation may answer, besides 400, 401 and 403 which all may."""
    return {status: _spec(status) for status in sorted({400, 401, 403, *statuses})}


def _spec(status: int) -> ResponseSpec:
    words, code, title = _WHEN[status]
    example = {
        "type": f"urn:nuancan:problem:{code}",
        "title": title,
        "status": status,
        "code": code,
        "detail": "请再试一次。",
    }
    return ResponseSpec(
        data_container=ProblemDocument,
        description=words,
        media_type=PROBLEM_JSON,
        generate_examples=False,
        examples=[Example(summary=code, value=example)],
    )
