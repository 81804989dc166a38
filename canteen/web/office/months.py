"""/office/months: 月结对账 and the way from each of its figures to the order."""

from dataclasses import asdict, dataclass, replace
from datetime import date
from urllib.parse import urlencode

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Template

from canteen.audit_pack.month_papers import month_papers
from canteen.people.models import Role
from canteen.readmodels.call_checks import call_checks
from canteen.readmodels.disputed_meals import disputed_meals
from canteen.readmodels.locked_months import is_locked
from canteen.readmodels.month_lines import TENDERS, LineFilter, MonthLines, month_lines
from canteen.readmodels.month_page import FUNDERS, DifferenceGroup, MonthPage, month_page
from canteen.readmodels.month_states import month_states
from canteen.web.forms import Form
from canteen.web.language import Translate
from canteen.web.office.desk import OfficeDesk, for_section
from canteen.web.office.difference_words import difference_words
from canteen.web.problems import Told
from canteen.web.tables import ColumnKind, TableColumn, kind_of, table_answer
from menus.service_days import MealPeriod
from subsidies.export import Cell
from subsidies.months import Month, month_of, read_month
from subsidies.reconciliation import BLOCKING, Kind
from subsidies.statement_states import StatementState

GUARDS = for_section("months")
DONE = ("cut-off", "declare", "review", "return", "approve", "pay")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A difference in words, and where it is."""

    canteen_name: str
    text: str
    href: str


@get("/months", guards=GUARDS)
async def this_month(desk: NamedDependency[OfficeDesk]) -> Template:
    """The month of today."""
    return await month_view(desk, month_of(desk.today))


@get("/months/{month:str}", guards=GUARDS)
async def one_month(month: FromPath[str], desk: NamedDependency[OfficeDesk]) -> Template:
    """`2026-11`."""
    return await month_view(desk, read_month(month))


@get("/months/{month:str}/{canteen:str}", guards=GUARDS)
async def canteen_month(month: FromPath[str], canteen: FromPath[str], desk: NamedDependency[OfficeDesk]) -> Template:
    """Day by day; with a filter order by order."""
    view = await desk.canteen(canteen)
    wanted = _filter(desk)
    number = desk.query.get("page", "1")
    found = await desk.database.read(
        month_lines,
        read_month(month).text,
        view.id,
        wanted,
        page=int(number) if number.isascii() and number.isdigit() else 1,
        now=desk.now,
    )
    return desk.page(
        "month_lines",
        here="months",
        found=found,
        may_lock=desk.actor.role is Role.OFFICER
        and (await desk.database.read(month_papers, view.id, read_month(month))).state == StatementState.APPROVED,
        is_stored=await desk.database.read(is_locked, view.id, read_month(month).text),
        wanted=wanted,
        chosen=_chosen(desk, wanted, found),
        address=_address(month, view.id, wanted),
        month=read_month(month),
        month_title=month_title(desk.t, read_month(month)),
        meal_tabs=[
            (desk.t(f"office.meal.{meal}"), _address(month, view.id, replace(wanted, meal=meal)), wanted.meal == meal)
            for meal in ("", *MealPeriod)
        ],
    )


@get("/months/{month:str}/{canteen:str}/csv", guards=GUARDS)
async def canteen_csv(
    month: FromPath[str], canteen: FromPath[str], desk: NamedDependency[OfficeDesk]
) -> Response[bytes]:
    """Every order of the month for Excel; no names."""
    view = await desk.canteen(canteen)
    found = await desk.database.read(
        month_lines, read_month(month).text, view.id, LineFilter(), page=None, now=desk.now
    )
    name = f"nuancan-{view.id}-{found.month}"
    return table_answer(name, _columns(desk.t), _rows(desk.t, found), kind_of(desk.query.get("kind", "")))


async def month_view(
    desk: OfficeDesk,
    month: Month,
    *,
    refusal: Told | None = None,
    typed: tuple[str, Form] | None = None,
    status_code: int = 200,
) -> Template:
    """The month of every canteen the reader sees; after a refused step with what was typed at that canteen."""
    views = await desk.canteens()
    ids = [view.id for view in views]
    found = await desk.database.read(month_page, month.text, ids, now=desk.now)
    done = desk.query.get("done", "")
    return desk.page(
        "month",
        here="months",
        status_code=status_code,
        states=await desk.database.read(month_states, month, ids, actor=desk.actor, now=desk.now),
        blocking=_blocking(found),
        refusal=refusal,
        typed=typed,
        done=f"month.done.{done}" if done in DONE else "",
        found=found,
        sentences=[_sentence(desk, found, group) for group in found.differences],
        month=month,
        month_title=month_title(desk.t, month),
        this_month=month_of(desk.today),
        is_over=desk.today >= month.after,
        reads_adjustments="spend" in desk.sections,
        short_names={view.id: view.short_name for view in views},
        calls=[await desk.database.read(call_checks, view.id, month.text) for view in views],
        disputed=[(view.short_name, await desk.database.read(disputed_meals, view.id, month.text)) for view in views],
        rings="residents" in desk.sections,
    )


def _blocking(found: MonthPage) -> dict[str, int]:
    """Canteen → how many differences keep its month from being declared and locked."""
    count: dict[str, int] = {}
    for group in found.differences:
        if group.kind in BLOCKING:
            count[group.canteen_id] = count.get(group.canteen_id, 0) + group.count
    return count


def month_title(t: Translate, month: Month) -> str:
    """`2026年11月`."""
    return t("office.month-title", year=month.year, month=month.number)


def _sentence(desk: OfficeDesk, found: MonthPage, group: DifferenceGroup) -> Sentence:
    text = difference_words(group, {canteen.canteen_id: canteen.name for canteen in found.canteens}, desk.language)
    if group.order is not None:
        return Sentence(group.canteen_name, text, f"/office/orders/{group.order}")
    wanted = LineFilter(day=group.day, meal=group.meal, kind=group.kind, person=group.person)
    return Sentence(group.canteen_name, text, _address(found.month, group.canteen_id, wanted))


def _address(month: str, canteen: str, wanted: LineFilter) -> str:
    query = {name: value for name, value in asdict(wanted).items() if value}
    if wanted.over_budget:
        query["over_budget"] = "1"
    return f"/office/months/{month}/{canteen}" + (f"?{urlencode(query)}" if query else "")


def _filter(desk: OfficeDesk) -> LineFilter:
    """What the address asks for; values that cannot be are left out rather than refused."""
    query = desk.query
    try:
        day = date.fromisoformat(query.get("day", ""))
    except ValueError:
        day = None

    def one_of(name: str, known: tuple[str, ...]) -> str:
        value = query.get(name, "")
        return value if value in known else ""

    return LineFilter(
        day=day,
        meal=one_of("meal", tuple(MealPeriod)),
        funder=one_of("funder", FUNDERS),
        tender=one_of("tender", TENDERS),
        kind=one_of("kind", tuple(Kind)),
        person=query.get("person", ""),
        over_budget=query.get("over_budget") == "1" or query.get("over_budget") == "True",
    )


def _chosen(desk: OfficeDesk, wanted: LineFilter, found: MonthLines) -> list[str]:
    """The filter in words."""
    t, words = desk.t, []
    if wanted.day or wanted.meal:
        words.append(desk.meal_words(wanted.day, wanted.meal))
    if wanted.funder:
        words.append(t(f"office.funder.{wanted.funder}"))
    if wanted.tender:
        words.append(t(f"office.tender.{wanted.tender}"))
    if wanted.kind:
        words.append(t(f"office.kind.{wanted.kind}"))
    if wanted.person and found.lines:
        words.append(found.lines[0].diner)
    if wanted.over_budget:
        words.append(t("office.lines.over-budget"))
    return words


_COLUMNS: tuple[tuple[str, ColumnKind], ...] = (
    ("canteen", "text"), ("day", "day"), ("meal", "text"), ("number", "text"), ("list", "money"),
    ("redecided", "money"), ("ledger", "money"), ("difference", "money"), ("self-pay", "money"), ("wallet", "money"),
    ("cash", "money"), ("online", "money"), ("later", "money"), ("served", "instant"), ("by-hand", "text"),
    ("kinds", "text"), ("order", "text"),
)  # fmt: skip


def _columns(t: Translate) -> list[TableColumn]:
    return [TableColumn(t(f"office.csv.{name}"), kind) for name, kind in _COLUMNS]


def _rows(t: Translate, found: MonthLines) -> list[tuple[Cell, ...]]:
    return [
        (
            found.name, line.day, t(f"office.meal.{line.meal}"), line.pickup_number, line.list_fen,
            line.redecided_fen, line.ledger_fen, line.ledger_fen - line.redecided_fen,
            line.self_pay_fen, line.wallet_fen, line.cash_fen, line.online_fen,
            line.later_fen, line.served_at, t("office.yes") if line.by_hand else "",
            "、".join(t(f"office.kind.{kind}") for kind in line.kinds), line.order_id,
        )
        for line in found.lines
    ]  # fmt: skip
