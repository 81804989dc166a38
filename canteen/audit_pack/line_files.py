"""The lines of a statement: one for each entry that gave or took income, so that they add up to the books by themselves.

A diner is a number that begins anew every month: enough to see the same person twice, too little to know them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache

from sqlalchemy import bindparam, select
from sqlmodel import Session, SQLModel

from canteen.audit_pack.month_entries import MonthEntry
from canteen.audit_pack.table_files import CsvFile, XlsxFile, day_cell, instant_cell, text_cell, yuan
from canteen.audit_pack.words import FUNDERS, MEALS, kind_word
from canteen.orders.models import MealOrder
from menus.service_days import LOCAL
from subsidies.export import csv_text
from subsidies.queries import ORDER

_O = SQLModel.metadata.tables[str(MealOrder.__tablename__)].c
_AT_ONCE = 500
_ORDERS = select(_O.id, _O.day, _O.meal, _O.pickup_number, _O.resident_id, _O.offline_reason).where(
    _O.id.in_(bindparam("ids", expanding=True))
)
INCOME = frozenset({"4000", "4010", "4020", "4090"})
HEADER = (
    "链上序号", "日期", "餐次", "取餐号", "用餐人（本月编号）", "事项", "份数", "标价（元）",
    *(f"{word}（元）" for word in FUNDERS.values()), "个人支付（元）", "登记时间", "手工补录", "订单",
)  # fmt: skip
WIDTHS = (10, 12, 8, 10, 12, 12, 8, 12, 12, 12, 12, 12, 12, 12, 12, 20, 10, 30)


@dataclass(slots=True)
class Line:
    """One entry's part in the income of the month; fen. `funders` without zeros; the operator's own discount is one."""

    seq: int
    day: date
    kind: str
    order: str
    meals: int
    funders: Mapping[str, int]
    diner_fen: int
    posted_at: datetime

    @property
    def list_fen(self) -> int:
        """What all of them paid together."""
        return sum(self.funders.values()) + self.diner_fen


def line_of(entry: MonthEntry) -> Line | None:
    """None when no leg is income."""
    funders: dict[str, int] = {}
    diner, found = 0, False
    for book, account, funder, _programme, _rule, _category, _owner, fen in entry.legs:
        if book == "F" and account in INCOME:
            found = True
            if account == "4000":
                diner -= fen
            else:
                # the discount is a debit; with it the diner's income holds what the operator gave
                given = fen if account == "4090" else -fen
                funders[funder] = funders.get(funder, 0) + given
                diner -= given if account == "4090" else 0
    if not found:
        return None
    meals = 1 if entry.kind == "earn" else -1 if entry.kind == "unearn" else 0
    order = entry.subject.removeprefix(ORDER) if entry.subject.startswith(ORDER) else ""
    kept = {funder: fen for funder, fen in funders.items() if fen}
    return Line(entry.seq, entry.effective_date, entry.kind, order, meals, kept, diner, entry.posted_at)


class LineFiles:
    """Writes them as CSV and as a sheet, some hundreds at a time."""

    def __init__(self, session: Session, csv: CsvFile, xlsx: XlsxFile) -> None:
        self._session, self._csv, self._xlsx = session, csv, xlsx
        self._waiting: list[Line] = []
        self._diners: dict[str, int] = {}
        self._money: Callable[[int], str] = cache(yuan)
        self._kind: Callable[[str], str] = cache(kind_word)
        self._cell: Callable[[str], str] = lru_cache(maxsize=20_000)(text_cell)
        self.count = 0
        self.list_fen = 0
        self.diner_fen = 0
        self.funders_fen: dict[str, int] = dict.fromkeys(FUNDERS, 0)
        xlsx.sheet("明细", HEADER, WIDTHS)

    def add(self, entry: MonthEntry) -> None:
        """The line of this entry, where it has one."""
        line = line_of(entry)
        if line is None:
            return
        self._waiting.append(line)
        if len(self._waiting) == _AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """Write those that wait."""
        orders = {}
        if ids := list({line.order for line in self._waiting if line.order}):
            orders = {row[0]: row for row in self._session.execute(_ORDERS, {"ids": ids})}
        for line in self._waiting:
            self.count += 1
            self.list_fen += line.list_fen
            self.diner_fen += line.diner_fen
            for funder, fen in line.funders.items():
                self.funders_fen[funder] = self.funders_fen.get(funder, 0) + fen
            self._write(line, orders.get(line.order))
        self._waiting.clear()

    def _write(self, line: Line, order: Sequence[object] | None) -> None:
        """A line is written as text at once: a month has a million cells, and only two kinds of them."""
        meal, number, diner, by_hand = "", "", "", ""
        if order is not None:
            meal, number = MEALS.get(str(order[2]), str(order[2])), str(order[3])
            diner = self._diner(str(order[4])) if order[4] else "散客"
            by_hand = "是" if order[5] else ""
        money, given = self._money, line.funders
        amounts = [money(line.list_fen), *[money(given.get(funder, 0)) for funder in FUNDERS], money(line.diner_fen)]
        words = (meal, number, diner, self._kind(line.kind))
        booked = line.posted_at.astimezone(LOCAL)
        self._csv.write_text(
            f"{line.seq},{line.day},{','.join(map(csv_text, words))},{line.meals},{','.join(amounts)},"
            f"{booked:%Y-%m-%d %H:%M:%S},{by_hand},{csv_text(line.order)}\r\n"
        )
        self._xlsx.write_text(
            f"<c><v>{line.seq}</v></c>{day_cell(line.day)}{''.join(map(self._cell, words))}<c><v>{line.meals}</v></c>"
            + "".join([f'<c s="2"><v>{amount}</v></c>' for amount in amounts])
            + instant_cell(booked) + self._cell(by_hand) + text_cell(line.order)
        )  # fmt: skip

    def _diner(self, resident: str) -> str:
        return f"{self._diners.setdefault(resident, len(self._diners) + 1):05d}"
