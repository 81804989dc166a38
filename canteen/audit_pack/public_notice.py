"""公示: what a canteen's meal subsidies came to in a month, by age band, so that nobody can be told from it.

A group of fewer than five people is joined with its neighbour and never left out: what is missing from a total can be
worked out. One population, one amount, no total over canteens, one notice a month: nothing to take one figure from another.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import case, func, select
from sqlmodel import Session, SQLModel

from canteen.audit_pack.pdf_fonts import SANS, SERIF
from canteen.audit_pack.pdf_page import Paper
from canteen.audit_pack.table_files import CsvFile
from canteen.orders.models import MealOrder
from subsidies.models import EligibilityFile, LedgerTransaction, Posting
from subsidies.money import Money, format_yuan_full
from subsidies.months import Month
from subsidies.queries import EARNING_KINDS, ORDER
from subsidies.rules.ages import age_on

LEAST = 5
"""People in a group, at the least."""
BANDS = (60, 70, 80, 90, 100)
"""A band begins at each of these ages; before the first one is everybody younger."""
HEADER = ("助餐点", "月份", "年龄段", "享受补贴人数", "补贴份数", "补贴金额（元）")
_T = SQLModel.metadata.tables[str(LedgerTransaction.__tablename__)].c
_P = SQLModel.metadata.tables[str(Posting.__tablename__)].c
_O = SQLModel.metadata.tables[str(MealOrder.__tablename__)].c
_F = SQLModel.metadata.tables[str(EligibilityFile.__tablename__)].c


@dataclass(frozen=True, slots=True)
class NoticeGroup:
    """People of neighbouring age bands, at least five: how many, their subsidised meals, what all of them got; fen."""

    ages: str
    people: int
    meals: int
    fen: int


@dataclass(frozen=True, slots=True)
class PublicNotice:
    """One canteen and month. Without groups there were fewer than five people, and nothing is said."""

    canteen: str
    month: Month
    groups: tuple[NoticeGroup, ...]


@dataclass(frozen=True, slots=True)
class Got:
    """One person's month, before anything is published. `age` in whole years on its last day; None is unknown."""

    age: int | None
    meals: int
    fen: int


def public_notice(session: Session, canteen_id: str, name: str, month: Month) -> PublicNotice:
    """From the books: what public funders gave by `period`, corrections with it."""
    by_entry = (
        select(_T.id, _T.kind, _T.subject, func.sum(_P.fen).label("fen"))
        .join_from(LedgerTransaction.__table__, Posting.__table__, _P.transaction_id == _T.id)  # type: ignore[attr-defined]
        .where(
            _T.canteen_id == canteen_id, _T.period == month.text, _T.kind.in_(EARNING_KINDS), _P.book == "B",
            _P.account == "earned", _T.subject.startswith(ORDER),
        )
        .group_by(_T.id, _T.kind, _T.subject)
        .subquery()
    )  # fmt: skip
    meals = func.sum(case((by_entry.c.kind == "earn", 1), (by_entry.c.kind == "unearn", -1), else_=0))
    rows = session.execute(
        select(_O.resident_id, _F.born, meals, func.sum(by_entry.c.fen))
        .join_from(by_entry, MealOrder.__table__, _O.id == func.substr(by_entry.c.subject, len(ORDER) + 1))  # type: ignore[attr-defined]
        .outerjoin(EligibilityFile.__table__, _F.resident_id == _O.resident_id)  # type: ignore[attr-defined]
        .group_by(_O.resident_id, _F.born)
    )
    last = month.after - timedelta(days=1)
    return PublicNotice(
        name, month, grouped(Got(_age(born, last), int(count), int(fen)) for _, born, count, fen in rows)
    )


