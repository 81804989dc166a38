"""What a simulation found, with its words: rows with their bars, and the same tables as a file."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from litestar import Response

from canteen.readmodels.simulated_spend import SimulatedSpend, Tally
from canteen.web.office.desk import OfficeDesk
from canteen.web.office.months import month_title
from canteen.web.tables import TableColumn, kind_of, table_answer
from subsidies.months import read_month
from subsidies.rules.rule_set import RuleSet

BAR = 300
"""Pixels of the longest bar."""


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


def shown_with_words(desk: OfficeDesk, tried: RuleSet, found: SimulatedSpend, canteens: Mapping[str, str]) -> Shown:
    """The answer as the page tells it; `canteens` are their names."""
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
        Row(label, tally, tally.before_fen * BAR // most, tally.after_fen * BAR // most) for label, tally in rows
    )


def tables_file(desk: OfficeDesk, shown: Shown, kind: str) -> Response[bytes]:
    """All tables below each other."""
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
