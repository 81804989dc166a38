"""A staged file comes in: people written unseen, then one short decision, then what is left, some lines at a time.

Whoever dies before the decision leaves nothing anybody sees; whoever dies after it leaves work that the next one finishes.
See docs/decisions/0006-lists-arrive-at-once.md.
"""

from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from canteen.audit import log
from canteen.people.errors import CardTaken
from canteen.people.models import Arrival
from canteen.people.sealed import Sealer
from canteen.readmodels.file_checks.checked import CheckedRow
from canteen.tables import batches
from canteen.tables.batches import BatchView, StagedRow
from canteen.tables.errors import ChangedMeanwhile
from canteen.tables.kinds import ImportKind
from canteen.tables.models import BatchState, Verdict
from canteen.usecases.steps.import_run import Run
from canteen.usecases.steps.listed_changes import Done, change_people, write_dishes, write_menus
from canteen.usecases.steps.listed_people import NewPeople, write_people
from canteen.usecases.steps.staged_rows import open_row

PEOPLE_TOGETHER = 30
"""New people written in one transaction."""
CHANGES_TOGETHER = 15
"""Files, dishes changed in one transaction; a decision with no more than these is whole at once."""
MENUS_TOGETHER = 8
NOTES_TOGETHER = 40
"""Audit entries of new people in one transaction."""
_CHANGES = (Verdict.NEW, Verdict.CHANGE)


def take_import(session: Session, run: Run, *, real_now: datetime) -> BatchView:
    """Raises: BatchUnknown, BatchBusy."""
    return batches.take(session, run.key, run=run.word, real_now=real_now)


def write_arrivals(session: Session, run: Run, people: NewPeople, *, real_now: datetime) -> None:
    """Write some of the new people; nobody finds them before the decision.

    Raises:
        BatchBusy: another run has the import.
        ChangedMeanwhile: an ID number or card of theirs came onto the roll a moment ago.
    """
    batches.step(session, run.key, run=run.word, real_now=real_now, state=BatchState.ARRIVING)
    if session.execute(select(col(Arrival.id)).where(col(Arrival.id) == run.key)).first() is None:
        session.execute(insert(Arrival).values(id=run.key, began_at=run.rules.now, arrived_at=None))
    try:
        write_people(session, people)
    except IntegrityError as error:
        raise ChangedMeanwhile(rows=1) from error
    batches.aim(session, run.key, people.lines)


def decide_import(session: Session, run: Run, *, sealer: Sealer, canteen_id: str | None, real_now: datetime) -> bool:
    """The moment it counts: everybody new is on the roll, every change is promised. True when nothing is left to do.

    What fits is changed in the same transaction; then a line that somebody was faster with undoes the whole decision.

    Raises:
        BatchBusy: another run has the import.
        ChangedMeanwhile: `rows` lines are about something that has changed since the dry run.
    """
    batches.step(session, run.key, run=run.word, real_now=real_now, state=BatchState.APPLIED)
    session.execute(
        update(Arrival)
        .where(col(Arrival.id) == run.key, col(Arrival.arrived_at).is_(None))
        .values(arrived_at=run.rules.now)
        .execution_options(synchronize_session=False)
    )
    found = batches.batch(session, run.key)
    log.record(
        session,
        at=run.rules.now,
        actor=run.rules.actor,
        action="import.applied",
        subject=f"import:{run.key}",
        canteen_id=canteen_id,
        details={"kind": found.kind.value, "scope": found.scope, "new": found.new, "changed": found.changed},
    )
    try:
        done, has_more = _some(session, found, run, sealer)
    except (CardTaken, IntegrityError) as error:  # the card or ID number of a line was bound at a counter a moment ago
        raise ChangedMeanwhile(rows=1) from error
    if done.passed_over:
        raise ChangedMeanwhile(rows=done.passed_over)
    if not has_more:
        _end(session, run, real_now)
    return not has_more


def finish_import(session: Session, run: Run, *, sealer: Sealer, real_now: datetime) -> tuple[bool, Done]:
    """The next lines of a decided import; whether it is done, and what came of these.

    Raises:
        BatchBusy: another run has the import.
    """
    batches.step(session, run.key, run=run.word, real_now=real_now)
    done, has_more = _some(session, batches.batch(session, run.key), run, sealer)
    if not has_more:
        _end(session, run, real_now)
    return not has_more, done


def give_back(session: Session, run: Run, *, real_now: datetime) -> None:
    """Nothing came of this run: the dry run waits as before."""
    batches.step(session, run.key, run=run.word, real_now=real_now, state=BatchState.CHECKED)
    batches.release(session, run.key, run=run.word)


def _some(session: Session, found: BatchView, run: Run, sealer: Sealer) -> tuple[Done, bool]:
    """Carry out some lines and forget them; whether more are left."""
    if found.kind is ImportKind.MENUS:
        staged = batches.rows_of_first(session, run.key, targets=MENUS_TOGETHER)
    else:
        staged = batches.rows(session, run.key, [Verdict.CHANGE], most=CHANGES_TOGETHER)
        if not staged:
            most = NOTES_TOGETHER if found.kind is ImportKind.RESIDENTS else CHANGES_TOGETHER
            staged = batches.rows(session, run.key, [Verdict.NEW], most=most)
    done = _carry_out(session, found, run, sealer, staged) if staged else Done()
    batches.forget(session, run.key, [row.line for row in staged])
    return done, batches.has_rows(session, run.key, _CHANGES)


def _carry_out(session: Session, found: BatchView, run: Run, sealer: Sealer, staged: tuple[StagedRow, ...]) -> Done:
    rows = [open_row(sealer, run.key, row) for row in staged]
    rules = run.rules
    match found.kind:
        case ImportKind.DISHES:
            return write_dishes(session, rows, kitchen=found.scope, actor=rules.actor, now=rules.now, batch=run.key)
        case ImportKind.MENUS:
            return write_menus(session, rows, kitchen=found.scope, actor=rules.actor, now=rules.now, batch=run.key)
        case ImportKind.RESIDENTS if staged[0].verdict is Verdict.CHANGE:
            return change_people(session, rows, rules, sealer, batch=run.key)
    for line, row in zip(staged, rows, strict=True):
        _note_enrolled(session, line.target, row, run)
    return Done(len(rows))


def _note_enrolled(session: Session, resident_id: str, row: CheckedRow, run: Run) -> None:
    """As enrolment at a counter notes it."""
    log.record(
        session,
        at=run.rules.now,
        actor=run.rules.actor,
        action="resident.enrolled",
        subject=f"resident:{resident_id}",
        details={
            "community": str(row.values.get("community", run.rules.home)),
            "with_national_id": "national_id" in row.values,
            "cards": int("card" in row.values),
            "consents": ["service"] if "consent_on" in row.values else [],
            "import": run.key,
        },
    )


def _end(session: Session, run: Run, real_now: datetime) -> None:
    batches.step(session, run.key, run=run.word, real_now=real_now, state=BatchState.DONE, ended_at=run.rules.now)
