"""先吃后付: who ate and has not paid, collected in one tap; on paper and as a table."""

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from canteen.payments.errors import NothingOwed
from canteen.readmodels.open_dues import open_dues
from canteen.usecases.settle_due import settle_due
from canteen.web.forms import Form
from canteen.web.front import local_path
from canteen.web.language import language_of, translator
from canteen.web.staff.desk import StaffDesk
from canteen.web.tables import TableColumn, kind_of, table_answer
from canteen.web.templates import local_date
from menus.service_days import business_day
from subsidies.money import Money


@get("/dues")
async def dues(desk: NamedDependency[StaffDesk]) -> Template:
    """Oldest first."""
    shown = await desk.database.read(open_dues, desk.canteen.id)
    return desk.page(
        "dues",
        dues=shown,
        total_fen=sum(due.fen for due in shown),
        today=business_day(desk.now),
        done="due-paid" if desk.request.query_params.get("done") == "due-paid" else "",
    )


@get("/dues/table")
async def dues_table(desk: NamedDependency[StaffDesk]) -> Response[bytes]:
    """`?kind=` csv or xlsx."""
    language = language_of(desk.request)
    t = translator(language)
    shown = await desk.database.read(open_dues, desk.canteen.id)
    today = business_day(desk.now)
    columns = (
        TableColumn(t("staff.dues.since"), "day"),
        TableColumn(t("staff.list.number")),
        TableColumn(t("staff.list.name")),
        TableColumn(t("staff.menus.meal")),
        TableColumn(t("staff.dues.dishes"), width=30),
        TableColumn(t("staff.dues.reason"), width=24),
        TableColumn(t("staff.dues.amount"), "money"),
        TableColumn(t("staff.dues.days"), "whole"),
    )
    rows = [
        (
            due.day,
            due.pickup_number,
            due.shown_as,
            t(f"staff.meal.{due.meal}"),
            "、".join(due.dishes),
            due.reason,
            Money(due.fen),
            (today - due.day).days,
        )
        for due in shown
    ]
    name = f"{t('staff.dues.title')}-{desk.canteen.short_name}-{local_date(today)}".replace(" ", "")
    return table_answer(name, columns, rows, kind_of(desk.request.query_params.get("kind", "")))


@post("/dues/{order_id:str}", status_code=303)
async def settle(
    order_id: FromPath[str], form: NamedDependency[Form], desk: NamedDependency[StaffDesk]
) -> Response[None]:
    """Take the money for a meal eaten earlier, by cash or from the card; a second press finds it paid."""
    await desk.own_tray(order_id)
    method = "wallet" if form.raw("method") == "wallet" else "cash"
    back = local_path(form.raw("back"), "/staff")
    try:
        await desk.database.write(settle_due, order_id, method=method, now=desk.now, actor=desk.actor.ref)
    except NothingOwed:
        return Redirect(back, status_code=303)
    await desk.tell("orders")
    return Redirect(f"{back}?done=due-paid", status_code=303)