def grouped(people: Iterable[Got]) -> tuple[NoticeGroup, ...]:
    """By age band, from the youngest; those nobody knows the age of come last. Small ones join a neighbour.

    Who got nothing in the end (a meal undone) is nobody here, and their fen, if any is left, counts with their band.
    """
    bands: list[list[Got]] = [[] for _ in range(len(BANDS) + 2)]
    for one in people:
        bands[len(BANDS) + 1 if one.age is None else sum(one.age >= least for least in BANDS)].append(one)
    joined = [[at] for at, band in enumerate(bands) if band]
    counts = {at: sum(one.meals > 0 for one in band) for at, band in enumerate(bands)}

    def size(group: list[int]) -> int:
        return sum(counts[at] for at in group)

    while len(joined) > 1 and min(map(size, joined)) < LEAST:
        at = min(range(len(joined)), key=lambda place: size(joined[place]))
        beside = [place for place in (at - 1, at + 1) if 0 <= place < len(joined)]
        to = min(beside, key=lambda place: size(joined[place]))
        first, second = sorted((at, to))
        joined[first : second + 1] = [joined[first] + joined[second]]
    if not joined or size(joined[0]) < LEAST:
        return ()
    return tuple(
        NoticeGroup(
            _ages(group),
            size(group),
            sum(one.meals for at in group for one in bands[at]),
            sum(one.fen for at in group for one in bands[at]),
        )
        for group in joined
    )


def write_notice(path: Path, notice: PublicNotice) -> None:
    """CSV, a row for each group."""
    with CsvFile(path, HEADER) as csv:
        for group in notice.groups:
            csv.write((notice.canteen, notice.month.text, group.ages, group.people, group.meals, Money(group.fen)))


def notice_pdf(notice: PublicNotice, *, now: datetime) -> bytes:
    """A4, to be put up; until when and whom to call is filled in by whoever puts it up."""
    year, number = notice.month.year, notice.month.number
    paper = Paper(title=f"{notice.canteen}{year}年{number}月助餐补贴公示", now=now, is_draft=False)
    page = paper.page()
    page.gap(8)
    page.centred("长者助餐补贴公示", SANS, 26, after=12)
    page.centred(f"{notice.canteen}　{year}年{number}月", SERIF, 15, after=14)
    if notice.groups:
        page.table(
            (54, 42, 42, 42), ("年龄段", "享受补贴人数", "补贴份数", "补贴金额（元）"),
            [(group.ages, str(group.people), str(group.meals), format_yuan_full(group.fen)) for group in notice.groups]
            + [_total(notice.groups)],
            right=(1, 2, 3), size=14, bold_last=True,
        )  # fmt: skip
        page.gap(4)
        page.line(f"人数不足 {LEAST} 人的年龄段与相邻年龄段合并，不公示任何个人的金额。", size=11)
    else:
        page.line(f"本月享受补贴不足 {LEAST} 人，为保护个人信息，不公示明细。", size=13)
    page.gap(10)
    for words in ("公示时间：　　　　年　　月　　日 至 　　　　年　　月　　日", "监督电话：", "公示单位（盖章）："):
        page.line(words, size=13)
        page.gap(6)
    return paper.done()


def _total(groups: Sequence[NoticeGroup]) -> tuple[str, str, str, str]:
    people, meals = sum(group.people for group in groups), sum(group.meals for group in groups)
    return ("合计", str(people), str(meals), format_yuan_full(sum(group.fen for group in groups)))


def _age(born: date | None, day: date) -> int | None:
    return None if born is None else age_on(born, day)


def _ages(group: Sequence[int]) -> str:
    """`70—89岁`, `100岁及以上`, `60岁以下`; with those of unknown age `及年龄不详`."""
    known = [at for at in group if at <= len(BANDS)]
    unknown = "" if len(known) == len(group) else "年龄不详"
    if not known:
        return unknown
    since, until = known[0], known[-1]
    if since == 0:
        ages = "不限年龄" if until == len(BANDS) else f"{BANDS[until]}岁以下"
    elif until == len(BANDS):
        ages = f"{BANDS[since - 1]}岁及以上"
    else:
        ages = f"{BANDS[since - 1]}—{BANDS[until] - 1}岁"
    return f"{ages}（含年龄不详）" if unknown else ages
