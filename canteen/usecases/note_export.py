"""Somebody took a table away: written down, for it leaves our hands."""

from datetime import date, datetime

from sqlmodel import Session

from canteen.audit import log


def note_export(
    session: Session,
    table: str,
    rows: int,
    *,
    now: datetime,
    actor: str,
    canteen_id: str | None,
    days: tuple[date, date] | None = None,
) -> None:
    """`table` is its key, `days` first and last."""
    details: dict[str, str | int] = {"list": table, "rows": rows}
    if days is not None:
        details |= {"first": days[0].isoformat(), "last": days[1].isoformat()}
    log.record(
        session,
        at=now,
        actor=actor,
        action="table.exported",
        subject=f"table:{table}",
        canteen_id=canteen_id,
        details=dict(details),
    )
