"""The columns of a list of people, as staff and offices take it away."""

from collections.abc import Iterable

from canteen.readmodels.people_rows import PersonRow
from canteen.web.language import Translate
from canteen.web.tables import TableColumn
from subsidies.export import Cell


def people_columns(t: Translate, *, whole: bool) -> tuple[TableColumn, ...]:
    """`whole`: with birthday and ID number, for offices; a canteen's list has the year of birth."""
    private = (
        TableColumn(t("people.table.born"), "day"),
        TableColumn(t("office.file.national_id"), "digits"),
    ) if whole else (TableColumn(t("people.table.born-year"), "whole"),)  # fmt: skip
    return (
        TableColumn(t("office.name")),
        TableColumn(t("office.sex")),
        *private,
        TableColumn(t("office.residents.community")),
        TableColumn(t("office.file.phone"), "digits"),
        TableColumn(t("people.table.card-tail"), "digits"),
        TableColumn(t("office.state")),
        TableColumn(t("office.residents.residence")),
        TableColumn(t("people.table.enrolled"), "day"),
    )


def people_cells(rows: Iterable[PersonRow], t: Translate, *, whole: bool) -> Iterable[list[Cell]]:
    """One line a person."""
    for row in rows:
        year = row.born.year if row.born else None
        private: list[Cell] = [row.born, row.national_id] if whole else [year]
        yield [
            row.name,
            t(f"office.sex.{row.sex}") if row.sex else "",
            *private,
            row.community,
            row.phone,
            row.card_tail,
            t(f"office.status.{row.status}"),
            t("office.residents.confirmed" if row.residence else "office.residents.not-confirmed"),
            row.enrolled_on,
        ]
