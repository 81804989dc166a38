"""/staff/export: tables of this canteen to take away, each as CSV and XLSX; whoever takes one is written down."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Template
from sqlmodel import Session

from canteen.people.models import Role
from canteen.readmodels.device_list import device_list
from canteen.readmodels.exports import MOST_DAYS, Days, item_rows, line_rows, order_rows, payment_rows
from canteen.readmodels.file_checks.food_export import dish_rows, menu_rows
from canteen.readmodels.open_dues import open_dues
from canteen.tables.errors import RangeRefused
from canteen.tables.kinds import COLUMNS, ImportKind
from canteen.usecases.note_export import note_export
from canteen.web.language import Language, Translate, language_of, translator
from canteen.web.staff.desk import StaffDesk
from canteen.web.tables import TableColumn, kind_of, table_answer
from canteen.web.templates_to_fill import table_column
from menus.service_days import business_day
from subsidies.export import Cell

Group = Literal["food", "orders", "money", "place"]
Rows = Sequence[Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class Asked:
    """One table for one canteen in one language; staff see no list prices beside what was paid."""

    desk: StaffDesk
    days: Days
    language: Language
    is_manager: bool

    @property
    def t(self) -> Translate:
        """Sentences."""
        return translator(self.language)

    def title(self, name: str) -> str:
        """Of a column."""
        return self.t(f"tables.export.col.{name}")


@dataclass(frozen=True, slots=True)
class Export:
    """One line of the page. `rows` read in one transaction; `columns` stand in the same order."""

    key: str
    group: Group
    columns: Callable[[Asked], list[TableColumn]]
    rows: Callable[[Session, Asked], Rows]
    of_days: bool = True
    manager_only: bool = False


def _food_columns(kind: ImportKind) -> Callable[[Asked], list[TableColumn]]:
    return lambda asked: [table_column(column, asked.language) for column in COLUMNS[kind]]


def _dishes(session: Session, asked: Asked) -> Rows:
    return dish_rows(session, asked.desk.canteen.kitchen_id, asked.language)


def _menus(session: Session, asked: Asked) -> Rows:
    return menu_rows(session, asked.desk.canteen.kitchen_id, asked.days.first, asked.days.last, asked.language)


def _named(*columns: tuple[str, str]) -> Callable[[Asked], list[TableColumn]]:
    kinds = {"text", "digits", "money", "whole", "day", "instant"}

    def made(asked: Asked) -> list[TableColumn]:
        return [TableColumn(asked.title(name), kind) for name, kind in columns]  # type: ignore[arg-type]

    assert {kind for _, kind in columns} <= kinds  # noqa: S101 - a slip in the table below
    return made


def _order_columns(asked: Asked) -> list[TableColumn]:
    columns = _named(
        ("day", "day"), ("meal", "text"), ("number", "text"), ("name", "text"), ("status", "text"), ("channel", "text"),
        ("placed", "instant"), ("served", "instant"), ("self-pay", "money"),
    )(asked)  # fmt: skip
    more = [TableColumn(asked.title("list-price"), "money")] if asked.is_manager else []
    return [*columns, *more, TableColumn(asked.title("order"), "text", 30)]


def _orders(session: Session, asked: Asked) -> Rows:
    t = asked.t
    return [
        (
            row.day, t(f"staff.meal.{row.meal}"), row.number, row.name or t("staff.guest"),
            t(f"office.order-status.{row.status}"), t(f"office.channel.{row.channel}"), row.placed_at, row.collected_at,
            row.self_pay_fen, *([row.list_fen] if asked.is_manager else []), row.id,
        )
        for row in order_rows(session, asked.desk.canteen.id, asked.days)
    ]  # fmt: skip


def _lines(session: Session, asked: Asked) -> Rows:
    t = asked.t
    return [
        (
            row.day, t(f"staff.meal.{row.meal}"), row.number, row.item, row.quantity,
            t("tables.export.yes") if row.is_half else "", row.unit_fen, t(f"office.order-status.{row.status}"),
        )
        for row in line_rows(session, asked.desk.canteen.id, asked.days)
    ]  # fmt: skip


def _prep(session: Session, asked: Asked) -> Rows:
    canteen = asked.desk.canteen
    return [
        (row.day, asked.t(f"staff.meal.{row.meal}"), row.item, _plain(row.planned), _plain(row.ordered), row.made,
         _plain(row.left))
        for row in item_rows(session, canteen.id, canteen.kitchen_id, asked.days)
    ]  # fmt: skip


def _served(session: Session, asked: Asked) -> Rows:
    canteen = asked.desk.canteen
    return [
        (row.day, asked.t(f"staff.meal.{row.meal}"), row.item, _plain(row.served))
        for row in item_rows(session, canteen.id, canteen.kitchen_id, asked.days)
    ]


def _dues(session: Session, asked: Asked) -> Rows:
    return [
        (
            row.day,
            asked.t(f"staff.meal.{row.meal}"),
            row.pickup_number,
            row.shown_as,
            row.fen,
            row.reason,
            row.agreed_at,
        )
        for row in open_dues(session, asked.desk.canteen.id)
    ]


def _money(*, wallets: bool) -> Callable[[Session, Asked], Rows]:
    def rows(session: Session, asked: Asked) -> Rows:
        t = asked.t
        return [
            (row.at, t(f"tables.export.purpose.{row.purpose}"), t(f"office.tender.{row.method}"), row.fen, row.name,
             row.number, _by(t, row.by))
            for row in payment_rows(session, asked.desk.canteen.id, asked.days, wallets=wallets)
        ]  # fmt: skip

    return rows


def _by(t: Translate, name: str) -> str:
    """Who has no name of their own in the books: diners on their phones, the system itself."""
    return t(f"tables.export.by.{name}") if name in {"resident", "guest", "job"} else name


def _devices(session: Session, asked: Asked) -> Rows:
    t = asked.t
    return [
        (row.name, t(f"device.{row.kind}"), t(f"tables.export.device.{row.state}"), row.paired_at)
        for row in device_list(session, asked.desk.canteen.id, asked.desk.now)
    ]


def _plain(portions: float) -> Cell:
    """Whole portions as a number, a half as text: `2.5`."""
    return int(portions) if portions == int(portions) else f"{portions:g}"


_MONEY = _named(
    ("at", "instant"), ("kind", "text"), ("method", "text"), ("amount", "money"), ("name", "text"), ("number", "text"),
    ("by", "text"),
)  # fmt: skip
EXPORTS = (
    Export("dishes", "food", _food_columns(ImportKind.DISHES), _dishes, of_days=False),
    Export("menus", "food", _food_columns(ImportKind.MENUS), _menus),
    Export("orders", "orders", _order_columns, _orders),
    Export(
        "order-lines", "orders",
        _named(("day", "day"), ("meal", "text"), ("number", "text"), ("item", "text"), ("quantity", "whole"),
               ("half", "text"), ("unit-price", "money"), ("status", "text")),
        _lines,
    ),
    Export(
        "prep", "orders",
        _named(("day", "day"), ("meal", "text"), ("item", "text"), ("planned", "whole"), ("ordered", "whole"),
               ("made", "whole"), ("left", "whole")),
        _prep,
    ),
    Export("served", "orders", _named(("day", "day"), ("meal", "text"), ("item", "text"), ("quantity", "whole")), _served),
    Export(
        "dues", "money",
        _named(("day", "day"), ("meal", "text"), ("number", "text"), ("name", "text"), ("owed", "money"),
               ("reason", "text"), ("since", "instant")),
        _dues, of_days=False, manager_only=True,
    ),
    Export("payments", "money", _MONEY, _money(wallets=False), manager_only=True),
    Export("wallets", "money", _MONEY, _money(wallets=True), manager_only=True),
    Export(
        "devices", "place", _named(("device", "text"), ("kind", "text"), ("state", "text"), ("paired", "instant")),
        _devices, of_days=False, manager_only=True,
    ),
)  # fmt: skip
"""Whoever has another table for a canteen adds a line here."""


@get("/export")
async def export_page(desk: NamedDependency[StaffDesk]) -> Template:
    """What there is, for which days."""
    is_manager = desk.actor.role == Role.MANAGER
    wrong = False
    try:
        days = _days(desk)
    except RangeRefused:
        wrong, today = True, business_day(desk.now)
        days = Days(today, today)
    groups: dict[str, list[Export]] = {}
    for export in EXPORTS:
        if is_manager or not export.manager_only:
            groups.setdefault(export.group, []).append(export)
    return desk.page("export", groups=groups, days=days, wrong=wrong, status_code=422 if wrong else 200)


@get("/export/{name:str}")
async def export_table(name: FromPath[str], desk: NamedDependency[StaffDesk]) -> Response[bytes]:
    """One table.

    Raises:
        RangeRefused: days that cannot be.
    """
    is_manager = desk.actor.role == Role.MANAGER
    export = next((one for one in EXPORTS if one.key == name and (is_manager or not one.manager_only)), None)
    if export is None:
        raise NotFoundException
    language = language_of(desk.request)
    asked = Asked(desk, _days(desk), language, is_manager)
    rows = await desk.database.read(export.rows, asked)
    days = (asked.days.first, asked.days.last) if export.of_days else None
    await desk.database.write(
        note_export, name, len(rows), now=desk.now, actor=desk.actor.ref, canteen_id=desk.canteen.id, days=days
    )
    parts = [desk.canteen.short_name, asked.t(f"tables.export.list.{name}"), *_in_name(days, business_day(desk.now))]
    kind = kind_of(desk.request.query_params.get("kind", ""))
    return table_answer("-".join(parts), export.columns(asked), rows, kind)


def _in_name(days: tuple[date, date] | None, today: date) -> list[str]:
    first, last = days or (today, today)
    return [first.isoformat()] if first == last else [first.isoformat(), last.isoformat()]


def _days(desk: StaffDesk) -> Days:
    """Raises: RangeRefused."""
    query = desk.request.query_params
    today = business_day(desk.now)
    try:
        first = date.fromisoformat(query["first"]) if query.get("first") else today
        last = date.fromisoformat(query["last"]) if query.get("last") else first
    except ValueError as error:
        raise RangeRefused from error
    if not timedelta(0) <= last - first < timedelta(days=MOST_DAYS):
        raise RangeRefused
    return Days(first, last)
