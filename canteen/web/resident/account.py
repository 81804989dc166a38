"""P4: balance, meals with who paid how much, movements of the stored value; by month, to print, to take away."""

from litestar import Response, get
from litestar.di import NamedDependency

from canteen.readmodels.account_statement import AccountStatement, account_statement
from canteen.web.resident.desk import Answer, PhoneDesk
from canteen.web.tables import TableColumn, kind_of, table_answer
from canteen.web.templates import page_translator
from subsidies.months import MonthUnreadable, read_month


async def _statement(desk: PhoneDesk, resident_id: str) -> AccountStatement:
    try:
        month = read_month(desk.request.query_params.get("month", ""))
    except MonthUnreadable:
        month = None
    return await desk.database.read(account_statement, resident_id, month=month, now=desk.now)


@get("/account")
async def account(desk: NamedDependency[PhoneDesk]) -> Answer:
    """`?month=2026-11`; any other text is this month."""
    if desk.stay.resident_id is None:
        return desk.to("/signin?next=account")
    return desk.page("account", statement=await _statement(desk, desk.stay.resident_id))


@get("/account/table")
async def table(desk: NamedDependency[PhoneDesk]) -> Response[bytes] | Response[None]:
    """Meals of the month as CSV, or as XLSX with `?kind=xlsx`."""
    if desk.stay.resident_id is None:
        return desk.to("/signin?next=account")
    shown = await _statement(desk, desk.stay.resident_id)
    t = page_translator(desk.request)
    payers = ("government", "operator", "collective", "charity")
    columns = [
        TableColumn(t("phone.account.col-day"), "day"),
        TableColumn(t("phone.account.col-meal")),
        TableColumn(t("phone.account.col-canteen")),
        TableColumn(t("phone.account.col-dishes"), width=40),
        TableColumn(t("phone.account.col-status")),
        TableColumn(t("phone.account.col-price"), "money"),
        *(TableColumn(t(f"phone.account.payer-{payer}"), "money") for payer in payers),
        TableColumn(t("phone.account.col-pay"), "money"),
    ]
    rows = []
    for meal in shown.meals:
        given = {share.payer: share.fen for share in meal.shares}
        rows.append(
            [
                meal.day,
                t(f"resident.meal.{meal.meal}"),
                meal.canteen_name,
                t("kiosk.comma").join(meal.names),
                t(f"phone.status.{meal.status}"),
                meal.list_fen,
                *(given.get(payer, 0) for payer in payers),  # type: ignore[call-overload]  # the four payers
                meal.self_pay_fen,
            ]
        )
    name = f"{t('phone.account.file')}-{shown.month.text}"
    return table_answer(name, columns, rows, kind_of(desk.request.query_params.get("kind", "")))
