"""/office/spend: who gave how much for whom, down to the order; parts always add up to the total."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from litestar import get
from litestar.di import NamedDependency
from litestar.response import Template

from canteen.readmodels.month_page import FUNDERS
from canteen.readmodels.operator_papers import operator_papers
from canteen.readmodels.rule_sets import category_word, rule_words
from canteen.readmodels.spend import DIMENSIONS, Spend, SpendFilter, SpendPart, spend
from canteen.web.office.desk import OfficeDesk, for_section
from canteen.web.office.months import month_title
from canteen.web.templates import local_date
from subsidies.months import Month, month_of, read_month
from subsidies.queries import BudgetLine


@dataclass(frozen=True, slots=True)
class Row:
    """One part with its words and where it leads; fen. `percent` of the total with one decimal; a table's add up to 100.0."""

    label: str
    href: str
    meals: int
    fen: int
    percent: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One day in the chart; pixels of a 1040 × 200 drawing."""

    x: int
    y: int
    width: int
    height: int
    label: str
    href: str
    fen: int
    is_highest: bool


@get("/spend", guards=for_section("spend"))
async def spend_page(desk: NamedDependency[OfficeDesk]) -> Template:
    """Filters are in the address: month, canteen, funder, rule, category, day, view=orders."""
    query = desk.query
    views = await desk.canteens()
    names = {view.id: view.name for view in views}
    month = read_month(query["month"]) if query.get("month") else month_of(desk.today)
    wanted = _filter(desk, names)
    by_order = query.get("view") == "orders" or bool(wanted.day)
    number = query.get("page", "1")
    page = int(number) if number.isascii() and number.isdigit() else 1
    found = await desk.database.read(spend, month, tuple(names), wanted, orders_page=page if by_order else None)
    words = await desk.database.read(rule_words, language=desk.language)

    def label(dimension: str, key: str) -> str:
        match dimension:
            case "canteen":
                return names.get(key, key)
            case "funder":
                return desk.t(f"office.funder.{key}")
            case "rule":
                return words.rules.get(key, key)
            case "category":
                return category_word(words, key, desk.language)
            case _:
                return local_date(date.fromisoformat(key), desk.language)

    tables = {
        name: [
            _row(found, name, part, label(name, part.key), percent)
            for part, percent in zip(parts, percents([part.fen for part in parts]), strict=True)
        ]
        for name, parts in found.parts.items()
    }
    shown = [(name, rows) for name, rows in tables.items() if name != "day" and rows]
    return desk.page(
        "spend",
        here="spend",
        found=found,
        month=month,
        month_title=desk.t("office.year-title", year=month.year) if wanted.whole_year else month_title(desk.t, month),
        the_month=(month_title(desk.t, month), _address(month, replace(wanted, whole_year=False))),
        this_month=month_of(desk.today),
        sides=[shown[0::2], shown[1::2]],
        day_rows=[] if wanted.whole_year else tables.get("day", []),
        month_rows=_by_month(desk, found) if wanted.whole_year and not wanted.day else [],
        chosen=[
            (name, label(name, key), _address(month, wanted.with_part(name, "")))
            for name, key in wanted.chosen().items()
        ],
        bars=_bars(desk, month, wanted, found.days),
        by_order=by_order,
        address=_address(month, wanted),
        orders_address=_address(month, wanted, view="orders"),
        earlier=_address(month.previous, wanted.with_part("day", "")),
        later=_address(month.following, wanted.with_part("day", "")) if month < month_of(desk.today) else "",
        budgets=[
            (names[line.canteen_id], line, _address(month, SpendFilter(line.canteen_id, line.funder, whole_year=True)))
            for line in sorted(found.budgets, key=lambda line: (list(names).index(line.canteen_id), _place(line)))
        ],
        papers=await desk.database.read(operator_papers, tuple(names)),
        names=names,
    )


def _filter(desk: OfficeDesk, canteens: dict[str, str]) -> SpendFilter:
    query = desk.query
    day = query.get("day", "")
    try:
        date.fromisoformat(day)
    except ValueError:
        day = ""
    return SpendFilter(
        canteen=query.get("canteen", "") if query.get("canteen") in canteens else "",
        funder=query.get("funder", "") if query.get("funder") in FUNDERS else "",
        rule=query.get("rule", ""),
        category=query.get("category", ""),
        day=day,
        whole_year=query.get("span") == "year",
    )


def _address(month: Month, wanted: SpendFilter, **more: str) -> str:
    span = {"span": "year"} if wanted.whole_year else {}
    query = {"month": month.text, **span, **wanted.chosen(), **more}
    return f"/office/spend?{urlencode(query)}"


def percents(parts: Sequence[int]) -> list[str]:
    """Each part of their sum in per cent, one decimal, adding up to 100.0: the tenths that rounding down leaves over
    go to the largest remainders, the earlier part first. A sum of 0 gives `0.0`."""
    total = sum(parts)
    if total <= 0:
        return ["0.0" for _ in parts]
    tenths = [part * 1_000 // total for part in parts]
    by_remainder = sorted(range(len(parts)), key=lambda at: -(parts[at] * 1_000 % total))
    for at in by_remainder[: 1_000 - sum(tenths)]:
        tenths[at] += 1
    return [f"{'−' if tenth < 0 else ''}{abs(tenth) // 10}.{abs(tenth) % 10}" for tenth in tenths]


def _row(found: Spend, dimension: str, part: SpendPart, label: str, percent: str) -> Row:
    narrowed = found.wanted.with_part(dimension, part.key)
    all_chosen = len(narrowed.chosen()) == len(DIMENSIONS)
    more = {"view": "orders"} if all_chosen else {}
    return Row(label, _address(found.month, narrowed, **more), part.meals, part.fen, percent)


def _by_month(desk: OfficeDesk, found: Spend) -> list[Row]:
    """The days of a year gathered by month; an order has one day, so meals add up too."""
    gathered: dict[Month, tuple[int, int]] = {}
    for part in found.days:
        month = month_of(date.fromisoformat(part.key))
        meals, fen = gathered.get(month, (0, 0))
        gathered[month] = (meals + part.meals, fen + part.fen)
    wanted = replace(found.wanted, whole_year=False)
    return [
        Row(month_title(desk.t, month), _address(month, wanted), meals, fen, "")
        for month, (meals, fen) in sorted(gathered.items())
    ]


def _place(line: BudgetLine) -> tuple[int, str]:
    """Where a budget stands among those of its canteen: as on every page."""
    return FUNDERS.index(line.funder), line.programme


def _bars(desk: OfficeDesk, month: Month, wanted: SpendFilter, days: tuple[SpendPart, ...]) -> list[Bar]:
    """One bar a day of the month, from zero; the highest carries its figure."""
    highest = max((part.fen for part in days), default=0)
    if wanted.day or wanted.whole_year or highest <= 0:
        return []
    step = 1040 // 31
    bars: list[Bar] = []
    for part in days:
        day = date.fromisoformat(part.key)
        height = max(1, part.fen * 150 // highest)
        bars.append(
            Bar(
                x=(day.day - 1) * step + 8,
                y=172 - height,
                width=step - 8,
                height=height,
                label=local_date(day, desk.language),
                href=_address(month, wanted.with_part("day", part.key)),
                fen=part.fen,
                is_highest=part.fen == highest,
            )
        )
    return bars
