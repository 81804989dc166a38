"""A second person erases somebody's data, or declines: the person becomes a pseudonym, orders and entries stay."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update
from sqlmodel import Session, col

from canteen.audit import log
from canteen.orders import store
from canteen.orders.models import MealOrder
from canteen.people import erasing
from canteen.people.erasure_models import Erasing, Erasure
from canteen.people.errors import ErasureDecided, ErasureRefused, SecondPersonNeeded
from canteen.people.sealed import Sealer
from canteen.readmodels.erasure_case import obstacles
from canteen.usecases.steps import ending, erasing_birthday, erasing_words
from menus.service_days import business_day
from subsidies import eligibility, enrolment
from subsidies.ledger import post
from subsidies.models import FileStatus


@dataclass(frozen=True, slots=True)
class ErasureDecision:
    """`erase` False declines."""

    erasure_id: str
    erase: bool
    by_name: str = ""


def erase_person(
    session: Session, request: ErasureDecision, *, now: datetime, actor: str, sealer: Sealer
) -> tuple[str, ...]:
    """All of it or nothing; returns the files that became pseudonyms, none when declined.

    Open orders nobody has paid are cancelled. Shares, entries, the chain and every decision stay as they are: guards let
    only words and birthdays change, and only while the row of `erasing` stands.

    Raises:
        people.errors.ErasureDecided: no such request waits.
        people.errors.SecondPersonNeeded: whoever asked may not do it.
        people.errors.ErasureRefused: money is open or something is in hand; `data["why"]`.
    """
    row = session.execute(
        select(col(Erasure.resident_id), col(Erasure.asked_by))
        .where(col(Erasure.id) == request.erasure_id, col(Erasure.decision).is_(None))
        .with_for_update()
    ).first()
    if row is None:
        raise ErasureDecided
    if row.asked_by == actor:
        raise SecondPersonNeeded
    who = row.resident_id
    session.execute(
        update(Erasure)
        .where(col(Erasure.id) == request.erasure_id)
        .values(
            decision="done" if request.erase else "declined",
            decided_at=now,
            decided_by=actor,
            decided_name=request.by_name[:60],
        )
        .execution_options(synchronize_session=False)
    )
    files = _erase(session, who, now=now, actor=actor, sealer=sealer) if request.erase else ()
    log.record(
        session,
        at=now,
        actor=actor,
        action="erasure.done" if request.erase else "erasure.declined",
        subject=f"resident:{who}",
        details={"files": len(files)},
    )
    return files


def _erase(session: Session, who: str, *, now: datetime, actor: str, sealer: Sealer) -> tuple[str, ...]:
    against = obstacles(session, who)
    if against:
        raise ErasureRefused(why=against[0])
    for view in store.open_of(session, who):
        order = store.get(session, view.id, lock=True)
        post(
            session, ending.cancel(session, order, reason="file-closed", now=now, actor=actor, to_wallet=True), now=now
        )
    files = erasing.files_of(session, who)
    words = erasing.words_that_name(session, files, sealer)
    file = eligibility.eligibility_file(session, who)
    if file is not None and file.status is not FileStatus.DECEASED:
        # nothing is ordered on this file any more; a meal eaten today was eaten by somebody entitled
        today = business_day(now)
        eaten = select(col(MealOrder.id)).where(
            col(MealOrder.resident_id) == who, col(MealOrder.day) == today, col(MealOrder.status) == "collected"
        )
        since = today + timedelta(days=session.execute(eaten).first() is not None)
        enrolment.set_status(session, who, FileStatus.SUSPENDED, since=since, now=now, by=actor)
    session.execute(insert(Erasing).values(resident_id=who))
    erasing_words.take_out(session, files, words)
    erasing_birthday.soften(session, files)
    erasing.forget(session, files, now=now)
    session.execute(delete(Erasing))
    return files
