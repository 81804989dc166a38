"""/office/simulation: another rule set tried on past meals, beside what was given. Nothing is changed by it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.response import Template
from sqlmodel import Session

from canteen.readmodels.rule_sets import RuleSetLine, rule_sets
from canteen.readmodels.simulated_apart import simulated_apart
from canteen.readmodels.simulated_spend import SimulatedSpend, Tally
from canteen.settings import Settings
from canteen.web.forms import Form
from canteen.web.office.desk import OfficeDesk, for_section
from canteen.web.office.months import month_title
from canteen.web.tables import TableColumn, kind_of, table_answer
from subsidies import published
from subsidies.errors import RuleDocumentError, SubsidyError
from subsidies.months import Month, month_of, read_month
from subsidies.rules.adjustable import Figure, adjusted, figures
from subsidies.rules.rule_set import RuleSet

GUARDS = for_section("spend")
MONTHS_BACK = 24
_BAR = 300
"""Pixels of the longest bar."""
_FIGURE = "figure-"

Answer = Response[bytes] | Template


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table with its two bars; fen, and pixels."""

    label: str
    tally: Tally
    before_width: int
    after_width: int


@dataclass(frozen=True, slots=True)
class Shown:
    """The answer with its words: (key of the heading, rows) for each table."""

    found: SimulatedSpend
    tables: tuple[tuple[str, tuple[Row, ...]], ...]
    people: tuple[tuple[str, int, int, int], ...]
    funder_words: Mapping[str, str]
    made_at: datetime


@get("/simulation", guards=GUARDS)
async def simulation_page(desk: NamedDependency[OfficeDesk]) -> Template:
    """Choose a set and months; its figures as published."""
    versions = await desk.database.read(rule_sets, today=desk.today)
    chosen = _chosen(versions, desk.query.get("rules", ""))
    first, last = _months(desk, {})
    return await _page(desk, versions, chosen, first, last)


@post("/simulation", guards=GUARDS, status_code=200)
async def simulate(
    form: NamedDependency[Form], desk: NamedDependency[OfficeDesk], settings: NamedDependency[Settings]
) -> Answer:
    """Decide the meals of the months again with these figures; `export` answers with the tables as a file."""
    versions = await desk.database.read(rule_sets, today=desk.today)
    chosen = _chosen(versions, form.raw("rules"))
    first, last = _months(desk, {"from": form.raw("from"), "to": form.raw("to")})
    typed = form.numbered(_FIGURE)
    if chosen is None:
        return await _page(desk, versions, None, first, last)
    published_set = await desk.database.read(_rule_set, chosen.id)
    if last < first:
        first, last = last, first
    try:
        tried = adjusted(published_set, typed)
    except RuleDocumentError as refused:
        return await _page(desk, versions, chosen, first, last, typed=typed, error=refused)
    canteens = {view.id: view.name for view in await desk.canteens()}
    found = await simulated_apart(settings.database_url, tried, first, last, tuple(canteens))
    shown = _shown(desk, tried, found, canteens)
    if form.raw("export"):
        return _file(desk, shown, form.raw("export"))
    return await _page(desk, versions, chosen, first, last, typed=typed, shown=shown)


async def _page(
    desk: OfficeDesk,
    versions: Sequence[RuleSetLine],
    chosen: RuleSetLine | None,
    first: Month,
    last: Month,
    *,
    typed: Mapping[str, str] | None = None,
    error: RuleDocumentError | None = None,
    shown: Shown | None = None,
) -> Template:
    typed = typed or {}
    inputs: list[tuple[str, list[tuple[Figure, str]]]] = []
    if chosen is not None:
        rule_set = await desk.database.read(_rule_set, chosen.id)
        for figure in figures(rule_set):
            title = getattr(figure.of, desk.language)
            if not inputs or inputs[-1][0] != title:
                inputs.append((title, []))
            inputs[-1][1].append((figure, typed.get(figure.path, figure.value)))
    months = [Month(desk.today.year, desk.today.month)]
    while len(months) < MONTHS_BACK:
        months.append(months[-1].previous)
    return desk.page(
        "simulation",
        here="rules",
        status_code=422 if error else 200,
        versions=[(line.id, f"{line.title} · {line.code}@{line.version}") for line in versions],
        chosen=chosen,
        months=[(month.text, month_title(desk.t, month)) for month in months],
        first=first,
        last=last,
        inputs=inputs,
        error=error,
        wrong=error.path if error else "",
        shown=shown,
        outside=sum(shown.found.outside.values()) if shown else 0,
        bar=_BAR,
    )


