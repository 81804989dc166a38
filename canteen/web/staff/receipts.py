"""Receipts of everything that went through the drawer or a wallet: on the screen, on a roll of 58 or 80 mm, on A4."""

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from canteen.readmodels.receipt import receipt
from canteen.usecases.print_receipt import print_receipt
from canteen.web.forms import Form
from canteen.web.language import translator
from canteen.web.staff.desk import StaffDesk
from menus.service_days import business_day
from subsidies.capitals import in_capitals

PAPERS = ("58", "80", "a4")
PAPER_COOKIE = "receipt_paper"


@get("/receipt/{payment_id:str}")
async def receipt_page(payment_id: FromPath[str], desk: NamedDependency[StaffDesk]) -> Template:
    """`?paper=` 58, 80 or a4; `?copy=` the number of the printing that was just counted."""
    shown = await desk.database.read(receipt, payment_id, desk.canteen.id)
    query = desk.request.query_params
    asked = query.get("paper") or desk.request.cookies.get(PAPER_COOKIE)
    # the first printing is the original; whoever opens or prints it again holds a copy
    is_copy = shown.copies > 1 or (shown.copies == 1 and query.get("copy") != "1")
    return desk.page(
        "receipt",
        receipt=shown,
        capitals=in_capitals(shown.fen),
        paid_on=business_day(shown.at).isoformat(),
        paper=asked if asked in PAPERS else "58",
        papers=PAPERS,
        is_copy=is_copy,
        words_zh=translator("zh"),
    )


@post("/receipt/{payment_id:str}", status_code=303)
async def count_copy(
    payment_id: FromPath[str], form: NamedDependency[Form], desk: NamedDependency[StaffDesk]
) -> Response[None]:
    """Counts the printing, then shows the page that prints itself."""
    paper = form.raw("paper") if form.raw("paper") in PAPERS else "58"
    number = await desk.database.write(print_receipt, payment_id, desk.canteen.id, now=desk.now, actor=desk.actor.ref)
    answer: Response[None] = Redirect(
        f"/staff/receipt/{payment_id}?paper={paper}&copy={number}&print=1", status_code=303
    )
    answer.set_cookie(PAPER_COOKIE, paper, max_age=31_536_000, httponly=True, samesite="lax", path="/staff")
    return answer
