"""Brings a file in, for pages and for the command line alike: read apart, judged, put aside, and on a yes swapped in.

Everything here blocks: pages call it in a thread. Between small transactions it pauses, so that kiosks come first.
"""

import contextlib
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from canteen.db.database import Database
from canteen.people.sealed import Sealer
from canteen.readmodels.file_checks import dishes, menus, residents
from canteen.readmodels.file_checks.checked import CheckedRow, FileCheck
from canteen.readmodels.file_checks.cleaning import clean
from canteen.readmodels.file_checks.residents import RollRules
from canteen.sites import places
from canteen.sites.places import CommunityView
from canteen.tables import batches
from canteen.tables.apart import read_apart
from canteen.tables.batches import BatchView, NewBatch
from canteen.tables.errors import BatchBusy, BatchHasErrors, BatchUnknown, ChangedMeanwhile
from canteen.tables.kinds import ImportKind
from canteen.tables.models import BatchState, Verdict
from canteen.usecases import bring_in, drop_import, stage_import
from canteen.usecases.steps.import_run import Run
from canteen.usecases.steps.listed_people import ListRules, new_people
from canteen.usecases.steps.staged_rows import open_row, seal_row
from menus.service_days import business_day

STAGED_TOGETHER = 200
BAD_KEPT = 300
"""Wrong lines the page can show; more say the same."""
PAUSE_S = 0.004


@dataclass(frozen=True, slots=True)
class ImportPlace:
    """Whose file it is. `scope`: the kitchen, or the community of people whose line names none (empty: they need one)."""

    kind: ImportKind
    scope: str
    actor: str
    communities: tuple[CommunityView, ...] = ()
    everywhere: bool = False
    canteen_id: str | None = None


@dataclass(frozen=True, slots=True)
class Applied:
    """What came in. `passed_over` lines were about something that somebody changed in the very last moment."""

    new: int
    changed: int
    passed_over: int


