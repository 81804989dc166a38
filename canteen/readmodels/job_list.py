"""How the jobs went last, for whoever looks after the devices."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from canteen.audit.job_runs import last_runs

LATE = timedelta(minutes=5)
"""A job nobody has begun for this long: no server runs them."""


@dataclass(frozen=True, slots=True)
class JobLine:
    """One job. `state`: done · failed · running · late · never. Instants are real time."""

    name: str
    state: str
    at: datetime | None
    done_count: int
    error: str
    good_at: datetime | None


def job_list(session: Session, names: Sequence[str], now: datetime) -> tuple[JobLine, ...]:
    """Every job in the order given; `now` is real time."""
    runs = last_runs(session)
    found = []
    for name in names:
        run = runs.get(name)
        if run is None:
            found.append(JobLine(name, "never", None, 0, "", None))
            continue
        late = now - run.started_at > LATE
        state = "failed" if run.outcome == "failed" else "late" if late else run.outcome or "running"
        found.append(JobLine(name, state, run.started_at, run.done_count, run.error, run.good_at))
    return tuple(found)
