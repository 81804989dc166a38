"""The time. Real in production; in demo mode a marked clock that a bar moves and that never goes back."""

from datetime import UTC, datetime, timedelta
from typing import Protocol, runtime_checkable

from sqlmodel import Field, Session, SQLModel, select, update


@runtime_checkable
class Clock(Protocol):
    """Answers what time it is for the business; sessions and tokens keep real time."""

    def now(self) -> datetime:
        """Aware UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Aware UTC."""
        return datetime.now(UTC)


class DemoClockRow(SQLModel, table=True):
    """Where the demo clock stood (`shown_at`) at a real instant (`real_at`)."""

    __tablename__ = "demo_clock"
    id: int = Field(default=1, primary_key=True)
    shown_at: datetime
    real_at: datetime


class DemoClock:
    """演示时钟: runs at real speed from wherever it was set."""

    def __init__(self, shown_at: datetime, real_at: datetime) -> None:
        self._shown_at = shown_at
        self._real_at = real_at

    def now(self) -> datetime:
        """Aware UTC."""
        return self._shown_at + max(datetime.now(UTC) - self._real_at, timedelta())

    def set(self, shown_at: datetime, real_at: datetime) -> None:
        """Follow a row that another process or the bar has moved."""
        self._shown_at, self._real_at = shown_at, real_at


def read_demo_clock(session: Session) -> DemoClockRow | None:
    """The stored demo clock, if this database has one."""
    return session.exec(select(DemoClockRow).where(DemoClockRow.id == 1)).first()


def move_demo_clock(session: Session, shown_at: datetime, *, real_at: datetime) -> datetime:
    """Set the demo clock to `shown_at`, never back: returns where it stands now."""
    row = read_demo_clock(session)
    if row is None:
        session.add(DemoClockRow(id=1, shown_at=shown_at, real_at=real_at))
        session.flush()
        return shown_at
    current = row.shown_at + max(real_at - row.real_at, timedelta())
    target = max(current, shown_at)
    session.execute(update(DemoClockRow).values(shown_at=target, real_at=real_at))
    return target