@dataclass
class Importer:
    """One file at a time; `now` is the business clock."""

    database: Database
    sealer: Sealer
    now: datetime
    pause_s: float = PAUSE_S
    on_step: Callable[[str, int, int], None] = lambda _what, _done, _of: None

    def check(self, data: bytes, place: ImportPlace) -> FileCheck:
        """The dry run; nothing is stored.

        Raises:
            FileRefused: the file cannot be read as such a table.
        """
        found = clean(read_apart(data), place.kind)
        self._judge(found, place)
        return found

    def stage(self, check: FileCheck, place: ImportPlace, file_name: str) -> str:
        """Put a dry run aside and return its key; what nobody said yes to for a day goes."""
        self.sweep()
        key = batches.new_key(self.now)
        told = {
            "notes": [{"key": note.key, "facts": note.facts} for note in check.notes],
            "titles": {name: list(title) for name, title in check.titles.items()},
            "file_faults": len(check.file_faults),
        }
        counts = dict(check.counts)
        if check.file_faults:
            counts[Verdict.BAD] = max(1, counts[Verdict.BAD])
        new = NewBatch(place.kind, file_name, place.scope, place.actor, counts, told)
        self.database.write_sync(stage_import.open_import, key, new, now=self.now, real_now=_real_now())
        bad = [row for row in check.rows if row.is_bad][:BAD_KEPT]
        if check.file_faults:
            bad.insert(0, CheckedRow(0, "", {}, Verdict.BAD, faults=check.file_faults[:BAD_KEPT]))
        kept = [row for row in check.rows if row.verdict in {Verdict.NEW, Verdict.CHANGE}] + bad
        for some in _groups(kept, STAGED_TOGETHER):
            sealed = [seal_row(self.sealer, key, row) for row in some]
            self.database.write_sync(stage_import.stage_rows, key, sealed, real_now=_real_now())
            self._rest()
        self.database.write_sync(stage_import.end_staging, key, now=self.now, real_now=_real_now())
        return key

    def apply(self, key: str, place: ImportPlace) -> Applied:
        """Bring a staged file in, all of it or nothing; one that was decided before is only finished.

        Raises:
            BatchUnknown: it has ended, or is somebody else's.
            BatchBusy: it is being brought in by somebody else at this moment.
            BatchHasErrors: the dry run found wrong lines.
            ChangedMeanwhile: what it is about is not as it was at the dry run; look at a new one.
        """
        run = Run(key, secrets.token_hex(16), self._rules(place))
        batch = self.database.write_sync(bring_in.take_import, run, real_now=_real_now())
        if batch.by != place.actor or batch.kind is not place.kind:
            self.database.write_sync(batches.release, key, run=run.word)
            raise BatchUnknown
        if batch.state is BatchState.APPLIED:
            return self._finish(run, batch, 0)
        try:
            if batch.bad:
                raise BatchHasErrors(bad=batch.bad)
            self._send_away(run)  # a run that died may have left some
            rows = self._fresh(key, place)
            new = [row for row in rows if row.verdict is Verdict.NEW]
            if place.kind is ImportKind.RESIDENTS:
                self._write_people(run, new)
            done = self.database.write_sync(
                bring_in.decide_import, run, sealer=self.sealer, canteen_id=place.canteen_id, real_now=_real_now()
            )
        except BaseException:
            with contextlib.suppress(BatchBusy):  # somebody else has it by now, and cleans up
                self._send_away(run)
                self.database.write_sync(bring_in.give_back, run, real_now=_real_now())
            raise
        return Applied(batch.new, batch.changed, 0) if done else self._finish(run, batch, 0)

    def drop(self, key: str, place: ImportPlace) -> None:
        """Give a staged file up. Raises: BatchUnknown, BatchBusy."""
        run = Run(key, secrets.token_hex(16), self._rules(place))
        batch = self.database.write_sync(bring_in.take_import, run, real_now=_real_now())
        if batch.by != place.actor:
            self.database.write_sync(batches.release, key, run=run.word)
            raise BatchUnknown
        self._drop(run)

    def sweep(self) -> int:
        """Forget dry runs nobody said yes to for a day (they hold people's numbers, though sealed), and end what runs that
        died have left: decided imports are finished, others taken back. Returns how many imports that were."""
        ended = 0
        for key in self.database.read_sync(batches.stale, real_now=_real_now()):
            run = Run(key, secrets.token_hex(16), ListRules({}, None, "job:end-imports", self.now))
            self.database.write_sync(batches.seize, key, run=run.word, real_now=_real_now())
            with contextlib.suppress(BatchBusy):  # somebody said yes in this moment, or another sweep was faster
                self._drop(run)
                ended += 1
        for key in self.database.read_sync(batches.unfinished, real_now=_real_now()):
            with contextlib.suppress(BatchBusy, BatchUnknown):  # its own run, or another sweep, was faster
                self._recover(key)
                ended += 1
        return ended

    def _recover(self, key: str) -> None:
        left = self.database.read_sync(batches.batch, key)
        areas = {view.id: view.area for view in self.database.read_sync(places.communities)}
        run = Run(key, secrets.token_hex(16), ListRules(areas, left.scope or None, left.by, self.now))
        batch = self.database.write_sync(bring_in.take_import, run, real_now=_real_now())
        if batch.state is BatchState.APPLIED:
            self._finish(run, batch, 0)
        else:
            self._send_away(run)
            self.database.write_sync(bring_in.give_back, run, real_now=_real_now())

    def _judge(self, check: FileCheck, place: ImportPlace) -> None:
        today = business_day(self.now)
        match place.kind:
            case ImportKind.DISHES:
                self.database.read_sync(dishes.check_dishes, check, place.scope)
            case ImportKind.MENUS:
                self.database.read_sync(menus.check_menus, check, place.scope, today=today)
            case ImportKind.RESIDENTS:
                rules = self._roll_rules(place)
                residents.check_lines(check, rules)
                done = 0
                for some in _groups(check.rows, residents.TOGETHER):
                    self.database.read_sync(residents.check_roll, check, some, rules)
                    done += len(some)
                    self.on_step("check", done, len(check.rows))
                    self._rest()

    def _fresh(self, key: str, place: ImportPlace) -> list[CheckedRow]:
        """The staged lines judged again.

        Raises:
            ChangedMeanwhile: some are judged otherwise now.
        """
        staged = self._staged(key)
        again = FileCheck(place.kind)
        again.rows = [CheckedRow(row.line, row.label, dict(row.values)) for row in staged]
        self._judge(again, place)
        was = {row.line: (row.verdict, row.target, row.seen) for row in staged}
        other = [row for row in again.rows if (row.verdict, row.target, row.seen) != was[row.line]]
        if other:
            raise ChangedMeanwhile(rows=len(other))
        return again.rows

    def _staged(self, key: str) -> list[CheckedRow]:
        found: list[CheckedRow] = []
        after = 0
        while some := self.database.read_sync(batches.rows, key, (Verdict.NEW, Verdict.CHANGE), after=after):
            found += [open_row(self.sealer, key, row) for row in some]
            after = some[-1].line
            self._rest()
        return found

    def _write_people(self, run: Run, rows: Sequence[CheckedRow]) -> None:
        done = 0
        for some in _groups(rows, bring_in.PEOPLE_TOGETHER):
            people = new_people(list(some), run.key, run.rules, self.sealer)
            self.database.write_sync(bring_in.write_arrivals, run, people, real_now=_real_now())
            done += len(some)
            self.on_step("write", done, len(rows))
            self._rest()

    def _finish(self, run: Run, batch: BatchView, passed_over: int) -> Applied:
        done = False
        while not done:
            done, some = self.database.write_sync(bring_in.finish_import, run, sealer=self.sealer, real_now=_real_now())
            passed_over += some.passed_over
            self._rest()
        return Applied(batch.new, batch.changed, passed_over)

    def _send_away(self, run: Run) -> None:
        while not self.database.write_sync(drop_import.send_away, run, real_now=_real_now()):
            self._rest()

    def _drop(self, run: Run) -> None:
        self._send_away(run)
        while not self.database.write_sync(drop_import.drop_import, run, real_now=_real_now()):
            self._rest()

    def _roll_rules(self, place: ImportPlace) -> RollRules:
        return RollRules(business_day(self.now), place.communities, place.scope or None, self.sealer, place.everywhere)

    def _rules(self, place: ImportPlace) -> ListRules:
        areas = {view.id: view.area for view in place.communities}
        return ListRules(areas, place.scope or None, place.actor, self.now)

    def _rest(self) -> None:
        if self.pause_s:
            time.sleep(self.pause_s)


def _groups(rows: Sequence[CheckedRow], most: int) -> list[Sequence[CheckedRow]]:
    return [rows[start : start + most] for start in range(0, len(rows), most)]


def _real_now() -> datetime:
    return datetime.now(UTC)