def _chosen(versions: Sequence[RuleSetLine], wanted: str) -> RuleSetLine | None:
    return next((line for line in versions if str(line.id) == wanted), versions[0] if versions else None)


def _rule_set(session: Session, rule_set_id: int) -> RuleSet:
    return published.by_id(session, rule_set_id).rule_set


def _months(desk: OfficeDesk, wanted: Mapping[str, str]) -> tuple[Month, Month]:
    """The months asked for; without an answer the month before this one."""
    before = month_of(desk.today).previous
    found = []
    for name in ("from", "to"):
        try:
            found.append(read_month(wanted.get(name, "")))
        except SubsidyError:
            found.append(before)
    return found[0], found[1]


def _shown(desk: OfficeDesk, tried: RuleSet, found: SimulatedSpend, canteens: Mapping[str, str]) -> Shown:
    t = desk.t

    paying = {*found.by_funder, *found.grants, *(line.funder for line in found.budgets)}
    funders = {
        key: str(getattr(tried.funders[key], desk.language)) if key in tried.funders else t(f"office.funder.{key}")
        for key in paying
    }
    tables = (
        ("canteen", _rows((canteens.get(key, key), tally) for key, tally in found.by_canteen.items())),
        ("month", _rows((month_title(t, read_month(key)), tally) for key, tally in found.by_month.items())),
        ("age", _rows((t(f"simulation.age.{key}"), tally) for key, tally in found.by_age.items())),
        ("funder", _rows((funders[key], tally) for key, tally in found.by_funder.items())),
    )
    people = tuple((t(f"simulation.age.{key}"), one.gain, one.lose, one.same) for key, one in found.people.items())
    return Shown(found, tables, people, funders, desk.now)


def _rows(named: Iterable[tuple[str, Tally]]) -> tuple[Row, ...]:
    rows = list(named)
    most = max((max(tally.before_fen, tally.after_fen) for _, tally in rows), default=0) or 1
    return tuple(
        Row(label, tally, tally.before_fen * _BAR // most, tally.after_fen * _BAR // most) for label, tally in rows
    )


def _file(desk: OfficeDesk, shown: Shown, kind: str) -> Response[bytes]:
    t = desk.t
    columns = [
        TableColumn(t("simulation.column.by")),
        TableColumn(t("simulation.column.what"), width=24),
        TableColumn(t("simulation.meals"), "whole"),
        TableColumn(t("simulation.before"), "money"),
        TableColumn(t("simulation.after"), "money"),
        TableColumn(t("simulation.difference"), "money"),
        TableColumn(t("simulation.cheaper"), "whole"),
        TableColumn(t("simulation.dearer"), "whole"),
    ]
    total = Row(t("office.total"), shown.found.total, 0, 0)
    rows = [
        (
            t(f"simulation.by.{name}"),
            row.label,
            row.tally.meals,
            row.tally.before_fen,
            row.tally.after_fen,
            row.tally.difference_fen,
            row.tally.cheaper,
            row.tally.dearer,
        )
        for name, table in (*shown.tables, ("total", (total,)))
        for row in table
    ]
    months = f"{shown.found.first.text}-{shown.found.last.text}"
    return table_answer(f"{t('simulation.title')}-{shown.found.label}-{months}", columns, rows, kind_of(kind))
